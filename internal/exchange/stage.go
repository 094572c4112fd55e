package exchange

import (
	"cmp"
	"context"
	"hash/maphash"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
	"kvit/internal/match"
)

// staging reads one register and judges its accounts, in memory that grows by 16 bytes a row.
type staging struct {
	file   *file
	rows   *spool
	index  []indexItem
	seed   maphash.Seed
	enc    encoder
	scheme *match.NumberScheme
	months map[calendar.Month]int
}

// indexItem finds the rows of one account: hash of the folded number, offset in the spool.
type indexItem struct {
	hash   uint64
	offset int64
}

// stage reads the file to its end and leaves its judged accounts in a spool. A fault of the file as a whole
// becomes its refusal, not an error.
func stage(ctx context.Context, f *file, dir string) error {
	rows, err := newSpool(dir)
	if err != nil {
		return err
	}
	defer rows.close()
	s := &staging{file: f, rows: rows, seed: maphash.MakeSeed(), scheme: match.NewNumberScheme(), months: map[calendar.Month]int{}}
	if err := s.read(ctx); err != nil {
		return f.refuse(err)
	}
	if f.judged, err = newSpool(dir); err != nil {
		return err
	}
	if err := s.judgeAll(); err != nil {
		return err
	}
	f.settleMonth(s.months)
	if !f.month.Valid() && s.months[0] > 0 {
		return f.refuse(fault.Newf(fault.Invalid, "file.no_month", "Из файла %s не видно, за какой месяц начисления. Укажите месяц при загрузке или период в профиле.", f.name))
	}
	f.state = StateJudged
	f.control()
	return nil
}

// refuse keeps a fault of the file as its refusal; other errors (disk, context) pass through.
func (f *file) refuse(err error) error {
	x := fault.As(err)
	if x.Kind != fault.Invalid && x.Kind != fault.Limited {
		return err
	}
	f.state, f.refusal = StateRefused, x
	f.findings, f.tally = nil, tally{}
	f.close() // nothing of it is applied
	return nil
}

func (s *staging) read(ctx context.Context) error {
	var err error
	if s.file.summary, err = s.file.read(ctx, s.take); err != nil {
		return err
	}
	return s.rows.done()
}

// take files one row: quarantined rows and rows of another period end here.
func (s *staging) take(r *register.Row) error {
	f := s.file
	f.tally.Rows++
	for i := range r.Findings {
		f.note(fromFinding(r, &r.Findings[i]))
	}
	switch {
	case r.Quarantined():
		f.tally.Quarantined++
		return nil
	case r.OtherPeriod:
		f.find(finding{Pos: r.Pos, Account: r.Account, Code: "row.other_period", Type: "wrong_period", Verdict: VerdictIgnored, Field: "period", Value: r.Period,
			Hint: "Строка другого месяца, в этом файле не учитывается."})
		return nil
	}
	s.scheme.Observe(r.Account)
	s.months[r.Month]++
	row := fromRegister(r, f.mapped)
	s.enc.b = s.enc.b[:0]
	row.encode(&s.enc)
	offset, err := s.rows.add(s.enc.b)
	s.index = append(s.index, indexItem{maphash.String(s.seed, match.FoldNumber(r.Account)), offset})
	return err
}

func fromFinding(r *register.Row, x *register.Finding) finding {
	verdict := VerdictRepaired
	if x.Severity == register.Quarantined {
		verdict = VerdictQuarantined
	}
	return finding{Pos: r.Pos, Account: r.Account, Code: x.Code, Type: x.Type, Verdict: verdict, Field: x.Field, Value: x.Value, Now: x.Now, Hint: x.Hint, Row: r.Raw}
}

// judgeAll walks the accounts in the order of their hashes.
func (s *staging) judgeAll() error {
	s.scheme.Learn()
	slices.SortFunc(s.index, func(a, b indexItem) int {
		return cmp.Or(cmp.Compare(a.hash, b.hash), cmp.Compare(a.offset, b.offset))
	})
	var group []row
	for i := 0; i < len(s.index); {
		group = group[:0]
		hash := s.index[i].hash
		for ; i < len(s.index) && s.index[i].hash == hash; i++ {
			b, err := s.rows.at(s.index[i].offset)
			if err != nil {
				return err
			}
			r, err := decodeRow(b)
			if err != nil {
				return err
			}
			group = append(group, r)
		}
		if err := s.judgeGroup(group); err != nil {
			return err
		}
	}
	s.index = nil
	return s.file.judged.done()
}

// judgeGroup parts rows whose hashes met by number, which is nearly always one.
func (s *staging) judgeGroup(group []row) error {
	for i := range group {
		s.normalise(&group[i])
	}
	slices.SortStableFunc(group, func(a, b row) int { return strings.Compare(a.Number, b.Number) })
	for len(group) > 0 {
		n := 1
		for n < len(group) && group[n].Number == group[0].Number {
			n++
		}
		if err := s.judgeAccount(group[:n]); err != nil {
			return err
		}
		group = group[n:]
	}
	return nil
}

func (s *staging) normalise(r *row) {
	clean, found := s.scheme.Normalise(r.Number)
	if found == nil {
		return
	}
	s.file.note(finding{Pos: r.Pos, Account: r.Printed, Code: "row." + found.Type, Type: found.Type, Verdict: VerdictRepaired, Field: "account", Value: r.Number, Now: clean, Hint: found.Hint})
	r.Number, r.Repaired = clean, true
}

func (s *staging) judgeAccount(rows []row) error {
	f := s.file
	number, printed := rows[0].Number, rows[0].Printed
	j := judge(rows, func(x finding) {
		x.Account = printed
		f.find(x)
	})
	if j.Applied+j.Repaired == 0 && len(j.Doubled) == 0 {
		return nil // of rows that contradict each other it is known whose they are
	}
	f.tally.Applied += j.Applied
	f.tally.Repaired += j.Repaired
	j.Number = number
	s.enc.b = s.enc.b[:0]
	j.encode(&s.enc)
	_, err := f.judged.add(s.enc.b)
	return err
}

// settleMonth gives the file its month: the profile's period, else the month most rows carry, else the month of
// the sheet.
func (f *file) settleMonth(months map[calendar.Month]int) {
	if m, err := calendar.ParseMonth(f.profile.Period); err == nil {
		f.month = m
		return
	}
	best := 0
	for m, n := range months {
		if m.Valid() && n > best {
			f.month, best = m, n
		}
	}
}

// control notes what reading found out about the file as a whole and how its printed total compares with the rows'.
// A difference is recorded and the rows stay; a profile that asks to refuse such files was obeyed while reading.
func (f *file) control() {
	for _, n := range f.summary.Notes {
		f.note(finding{Pos: n.Pos, Code: n.Code, Verdict: VerdictApplied, Hint: n.Text})
	}
	c := f.summary.Control
	if !c.Found || c.Equal {
		return
	}
	f.note(finding{Pos: c.Pos, Unit: c.Unit, Code: "file.control_total", Type: "control_total_mismatch", Verdict: VerdictApplied, Field: c.Role,
		Value: c.File.String(), Now: c.Read.String(),
		Hint: "Контрольная сумма файла не равна сумме строк. Строки учтены, разница записана: уточните у поставщика."})
}
