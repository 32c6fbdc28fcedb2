package main

import (
	"cmp"
	"flag"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"time"
)

var (
	turns = flag.Int("turns", 5, "how often each is run; the median is told")
	only  = flag.String("only", "", "only the contests whose name this regular expression matches")
)

func main() {
	flag.Parse()
	only, err := regexp.Compile(*only)
	if err == nil {
		err = compare(only)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "peers:", err)
		os.Exit(1)
	}
}

// compare builds what there is to build, and runs the contests one after the other.
func compare(only *regexp.Regexp) error {
	dir, err := os.MkdirTemp("", "peers")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	b := &builder{dir: dir}
	if err := b.build(); err != nil {
		return err
	}
	fmt.Println(b.versions())
	if err := b.wrong(); err != nil {
		return err
	}
	for _, c := range contests {
		if !only.MatchString(c.name) {
			continue
		}
		if err := b.hold(c); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// hold runs the entrants of a contest in turns, and prints its table.
func (b *builder) hold(c contest) error {
	var there []entrant
	for _, e := range c.entrants {
		if b.has(e.tool) {
			there = append(there, e)
		}
	}
	runs := make([][]run, len(there))
	for range *turns {
		for i, e := range there {
			r, err := b.run(e)
			if err != nil {
				return fmt.Errorf("%s: %w", e.name, err)
			}
			runs[i] = append(runs[i], r)
		}
	}
	fmt.Printf("\n| %s | %s | a %s | ratio | of them a second | peak memory |\n", c.name, c.counts, c.unit)
	fmt.Println("| --- | --- | --- | --- | --- | --- |")
	var ours time.Duration
	for i, e := range there {
		cpu := median(runs[i], func(r run) time.Duration { return r.cpu }) / time.Duration(e.times)
		if i == 0 {
			ours = cpu
		}
		memory := median(runs[i], func(r run) int64 { return r.memory })
		count := runs[i][0].count
		fmt.Printf("| %s | %s | %s | %.2f | %s | %.0f MiB |\n", e.name, thousands(count), short(cpu),
			float64(cpu)/float64(ours), thousands(count/cpu.Seconds()), float64(memory)/(1<<20))
	}
	return nil
}

func median[T cmp.Ordered](runs []run, of func(run) T) T {
	var all []T
	for _, r := range runs {
		all = append(all, of(r))
	}
	slices.Sort(all)
	return all[len(all)/2]
}

// thousands writes a count in groups of three digits.
func thousands(n float64) string {
	if n < 100 {
		return fmt.Sprintf("%.1f", n)
	}
	count := fmt.Sprintf("%.0f", n)
	var groups []string
	for len(count) > 3 {
		groups = append(groups, count[len(count)-3:])
		count = count[:len(count)-3]
	}
	slices.Reverse(groups)
	return strings.Join(append([]string{count}, groups...), ",")
}

// short writes a duration with three digits.
func short(d time.Duration) string {
	switch {
	case d >= time.Second:
		return fmt.Sprintf("%.3g s", d.Seconds())
	case d >= time.Millisecond:
		return fmt.Sprintf("%.3g ms", float64(d)/float64(time.Millisecond))
	default:
		return fmt.Sprintf("%.3g µs", float64(d)/float64(time.Microsecond))
	}
}
