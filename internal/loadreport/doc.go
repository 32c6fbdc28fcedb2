// Package loadreport tells what the load lab measured: as text at most 80 columns wide, as one JSON object, and as CSV.
// The plots are in package plots below.
//
// A row that was overloaded, so that nothing was run, says so and has no figures. No wall time is in any of it: the
// same table is the same bytes.
package loadreport
