package load

import (
	"errors"
	"os"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sweeper/conductor"
)

// samples are texts of each figure that differ from its default, those that are easy to get wrong among them.
var samples = map[string][]string{
	"rate":             {"poisson:90", "constant:0.5", "bursts:90/50"},
	"for":              {"1h", "90s", "1ms"},
	"drain":            {"0s", "24h"},
	"servers":          {"1", "1000"},
	"sweeper-threads":  {"1", "256"},
	"sweep-interval":   {"25ms", "1ms"},
	"poll-timeout":     {"0s", "100ms", "2s"},
	"sweep-batch":      {"1", "256"},
	"offset-timeout":   {"0s", "1m"},
	"lock-enabled":     {"off"},
	"lock-lease":       {"1ms", "2m"},
	"lock-try":         {"0s", "1s"},
	"repair":           {"off"},
	"lock":             {"local", "disabled"},
	"queue":            {"dyno", "sql"},
	"store":            {"redis", "sql"},
	"tasks":            {"1", "20"},
	"branches":         {"0", "20"},
	"task-time":        {"exponential:3s", "uniform:0s..10s", "0s"},
	"last-task-time":   {"20ms", "lognormal:20ms/1s"},
	"poll-delay":       {"5ms"},
	"response-timeout": {"off", "1h"},
	"failures":         {"0.125", "1"},
	"retries":          {"0", "100"},
	"lock-latency":     {"80us"},
	"queue-latency":    {"lognormal:80us/200us"},
	"store-latency":    {"exponential:2ms"},
	"listener-latency": {"1s"},
	"think":            {"0s"},
	"wake":             {"1us"},
	"slow-servers":     {"1"},
	"slow-factor":      {"2.5"},
	"pauses":           {"500ms every 30s"},
	"stalls":           {"exponential:10ms every 1s"},
	"store-capacity":   {"20000", "0.5e4"},
	"redis-capacity":   {"1e5"},
	"audit":            {"1m", "1s"},
	"audit-remove":     {"on"},
	"audit-tasks":      {"on"},
}

// Every figure of a setup is told as it is read: what Text gives makes the same setup of another one, and changes no
// other figure.
func TestFiguresAreToldAsTheyAreRead(t *testing.T) {
	for _, f := range Figures() {
		require.NotEmpty(t, samples[f.Name], f.Name)
		require.NotEmpty(t, f.About, f.Name)
		for _, text := range samples[f.Name] {
			s := Default()
			before := texts(s)
			require.NoError(t, f.Set(s, text, nil))
			told := f.Text(s)
			require.NotEqual(t, before[f.Name], told, "%s: a sample that is the default proves nothing", f.Name)
			before[f.Name] = told
			require.Equal(t, before, texts(s), f.Name)
			again := Default()
			require.NoError(t, f.Set(again, told, nil))
			require.Equal(t, s, again, f.Name)
		}
	}
	require.Len(t, samples, len(Figures()))
}

func texts(s *Setup) map[string]string {
	all := map[string]string{}
	for _, f := range Figures() {
		all[f.Name] = f.Text(s)
	}
	return all
}

