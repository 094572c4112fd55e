package xlsx

import (
	"bytes"

	"kvit/internal/exchange/xmlrec"
	"kvit/internal/fault"
)

// Kind is what a cell holds.
type Kind uint8

// Kinds of cells. A Date is a number whose style is a date.
const (
	Empty Kind = iota
	Text
	Number
	Date
	Bool
	Fail
)

// Cell is one cell of a row; Raw is its text, for numbers as it stands in the file. Good until the next row.
type Cell struct {
	Kind Kind
	Raw  []byte
}

// Rows streams one sheet.
type Rows struct {
	book   *Book
	scan   *xmlrec.Scanner
	close  func() error
	number int
	count  int
	cells  []Cell
	spans  []int // begin and end in arena of each cell of cells
	arena  []byte
	table  *stringTable
	typed  []byte // the formula of the current cell
}

// Rows opens sheet i.
func (b *Book) Rows(i int) (*Rows, error) {
	r, ok, err := b.part(b.sheets[i].part)
	if err != nil {
		return nil, err
	}
	if !ok {
		return nil, fault.Newf(fault.Invalid, "xlsx.no_sheets", "Лист «%s» в книге назван, но его нет: файл повреждён.", b.sheets[i].Name)
	}
	ahead := readAhead(r)
	return &Rows{book: b, scan: xmlrec.NewScanner(skipMark(ahead)), close: ahead.Close}, nil
}

// Close stops reading.
func (r *Rows) Close() error { return r.close() }

// Number is the number of the current row as the program that made the book shows it.
func (r *Rows) Number() int { return r.number }

// Cells are the cells of the current row from column A on; trailing empty ones are left out.
func (r *Rows) Cells() []Cell { return r.cells }

// Next moves to the following row that is in the file; io.EOF behind the last.
func (r *Rows) Next() error {
	for {
		token, err := r.scan.Next()
		if err != nil {
			return r.place(err)
		}
		if token.Kind != xmlrec.Start || string(token.Name) != "row" {
			continue
		}
		r.number++
		if n := number(value(token, "r")); n > 0 {
			r.number = n
		}
		if r.count++; r.count > MaxRows {
			return r.place(fault.New(fault.Invalid, "file.too_many_rows", "На листе больше 5 000 000 строк. Разделите файл."))
		}
		return r.place(r.row())
	}
}

func (r *Rows) place(err error) error {
	if f, ok := err.(*fault.Error); ok {
		return f.At(fault.Place{Pos: r.number, Unit: "row"})
	}
	return err
}

// row reads cells up to the end of the row.
func (r *Rows) row() error {
	r.cells, r.spans, r.arena = r.cells[:0], r.spans[:0], r.arena[:0]
	column := -1
	for {
		token, err := r.scan.Next()
		if err != nil {
			return err
		}
		switch {
		case token.Kind == xmlrec.End && string(token.Name) == "row":
			r.settle()
			return nil
		case token.Kind == xmlrec.Start && string(token.Name) == "c":
			ref, style, kind := cellAttrs(token)
			column++
			if n := columnOf(ref); n >= 0 {
				column = n
			}
			if err := r.cell(column, style, kind); err != nil {
				return err
			}
		}
	}
}

func cellAttrs(token *xmlrec.Token) (ref []byte, style int, kind byte) {
	kind = 'n'
	for i := range token.Attrs {
		a := &token.Attrs[i]
		if len(a.Name) != 1 {
			continue
		}
		switch a.Name[0] {
		case 'r':
			ref = a.Value
		case 's':
			style = number(a.Value)
		case 't':
			kind = cellKind(a.Value)
		}
	}
	return ref, style, kind
}

// cellKind shortens the type of a cell to a letter: s shared, i inline, t text, b, e, d date text, n number.
func cellKind(t []byte) byte {
	switch string(t) {
	case "s":
		return 's'
	case "inlineStr":
		return 'i'
	case "str":
		return 't'
	case "b", "e", "d":
		return t[0]
	}
	return 'n'
}

