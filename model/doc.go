// Package model holds the engine's nouns: workflows, tasks, their statuses and definitions, and the
// two units of time that the engine's ports speak.
//
// A noun here is plain data. Records are comparable values, so that a world can store them, a state
// can be told from another, and nothing is shared between an engine and a world by pointer.
// Timestamps appear only where the engine reads them back (engine facts: releases 3.13 to head).
//
// The package knows neither the simulator nor an engine.
package model
