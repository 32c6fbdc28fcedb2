package report_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/report"
	"fermata/scenarios"
)

// TestOraclesPage: the page says what the oracles say.
func TestOraclesPage(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, report.OraclesPage(&b, scenarios.Oracles(), scenarios.Scenarios()))
	golden(t, filepath.Join("..", "..", "..", "docs", "oracles.md"), b.String())
}
