// Package history reads histories that were recorded from a real system, and judges them against the
// specifications of package spec while it reads.
//
// A history is a file of JSON lines (docs/histories.md), or the text that spec.Parse reads. A Reader
// gives its events in the order of real time, one by one, and refuses what cannot be a history with the
// file, the line, and what was expected. Check hands them to judges, one for each specification; a judge
// divides them by object and follows each with a spec.Search, so that what is kept is bounded by the
// objects and the operations open at once, not by the file. A violation is read a second time, and
// explained.
//
//	judge := history.NewJudge(history.Subject[spec.LockState]{
//		Spec: spec.Lock{}, Initial: spec.Always(spec.LockState{}),
//	})
//	result, err := history.Check(file, "history.jsonl", history.Options{}, judge)
//
// The package has no clock, starts no goroutine and opens no file.
package history
