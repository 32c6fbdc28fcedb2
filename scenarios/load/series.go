package load

// Row is one line of a table: a setup that differs from its neighbours' in one figure, and what was measured.
type Row struct {
	Engine string
	// Value is the figure's text in this row; empty if nothing is varied.
	Value  string
	Result *Result
}

// Table is what a command measured: rows by engine and then by value.
type Table struct {
	// Varied is the name of the figure that differs; empty if none does.
	Varied string
	Rows   []Row
}
