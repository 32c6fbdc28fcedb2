package sim_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"fermata/sim"
	"fermata/sim/tiny"
)

// alike is a system of two actors who take a lock if it is free, and a third who reads something.
func alike(object sim.Object) *sim.System {
	w := tiny.New(2)
	w.Locks = []sim.Object{1}
	try := single(func(a *sim.Actor) {
		tiny.Do(a, tiny.TryLock, 1, 0)
		tiny.Do(a, tiny.Touch, 2, 0)
	})
	return &sim.System{World: w, Alike: [][]sim.ActorID{{0, 1}}, Actors: []sim.ActorSpec{
		{Name: "a", Script: try}, {Name: "b", Script: try},
		{Name: "c", Script: single(func(a *sim.Actor) { tiny.Do(a, tiny.Read, object, 0) })},
	}}
}

// orbit is the key, and the names, of the state that actors' steps lead to.
func orbit(m *sim.Machine, steps ...sim.ActorID) (key string, as []sim.ActorID) {
	m.Reset()
	for _, a := range steps {
		m.Take(sim.Choice{Actor: a})
	}
	bytes, as := m.OrbitKey(nil)
	return string(bytes), as
}

// TestOrbitKeys: two states that differ in who is who have one key, and no others have.
func TestOrbitKeys(t *testing.T) {
	m := sim.NewMemo(alike(2))
	defer m.Close()
	one, _ := orbit(m, 1)
	other, as := orbit(m, 0)
	require.Equal(t, one, other)
	require.Len(t, as, 3)
	require.NotEqual(t, string(m.Key(nil)), one, "one of the two is told by other names")
	require.Equal(t, sim.ActorID(2), as[2], "who is like nobody keeps his name")

	first, _ := orbit(m, 0, 1, 0) // the one who has the lock went on
	second, _ := orbit(m, 0, 1, 1)
	swapped, _ := orbit(m, 1, 0, 1)
	require.NotEqual(t, first, second)
	require.Equal(t, first, swapped)
}

// TestNobodyIsRenamedOnceNamed: from a reply on that shows who has the lock, actors keep their names.
func TestNobodyIsRenamedOnceNamed(t *testing.T) {
	m := sim.NewMemo(alike(1))
	defer m.Close()
	one, as := orbit(m, 0, 2)
	require.Nil(t, as)
	other, as := orbit(m, 1, 2)
	require.Nil(t, as)
	require.NotEqual(t, one, other)
	_, as = orbit(m, 0)
	require.NotNil(t, as)

	m.Reset()
	m.Take(sim.Choice{Actor: 0})
	before := m.Save(nil)
	m.Take(sim.Choice{Actor: 2})
	after := m.Save(nil)
	m.Load(before)
	_, as = m.OrbitKey(nil)
	require.NotNil(t, as, "a saved run says whether anybody was named")
	m.Take(sim.Choice{Actor: 2})
	m.Load(after)
	_, as = m.OrbitKey(nil)
	require.Nil(t, as)
}

// mute is a judge that cannot rename anybody.
type mute struct{ parity }

// TestWhoCannotBeRenamed keeps his name: where nobody is alike, or the judge or the world cannot tell who is who.
func TestWhoCannotBeRenamed(t *testing.T) {
	for name, change := range map[string]func(s *sim.System){ //tidy:unordered each on its own
		"nobody is alike":       func(s *sim.System) { s.Alike = nil },
		"the judge cannot":      func(s *sim.System) { s.Judge = &mute{} },
		"no lock is known":      func(s *sim.System) { s.World.(*tiny.World).Locks = nil },
		"the world has no idea": func(s *sim.System) { s.World = struct{ sim.World }{s.World} },
	} {
		t.Run(name, func(t *testing.T) {
			s := alike(2)
			change(s)
			m := sim.NewMemo(s)
			defer m.Close()
			_, as := orbit(m, 0)
			require.Nil(t, as)
		})
	}
}

// TestAlikeMisuse: classes of actors of which the system itself says that they are not alike.
func TestAlikeMisuse(t *testing.T) {
	for want, change := range map[string]func(s *sim.System){ //tidy:unordered each on its own
		"actor 3 is not in one class of Alike":               func(s *sim.System) { s.Alike[0][1] = 3 },
		"actor 0 is not in one class of Alike":               func(s *sim.System) { s.Alike[0][1] = 0 },
		"a class of Alike is not in the order of its actors": func(s *sim.System) { s.Alike[0] = []sim.ActorID{1, 0} },
		"a and b are not alike: not the same faults may hit them": func(s *sim.System) {
			s.Actors[1].MayFail = true
		},
		"b is like another and does not live alone on its server": func(s *sim.System) {
			s.Actors[1].Server, s.Actors[2].Server = "one", "one"
		},
	} {
		s := alike(2)
		change(s)
		require.PanicsWithValue(t, "sim: "+want, func() { sim.NewMemo(s) })
	}
}
