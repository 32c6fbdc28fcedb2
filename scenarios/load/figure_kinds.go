package load

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"fermata/model"
	"fermata/sim/timed"
	"fermata/sweeper"
)

// reader reads a file of samples.
type reader = func(path string) ([]byte, error)

// off is a figure that is not used.
const off = "off"

// count is a whole number.
func count(name, about string, lo, hi int, at func(*Setup) *int) Figure {
	return Figure{Name: name, About: about,
		set: func(s *Setup, text string, _ reader) error {
			n, err := strconv.Atoi(text)
			if err != nil || n < lo || n > hi {
				return fmt.Errorf("expected a whole number from %d to %d", lo, hi)
			}
			*at(s) = n
			return nil
		},
		get: func(s *Setup) string { return strconv.Itoa(*at(s)) },
		scale: &scale{
			read: parseNumber,
			text: func(x float64) string { return strconv.Itoa(int(math.Round(x))) },
		}}
}

// number is a number that need not be whole.
func number(name, about string, lo, hi float64, at func(*Setup) *float64) Figure {
	return Figure{Name: name, About: about,
		set: func(s *Setup, text string, _ reader) error {
			x, err := strconv.ParseFloat(text, 64)
			if err != nil || !(x >= lo && x <= hi) {
				return fmt.Errorf("expected a number from %s to %s", plain(lo), plain(hi))
			}
			*at(s) = x
			return nil
		},
		get:   func(s *Setup) string { return plain(*at(s)) },
		scale: numbers}
}

// period is a time, of whole units, kept as so many units.
func period[T ~int64](name, about string, unit, lo time.Duration, at func(*Setup) *T) Figure {
	return Figure{Name: name, About: about,
		set: func(s *Setup, text string, _ reader) error {
			d, err := time.ParseDuration(text)
			if err != nil || d < lo || d > day || d%unit != 0 {
				return fmt.Errorf("expected %s", timesFrom(unit, lo))
			}
			*at(s) = T(d / unit)
			return nil
		},
		get:   func(s *Setup) string { return shortTime(time.Duration(*at(s)) * unit) },
		scale: times(unit)}
}

// timesFrom says which times are meant.
func timesFrom(unit, lo time.Duration) string {
	what := "a time such as 250ms or 30s"
	switch unit {
	case time.Millisecond:
		what = "a time in whole milliseconds such as 500ms"
	case time.Second:
		what = "a time in whole seconds such as 30s"
	}
	return fmt.Sprintf("%s, from %s to 24h", what, shortTime(lo))
}

// orOff is a figure that may also be off, which is 0.
func orOff[T ~int64 | ~float64](f Figure, at func(*Setup) *T) Figure {
	set, get := f.set, f.get
	f.set = func(s *Setup, text string, read reader) error {
		if text == off {
			*at(s) = 0
			return nil
		}
		if err := set(s, text, read); err != nil {
			return fmt.Errorf("%w, or off", err)
		}
		return nil
	}
	f.get = func(s *Setup) string {
		if *at(s) == 0 {
			return off
		}
		return get(s)
	}
	return f
}

// periodOrOff is a time in whole seconds, or off.
func periodOrOff(name, about string, at func(*Setup) *model.Seconds) Figure {
	return orOff(period(name, about, time.Second, time.Second, at), at)
}

// capacity is so many a second, or off: no bound.
func capacity(name, about string, at func(*Setup) *float64) Figure {
	return orOff(number(name, about, 1, 1e9, at), at)
}

// onOff is a switch.
func onOff(name, about string, at func(*Setup) *bool) Figure {
	return Figure{Name: name, About: about,
		set: func(s *Setup, text string, _ reader) error {
			if text != "on" && text != off {
				return fmt.Errorf("expected on or off")
			}
			*at(s) = text == "on"
			return nil
		},
		get: func(s *Setup) string {
			if *at(s) {
				return "on"
			}
			return off
		}}
}

