package timed

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// everyMin is the shortest time from one pause to the next.
const everyMin = time.Millisecond

// end is as far as pauses go: 73 years.
const end = time.Duration(1) << 61

// Pauses is when something stands still, such as a server that collects garbage or a disk that is slow: once in
// each Every, beginning anywhere in it, for a time drawn from For. Two that overlap are one that is shorter than
// both together. Nil, and the zero value, are no pauses.
type Pauses struct {
	// Every is how long the blocks are in which one pause begins each; at least 1ms.
	Every time.Duration
	// For is how long a pause lasts. One that is longer than Every is cut to it.
	For Distribution
}

// Until is when what is due at a time since the start can be done in that lane: the end of the pause that the
// time lies in, and of those that follow it without a gap; the time itself if it lies in none. A lane is what
// pauses as one, such as a server. The answer depends on the arguments alone.
func (p *Pauses) Until(seed, lane uint64, at time.Duration) time.Duration {
	if p == nil || p.For == nil || p.Every <= 0 {
		return at
	}
	if p.Every < everyMin {
		panic(fmt.Sprintf("a pause every %s: at least %s is asked for, by ParsePauses too", text(p.Every), everyMin))
	}
	of := laneOf(seed, lane)
	for at >= 0 && at < end {
		next := p.leave(of, at)
		if next == at {
			return at
		}
		at = min(next, end)
	}
	return at
}

// leave is the end of one of the pauses that the time lies in. Only that of its block, or the one before, can be.
func (p *Pauses) leave(of uint64, at time.Duration) time.Duration {
	block := at / p.Every
	start := block * p.Every
	if begins := start + p.begins(of, block); at >= begins {
		if ends := begins + p.lasts(of, block); at < ends {
			return ends
		}
	}
	// The one before lasts no longer than Every: often that alone tells that it is over.
	if begins := start - p.Every + p.begins(of, block-1); block > 0 && at < begins+p.Every {
		if ends := begins + p.lasts(of, block-1); at < ends {
			return ends
		}
	}
	return at
}

// begins is when the block's pause does, from the block's start.
func (p *Pauses) begins(of uint64, block time.Duration) time.Duration {
	return time.Duration(below(within(of, 2*uint64(block)), uint64(p.Every)))
}

// lasts is how long the block's pause does.
func (p *Pauses) lasts(of uint64, block time.Duration) time.Duration {
	return min(p.For.Of(within(of, 2*uint64(block)+1)), p.Every)
}

// none is the text of no pauses.
const none = "none"

// String is the text that ParsePauses reads.
func (p *Pauses) String() string {
	if p == nil || p.For == nil || p.Every <= 0 {
		return none
	}
	return p.For.String() + " every " + text(p.Every)
}

// ParsePauses reads "none", or the text of a distribution, " every " and a duration: 500ms every 30s.
func ParsePauses(given string, read func(path string) ([]byte, error)) (*Pauses, error) {
	given = strings.TrimSpace(given)
	if given == none {
		return nil, nil
	}
	p, err := parsePauses(given, read)
	if err != nil {
		return nil, fmt.Errorf("pauses %s: %w", quote(given), err)
	}
	return p, nil
}

func parsePauses(given string, read func(path string) ([]byte, error)) (*Pauses, error) {
	at := strings.LastIndex(given, " every ")
	if at < 0 {
		return nil, errors.New("expected none, or how long and how often, such as 500ms every 30s")
	}
	every, err := parseDuration(strings.TrimSpace(given[at+len(" every "):]))
	if err != nil {
		return nil, err
	}
	if every < everyMin {
		return nil, fmt.Errorf("every %s: expected at least %s", text(every), text(everyMin))
	}
	length, err := parseDistribution(strings.TrimSpace(given[:at]), read)
	if err != nil {
		return nil, err
	}
	if mean := length.Mean(); mean >= every {
		return nil, fmt.Errorf("a pause of %s on average is no shorter than every %s: expected a shorter one",
			text(mean), text(every))
	}
	return &Pauses{Every: every, For: length}, nil
}
