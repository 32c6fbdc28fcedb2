// Package timed is what takes time in a run whose next step is the one that comes first in virtual time: how
// long things take (Distribution), when work arrives (Arrivals), and when a part of a deployment stands still
// (Pauses). Each is written as a short text, in a flag or a file of figures, and parsed here.
//
// Nothing here keeps a clock or a generator. Chance comes from bits that are passed in: a Source, seeded by
// (seed, lane, number), where a lane is whatever should have chance of its own, such as a server, a port or a
// workflow. The same bits are the same durations to the nanosecond on every platform, which is why this package
// has a logarithm and an exponential of its own: those of math differ from one processor to another.
//
//	latency, err := timed.ParseDistribution("lognormal:80us/200us", os.ReadFile)
//	arrivals, err := timed.ParseArrivals("poisson:90", os.ReadFile)
//	chance := timed.NewSource(seed, lane, 0)
//	stream := arrivals.Begin()
//	gap, more := stream.Next(chance.Rand) // then latency.Draw(chance.Rand)
//
// The package knows no workflow, and no step.
package timed
