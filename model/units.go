package model

import "strconv"

// Seconds is the unit of QueueDAO.push, pushIfNotExists and postpone, and of every timeout in a
// definition. It is a type of its own because mixing it with Millis is one of the engine's real bugs.
type Seconds int64

// Millis is the unit of QueueDAO.setUnackTimeout and pop, of the lock's times and of every
// timestamp.
type Millis int64

// Millis converts to milliseconds.
func (s Seconds) Millis() Millis { return Millis(s) * 1000 }

// String gives the value with its unit, for example "30s".
func (s Seconds) String() string { return strconv.FormatInt(int64(s), 10) + "s" }

// String gives whole seconds as "30s" and anything finer as "1500ms".
func (m Millis) String() string {
	if m%1000 == 0 {
		return Seconds(m / 1000).String()
	}
	return strconv.FormatInt(int64(m), 10) + "ms"
}