// oneOf is one of several names, the first of which an empty name stands for.
func oneOf(name, about string, names []string, at func(*Setup) *string) Figure {
	return Figure{Name: name, About: about,
		set: func(s *Setup, text string, _ reader) error {
			if !slices.Contains(names, text) {
				return fmt.Errorf("expected one of %s", strings.Join(names, ", "))
			}
			*at(s) = text
			return nil
		},
		get: func(s *Setup) string {
			if *at(s) == "" {
				return names[0]
			}
			return *at(s)
		}}
}

// drawn is how long something takes.
func drawn(name, about string, at func(*Setup) *timed.Distribution) Figure {
	return Figure{Name: name, About: about,
		set: func(s *Setup, text string, read reader) error {
			d, err := timed.ParseDistribution(text, read)
			if err == nil {
				*at(s) = d
			}
			return reason(err)
		},
		get:   func(s *Setup) string { return told(*at(s)) },
		scale: draws}
}

// same is a figure that is as another.
const same = "same"

// drawnOr is how long something takes, or a word for what is not given, which is nil.
func drawnOr(word, name, about string, at func(*Setup) *timed.Distribution) Figure {
	f := drawn(name, about, at)
	set, get := f.set, f.get
	f.set = func(s *Setup, text string, read reader) error {
		if text == word {
			*at(s) = nil
			return nil
		}
		if err := set(s, text, read); err != nil {
			return fmt.Errorf("%w, or %s", err, word)
		}
		return nil
	}
	f.get = func(s *Setup) string {
		if *at(s) == nil {
			return word
		}
		return get(s)
	}
	return f
}

// arrivals are when workflows start.
func arrivals(name, about string, at func(*Setup) *timed.Arrivals) Figure {
	return Figure{Name: name, About: about,
		set: func(s *Setup, text string, read reader) error {
			a, err := timed.ParseArrivals(text, read)
			if err == nil {
				*at(s) = a
			}
			return reason(err)
		},
		get:   func(s *Setup) string { return told(*at(s)) },
		scale: rates}
}

// pauses are when something stands still.
func pauses(name, about string, at func(*Setup) **timed.Pauses) Figure {
	return Figure{Name: name, About: about,
		set: func(s *Setup, text string, read reader) error {
			p, err := timed.ParsePauses(text, read)
			if err == nil {
				*at(s) = p
			}
			return reason(err)
		},
		get: func(s *Setup) string { return (*at(s)).String() }}
}

// told is the text of what is there; empty if nothing is.
func told(of fmt.Stringer) string {
	if of == nil {
		return ""
	}
	return of.String()
}

// reason is an error of package timed without what was given, which Set says.
func reason(err error) error {
	if inner := errors.Unwrap(err); inner != nil {
		return inner
	}
	return err
}

// pollTimeout is one figure of two settings, with defaults of their own: a server waits so long for due messages.
func pollTimeout() Figure {
	const own = "default"
	waits := period("poll-timeout", "conductor.app.sweeper-workflow-poll-timeout or, since 3.21.23, "+
		"sweeper.queue-pop-timeout; by default 2s or 100ms",
		time.Millisecond, 0, func(s *Setup) *model.Millis { return &s.Settings.SweeperWorkflowPollTimeout })
	set, get, defaults := waits.set, waits.get, sweeper.DefaultSettings()
	waits.set = func(s *Setup, text string, read reader) error {
		if text == own {
			s.Settings.SweeperWorkflowPollTimeout = defaults.SweeperWorkflowPollTimeout
			s.Settings.QueuePopTimeout = defaults.QueuePopTimeout
			return nil
		}
		if err := set(s, text, read); err != nil {
			return fmt.Errorf("%w, or %s", err, own)
		}
		s.Settings.QueuePopTimeout = s.Settings.SweeperWorkflowPollTimeout
		return nil
	}
	waits.get = func(s *Setup) string {
		if s.Settings.QueuePopTimeout != s.Settings.SweeperWorkflowPollTimeout {
			return own
		}
		return get(s)
	}
	return waits
}
