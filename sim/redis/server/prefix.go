package server

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"strings"
)

// family begins every key of every Fermata: what another run has left behind is known by it.
const family = "fermata:"

// prefix gives the prefix that was asked for, or a private one by chance. The name decides nothing.
func prefix(asked string) (string, error) {
	if asked == "" {
		b := make([]byte, 4)
		if _, err := rand.Read(b); err != nil {
			return "", fmt.Errorf("%w: no random prefix: %w", ErrBadTarget, err)
		}
		return family + hex.EncodeToString(b) + ":", nil
	}
	if name, ok := strings.CutPrefix(asked, family); !ok || name == "" || strings.Contains(name, `\`) {
		return "", fmt.Errorf("%w: prefix %q: expected one that begins with %q, goes on, and has no backslash",
			ErrBadTarget, asked, family)
	}
	return asked, nil
}

// pattern is a glob for all keys that begin with the prefix.
func pattern(prefix string) string {
	return strings.NewReplacer(`\`, `\\`, `*`, `\*`, `?`, `\?`, `[`, `\[`, `]`, `\]`).Replace(prefix) + "*"
}
