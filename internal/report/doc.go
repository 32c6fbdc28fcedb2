// Package report renders what a search found out: for a terminal, at most 80 columns wide and a
// violation on one screen, and as JSON, one object a line.
//
// It draws and decides nothing: what it prints is in the values of package scenarios. It has no
// clock, so that the same report is the same bytes; who has one passes the seconds in.
package report
