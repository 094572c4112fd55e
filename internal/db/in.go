package db

import (
	"strconv"
	"strings"
)

// In is the condition that a column is one of some values, which join the arguments. The last one is repeated up to a
// power of two, so that there are few different statements to prepare. No values are a condition nothing fits.
func In[T any](column string, values []T, args *[]any) string {
	if len(values) == 0 {
		return "1 = 0"
	}
	most := 1
	for most < len(values) {
		most *= 2
	}
	var b strings.Builder
	b.WriteString(column + " IN (")
	for n := range most {
		if n > 0 {
			b.WriteByte(',')
		}
		*args = append(*args, values[min(n, len(values)-1)])
		b.WriteString("$" + strconv.Itoa(len(*args)))
	}
	return b.String() + ")"
}

// By names, behind a table in FROM, the index a statement must read it by. SQLite without statistics thinks a list of values
// dearer than all rows of their house; PostgreSQL knows better by itself.
func (tx *Tx) By(index string) string {
	if tx.Dialect == SQLite {
		return " INDEXED BY " + index
	}
	return ""
}
