package explore

import "math"

// Estimate is how much the runs of one strategy leave unseen, from runs that are a sample. It is of the strategy's own
// distribution: what is unlikely for it may be likely elsewhere, production among it.
type Estimate struct {
	// Valid tells whether anything is said; Why is the reason if not.
	Valid bool
	Why   string
	// Runs is the size of the sample.
	Runs int64
	// FailureMax bounds the chance that a run of the strategy violates, none of the sample having done so, with 95%
	// confidence: 3/n, the rule of three. It is 1 if one did.
	FailureMax float64

	// Classes is how many trace classes the sample has, Once and Twice those that it has so often. All that follows
	// is 0 without Options.Coverage.
	Classes, Once, Twice int64
	// Unseen estimates the chance that the next run is of a class which the sample does not have (Good and Turing), and
	// UnseenMax bounds it with 95% confidence (McAllester and Schapire, COLT 2000).
	Unseen, UnseenMax float64
	// ClassesAll estimates from below how many classes there are (Chao 1984).
	ClassesAll float64
}

// confidence is that of the bounds of an Estimate.
const confidence = 0.95

// estimate makes an Estimate of each account.
func (r *Result) estimate(firstOnly bool) {
	if r.coverage != nil {
		r.Classes, r.Pairs = int64(len(r.coverage.classes)), int64(len(r.coverage.seen))
	}
	found := firstOnly && r.Judging() != nil
	for i := range r.Accounts {
		a := &r.Accounts[i]
		a.Classes, a.Pairs = int64(len(a.classes)), int64(len(a.pairs))
		switch {
		case found:
			a.Estimate.Why = "the search ended where it did because of what it found"
		case a.sampled == 0:
			a.Estimate.Why = a.why
		default:
			a.Estimate = estimateOf(a)
		}
	}
}

func estimateOf(a *Account) Estimate {
	e := Estimate{Valid: true, Runs: a.sampled, FailureMax: ruleOfThree(a.sampled), Once: a.once, Twice: a.twice}
	if a.Violated {
		e.FailureMax = 1
	}
	if a.classes == nil {
		return e
	}
	for _, n := range a.classes { //tidy:unordered counting
		e.Classes += min(n, 1)
	}
	e.Unseen = float64(e.Once) / float64(e.Runs)
	e.UnseenMax = unseenMax(e.Once, e.Runs, 1-confidence)
	e.ClassesAll = chao1(e.Classes, e.Once, e.Twice)
	return e
}

// ruleOfThree bounds the chance of what did not happen in n runs, with 95% confidence: (1-3/n)^n is below 5%.
func ruleOfThree(n int64) float64 { return min(1, 3/float64(n)) }

// unseenMax bounds, but for a chance of delta, the mass of the classes that n runs do not have, if once of them have
// just one run.
func unseenMax(once, n int64, delta float64) float64 {
	slack := (2*math.Sqrt2 + math.Sqrt(3)) * math.Sqrt(math.Log(3/delta)/float64(n))
	return min(1, float64(once)/float64(n)+slack)
}

// chao1 estimates a number of classes from below. Where no class has two runs it is the bias-corrected form.
func chao1(classes, once, twice int64) float64 {
	f1, f2 := float64(once), float64(twice)
	if twice == 0 {
		return float64(classes) + f1*(f1-1)/2
	}
	return float64(classes) + f1*f1/(2*f2)
}
