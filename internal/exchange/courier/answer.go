package courier

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/db"
)

// candidatesMax is how many of the latest files an answer that names none may be about.
const candidatesMax = 30

// answer reads what a supplier says of the rows of our files and keeps it. The same answer again changes nothing; of two
// that differ about a row the later one holds.
func (m *Module) answer(ctx context.Context, x *exchange, f *takenFile) error {
	said, err := readAnswer(ctx, x.Answer, f)
	if err != nil {
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		files, err := m.answered(ctx, tx, x, said)
		if err != nil {
			return err
		}
		f.note = said.note(said.tell(files, x.Answer))
		for _, a := range files {
			if err := m.keepAnswer(ctx, tx, x, a); err != nil {
				return err
			}
		}
		return nil
	})
}

// tell gives each verdict to the file it is about; it counts those that are about none. Rows that are known by a number of
// ours come first: they show which file a row known by its place is of, where nothing names it.
func (s *said) tell(files []*answeredFile, by *Answer) (unknown int) {
	for _, placed := range []bool{false, true} {
		var about *answeredFile
		if placed {
			about = s.only(files)
		}
		for i := range s.verdicts {
			v := &s.verdicts[i]
			if v.placed() != placed {
				continue
			}
			if !slices.ContainsFunc(files, func(a *answeredFile) bool { return (!placed || v.file != "" || a == about) && a.take(v, by) }) {
				unknown++
			}
		}
	}
	return unknown
}

// only is the file all of an answer is about: the one it names, the only one its rows were of, or the only one there is.
func (s *said) only(files []*answeredFile) (one *answeredFile) {
	if len(files) == 1 {
		return files[0]
	}
	for _, a := range files {
		switch {
		case a.said == 0:
		case one != nil:
			return nil
		default:
			one = a
		}
	}
	return one
}

// answeredFile is a file of ours that an answer may be about.
type answeredFile struct {
	File
	items    []item
	at       map[string]int // row by event or operation
	said     int            // rows told of
	refused  map[int]verdict
	accepted map[int]bool
	whole    *verdict
}

// answered gives the files an answer is about: those its name or rows tell, else the latest that were sent.
func (m *Module) answered(ctx context.Context, tx *db.Tx, x *exchange, s *said) (list []*answeredFile, err error) {
	where, args := "ORDER BY f.number DESC LIMIT "+strconv.Itoa(candidatesMax), []any{x.supplier.ID, x.Code}
	if s.names() {
		numbers, err := m.namedFiles(ctx, tx, x, s)
		if err != nil || len(numbers) == 0 {
			return nil, err
		}
		where = "AND " + db.In("f.number", numbers, &args) + " ORDER BY f.number DESC"
	}
	files, err := listFiles(ctx, tx, "f.supplier_id = $1 AND f.code = $2 AND f.state <> 'waiting' "+where, args...)
	if err != nil {
		return nil, err
	}
	for i := range files {
		a, err := m.open(ctx, tx, x, &files[i])
		if err != nil {
			return nil, err
		}
		list = append(list, a)
	}
	return list, nil
}

// namedFiles are the numbers of the files an answer names, however long ago they were sent.
func (m *Module) namedFiles(ctx context.Context, tx *db.Tx, x *exchange, s *said) (numbers []int64, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT number, name FROM courier_file WHERE supplier_id = $1 AND code = $2 AND state <> 'waiting' ORDER BY number", x.supplier.ID, x.Code)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var number int64
		var name string
		if err := rows.Scan(&number, &name); err != nil {
			return nil, err
		}
		if s.about(number, name) {
			numbers = append(numbers, number)
		}
	}
	return numbers, rows.Err()
}

// open makes a file of ours ready to be answered: its rows by the numbers a supplier may name.
func (m *Module) open(ctx context.Context, tx *db.Tx, x *exchange, f *File) (*answeredFile, error) {
	a := &answeredFile{File: *f, at: map[string]int{}, refused: map[int]verdict{}, accepted: map[int]bool{}}
	var err error
	if a.items, err = m.itemsOf(ctx, tx, x, f); err != nil {
		return nil, err
	}
	for k := range a.items {
		if err := a.items[k].tell(x); err != nil {
			return nil, err
		}
		a.at[a.items[k].message.ID] = k + 1
		if op := a.items[k].row.Operation; op != "" {
			a.at[op] = k + 1
		}
	}
	return a, nil
}

// stem is a name without its extension.
func stem(name string) string {
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		return name[:i]
	}
	return name
}

// take notes a verdict when it is about this file.
func (a *answeredFile) take(v *verdict, by *Answer) bool {
	if v.file != "" && !strings.EqualFold(stem(v.file), stem(a.Name)) {
		return false
	}
	accepted := by.accepted(v.status)
	if v.whole() {
		a.said = max(1, a.Rows)
		if a.whole = nil; !accepted {
			a.whole = v
		}
		return true
	}
	row := a.rowOf(v)
	if row == 0 {
		return false
	}
	a.said++
	if accepted {
		a.accepted[row] = true
		delete(a.refused, row)
		return true
	}
	a.refused[row] = *v
	delete(a.accepted, row)
	return true
}

// rowOf is the row of the file a verdict is about; 0 is none.
func (a *answeredFile) rowOf(v *verdict) int {
	if row := a.at[v.event]; row != 0 {
		return row
	}
	if row := a.at[v.operation]; row != 0 || !v.placed() {
		return row
	}
	if n, err := strconv.Atoi(v.row); err == nil && n >= 1 && n <= a.Rows {
		return n
	}
	return 0
}

// keepAnswer notes what became of a file that the answer is about.
func (m *Module) keepAnswer(ctx context.Context, tx *db.Tx, x *exchange, a *answeredFile) error {
	if a.said == 0 {
		return nil
	}
	now, trouble := int64(m.Now()), ""
	for row, v := range a.refused {
		position, account := int64(0), ""
		if row <= len(a.items) { // a balance tells of no place of the feed
			position, account = a.items[row-1].message.Position, a.items[row-1].message.Account
		}
		if _, err := tx.ExecContext(ctx, `INSERT INTO courier_refusal (supplier_id, code, number, row_no, position, account, reason, wanted, again_number, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8)
			ON CONFLICT (supplier_id, code, number, row_no) DO UPDATE SET reason = excluded.reason WHERE courier_refusal.again_number = 0`,
			x.supplier.ID, x.Code, a.Number, row, position, account, v.reason, now); err != nil {
			return err
		}
	}
	for row := range a.accepted { // he has thought better of it
		if _, err := tx.ExecContext(ctx, "DELETE FROM courier_refusal WHERE supplier_id = $1 AND code = $2 AND number = $3 AND row_no = $4 AND again_number = 0", x.supplier.ID, x.Code, a.Number, row); err != nil {
			return err
		}
	}
	var refused int
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM courier_refusal WHERE supplier_id = $1 AND code = $2 AND number = $3", x.supplier.ID, x.Code, a.Number).Scan(&refused); err != nil {
		return err
	}
	state := Accepted
	switch {
	case a.whole != nil:
		state, trouble = Refused, a.whole.reason
	case refused > 0 && refused >= a.Rows:
		state = Refused
	case refused > 0:
		state = Partly
	}
	_, err := tx.ExecContext(ctx, "UPDATE courier_file SET state = $4, answered_at = $5, trouble = $6 WHERE supplier_id = $1 AND code = $2 AND number = $3", x.supplier.ID, x.Code, a.Number, state, now, trouble)
	return err
}
