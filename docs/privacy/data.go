// Package privacy holds the list of personal data there is: each column of each table, what it holds, why, by which right, how
// long, who sees it, and what a copy for others may keep of it. A test compares it with the schema.
package privacy

import (
	_ "embed"
	"encoding/csv"
	"fmt"
	"strings"
)

//go:embed data.csv
var text string

// Column is a row of the list, for one column; Name * is every column of a table that holds no personal data.
type Column struct {
	Table, Name                      string
	Data                             string // «none» where it is no personal data
	Purpose, Basis, Term, Seen, Copy string
}

// Ways a copy for others treats a column.
const (
	Keep    = "keep"
	Clear   = "clear"   // nothing is left of the value
	Account = "account" // the number of an account becomes one of our own
	JSON    = "json"    // an empty object
	Drop    = "drop"    // the rows of the table go
)

// None is the Data of what is no personal data.
const None = "none"

// Columns reads the list.
func Columns() (list []Column, err error) {
	rows, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		return nil, fmt.Errorf("docs/privacy/data.csv: %w", err)
	}
	for _, r := range rows[1:] {
		for _, name := range strings.Fields(r[1]) {
			list = append(list, Column{r[0], name, r[2], r[3], r[4], r[5], r[6], r[7]})
		}
	}
	return list, nil
}
