package server

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"fermata/internal/redistest"
)

// reply is what a server says in its own words, which differ from release to release.
var reply = regexp.MustCompile(`\((NOPERM|ERR unknown command) .*'?(set|evalsha|info|del|scan|SSCAN|key)s?\b.*?\): `)

// refusedAs opens what cannot be opened, and compares the message; <at> stands for the address.
func refusedAs(t *testing.T, target string, is error, message string) {
	t.Helper()
	at := strings.TrimPrefix(Redacted(target), "redis://")
	at = strings.TrimPrefix(at, "...@")
	before := time.Now()
	r, err := Open(context.Background(), target, Options{Prefix: "fermata:test:"})
	require.Nil(t, r)
	require.ErrorIs(t, err, is)
	require.Equal(t, message, reply.ReplaceAllString(strings.ReplaceAll(err.Error(), at, "<at>"), "($1 $2): "))
	require.NotContains(t, err.Error(), "\n")
	require.NotContains(t, err.Error(), "secret")
	require.Less(t, time.Since(before), 2*bound)
}

func TestBadTargets(t *testing.T) {
	const unread = `: it cannot be read (a special character in a password is written as %40)`
	const want = `: expected miniredis, or redis://[user:password@]host:port/db`
	for target, says := range map[string]string{
		"":                                  ` "": not a Redis URL`,
		"minredis":                          ` "minredis": not a Redis URL`,
		"127.0.0.1:6379":                    ` "127.0.0.1:6379"` + unread,
		"http://localhost:6379":             ` "http://localhost:6379": not a Redis URL`,
		"rediss://localhost:6379":           ` "rediss://localhost:6379": TLS is not supported`,
		"redis:///0":                        ` "redis:///0": it names no host`,
		"redis://localhost:0/0":             ` "redis://localhost:0/0": port 0 is out of range`,
		"redis://localhost:66000/0":         ` "redis://localhost:66000/0": port 66000 is out of range`,
		"redis://localhost:x/0":             ` "redis://localhost:x/0"` + unread,
		"redis://localhost/x":               ` "redis://localhost/x": database "x" is not a number`,
		"redis://localhost/-1":              ` "redis://localhost/-1": database "-1" is not a number`,
		"redis://localhost/0/1":             ` "redis://localhost/0/1": database "0/1" is not a number`,
		"redis://localhost/0?db=1":          ` "redis://localhost/0": there is more after the database`,
		"redis://me@localhost/0":            ` "redis://...@localhost/0": a user without a password`,
		"redis://me:secret@localhost:1/x":   ` "redis://...@localhost:1/x": database "x" is not a number`,
		"redis://me:sec/ret@localhost:1/0":  ` "redis://...@localhost:1/0"` + unread,
		"redis://me:secret%zz@localhost:1/": ` "redis://...@localhost:1/"` + unread,
	} {
		_, err := Open(context.Background(), target, Options{})
		require.ErrorIs(t, err, ErrBadTarget, target)
		require.Equal(t, "bad Redis target"+says+want, err.Error())
	}
	for _, p := range []string{"x", "fermata:", "Fermata:x:", `fermata:\E:`} {
		_, err := Open(context.Background(), Embedded, Options{Prefix: p})
		require.EqualError(t, err, fmt.Sprintf(
			`bad Redis target: prefix %q: expected one that begins with "fermata:", goes on, and has no backslash`, p))
	}
}

func TestDefaultsOfATarget(t *testing.T) {
	for target, want := range map[string]string{
		"redis://host": "host:6379 0  ", "redis://host/": "host:6379 0  ", "redis://[::1]:7/3": "[::1]:7 3  ",
		"redis://:p%40@host": "host:6379 0  p@", "redis://u:p@h:1/15": "h:1 15 u p",
	} {
		o, err := parse(target)
		require.NoError(t, err)
		require.Equal(t, want, fmt.Sprint(o.Addr, " ", o.DB, " ", o.Username, " ", o.Password))
	}
}

// fake is a listener that answers each line of a command's name as told, and hangs up after "" and "!...".
func fake(t *testing.T, replies map[string]string) (url string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go answer(c, replies)
		}
	}()
	return "redis://" + l.Addr().String() + "/0"
}

func answer(c net.Conn, replies map[string]string) {
	defer c.Close()
	lines := bufio.NewScanner(c)
	for lines.Scan() {
		reply, known := replies[strings.ToUpper(lines.Text())]
		if !known {
			continue // a length, or an argument
		}
		reply, last := strings.CutPrefix(reply, "!")
		if _, err := c.Write([]byte(reply)); err != nil || last {
			return
		}
	}
}

