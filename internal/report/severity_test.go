package report

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/scenarios/catalogue"
)

// A severity says when it heals, and by whom if that is known; in JSON too.
func TestSeverityWords(t *testing.T) {
	heals := func(f catalogue.Finding) *catalogue.Finding {
		f.Severity = catalogue.Heals
		return &f
	}
	require.Equal(t, "heals at once", severity(heals(catalogue.Finding{}), "%s"))
	require.Equal(t, "heals at once, by worker-1", severity(heals(catalogue.Finding{HealedBy: "worker-1"}), "%s"))
	f := heals(catalogue.Finding{HealsAfter: 30_000, HealedBy: "a sweep"})
	require.Equal(t, "heals after 30s, by a sweep", severity(f, "%s"))
	require.Equal(t, "permanent", severity(&catalogue.Finding{Severity: catalogue.Permanent}, "%s"))
	v := violations([]*catalogue.Finding{f}, &Options{})[0]
	require.Equal(t, 30.0, v.HealsAfter)
	require.Equal(t, "a sweep", v.HealedBy)
}
