// Package made has tables that nobody measured, for tests of what tells a table. Their figures are of the size that the
// load lab's have.
package made
