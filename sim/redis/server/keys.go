package server

import (
	"slices"
	"strings"
	"time"
)

// scanCount is how many keys a SCAN looks at in one step, and delMax how many one DEL takes.
const (
	scanCount = 1000
	delMax    = 500
)

// Keys are the keys with the prefix, sorted.
func (r *Redis) Keys() ([]string, error) {
	var keys []string
	err := r.scan(pattern(r.prefix), func(key string) bool {
		if strings.HasPrefix(key, r.prefix) {
			keys = append(keys, key)
		}
		return true
	})
	slices.Sort(keys)
	return slices.Compact(keys), err
}

// scan gives every key that the pattern matches, some maybe twice, until see has seen enough.
func (r *Redis) scan(pattern string, see func(key string) bool) error {
	for cursor := "0"; ; {
		reply, err := r.send("SCAN", cursor, "MATCH", pattern, "COUNT", scanCount)
		if err != nil {
			return err
		}
		next, keys := page(reply)
		for _, k := range keys {
			if key, ok := k.(string); ok && !see(key) {
				return nil
			}
		}
		if cursor = next; cursor == "0" {
			return nil
		}
	}
}

// page reads a reply to SCAN. What is none ends the scan.
func page(reply any) (cursor string, keys []any) {
	parts, _ := reply.([]any)
	if len(parts) != 2 {
		return "0", nil
	}
	cursor, ok := parts[0].(string)
	if !ok {
		return "0", nil
	}
	keys, _ = parts[1].([]any)
	return cursor, keys
}

// Clear deletes the keys with the prefix, and no other.
func (r *Redis) Clear() error {
	keys, err := r.Keys()
	if err != nil {
		return err
	}
	for some := range slices.Chunk(keys, delMax) {
		words := []any{"DEL"}
		for _, k := range some {
			words = append(words, k)
		}
		if _, err := r.Do(words...); err != nil {
			return err
		}
	}
	if r.mini != nil {
		r.rewind()
	}
	return nil
}

// passing shortens the times to live of its keys by so many milliseconds.
const passing = `
for _, key in ipairs(KEYS) do
  local left = redis.call('PTTL', key)
  if left >= 0 then
    left = left - tonumber(ARGV[1])
    if left > 0 then
      redis.call('PEXPIRE', key, string.format('%.0f', left))
    else
      redis.call('DEL', key)
    end
  end
end
return redis.status_reply('OK')`

// PassTime lets virtual time pass: every own key with a time to live expires that much sooner, and is gone
// if it has none left.
func (r *Redis) PassTime(d time.Duration) error {
	if r.dead != nil || d <= 0 {
		return r.dead
	}
	if r.mini != nil {
		r.now = r.now.Add(d)
		r.mini.SetTime(r.now)
		r.mini.FastForward(d)
		return nil
	}
	keys, err := r.Keys()
	if err != nil || len(keys) == 0 {
		return err
	}
	_, err = r.passing.Run(keys, d.Milliseconds())
	return err
}
