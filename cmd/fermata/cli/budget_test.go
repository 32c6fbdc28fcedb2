package cli

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Each case gets its share of what is left: what one does not need is the others', and what one overdraws they lack.
func TestPurse(t *testing.T) {
	now := time.Unix(100, 0)
	p := &purse{now: func() time.Time { return now }, whole: 30 * time.Second, left: 3}
	spent := p.next()
	require.Equal(t, 10*time.Second, p.share)
	require.Zero(t, spent())
	now = now.Add(2 * time.Second)
	require.InDelta(t, 0.2, spent(), 1e-9)
	spent = p.next()
	require.Equal(t, 14*time.Second, p.share)
	now = now.Add(35 * time.Second)
	require.InDelta(t, 2.5, spent(), 1e-9)
	spent = p.next()
	require.Equal(t, shareMin, p.share)
	require.Zero(t, spent())
}
