package courier

import (
	"context"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"

	"kvit/internal/db"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
)

// candidatesMax is how many of the latest files an answer that names none may be about.
const candidatesMax = 30

// verdict is what the supplier says of one row.
type verdict struct {
	event, operation, row, file, status, reason string
}

// whole tells whether it is about a file and not about a row.
func (v *verdict) whole() bool {
	return v.event == "" && v.operation == "" && (v.row == "" || v.row == "0")
}

// answer reads what a supplier says of the rows of our files and keeps it. The same answer again changes nothing.
func (m *Module) answer(ctx context.Context, x *exchange, f *takenFile) error {
	verdicts, err := readAnswer(ctx, x.Answer, f)
	if err != nil {
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		files, err := m.answered(ctx, tx, x, f, verdicts)
		if err != nil {
			return err
		}
		unknown := 0
		for i := range verdicts {
			found := false
			for _, a := range files {
				if found = a.take(&verdicts[i], x.Answer); found {
					break
				}
			}
			if !found {
				unknown++
			}
		}
		for _, a := range files {
			if err := m.keepAnswer(ctx, tx, x, a); err != nil {
				return err
			}
		}
		if unknown > 0 {
			f.note = fmt.Sprintf("Строк, которых нет в наших файлах: %d из %d.", unknown, len(verdicts))
		}
		return nil
	})
}

// readAnswer reads an answer by its profile.
func readAnswer(ctx context.Context, a *Answer, f *takenFile) (list []verdict, err error) {
	body, ok := f.body.(interface {
		io.ReaderAt
		io.ReadSeekCloser
	})
	if !ok {
		return nil, fault.Newf(fault.Internal, "courier.answer", "Ответ %s не читается.", f.Name)
	}
	_, err = register.Read(ctx, register.File{Name: f.Name, Data: body, Size: f.Size}, a.Profile, register.Options{}, func(r *register.Row) error {
		list = append(list, verdict{event: r.Extra["event"], operation: r.Operation, row: strings.TrimSpace(r.Extra["row"]), file: strings.TrimSpace(r.Extra["file"]), status: r.Extra["status"], reason: trimmed(r.Extra["reason"], 500)})
		return nil
	})
	return list, err
}

// answeredFile is a file of ours that an answer may be about.
type answeredFile struct {
	File
	items   []item
	at      map[string]int // row by event or operation
	said    int            // rows told of
	refused map[int]verdict
	whole   *verdict
}

// answered gives the files an answer is about: the one its name or rows tell, else the latest that were sent.
func (m *Module) answered(ctx context.Context, tx *db.Tx, x *exchange, f *takenFile, verdicts []verdict) (list []*answeredFile, err error) {
	files, err := listFiles(ctx, tx, "f.supplier_id = $1 AND f.code = $2 AND f.state <> 'waiting' ORDER BY f.number DESC LIMIT $3", x.supplier.ID, x.Code, candidatesMax)
	if err != nil {
		return nil, err
	}
	number, name := named(x.Answer.Profile.FileMask, f.Name)
	if number == "" && name == "" && len(verdicts) > 0 {
		name = verdicts[0].file
	}
	for i := range files {
		if number != "" && strings.TrimLeft(number, "0") != strconv.FormatInt(files[i].Number, 10) || name != "" && !strings.EqualFold(stem(files[i].Name), stem(name)) {
			continue
		}
		a := &answeredFile{File: files[i], at: map[string]int{}, refused: map[int]verdict{}}
		if a.items, err = m.itemsOf(ctx, tx, x, &files[i]); err != nil {
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
		list = append(list, a)
	}
	return list, nil
}

// named are the groups «number» and «name» of a mask in a file's name.
func named(mask, file string) (number, name string) {
	re, err := regexp.Compile(mask)
	if err != nil || mask == "" {
		return "", ""
	}
	groups := re.FindStringSubmatch(file)
	for i, g := range re.SubexpNames() {
		switch {
		case i >= len(groups):
		case g == "number":
			number = groups[i]
		case g == "name":
			name = groups[i]
		}
	}
	return number, name
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
	if v.whole() {
		a.said = a.Rows
		if !by.accepted(v.status) {
			a.whole = v
		}
		return true
	}
	row := a.at[v.event]
	if row == 0 {
		row = a.at[v.operation]
	}
	if n, err := strconv.Atoi(v.row); row == 0 && v.event == "" && v.operation == "" && err == nil && n >= 1 && n <= a.Rows {
		row = n
	}
	if row == 0 {
		return false
	}
	a.said++
	if !by.accepted(v.status) {
		a.refused[row] = *v
	}
	return true
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
		if _, err := tx.ExecContext(ctx, `INSERT INTO courier_refusal (supplier_id, code, number, row_no, position, account, reason, wanted, again_number, recorded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0, $8) ON CONFLICT DO NOTHING`,
			x.supplier.ID, x.Code, a.Number, row, position, account, v.reason, now); err != nil {
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
