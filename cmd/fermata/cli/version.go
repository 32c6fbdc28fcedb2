package cli

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"fermata/internal/report"
)

func (a *app) version() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "the version of the program",
		Args:  arguments(),
		RunE: func(*cobra.Command, []string) error {
			built := ""
			if info, ok := debug.ReadBuildInfo(); ok {
				built = info.GoVersion
			}
			_, err := fmt.Fprintf(a.out, "fermata %s, %s, output %s\n", programVersion(), built, report.Schema)
			return err
		},
	}
}
