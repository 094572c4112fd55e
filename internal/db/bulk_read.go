package db

// Columns are the names of the columns.
func (b *Bulk) Columns() []string { return b.names() }

// Each reads the rows back as Scan gives them: whole numbers (yes and no are 1 and 0), and the last column apart where it
// is bytes or text. The same slices are given for each row.
func (b *Bulk) Each(row func(ints []int64, last []byte)) {
	rows := &bulkRows{bulk: b, rest: b.buf[len(copyHeader):], row: make([]any, len(b.columns))}
	var ints []int64
	for rows.Next() {
		values, _ := rows.Values() // of memory: never an error
		ints = ints[:0]
		var last []byte
		for _, v := range values {
			switch x := v.(type) {
			case int64:
				ints = append(ints, x)
			case bool:
				n := int64(0)
				if x {
					n = 1
				}
				ints = append(ints, n)
			case string:
				last = []byte(x)
			case []byte:
				last = x
			}
		}
		row(ints, last)
	}
}
