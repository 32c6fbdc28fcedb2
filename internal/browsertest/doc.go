// Package browsertest opens pages in a headless Chromium, for tests. Where there is none the test is skipped, with a
// line that says how to get it.
package browsertest