// What cannot be meant is refused with what was given and what was expected, and changes nothing.
func TestFiguresThatAreRefused(t *testing.T) {
	for _, c := range []struct{ figure, text, said string }{
		{"rate", "-5", `a rate of "-5": expected a number of arrivals a second`},
		{"rate", "NaN", `a rate of "NaN": expected a number of arrivals a second`},
		{"rate", "often", `unknown: expected 90 or poisson:90 (a second), constant:90`},
		{"rate", "1e9", `expected a number of arrivals a second, from one a day (0.0000116) to 1000000`},
		{"servers", "0", "servers 0: expected a whole number from 1 to 1000"},
		{"servers", "1.5", "servers 1.5: expected a whole number from 1 to 1000"},
		{"sweeper-threads", "257", "expected a whole number from 1 to 256"},
		{"tasks", "21", "expected a whole number from 1 to 20"},
		{"branches", "-1", "expected a whole number from 0 to 20"},
		{"failures", "1.01", "expected a number from 0 to 1"},
		{"failures", "NaN", "expected a number from 0 to 1"},
		{"for", "0s", "expected a time such as 250ms or 30s, from 1ms to 24h"},
		{"drain", "25h", "from 0s to 24h"},
		{"sweep-interval", "25", "sweep-interval 25: expected a time such as 250ms or 30s"},
		{"offset-timeout", "1500ms", "expected a time in whole seconds such as 30s, from 0s to 24h"},
		{"lock-try", "1us", "expected a time in whole milliseconds such as 500ms"},
		{"lock-try", "-1ms", "from 0s to 24h"},
		{"poll-timeout", "soon", "expected a time in whole milliseconds such as 500ms, from 0s to 24h, or default"},
		{"store-latency", "-1ms", `"-1ms" is negative: expected 0s or more`},
		{"store-latency", "25h", "too long: expected at most 24h"},
		{"store-latency", "normal:1ms", `unknown kind "normal": expected 80us (constant)`},
		{"last-task-time", "-1ms", `"-1ms" is negative: expected 0s or more, or same`},
		{"store-capacity", "0", "expected a number from 1 to 1000000000, or off"},
		{"store-capacity", "-1", "or off"},
		{"audit", "0s", "expected a time in whole seconds such as 30s, from 1s to 24h, or off"},
		{"audit-tasks", "yes", "expected on or off"},
		{"lock", "redlock", `lock redlock: expected one of redisson, local,`},
		{"pauses", "5s every 1s", "expected a shorter one"},
		{"slow-factor", "0.5", "expected a number from 1 to 1000"},
	} {
		s := Default()
		err := FigureNamed(c.figure).Set(s, c.text, nil)
		require.ErrorIs(t, err, ErrUsage, "%s %s", c.figure, c.text)
		require.ErrorContains(t, err, c.said)
		require.Equal(t, Default(), s, "%s %s", c.figure, c.text)
	}
}

// A file of samples is read by who asks, and what is wrong in it is said with its line.
func TestFiguresOfFiles(t *testing.T) {
	files := map[string]string{"good": "80us\n100us # slow\n", "bad": "80us\nmany\n"}
	read := func(path string) ([]byte, error) {
		if text, ok := files[path]; ok {
			return []byte(text), nil
		}
		return nil, errors.New("no such file")
	}
	s := Default()
	f := FigureNamed("store-latency")
	require.NoError(t, f.Set(s, "file:good", read))
	require.Equal(t, "file:good", f.Text(s))
	require.ErrorContains(t, f.Set(s, "file:bad", read), `store-latency file:bad: bad:2: "many": expected a duration`)
	require.ErrorContains(t, f.Set(s, "file:none", read), "store-latency file:none: no such file")
}

// No figure panics, and none but ErrUsage comes of any text; what is taken is told as it is read.
func TestFiguresOfAnyText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		f := rapid.SampledFrom(Figures()).Draw(t, "figure")
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`-?[0-9]{1,4}(\.[0-9])?(us|ms|s|h)?`)).Draw(t, "text")
		s := Default()
		if err := f.Set(s, text, func(string) ([]byte, error) { return nil, os.ErrNotExist }); err != nil {
			require.ErrorIs(t, err, ErrUsage)
			require.Equal(t, Default(), s)
			return
		}
		again := Default()
		require.NoError(t, f.Set(again, f.Text(s), nil))
		require.Equal(t, s, again)
	})
}

// Check refuses a setup without an engine, and more slow servers than there are.
func TestCheck(t *testing.T) {
	s := Default()
	require.ErrorIs(t, s.Check(), ErrUsage)
	s.Engine = conductor.Release3170()
	require.NoError(t, s.Check())
	s.Costs.SlowServers = 4
	require.ErrorIs(t, s.Check(), ErrUsage)
	require.ErrorContains(t, s.Check(), "slow-servers 4: expected at most servers, which is 3")
}
