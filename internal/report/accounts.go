package report

import (
	"fmt"
	"math"
	"strings"

	"fermata/scenarios/catalogue"
)

// finder names who of a portfolio found what judges.
func finder(r *catalogue.Report) string {
	if len(r.Accounts) > 1 {
		for _, a := range r.Accounts {
			if a.Violated {
				return a.Strategy + " in "
			}
		}
	}
	return ""
}

// accounts says how many schedules each strategy of a portfolio chose.
func (l *lines) accounts(r *catalogue.Report) {
	if len(r.Accounts) < 2 || r.Verdict == catalogue.OK && r.Classes > 0 {
		return // or it stands in the table of what is left
	}
	var said []string
	for _, a := range r.Accounts {
		said = append(said, fmt.Sprintf("%s %d", a.Strategy, a.Schedules))
	}
	l.add(indented("  schedules: ", strings.Join(said, ", "))...)
}

// left says what a sample that found nothing is worth: of each strategy whose schedules are a sample the rule of three,
// of each that guarantees something its guarantee and, if classes were counted, how many are unseen.
func (l *lines) left(r *catalogue.Report) {
	if len(r.Accounts) == 0 {
		return
	}
	if r.Classes > 0 {
		l.unseen(r)
	} else {
		l.ruleOfThree(r)
	}
	for _, a := range r.Accounts {
		if g := a.Guarantee; len(g) == 3 {
			l.add(indented("  ", fmt.Sprintf("%s: a violation of depth 2 is met by 1 in %.0f of its schedules of that "+
				"depth, at least; one of depth 3 by 1 in %.0f", a.Strategy, 1/g[1], 1/g[2]))...)
		}
	}
}

// ruleOfThree says it of the strategies together, by the one with the fewest schedules.
func (l *lines) ruleOfThree(r *catalogue.Report) {
	var sure, not []string
	worst := 0.0
	for _, a := range r.Accounts {
		if e := a.Estimate; e.Valid && e.FailureMax < 1 {
			sure = append(sure, a.Strategy)
			worst = max(worst, e.FailureMax)
		} else if !e.Valid {
			not = append(not, a.Strategy)
		}
	}
	if len(sure) == 0 {
		return
	}
	said := fmt.Sprintf("95%% sure, by the rule of three: at most 1 in %d of the schedules that %s draws violates",
		int64(1/worst), oneOf(sure))
	if len(not) > 0 {
		said += "; nothing is said of " + oneOf(not) + ", whose schedules are no sample"
	}
	l.add(indented("  ", said)...)
}

// columns are those of the table of unseen.
const columns = "  %-9s %9s %9s %8s %8s %9s %9s"

// unseen is a table: what each strategy has seen and, of those whose schedules are a sample, what it leaves unseen.
func (l *lines) unseen(r *catalogue.Report) {
	l.add(fmt.Sprintf(columns, "", "schedules", "violate", "classes", "unseen", "at most", "in all"))
	var not []string
	schedules := int64(0)
	for _, a := range r.Accounts {
		e := a.Estimate
		schedules += a.Schedules
		cells := []any{a.Strategy, fmt.Sprint(a.Schedules), "-", fmt.Sprint(a.Classes), "-", "-", "-"}
		if e.Valid {
			cells[2], cells[4], cells[5] = "<= "+percent(e.FailureMax), percent(e.Unseen), percent(e.UnseenMax)
			cells[6] = fmt.Sprintf(">= %.0f", max(math.Ceil(e.ClassesAll), float64(a.Classes)))
		} else {
			not = append(not, a.Strategy+" ("+e.Why+")")
		}
		l.add(fmt.Sprintf(columns, cells...))
	}
	if len(r.Accounts) > 1 {
		l.add(fmt.Sprintf(columns, "together", fmt.Sprint(schedules), "", fmt.Sprint(r.Classes), "", "", ""))
	}
	l.add(indented("  ", "of a strategy's own schedules, but for the first that count its steps, not of "+
		"production's: violate, the rule of three, 95% sure; unseen, the estimate (Good and Turing) of how many are "+
		"of trace classes that it has not met, and its bound, 95% sure; in all, an estimate from below (Chao) of the "+
		"trace classes that there are")...)
	if len(not) > 0 {
		l.add(indented("  ", "no sample, and so nothing is said of: "+strings.Join(not, ", "))...)
	}
	l.add(indented("  ", exactly(r))...)
}

// exactly sets the classes that were seen beside those that there are.
func exactly(r *catalogue.Report) string {
	said := fmt.Sprintf("classes seen: %d, with %d reads-from pairs", r.Classes, r.Pairs)
	switch {
	case r.ClassesExact == 0:
		return said + "; the scope's were not counted"
	case r.ClassesMore:
		return said + fmt.Sprintf("; the scope has more than %d, too many to be counted here", r.ClassesExact)
	}
	return fmt.Sprintf("classes seen: %d of %d, counted exactly; %d reads-from pairs",
		r.Classes, r.ClassesExact, r.Pairs)
}

// percent has two digits, or three for all.
func percent(x float64) string {
	if x >= 0.1 {
		return fmt.Sprintf("%.0f%%", 100*x)
	}
	return fmt.Sprintf("%.2g%%", 100*x)
}

func oneOf(names []string) string {
	if len(names) == 1 {
		return names[0]
	}
	return strings.Join(names[:len(names)-1], ", ") + " or " + names[len(names)-1]
}

// account is the JSON of what a strategy did.
type account struct {
	Strategy  string    `json:"strategy"`
	Schedules int64     `json:"schedules"`
	Steps     int64     `json:"steps"`
	Finds     int       `json:"finds"`
	Violated  bool      `json:"violated"`
	Guarantee []float64 `json:"guarantee,omitempty"`
	Classes   int64     `json:"classes,omitempty"`
	Pairs     int64     `json:"pairs,omitempty"`
	Estimate  estimate  `json:"estimate"`
}

type estimate struct {
	Valid      bool    `json:"valid"`
	Why        string  `json:"why,omitempty"`
	Runs       int64   `json:"runs,omitempty"`
	FailureMax float64 `json:"failure_max,omitempty"`
	Classes    int64   `json:"classes,omitempty"`
	Once       int64   `json:"once,omitempty"`
	Twice      int64   `json:"twice,omitempty"`
	Unseen     float64 `json:"unseen,omitempty"`
	UnseenMax  float64 `json:"unseen_max,omitempty"`
	ClassesAll float64 `json:"classes_all,omitempty"`
}

func accounts(r *catalogue.Report) []account {
	var out []account
	for _, a := range r.Accounts {
		e := a.Estimate
		out = append(out, account{
			Strategy: a.Strategy, Schedules: a.Schedules, Steps: a.Steps, Finds: a.Finds, Violated: a.Violated,
			Guarantee: a.Guarantee, Classes: a.Classes, Pairs: a.Pairs,
			Estimate: estimate{
				Valid: e.Valid, Why: e.Why, Runs: e.Runs, FailureMax: e.FailureMax,
				Classes: e.Classes, Once: e.Once, Twice: e.Twice,
				Unseen: e.Unseen, UnseenMax: e.UnseenMax, ClassesAll: e.ClassesAll,
			},
		})
	}
	return out
}