// cell reads <v> or <is><t> up to </c>. Formulas (<f>) are passed over while their result stands beside them; one that
// nobody has computed is a cell that failed, not an empty one.
func (r *Rows) cell(column, style int, kind byte) error {
	from := len(r.arena)
	inValue, inFormula, hint, valued := false, false, false, false
	r.typed = r.typed[:0]
	for {
		token, err := r.scan.Next()
		if err != nil {
			return err
		}
		switch token.Kind {
		case xmlrec.Start:
			hint = hint || string(token.Name) == "rPh"
			inValue = string(token.Name) == "v" && kind != 'i' || string(token.Name) == "t" && kind == 'i' && !hint
			inFormula, valued = string(token.Name) == "f", valued || string(token.Name) == "v"
		case xmlrec.Text:
			if inValue {
				r.arena = append(r.arena, token.Text...)
			} else if inFormula {
				r.typed = append(r.typed, token.Text...)
			}
		case xmlrec.End:
			inValue, inFormula = false, false
			switch string(token.Name) {
			case "rPh":
				hint = false
			case "c":
				return r.put(column, style, r.uncomputed(kind, from, valued), from)
			}
		}
	}
}

// uncomputed puts a formula without a result into its cell: programs that write workbooks do not compute them. A formula
// that came to an empty text has a value of that type.
func (r *Rows) uncomputed(kind byte, from int, valued bool) byte {
	if kind != 'n' && valued || len(r.arena) > from || len(r.typed) == 0 {
		return kind
	}
	r.arena = append(append(r.arena, '='), r.typed...)
	return 'e'
}

func (r *Rows) put(column, style int, kind byte, from int) error {
	if kind == 's' && len(r.arena) > from {
		if err := r.shared(from); err != nil {
			return err
		}
	}
	if len(r.arena) == from {
		return nil
	}
	if column >= MaxColumns {
		return fault.New(fault.Invalid, "file.too_many_columns", "На листе больше 256 колонок с данными. Удалите лишние.")
	}
	for len(r.cells) <= column {
		r.cells = append(r.cells, Cell{})
		r.spans = append(r.spans, 0, 0)
	}
	r.cells[column] = Cell{Kind: r.kindOf(kind, style)}
	r.spans[2*column], r.spans[2*column+1] = from, len(r.arena)
	return nil
}

// shared replaces the number of a shared string by its text.
func (r *Rows) shared(from int) error {
	if r.table == nil {
		t, err := r.book.load()
		if err != nil {
			return err
		}
		r.table = t
	}
	n := number(bytes.TrimSpace(r.arena[from:]))
	out, ok, err := r.table.get(r.arena[:from], n)
	r.arena = out
	if err == nil && !ok {
		return fault.New(fault.Invalid, "xlsx.shared_string", "Ячейка ссылается на текст, которого в книге нет: файл повреждён. Сохраните его в Excel ещё раз.")
	}
	return err
}

func (r *Rows) kindOf(kind byte, style int) Kind {
	switch kind {
	case 's', 'i', 't', 'd':
		return Text
	case 'b':
		return Bool
	case 'e':
		return Fail
	}
	if style > 0 && style < len(r.book.dates) && r.book.dates[style] {
		return Date
	}
	return Number
}

func (r *Rows) settle() {
	for i := range r.cells {
		r.cells[i].Raw = r.arena[r.spans[2*i]:r.spans[2*i+1]:r.spans[2*i+1]]
	}
}

func value(t *xmlrec.Token, name string) []byte {
	for i := range t.Attrs {
		if string(t.Attrs[i].Name) == name {
			return t.Attrs[i].Value
		}
	}
	return nil
}

// number reads a small whole number; anything else is -1.
func number(b []byte) int {
	if len(b) == 0 || len(b) > 9 {
		return -1
	}
	n := 0
	for _, c := range b {
		if c < '0' || c > '9' {
			return -1
		}
		n = n*10 + int(c-'0')
	}
	return n
}

// columnOf is the column of a reference such as AB12, from zero; -1 when there is none.
func columnOf(ref []byte) int {
	n := 0
	for i, c := range ref {
		c |= 0x20
		if c < 'a' || c > 'z' || i > 3 {
			break
		}
		n = n*26 + int(c-'a') + 1
	}
	return n - 1
}
