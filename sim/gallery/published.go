package gallery

import (
	"fmt"
	"strings"
)

// Trials is how many trials a published mean is over, and Cap how many schedules a trial has, about.
const (
	Trials = 20
	Cap    = 10_000
)

// Figure is a published mean number of schedules to the first bug.
type Figure struct {
	// Strategy is what the publication calls it; those with a star are of the second block.
	Strategy string
	// Mean is over the trials that found the bug, Found of Trials; 0 if none did.
	Mean, Found int
}

// String is the figure as the table has it.
func (f Figure) String() string {
	switch f.Found {
	case 0:
		return "0/20"
	case Trials:
		return fmt.Sprint(f.Mean)
	}
	return fmt.Sprintf("%d (%d/%d)", f.Mean, f.Found, Trials)
}

// strategies are the columns of the table. The first block is computed from the data that the authors of SURW published
// (ASPLOS 2025), the second, with stars, from those of RFF (ASPLOS 2024), whose limit is five minutes.
var strategies = []string{"SURW", "URW", "PCT-3", "PCT-10", "POS", "RW", "RFF*", "POS*", "PCT-3*", "QL*"}

// table has a row for each program: its mean, "/" and in how many of the 20 trials it was found if not in all, or a "-"
// where nothing is published.
const table = `
CS/account 6 3 4 4 4 18 1 1 9 6
CS/bluetooth_driver 70 1494/19 112 83 36 215 45 72 161 155
CS/deadlock01 2 3 13 7 4 3 5 4 20 1
CS/lazy01 2 4 5 5 5 21 6 5 10 12
CS/stack 5 986/19 3 3 2 176 2 2 2 1
CS/token_ring 8 9 8 8 9 13 5 7 8 12
CS/twostage 8 9 13 9 15 464 8 15 9 336
CS/twostage_20 6 24 159 101 156 0/0 22 185 188 0/0
CS/twostage_50 20 93 1676 692 1637 0/0 35 1984/19 849 0/0
CS/twostage_100 454 2992/18 7466/3 5726/9 6674/3 0/0 56 0/0 3888/6 0/0
CS/reorder_3 7 24 185 148 86 0/0 7 223 241 45843/18
CS/reorder_4 7 22 554 362 533 0/0 6 1464 395 0/0
CS/reorder_5 10 27 647 1094 2169 0/0 6 4377/17 1126 0/0
CS/reorder_10 17 74 3225/16 4462/12 0/0 0/0 6 0/0 2356 0/0
CS/reorder_20 6 10 3005 3297/17 0/0 0/0 6 0/0 2128 0/0
CS/reorder_50 13 75 3304/6 9422/1 0/0 0/0 6 0/0 12346/7 0/0
CS/reorder_100 194 3785/12 0/0 0/0 0/0 0/0 6 0/0 7447/1 0/0
CS/wronglock 7 4 51 20 10 36 1 1 88 37
CS/wronglock_3 9 5 58 14 11 36 1 1 40 37
CB/stringbuffer-jdk1.4 8 834 281 26 23 2243/19 15 18 195 1405
Chess/WorkStealQueue 6 13 48 16 12 - 10 10 12 0/0
Chess/InterlockedWorkStealQueue 6 428 48 13 14 0/0 1 1 24/14 0/0
Chess/InterlockedWorkStealQueueWithState 6 1367/4 907 204 5 26 7 9 16/1 16
Chess/StateWorkStealQueue 7 5/3 842 199 6 - 1 1 12/1 0/0
Inspect/boundedBuffer 9 7 20 6 5 7 8 6 15 14
Inspect/qsort_mt 3048/19 297 4714/14 3689/15 3004/18 3442/19 322 646 3838 0/0
SafeStack 368921/19 0/0 0/0 0/0 0/0 0/0 0/0 0/0 0/0 0/0
`

// published gives the program's row.
func published(name string) (figures []Figure) {
	for line := range strings.Lines(table) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] != name {
			continue
		}
		for i, word := range words[1:] {
			if word != "-" {
				figures = append(figures, figure(strategies[i], word))
			}
		}
	}
	return figures
}

// rank is where the program stands in the table; one that is not there stands behind all.
func rank(name string) int {
	if i := strings.Index(table, "\n"+name+" "); i >= 0 {
		return i
	}
	return len(table)
}

// figure reads a cell of the table.
func figure(strategy, word string) Figure {
	f := Figure{Strategy: strategy, Found: Trials}
	format := "%d"
	if strings.Contains(word, "/") {
		format = "%d/%d"
	}
	if n, err := fmt.Sscanf(word, format, &f.Mean, &f.Found); n == 0 {
		panic(fmt.Sprintf("gallery: %q in the published table: %v", word, err))
	}
	return f
}

// In gives the figure of a strategy; false if none is published.
func (p *Program) In(strategy string) (Figure, bool) {
	for _, f := range p.Published {
		if f.Strategy == strategy {
			return f, true
		}
	}
	return Figure{}, false
}