func bulk(s string) string { return fmt.Sprintf("$%d\r\n%s\r\n", len(s), s) }

func TestRefusesWhatIsNotThere(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	silent := "redis://" + l.Addr().String() + "/0"
	refusedAs(t, silent, ErrUnavailable,
		"Redis is not available: <at>: no answer within 2s: is it stopped, too busy, or behind a firewall?")
	l.Close()
	refusedAs(t, silent, ErrUnavailable,
		"Redis is not available: <at>: nothing listens there: start a Redis, or give another target")
	_, err = Open(context.Background(), "redis://no-such-host.invalid/0", Options{})
	require.ErrorIs(t, err, ErrUnavailable)
}

func TestOpenIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	targets(t, func(t *testing.T, target string) {
		_, err := Open(ctx, target, Options{})
		require.ErrorIs(t, err, context.Canceled)
	})
}

// What a real server says only at times, from one that says it always.
func TestRefusesByTheReply(t *testing.T) {
	const good = "redis_version:7.0.15\r\nredis_mode:standalone\r\nrole:master\r\n"
	for _, c := range []struct {
		name    string
		replies map[string]string
		is      error
		message string
	}{
		{"protected", map[string]string{"HELLO": "!-DENIED Redis is running in protected mode because... 1) 2)\r\n"},
			ErrUnsuitable, "Redis is not suitable: <at>: it is in protected mode and serves its own machine only: " +
				"set a password there, or run a Redis on this machine"},
		{"full", map[string]string{"HELLO": "!-ERR max number of clients reached\r\n"},
			ErrUnavailable, "Redis is not available: <at>: it takes no more connections: " +
				"close some, or raise maxclients"},
		{"no Redis", map[string]string{"HELLO": "!HTTP/1.1 400 Bad Request\r\n\r\n"},
			ErrUnsuitable, "Redis is not suitable: <at>: what answers there does not speak plain Redis " +
				"(redis: can't parse map reply: \"HTTP/1.1 400 Bad Request\"): correct the port; TLS is not supported"},
		{"old, no users", map[string]string{"AUTH": "-ERR wrong number of arguments for 'auth' command\r\n"},
			ErrUnsuitable, "Redis is not suitable: <at>: it is older than 6.0 and knows no users: " +
				"give the password alone, as in redis://:password@host:port/db"},
		{"old, no password", map[string]string{"AUTH": "-ERR Client sent AUTH, but no password is set\r\n"},
			ErrUnsuitable, "Redis is not suitable: <at>: it has no password, but one was given: leave it out"},
		{"hangs up", map[string]string{"HELLO": "!"},
			ErrUnavailable, "Redis is not available: <at>: the connection broke (EOF): " +
				"has it been stopped? See its log"},
		{"loading", map[string]string{"PING": "-LOADING Redis is loading the dataset in memory\r\n"},
			ErrUnavailable, "Redis is not available: <at>: it refuses to work now " +
				"(LOADING Redis is loading the dataset in memory): mend that there, or give another"},
		{"old", map[string]string{"INFO": bulk("redis_version:4.0.14\r\nredis_mode:standalone\r\n")},
			ErrUnsuitable, "Redis is not suitable: <at>: it is version \"4.0.14\": expected 5.0 or later, " +
				"whose scripts may write after they read"},
		{"no version", map[string]string{"INFO": bulk("redis_mode:standalone\r\n")},
			ErrUnsuitable, "Redis is not suitable: <at>: it is version \"\": expected 5.0 or later, " +
				"whose scripts may write after they read"},
		{"sentinel", map[string]string{"INFO": bulk("redis_version:7.0.15\r\nredis_mode:sentinel\r\n")},
			ErrUnsuitable, "Redis is not suitable: <at>: it is a sentinel, which holds no keys: " +
				"give the server it watches"},
		{"strange", map[string]string{"INFO": "-ERR not today\r\n"},
			ErrUnsuitable, "Redis is not suitable: <at>: it refuses a command that is needed (ERR not today)"},
		{"out of memory", map[string]string{"INFO": bulk(good), "SET": "-OOM command not allowed.\r\n"},
			ErrUnavailable, "Redis is not available: <at>: it refuses to work now (OOM command not allowed.): " +
				"mend that there, or give another"},
		{"read-only", map[string]string{"INFO": bulk(good), "SET": "-READONLY You can't write.\r\n"},
			ErrUnsuitable, "Redis is not suitable: <at>: it is a replica, which cannot be written to: " +
				"give its primary"},
	} {
		t.Run(c.name, func(t *testing.T) {
			for name, reply := range map[string]string{"HELLO": "-ERR unknown command\r\n", "PING": "+PONG\r\n"} {
				if c.replies[name] == "" {
					c.replies[name] = reply
				}
			}
			url := fake(t, c.replies)
			if c.replies["AUTH"] != "" {
				url = strings.Replace(url, "redis://", "redis://u:secret@", 1)
			}
			refusedAs(t, url, c.is, c.message)
		})
	}
}

