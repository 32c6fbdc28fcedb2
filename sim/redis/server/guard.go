package server

import (
	"fmt"
	"strings"
)

// reach is which words of a command are keys: from, to (0 is the last word), and every how many.
type reach struct{ from, to, every int }

// reaches are the commands whose key is not the first word after the name, or not that alone.
var reaches = map[string]reach{
	"PING": {}, "ECHO": {}, "TIME": {}, "INFO": {}, "DBSIZE": {}, "SCAN": {},
	"DEL": {1, 0, 1}, "UNLINK": {1, 0, 1}, "EXISTS": {1, 0, 1}, "TOUCH": {1, 0, 1}, "MGET": {1, 0, 1},
	"MSET": {1, 0, 2}, "MSETNX": {1, 0, 2},
	"RENAME": {1, 2, 1}, "RENAMENX": {1, 2, 1}, "SMOVE": {1, 2, 1}, "RPOPLPUSH": {1, 2, 1}, "LMOVE": {1, 2, 1},
	"COPY": {1, 0, 1}, "MOVE": {1, 0, 1}, "SORT": {1, 0, 1}, // their other words are never ours
	"OBJECT": {2, 2, 1},
}

// mayTouch tells why a command may not be sent: one of its keys is not ours.
func (r *Redis) mayTouch(args []any) error {
	if len(args) == 0 {
		return fmt.Errorf("%w: an empty command", ErrForeignKeys)
	}
	name, _ := args[0].(string)
	name = strings.ToUpper(name)
	at, ok := reaches[name]
	if !ok {
		at = reach{1, 1, 1}
	}
	if at.every == 0 {
		return nil
	}
	to := at.to
	if to == 0 {
		to = len(args) - 1
	}
	if len(args) <= max(at.from, at.to) {
		return r.foreign(name, "")
	}
	for i := at.from; i <= to; i += at.every {
		key := ""
		switch k := args[i].(type) {
		case string:
			key = k
		case []byte:
			key = string(k)
		}
		if !strings.HasPrefix(key, r.prefix) {
			return r.foreign(name, key)
		}
	}
	return nil
}

func (r *Redis) foreign(name, key string) error {
	return fmt.Errorf("%w: %s on %q was not sent: expected a key that begins with %q",
		ErrForeignKeys, name, key, r.prefix)
}
