package gate

import (
	"encoding/json"
	"errors"
	"fmt"
	"time"
)

// Version is the protocol that both sides must speak.
const Version = 1

// FrameMax is the longest frame in bytes, without its newline.
const FrameMax = 1 << 20

// BoundDefault is how long Fermata waits for a frame if nothing else is asked for.
const BoundDefault = 60 * time.Second

// The variables of the child's environment.
const (
	envGate  = "FERMATA_GATE"
	envToken = "FERMATA_TOKEN"
)

// ErrGate is an engine that cannot be started, or whose process does not keep to the protocol.
var ErrGate = errors.New("gate")

// The types of frames.
const (
	typeHello   = "hello"
	typeCall    = "call"
	typeStep    = "step"
	typeReply   = "reply"
	typeDone    = "done"
	typeFailure = "failure"
	typeCrash   = "crash"
	typeCrashed = "crashed"
	typeEnd     = "end"
	typeEnded   = "ended"
)

// request is a frame to the engine.
type request struct {
	Type     string        `json:"type"`
	Run      int64         `json:"run,omitempty"`
	Server   string        `json:"server,omitempty"`
	Actor    string        `json:"actor,omitempty"`
	Call     int64         `json:"call,omitempty"`
	Op       string        `json:"op,omitempty"`
	Args     any           `json:"args,omitempty"`
	Settings *settingsWire `json:"settings,omitempty"`
	Value    any           `json:"value,omitempty"`
	Error    string        `json:"error,omitempty"`
	Message  string        `json:"message,omitempty"`
	Now      int64         `json:"now"`
}

// answer is a frame from the engine.
type answer struct {
	Type     string `json:"type"`
	Protocol int    `json:"protocol"`
	Engine   string `json:"engine"`
	// Memoisable is sweeper.Engine's.
	Memoisable bool            `json:"memoisable"`
	Token      string          `json:"token"`
	Run        int64           `json:"run"`
	Call       int64           `json:"call"`
	Actor      string          `json:"actor"`
	Port       string          `json:"port"`
	Args       json.RawMessage `json:"args"`
	Value      json.RawMessage `json:"value"`
	Error      string          `json:"error"`
	Message    string          `json:"message"`
}

// readAnswer reads one frame.
func readAnswer(line []byte) (*answer, error) {
	f := &answer{}
	if err := json.Unmarshal(line, f); err != nil {
		return nil, fmt.Errorf("%w: expected a frame, one JSON object a line: %w: %s", ErrGate, err, shortened(line))
	}
	return f, nil
}

// shortened is the beginning of something too long to be told.
func shortened(b []byte) string {
	const most = 120
	if len(b) <= most {
		return fmt.Sprintf("%q", b)
	}
	return fmt.Sprintf("%q...", b[:most])
}
