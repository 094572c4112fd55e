// Package privacy is the list of personal data the program stores, and why, as the page «Ваши данные» and tests read it.
package privacy

import (
	_ "embed"
	"encoding/csv"
	"slices"
	"strings"
)

//go:embed people.csv
var list string

// heads are the columns people are shown, in their order; the others are for those who keep the program.
var heads = []struct{ name, title string }{{"data", "Что"}, {"purpose", "Зачем"}, {"basis", "На каком основании"}, {"term", "Сколько хранится"}, {"who", "Кто видит"}}

// Stored gives the list for people: titles of columns and rows, each once. Rows that only name columns of the database fall
// together.
func Stored() (titles []string, rows [][]string) {
	records, err := csv.NewReader(strings.NewReader(list)).ReadAll()
	if err != nil || len(records) == 0 {
		panic("docs/privacy/people.csv cannot be read") // a file of ours
	}
	var columns []int
	for _, h := range heads {
		if i := slices.Index(records[0], h.name); i >= 0 {
			columns, titles = append(columns, i), append(titles, h.title)
		}
	}
	for _, record := range records[1:] {
		row := make([]string, len(columns))
		for i, c := range columns {
			row[i] = record[c]
		}
		if !slices.ContainsFunc(rows, func(x []string) bool { return slices.Equal(x, row) }) {
			rows = append(rows, row)
		}
	}
	return titles, rows
}
