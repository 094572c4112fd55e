package reading

import (
	"bytes"
	"context"

	"kvit/internal/exchange/register"
	"kvit/internal/fault"
)

// Laid reads a file by the one of the layouts whose name or mask is the file's; one that has neither is of any file.
func (s Source) Laid(ctx context.Context, layouts []register.Profile, emit func(Entry) error) error {
	if len(s.Body) > FileMax {
		return invalid("reading.file_size", "Файл %s больше 64 МБ. Разделите его.", s.Name)
	}
	p := s.layoutOf(layouts)
	if p == nil {
		return invalid("reading.no_layout", "Для файла %s нет раскладки показаний: назовите его в профиле ключом file или file_mask.", s.Name)
	}
	file := register.File{Name: s.Name, Data: bytes.NewReader(s.Body), Size: int64(len(s.Body))}
	_, err := register.Read(ctx, file, *p, register.Options{}, func(r *register.Row) error { return s.figuresOf(r, p.Supplier, emit) })
	return err
}

func (s Source) layoutOf(layouts []register.Profile) (any *register.Profile) {
	for i := range layouts {
		p := &layouts[i]
		if p.Matches(s.Name) {
			return p
		}
		if p.File == "" && p.FileMask == "" {
			any = p
		}
	}
	return any
}

// figuresOf gives what a row tells: its figure, and those of registers and meters it lists. A row that cannot be read gets
// its verdict.
func (s Source) figuresOf(r *register.Row, supplier string, emit func(Entry) error) error {
	e := Entry{
		Supplier: supplier, Account: r.Account, Meter: r.Extra["meter"], Service: serviceOf(r.Service, ""), Zone: r.Extra["zone"], Period: r.Period,
		Source: r.Extra["source"], Confirm: r.Extra["confirm"], Control: isYes(r.Extra["control"]), File: s.Name, Line: r.Pos,
	}
	if r.Supplier != "" {
		e.Supplier = r.Supplier
	}
	if r.Has&register.HasDate != 0 {
		e.Date = r.Date.String()
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Severity == register.Quarantined {
			e.err = fault.New(fault.Invalid, f.Code, f.Hint).WithField(f.Field)
			return emit(e)
		}
	}
	if r.Has&register.HasReadingCur != 0 {
		e.Value = Text(r.ReadingCur.String())
		if err := emit(e); err != nil {
			return err
		}
	}
	for i := range r.Zones {
		z := &r.Zones[i]
		if !z.HasCur {
			continue
		}
		of := e
		of.Zone, of.Value, of.beside = z.Name, Text(z.Cur.String()), true
		if z.Meter != "" {
			of.Meter = z.Meter
		}
		if err := emit(of); err != nil {
			return err
		}
	}
	return nil
}
