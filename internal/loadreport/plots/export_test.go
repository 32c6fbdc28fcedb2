package plots

import "gonum.org/v1/plot/vg"

// TextWidth is how wide a text is in points.
func TextWidth(text string, size float64, heavy bool) float64 {
	style := letters(vg.Length(size), ink)
	if heavy {
		style = bold(vg.Length(size), ink)
	}
	return style.Width(text).Points()
}
