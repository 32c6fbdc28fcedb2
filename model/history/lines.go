package history

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"
)

// LineMax is the longest line in bytes, without its newline.
const LineMax = 1 << 20

// lines reads a file line by line. What it holds of the file is at most one line of LineMax.
type lines struct {
	r      *bufio.Reader
	number int // of the line read last, from 1
}

func newLines(r io.Reader) *lines { return &lines{r: bufio.NewReaderSize(r, LineMax+1)} }

// next gives the next line that is not blank, without its newline; it is valid until the next call. At
// the end the error is io.EOF.
func (l *lines) next() ([]byte, *wrong, error) {
	for {
		line, err := l.r.ReadSlice('\n')
		if len(line) > 0 {
			l.number++
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
			return nil, refuse(fmt.Sprintf("at most %d bytes", LineMax), "the line is longer"), nil
		case err != nil && !errors.Is(err, io.EOF):
			return nil, nil, err
		}
		if l.number == 1 {
			line = bytes.TrimPrefix(line, []byte("\ufeff"))
		}
		if line = bytes.TrimSpace(line); len(line) > 0 {
			if at := invalid(line); at >= 0 {
				return nil, refuse("UTF-8", "invalid UTF-8 behind %s", shown(tail(line[:at]))), nil
			}
			return line, nil, nil
		}
		if err != nil {
			return nil, nil, err
		}
	}
}

// invalid gives the place of the first byte that is not UTF-8; -1 if there is none.
func invalid(line []byte) int {
	if utf8.Valid(line) {
		return -1
	}
	for i := 0; ; {
		r, size := utf8.DecodeRune(line[i:])
		if r == utf8.RuneError && size <= 1 {
			return i
		}
		i += size
	}
}

// tail is the end of a text, short enough to be shown.
func tail(b []byte) []byte {
	const most = 20
	for len(b) > most {
		_, size := utf8.DecodeRune(b)
		b = b[size:]
	}
	return b
}
