// Package report renders what a search found out: for a terminal, at most 80 columns wide and a violation on one
// screen; as JSON, one object a line; and as one document for a call: JUnit's XML, a SARIF log, or Markdown for a pull
// request.
//
// A Writer takes the cases of a call one by one. A Document knows what its files are given from. An entry is what a
// document holds of a case, whatever its format, and a spot the line of source that it points at.
//
// It draws and decides nothing: what it prints is in the values of package scenarios. It has no clock, so that the same
// report is the same bytes; who has one passes the seconds in.
package report
