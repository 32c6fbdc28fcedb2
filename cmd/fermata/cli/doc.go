// Package cli is the command line. A fork has all of it, with its own engine beside ours, in a
// program of five lines:
//
//	func main() { os.Exit(cli.Main(os.Args[1:], fork.Engine())) }
//
// Standard output is the result, standard error the progress. The exit codes are 0 for clean, 1 for a
// violation, 2 for wrong usage or unreadable input, and 3 if the harness could not do its work.
//
// The wall clock lives here and nowhere below.
package cli
