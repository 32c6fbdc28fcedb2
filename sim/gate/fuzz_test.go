package gate

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzReadAnswer: no bytes make the reader of frames panic or hold more than a frame, what is no frame is an
// ErrGate that quotes its beginning, and what it reads it also writes.
func FuzzReadAnswer(f *testing.F) {
	for _, s := range []string{
		"", "\n", `{"type":"hello","protocol":1,"engine":"x","memoisable":true,"token":"t"}` + "\n",
		`{"type":"step","call":3,"actor":"worker-1","port":"dao.getWorkflow","args":{"id":"w1"}}` + "\n{}\n",
		`{"type":"done","call":-1,"value":null,"error":"lock","message":"\u00e4"}` + "\n",
		`{"type":`, "[]\n", `{"call":1e99}` + "\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		r := bufio.NewReader(bytes.NewReader(data))
		for {
			line, err := readLine(r)
			if err != nil {
				require.True(t, errors.Is(err, io.EOF) || errors.Is(err, errTooLong))
				return
			}
			require.LessOrEqual(t, len(line), FrameMax)
			frame, err := readAnswer(line)
			if err != nil {
				require.ErrorIs(t, err, ErrGate)
				require.ErrorContains(t, err, "expected a frame, one JSON object a line")
				require.Less(t, len(err.Error()), 2000)
				continue
			}
			written, err := json.Marshal(frame)
			require.NoError(t, err)
			again, err := readAnswer(written)
			require.NoError(t, err)
			twice, err := json.Marshal(again)
			require.NoError(t, err)
			require.JSONEq(t, string(written), string(twice))
		}
	})
}

// endless is a frame without an end; it counts what was read of it.
type endless struct{ read int }

func (e *endless) Read(b []byte) (int, error) {
	n := copy(b, strings.Repeat("x", len(b)))
	e.read += n
	return n, nil
}

// TestGigabyteFrames: a frame is read up to its limit.
func TestGigabyteFrames(t *testing.T) {
	e := &endless{}
	_, err := readLine(bufio.NewReader(e))
	require.ErrorIs(t, err, errTooLong)
	require.LessOrEqual(t, e.read, FrameMax+1<<16)
}
