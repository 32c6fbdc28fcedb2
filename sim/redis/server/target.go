package server

import (
	"context"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/alicebob/miniredis/v2"
	"github.com/redis/go-redis/v9"
	"github.com/redis/go-redis/v9/logging"
	"github.com/redis/go-redis/v9/maintnotifications"
)

// Embedded is the target that stands for a Redis within this process.
const Embedded = "miniredis"

// bound is how long a connection, and a command, may take.
const bound = 2 * time.Second

// The library's log would be a second voice beside our errors. It is one for the whole process, and not to
// be changed while a client works.
func init() { logging.Disable() }

// options are what both kinds of Redis have in common: RESP2, so that both reply alike; no second try of
// anything; no command of the client's own but those that open a connection.
func options() *redis.Options {
	return &redis.Options{
		Protocol: 2, DisableIdentity: true,
		MaintNotificationsConfig: &maintnotifications.Config{Mode: maintnotifications.ModeDisabled},
		MaxRetries:               -1, DialerRetries: 1, ConnMaxIdleTime: -1,
		DialTimeout: bound, ReadTimeout: bound, WriteTimeout: bound,
	}
}

// embedded are the options for a connection in memory. Its server is this process: there is nobody to wait
// for, and no bound.
func embedded(m *miniredis.Miniredis) *redis.Options {
	o := options()
	o.ReadTimeout, o.WriteTimeout = -2, -2
	o.Dialer = func(context.Context, string, string) (net.Conn, error) { return m.Dial() }
	return o
}

// parse reads a URL. What it says of a bad one holds no password.
func parse(target string) (*redis.Options, error) {
	bad := func(format string, args ...any) (*redis.Options, error) {
		return nil, fmt.Errorf("%w %q: %s: expected %s, or redis://[user:password@]host:port/db",
			ErrBadTarget, Redacted(target), fmt.Sprintf(format, args...), Embedded)
	}
	u, err := url.Parse(target)
	switch {
	case err != nil:
		return bad("it cannot be read (a special character in a password is written as %%40)")
	case u.Scheme == "rediss":
		return bad("TLS is not supported")
	case u.Scheme != "redis":
		return bad("not a Redis URL")
	case u.Hostname() == "":
		return bad("it names no host")
	case u.RawQuery != "" || u.Fragment != "":
		return bad("there is more after the database")
	}
	o, port := options(), u.Port()
	if port == "" {
		port = "6379"
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 {
		return bad("port %s is out of range", port)
	}
	o.Addr = net.JoinHostPort(u.Hostname(), port)
	if db := strings.TrimPrefix(u.Path, "/"); db != "" {
		n, err := strconv.ParseUint(db, 10, 31)
		if err != nil {
			return bad("database %q is not a number", db)
		}
		o.DB = int(n)
	}
	if u.User != nil {
		o.Username = u.User.Username()
		o.Password, _ = u.User.Password()
		if o.Password == "" {
			return bad("a user without a password")
		}
	}
	return o, nil
}

// Redacted is the target without what may be a secret.
func Redacted(target string) string {
	target, _, _ = strings.Cut(target, "?")
	if i := strings.LastIndex(target, "@"); i >= 0 {
		return "redis://...@" + target[i+1:]
	}
	return target
}
