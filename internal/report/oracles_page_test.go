package report_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/internal/report"
	"fermata/scenarios/catalogue"
)

// TestOraclesPage: the page says what the oracles say.
func TestOraclesPage(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, report.OraclesPage(&b, catalogue.Oracles(), catalogue.Scenarios()))
	golden(t, filepath.Join("..", "..", "..", "docs", "oracles.md"), b.String())
}