func TestRefusesServers(t *testing.T) {
	const (
		asks  = "it asks for a password: give one, as in redis://user:password@host:port/db"
		wrong = "it does not accept this user and password: correct them " +
			"(in a URL, special characters are written as %40)"
		noBase = "it has no database of that number: give one that it has, such as /0 " +
			"(its setting \"databases\" says how many)"
		cluster = "it runs in cluster mode, which spreads keys over servers: give one without cluster-enabled"
		replica = "it is a replica, which cannot be written to: give its primary"
		mayNot  = "expected a user who may read, write and run scripts on keys of fermata:* " +
			"(NOPERM "
		grant    = "): grant that there, or give another user"
		disabled = "expected every command of Redis 5 (ERR unknown command SSCAN): is it disabled or renamed there?"
	)
	user := func(may ...string) []string { return append([]string{"--user", "u", "on", ">secret"}, may...) }
	const users = 6 // the release that has them
	for _, c := range []struct {
		name    string
		words   []string
		login   string
		db      int
		message string
	}{
		{"no password", []string{"--requirepass", "secret"}, "", 0, asks},
		{"no password, other database", []string{"--requirepass", "secret"}, "", 1, asks},
		{"wrong password", []string{"--requirepass", "secret"}, ":secretive", 0, wrong},
		{"unknown user", nil, "nobody:secret", 0, wrong},
		{"no such database", nil, "", 16, noBase},
		{"cluster", []string{"--cluster-enabled", "yes"}, "", 0, cluster},
		{"cluster, other database", []string{"--cluster-enabled", "yes"}, "", 1, cluster},
		{"replica", []string{"--replicaof", "127.0.0.1", "1"}, "", 0, replica},
		{"may only read", user("~*", "+@read", "+@connection", "+info"), "u:secret", 0,
			mayNot + "set" + grant},
		{"may not touch our keys", user("~other:*", "+@all"), "u:secret", 0,
			mayNot + "key" + grant},
		{"may run no script", user("~*", "+@all", "-@scripting"), "u:secret", 0,
			mayNot + "evalsha" + grant},
		{"may not ask", user("~*", "+@all", "-info"), "u:secret", 0, mayNot + "info" + grant},
		{"may not delete", user("~*", "+@all", "-del"), "u:secret", 0, mayNot + "del" + grant},
		{"may not scan", user("~*", "+@all", "-scan"), "u:secret", 0, mayNot + "scan" + grant},
		{"command disabled", []string{"--rename-command", "SSCAN", ""}, "", 0, disabled},
	} {
		t.Run(c.name, func(t *testing.T) {
			if c.login != "" && redistest.Major(t) < users {
				t.Skip("this release of redis-server has no users")
			}
			s := redistest.Run(t, c.words...)
			refusedAs(t, s.URL(c.login, c.db), ErrUnsuitable, "Redis is not suitable: <at>: "+c.message)
			if c.login == "" && c.message != asks {
				require.Equal(t, ":0", s.Say("DBSIZE"), "nothing of the probe is left")
			}
		})
	}
}

func TestRefusesAFullServer(t *testing.T) {
	s := redistest.Run(t)
	r := open(t, s.URL("", 0), Options{})
	_, err := r.send("CONFIG", "SET", "maxclients", "1")
	require.NoError(t, err)
	refusedAs(t, s.URL("", 0), ErrUnavailable,
		"Redis is not available: <at>: it takes no more connections: close some, or raise maxclients")
	do(t, r, "SET", r.Prefix()+"k", "1")
}

func TestOpensWithAPassword(t *testing.T) {
	words := []string{"--requirepass", "se:c/r@t"}
	logins := map[string]int{":se%3Ac%2Fr%40t": 0}
	if redistest.Major(t) >= 6 {
		words = append(words, "--user", "u", "on", ">p w", "~fermata:*", "+@all")
		logins["default:se%3Ac%2Fr%40t"], logins["u:p%20w"] = 3, 15
	}
	s := redistest.Run(t, words...)
	for login, db := range logins {
		r := open(t, s.URL(login, db), Options{})
		require.Regexp(t, fmt.Sprintf(`^(redis|valkey) \d+\.\d+\.\d+ at 127\.0\.0\.1:%d/%d$`, s.Port, db), r.Name())
		require.Empty(t, r.Note())
	}
	require.Equal(t, "miniredis", open(t, Embedded, Options{}).Name())
}
