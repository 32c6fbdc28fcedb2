package catalogue

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestPictureOrders: where an order of the operations explains what they returned, each has its place in it.
func TestPictureOrders(t *testing.T) {
	p := pictureOf(t, "stale-lookup.conductor-3.17.0.sched", "proposed")
	require.Equal(t, "workflow", p.OrderOf)
	var orders []int
	for _, op := range p.Operations {
		require.False(t, op.Unexplained)
		orders = append(orders, op.Order)
	}
	slices.Sort(orders)
	require.Equal(t, []int{1, 2, 3, 4}, orders)
}

// TestPictureWithoutAnOrder: where an audit saw a finished workflow that is still queued, the picture marks the audit
// and the operation that finished it.
func TestPictureWithoutAnOrder(t *testing.T) {
	c := &Case{Scenario: earlyRelease, Engine: engine(t, "conductor-3.17.0"), Scope: earlyRelease.Scope}
	r, err := Verify(c, VerifyOptions{})
	require.NoError(t, err)
	i := slices.IndexFunc(r.Findings, func(f *Finding) bool { return f.Oracle == "status-and-entry" })
	require.NotEqual(t, -1, i)
	p, err := PictureOf(r.Findings[i], nil)
	require.NoError(t, err)
	require.Equal(t, "status and decider entry", p.OrderOf)
	var marked []string
	for _, op := range p.Operations {
		require.Zero(t, op.Order)
		if op.Unexplained {
			marked = append(marked, op.Call)
		}
	}
	require.Contains(t, marked, "Inspect(w1)")
}
