package history

import (
	"fmt"

	"fermata/model/spec"
)

// Error is a line that is not what a history has there. It is a spec.ErrHistory.
type Error struct {
	File string
	Line int // from 1
	// Got says what came, and Expected what should have; "" if Got says both.
	Got, Expected string
}

func (e *Error) Error() string {
	text := fmt.Sprintf("%s:%d: %s", e.File, e.Line, e.Got)
	if e.Expected != "" {
		text += ": expected " + e.Expected
	}
	return text
}

// Unwrap is spec.ErrHistory.
func (e *Error) Unwrap() error { return spec.ErrHistory }

// wrong is an Error before it is known where.
type wrong struct{ got, expected string }

func refuse(expected, format string, args ...any) *wrong {
	return &wrong{fmt.Sprintf(format, args...), expected}
}

// shown quotes a text in an error, at most its beginning.
func shown(b []byte) string {
	const most = 40
	if len(b) > most {
		return fmt.Sprintf("%q...", b[:most])
	}
	return fmt.Sprintf("%q", b)
}
