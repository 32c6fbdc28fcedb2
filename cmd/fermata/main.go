// Command fermata finds, shrinks, replays and rules out races of a workflow engine's sweeper.
package main

import (
	"os"

	"fermata/cmd/fermata/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:])) }
