package report

import (
	"fmt"
	"math"
	"strings"

	"fermata/scenarios/catalogue"
	"fermata/sim/explore"
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
	if len(r.Accounts) < 2 {
		return
	}
	var said []string
	for _, a := range r.Accounts {
		said = append(said, fmt.Sprintf("%s %d", a.Strategy, a.Schedules))
	}
	l.add(indented("  schedules: ", strings.Join(said, ", "))...)
}

// left says what a sample that found nothing is worth: of each strategy, how likely a schedule of its is to violate or,
// if that was counted, to be of a trace class not seen yet.
func (l *lines) left(r *catalogue.Report) {
	var sure []string
	worst := 0.0
	for _, a := range r.Accounts {
		if e := a.Estimate; e.Valid && e.FailureMax < 1 {
			sure = append(sure, a.Strategy)
			worst = max(worst, e.FailureMax)
		}
	}
	if len(sure) > 0 {
		l.add(indented("  ", fmt.Sprintf("95%% sure: at most 1 in %d of the schedules that %s draws violates",
			int64(1/worst), oneOf(sure)))...)
	}
	for _, a := range r.Accounts {
		if g := a.Guarantee; len(g) == 3 {
			l.add(indented("  ", fmt.Sprintf("%s: a violation of depth 2 is met by 1 in %.0f of its schedules of that "+
				"depth, at least; one of depth 3 by 1 in %.0f", a.Strategy, 1/g[1], 1/g[2]))...)
		}
	}
	if r.Classes == 0 {
		return
	}
	for _, a := range r.Accounts {
		l.add(indented("  ", coverage(&a))...)
	}
	if len(r.Accounts) > 1 {
		l.add(indented("  ", "together: "+classes(r.Classes, r.Pairs))...)
	}
}

// coverage says what a strategy has seen, and estimates what it has not.
func coverage(a *explore.Account) string {
	said := a.Strategy + ": " + classes(a.Classes, a.Pairs)
	e := a.Estimate
	if !e.Valid {
		return said + "; no estimate of the rest: " + e.Why
	}
	return said + fmt.Sprintf("; an estimated %s of its schedules are of other classes, 95%% sure at most %s; "+
		"an estimated %.0f classes or more in all", percent(e.Unseen), percent(e.UnseenMax), math.Ceil(e.ClassesAll))
}

func classes(classes, pairs int64) string {
	return fmt.Sprintf("%d trace classes, %d reads-from pairs", classes, pairs)
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
