package sim_test

import (
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"fermata/sim"
	"fermata/sim/tiny"
)

// short is a timed world with short answers; wrong says what it gets wrong.
type short struct {
	*timed
	wrong string
}

func (w *short) Quick() sim.World { return w }

func (w *short) Plain(s *sim.Step) bool {
	return s.Verb != draw && s.Verb != tiny.Lock || w.wrong == "locks are plain" && s.Verb == tiny.Lock
}

func (w *short) MayAdvance() bool { return w.object != 0 && w.wrong != "no time" }

// drawRuns draws a system and how to run it, and gives the run with a world of the kind.
func drawRuns(t *rapid.T) func(w sim.World) run {
	system, picks := drawSystem(t), drawPicks(t)
	make := rapid.SampledFrom(drivers).Draw(t, "driver").make
	return func(w sim.World) run {
		s := system()
		s.World = w
		m := make(s)
		defer m.Close()
		return goOn(m, picks)
	}
}

// A run is the same whether the World is asked in short or at length. timed embeds a World with short answers and
// overrides the long ones, so that it is asked at length.
func TestShortAnswersChangeNoRun(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		on := drawRuns(t)
		require.Equal(t, on(newTimed(cells)), on(&short{timed: newTimed(cells)}))
	})
}

// A World that answers wrongly in short has other runs: the Machine does ask in short.
func TestShortAnswersAreAsked(t *testing.T) {
	for _, wrong := range []string{"locks are plain", "no time"} {
		differs := false
		for round := 0; !differs && round < 20; round++ { // a round of -short draws few systems
			rapid.Check(t, func(t *rapid.T) {
				on := drawRuns(t)
				differs = differs || !reflect.DeepEqual(on(newTimed(cells)), on(&short{newTimed(cells), wrong}))
			})
		}
		require.True(t, differs, wrong)
	}
}
