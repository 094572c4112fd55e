package register

import (
	"bytes"
	"context"
	"io"
	"strings"

	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/delim"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// MaxRows is the most data rows one file may have.
const MaxRows = delim.MaxRows

// Read reads a file by a profile and calls fn for every data row, good or not, in the order of the file. The
// Row is reused. Errors are about the file as a whole: fault.Invalid with a code such as file.truncated, and
// the place; what is wrong with single rows is in their Findings. Summary is filled as far as reading came.
func Read(ctx context.Context, f File, p Profile, o Options, fn func(*Row) error) (Summary, error) {
	r, err := newReading(ctx, f, &p, o, fn)
	if err != nil {
		return Summary{}, named(err, f.Name)
	}
	in, err := openInput(f, &p)
	if err != nil {
		return r.sum, named(err, f.Name)
	}
	defer in.Close()
	r.in, r.sum.Member = in, in.member
	if err = r.run(); err == errStop {
		err = nil
	}
	if err == nil {
		err = r.finish()
	}
	return r.sum, named(err, f.Name)
}

// named puts the name of the file into the place of a fault.
func named(err error, name string) error {
	f, ok := err.(*fault.Error)
	if !ok || f.Place.File != "" {
		return err
	}
	place := f.Place
	place.File = name
	return f.At(place)
}

// reading is one pass over one file.
type reading struct {
	ctx     context.Context
	in      *input
	p       *Profile
	o       Options
	fn      func(*Row) error
	m       *mapper
	cells   []cell
	sum     Summary
	control controlText
	role    role // of the control total
}

// controlText is the file's own total as found.
type controlText struct {
	cell  cell
	pos   int
	unit  string
	count string
}

func newReading(ctx context.Context, f File, p *Profile, o Options, fn func(*Row) error) (*reading, error) {
	if err := p.Validate(); err != nil {
		return nil, err
	}
	pl, err := compile(p)
	if err != nil {
		return nil, err
	}
	if o.MaxRows == 0 {
		o.MaxRows = MaxRows
	}
	r := &reading{ctx: ctx, p: p, o: o, fn: fn, m: newMapper(pl), cells: make([]cell, len(pl.places))}
	r.role = pl.controlRole()
	return r, nil
}

func (r *reading) run() error {
	switch r.p.Kind {
	case KindXLSX, KindXLSXGrouped:
		return r.readXLSX()
	}
	if r.in.stream == nil {
		return fault.Newf(fault.Invalid, "file.kind", "Это книга Excel, а профиль описывает файл вида «%s».", r.p.Kind)
	}
	if head, _ := r.in.sample(); r.p.Kind != KindDBF {
		if bytes.HasPrefix(head, []byte(oldBook)) {
			return notBook(File{Data: bytes.NewReader(head), Size: int64(len(head))})
		}
		if err := notText(head); err != nil {
			return err
		}
	}
	switch r.p.Kind {
	case KindDBF:
		return r.readDBF()
	case KindCSV:
		return r.readText()
	case KindNDJSON:
		return r.readLines()
	case KindJSON:
		return r.readArray()
	case KindXML:
		return r.readXML()
	}
	return r.read1C()
}

// utf8Stream is the input as UTF-8, for formats that are read decoded.
func (r *reading) utf8Stream(declared string) io.Reader {
	enc, found, notes := r.in.detect(declared)
	r.sum.Encoding, r.sum.Notes = found, append(r.sum.Notes, notes...)
	return charset.NewReader(r.in.stream, enc)
}

// errStop ends a preview.
var errStop = fault.New(fault.Internal, "stop", "")

// emit completes the row and hands it over.
func (r *reading) emit(raw func() string) error {
	row := &r.m.row
	if len(row.Findings) > 0 || r.o.KeepRaw {
		row.Raw = raw()
	}
	r.count(row)
	if r.sum.Rows > r.o.MaxRows {
		return fault.Newf(fault.Invalid, "file.too_many_rows", "В файле больше %d строк. Разделите его.", r.o.MaxRows).
			At(fault.Place{Pos: row.Pos, Unit: row.Unit})
	}
	if r.sum.Rows&1023 == 0 {
		if err := r.ctx.Err(); err != nil {
			return err
		}
	}
	if err := r.fn(row); err != nil {
		return err
	}
	if r.o.Stop > 0 && r.sum.Rows >= r.o.Stop {
		return errStop
	}
	return nil
}

func (r *reading) count(row *Row) {
	s := &r.sum
	s.Rows++
	if len(row.Findings) > 0 {
		if row.Quarantined() {
			s.Quarantined++
		} else {
			s.Repaired++
		}
	}
	if row.OtherPeriod {
		s.OtherPeriod++
	}
	s.Sums.add(row)
}

func (s *Sums) add(row *Row) {
	s.Opening += row.Opening
	s.Charge += row.Charge
	s.Recalc += row.Recalc
	s.Penalty += row.Penalty
	s.Paid += row.Paid
	s.Due += row.Due
	s.Amount += row.Amount
	s.Net += row.Net
	s.Commission += row.Commission
}

// of is the total of one role.
func (s *Sums) of(at role) money.Amount {
	return [...]money.Amount{0, s.Opening, s.Charge, s.Recalc, s.Penalty, s.Paid, s.Due, s.Amount, s.Net, s.Commission}[at]
}

// finish compares the file's own total with its rows.
func (r *reading) finish() error {
	if r.sum.Rows == 0 {
		r.sum.Notes = append(r.sum.Notes, Note{Code: "file.no_rows", Text: "В файле нет ни одной строки с данными."})
	}
	if r.p.ControlTotal == nil {
		return nil
	}
	c := &r.sum.Control
	*c = Control{Declared: true, Role: roleName(r.role), Read: r.sum.Sums.of(r.role), ReadRows: r.sum.Rows}
	if r.control.unit == "" {
		r.sum.Notes = append(r.sum.Notes, Note{Code: "control.missing", Text: "Контрольной суммы в файле нет там, где её обещает профиль."})
		return nil
	}
	c.Pos, c.Unit = r.control.pos, r.control.unit
	r.judge(c)
	if c.Found && !c.Equal && r.p.OnControlMismatch == MismatchRefuse {
		return fault.Newf(fault.Invalid, "control.mismatch", "Контрольная сумма файла %s, а по строкам %s. Проверьте файл и передайте снова.", c.File.FormatBare(), c.Read.FormatBare()).
			At(fault.Place{Pos: c.Pos, Unit: c.Unit})
	}
	return nil
}

// judge reads the total in the profile's form; a workbook shows roubles even where rows are in kopecks.
func (r *reading) judge(c *Control) {
	printed := r.control.cell
	if end := bytes.LastIndexAny(printed.raw, "0123456789"); end >= 0 && printed.kind == textCell && bytes.IndexByte(printed.raw[end:], '-') < 0 {
		printed.raw = printed.raw[:end+1] // words behind the total: 1500.00 RUB
	}
	for _, form := range []string{r.p.Money, RubDot, KopeckInt} {
		v, how := readMoney(printed, form, r.m.enc)
		if how != good && how != odd {
			continue
		}
		if equal := v == c.Read; equal || !c.Found {
			c.Found, c.File, c.Equal = true, v, equal
		}
	}
	if !c.Found {
		r.sum.Notes = append(r.sum.Notes, Note{Code: "control.bad", Pos: c.Pos, Text: "Контрольную сумму «" + r.m.show(r.control.cell) + "» не разобрать."})
		return
	}
	if n, ok := wholeNumber([]byte(strings.TrimSpace(r.control.count))); ok {
		c.FileRows = atoi(n)
		if c.FileRows != c.ReadRows {
			c.Equal = false
		}
	}
}

func atoi(s string) int {
	n := 0
	for i := 0; i < len(s) && i < 9; i++ {
		n = n*10 + int(s[i]-'0')
	}
	return n
}

// setControl keeps what the file says about its total; the last one found counts.
func (r *reading) setControl(raw []byte, kind cellKind, pos int, unit string) {
	r.control = controlText{cell: cell{append([]byte{}, trimSpace(raw)...), kind}, pos: pos, unit: unit, count: r.control.count}
}

// totalWord tells whether a text is the caption of a total.
func totalWord(s string) bool {
	first, _, _ := strings.Cut(strings.TrimSpace(strings.ToLower(s)), " ")
	switch strings.Trim(first, ":.") {
	case "итого", "всего", "итог", "итоги", "подытог", "total":
		return true
	}
	return false
}
