package server

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"syscall"

	"github.com/redis/go-redis/v9"
)

var (
	// ErrBadTarget is a target, or a prefix, that says nothing that could be opened.
	ErrBadTarget = errors.New("bad Redis target")
	// ErrUnavailable is a Redis that is not there, does not answer, refuses to work, or has gone.
	ErrUnavailable = errors.New("Redis is not available")
	// ErrUnsuitable is a Redis that answers, but cannot do what is needed.
	ErrUnsuitable = errors.New("Redis is not suitable")
	// ErrForeignKeys is a database that others use, or a command on a key that is not ours.
	ErrForeignKeys = errors.New("foreign keys")
)

// refusal is a reply that says that nothing will work here, whatever the command.
type refusal struct {
	word string // its first word
	has  string // what else it holds
	is   error
	says string // %s is the reply
}

var refusals = []refusal{
	{"NOAUTH", "", ErrUnsuitable, "it asks for a password: give one, as in redis://user:password@host:port/db"},
	{"WRONGPASS", "", ErrUnsuitable, wrongPassword},
	{"ERR", "invalid password", ErrUnsuitable, wrongPassword},
	{"ERR", "no password is set", ErrUnsuitable, "it has no password, but one was given: leave it out"},
	{"ERR", "without any password", ErrUnsuitable, "it has no password, but one was given: leave it out"},
	{"ERR", "'auth' command", ErrUnsuitable, "it is older than 6.0 and knows no users: give the password alone, " +
		"as in redis://:password@host:port/db"},
	{"NOPERM", "", ErrUnsuitable, "expected a user who may read, write and run scripts on keys of fermata:* (%s): " +
		"grant that there, or give another user"},
	{"READONLY", "", ErrUnsuitable, readOnly},
	{"DENIED", "", ErrUnsuitable, "it is in protected mode and serves its own machine only: " +
		"set a password there, or run a Redis on this machine"},
	{"ERR", "cluster mode", ErrUnsuitable, clusterMode},
	{"MOVED", "", ErrUnsuitable, clusterMode},
	{"CLUSTERDOWN", "", ErrUnsuitable, clusterMode},
	{"ERR", "DB index", ErrUnsuitable, "it has no database of that number: give one that it has, such as /0 " +
		"(its setting \"databases\" says how many)"},
	{"ERR", "unknown command", ErrUnsuitable, "expected every command of Redis 5 (%s): " +
		"is it disabled or renamed there?"},
	{"ERR", "max number of clients", ErrUnavailable, "it takes no more connections: close some, or raise maxclients"},
	{"LOADING", "", ErrUnavailable, refuses}, {"BUSY", "", ErrUnavailable, refuses},
	{"MASTERDOWN", "", ErrUnavailable, refuses}, {"OOM", "", ErrUnavailable, refuses},
	{"MISCONF", "", ErrUnavailable, refuses}, {"NOREPLICAS", "", ErrUnavailable, refuses},
}

const (
	wrongPassword = "it does not accept this user and password: correct them " +
		"(in a URL, special characters are written as %%40)"
	readOnly    = "it is a replica, which cannot be written to: give its primary"
	clusterMode = "it runs in cluster mode, which spreads keys over servers: give one without cluster-enabled"
	refuses     = "it refuses to work now (%s): mend that there, or give another"
)

// failure makes an error of a command into one of ours. A reply that concerns the one command stays as it
// is; what concerns the connection breaks it for good.
func (r *Redis) failure(err error) error {
	var reply redis.Error
	if errors.As(err, &reply) {
		word, rest, _ := strings.Cut(reply.Error(), " ")
		for _, f := range refusals {
			if f.word == word && strings.Contains(rest, f.has) {
				return r.refused(f, reply.Error())
			}
		}
		return reply
	}
	says, is := lost(err)
	r.dead = fmt.Errorf("%w: %s: %s", is, r.where, says)
	return r.dead
}

func (r *Redis) refused(f refusal, reply string) error {
	says := strings.ReplaceAll(f.says, "%%", "%")
	err := fmt.Errorf("%w: %s: %s", f.is, r.where, strings.ReplaceAll(says, "%s", reply))
	if f.word == "READONLY" {
		r.dead = err // go-redis gives the connection up
	}
	return err
}

// lost says what happened to a connection.
func lost(err error) (says string, is error) {
	var dial *net.OpError
	var timeout net.Error
	text, _, _ := strings.Cut(err.Error(), "\n")
	switch {
	case errors.Is(err, syscall.ECONNREFUSED):
		says = "nothing listens there: start a Redis, or give another target"
	case errors.Is(err, context.DeadlineExceeded), errors.As(err, &timeout) && timeout.Timeout():
		says = fmt.Sprintf("no answer within %s: is it stopped, too busy, or behind a firewall?", bound)
	case errors.As(err, &dial) && dial.Op == "dial":
		says = fmt.Sprintf("no connection (%s): correct the host and port", text)
	case strings.Contains(text, "redis: can't parse"):
		return fmt.Sprintf("what answers there does not speak plain Redis (%s): correct the port; "+
			"TLS is not supported", text), ErrUnsuitable
	default:
		says = fmt.Sprintf("the connection broke (%s): has it been stopped? See its log", text)
	}
	return says, ErrUnavailable
}
