package server

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/redis/go-redis/v9"
)

// Do sends one command and gives the reply as go-redis does: int64, string, []any, and nil for no value. A
// command on a key that is not ours is not sent.
func (r *Redis) Do(args ...any) (any, error) {
	if err := r.mayTouch(args); err != nil {
		return nil, err
	}
	return r.send(args...)
}

// send sends one command, whatever its keys.
func (r *Redis) send(args ...any) (any, error) {
	if r.dead != nil {
		return nil, r.dead
	}
	r.commands++
	reply, err := r.conn.Do(context.Background(), args...).Result()
	switch {
	case err == nil:
		return reply, nil
	case errors.Is(err, redis.Nil):
		return nil, nil
	}
	return nil, r.failure(err)
}

// Pipeline sends many commands in one round trip. If some fail, the error is that of the first; the others
// have been done.
func (r *Redis) Pipeline(commands [][]any) error {
	for _, args := range commands {
		if err := r.mayTouch(args); err != nil {
			return err
		}
	}
	if r.mini != nil {
		return r.oneByOne(commands)
	}
	if r.dead != nil || len(commands) == 0 {
		return r.dead
	}
	r.commands += int64(len(commands))
	pipe := r.conn.Pipeline()
	for _, args := range commands {
		pipe.Do(context.Background(), args...)
	}
	done, _ := pipe.Exec(context.Background()) // each command has its own error
	var first error
	for i, cmd := range done {
		if err := cmd.Err(); err != nil && !errors.Is(err, redis.Nil) && first == nil {
			first = inPipeline(commands, i, r.failure(err))
		}
	}
	return first
}

// oneByOne is a pipeline without a network. A connection in memory holds nothing: a server that waits for
// its reply to be read, while the client still writes, would wait for ever.
func (r *Redis) oneByOne(commands [][]any) error {
	var first error
	for i, args := range commands {
		if _, err := r.send(args...); err != nil && first == nil {
			first = inPipeline(commands, i, err)
		}
	}
	return first
}

func inPipeline(commands [][]any, i int, err error) error {
	return fmt.Errorf("command %d of %d, %v: %w", i+1, len(commands), commands[i][0], err)
}

// Script is a Lua script that the server holds.
type Script struct {
	r        *Redis
	sha, src string
}

// Script makes a script of the source and loads it into the server. If that fails, so will Run.
func (r *Redis) Script(src string) *Script {
	s := &Script{r, redis.NewScript(src).Hash(), src}
	_, _ = r.send("SCRIPT", "LOAD", src) // Run sends the source if need be, and has the error then
	return s
}

// Run runs the script: one command, and a second one only if the server has lost the script.
func (s *Script) Run(keys []string, args ...any) (any, error) {
	for _, k := range keys {
		if !strings.HasPrefix(k, s.r.prefix) {
			return nil, s.r.foreign("EVALSHA", k)
		}
	}
	words := append(make([]any, 0, 3+len(keys)+len(args)), "EVALSHA", s.sha, len(keys))
	for _, k := range keys {
		words = append(words, k)
	}
	words = append(words, args...)
	reply, err := s.r.send(words...)
	if redis.HasErrorPrefix(err, "NOSCRIPT") {
		words[0], words[1] = "EVAL", s.src
		return s.r.send(words...)
	}
	return reply, err
}
