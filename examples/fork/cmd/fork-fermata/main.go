// Command fork-fermata is the whole of fermata with the fork's engines beside its own.
package main

import (
	"os"

	"example.org/fork"
	"fermata/cmd/fermata/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], fork.Right(), fork.Wrong())) }
