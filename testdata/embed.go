// Package testdata carries the golden schedules, so that they travel with the module.
package testdata

import "embed"

// Schedules holds the committed schedule of every red cell, under schedules/.
//
//go:embed schedules/*.sched
var Schedules embed.FS

// Schemas holds the schemas that the reports are held against, under schemas/.
//
//go:embed schemas/*.json schemas/*.xsd
var Schemas embed.FS

// Conformance holds the situations of the conformance tests, and the traces that the released classes
// gave, a folder a release.
//
//go:embed conformance
var Conformance embed.FS

// Load holds the presets of the load lab, under load/.
//
//go:embed load/*.preset
var Load embed.FS
