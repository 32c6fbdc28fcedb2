//go:build !unix

package cli

import "runtime"

// peakMiB is the most memory that the process had so far: what the Go runtime had of the system.
func peakMiB() float64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.Sys) / (1 << 20)
}
