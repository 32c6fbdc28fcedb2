// Package plots draws what the load lab measured, each plot as SVG and as PNG, 1000 by 620 pixels.
//
// A plot whose rows differ in a number or a duration has that on its x axis, and a line for each engine. Rows that
// differ in a word, or not at all, are bars beside each other. An engine has the same colour and glyph in all plots of
// a table; the colours are Okabe and Ito's, which colour-blind people tell apart.
//
// The same table is the same bytes.
package plots
