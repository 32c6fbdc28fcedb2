//go:build unix

package cli

import (
	"runtime"
	"syscall"
)

// peakMiB is the most memory that the process had so far: its resident set, as getrusage has it.
func peakMiB() float64 {
	var u syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
		return 0
	}
	if runtime.GOOS == "darwin" || runtime.GOOS == "ios" {
		return float64(u.Maxrss) / (1 << 20) // bytes there
	}
	return float64(u.Maxrss) / (1 << 10) // KiB elsewhere
}
