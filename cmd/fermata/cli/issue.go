package cli

import (
	"errors"
	"fmt"

	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

// issue writes what the replay shows as an issue text. A violation is looked into first: which releases show the same,
// and which is the smallest change that is proved.
func (r *replaying) issue(path string, result *catalogue.Report, o report.Options) error {
	u := &report.Upstream{Report: result, Full: r.full, Replay: report.ReplayCommand(path, o.ReplayFlags...)}
	if result.Verdict == catalogue.Violated {
		if err := lookInto(u, catalogue.FixOptions{Stop: r.a.stopped}); err != nil {
			return err
		}
	}
	return r.output.tell(&r.document, issueWriter{r, u}, result, o)
}

// lookInto searches what an issue text says beside the replay.
func lookInto(u *report.Upstream, o catalogue.FixOptions) (err error) {
	c := u.Report.Findings[0].Case
	if u.Cells, err = catalogue.AlsoOn(c, o); err == nil {
		u.Fix, err = catalogue.SmallestFix(c, o)
	}
	if errors.Is(err, catalogue.ErrStopped) {
		err = fmt.Errorf("%w: interrupted before the issue text was whole", errHarness)
	}
	return err
}

// issueWriter writes the issue in place of a report.
type issueWriter struct {
	r *replaying
	u *report.Upstream
}

func (issueWriter) Begin(report.Setup) error { return nil }

func (w issueWriter) Case(*catalogue.Report, report.Options) error {
	return report.WriteIssue(w.r.a.out, w.u)
}

func (issueWriter) End() error { return nil }
