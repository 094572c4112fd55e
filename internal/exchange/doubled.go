package exchange

import (
	"fmt"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// doubled is a service of an account that several rows charge otherwise in a month: none of them counts.
type doubled struct {
	Service    string
	Month, Pos int
	Told       int
	Low, High  money.Amount
}

// month is the row's own, else the file's.
func (d *doubled) month(f *file) calendar.Month {
	if m := calendar.Month(d.Month); m.Valid() {
		return m
	}
	return f.month
}

// addDoubled notes the services of a row that contradicts another one.
func (j *judged) addDoubled(r *row) {
	if len(r.Lines) == 0 {
		j.double(r, r.Service, r.Charge)
	}
	for _, l := range r.Lines {
		j.double(r, l.Service, l.Sum)
	}
}

func (j *judged) double(r *row, service string, charge money.Amount) {
	at := slices.IndexFunc(j.Doubled, func(d doubled) bool { return d.Service == service && d.Month == r.Month })
	if at < 0 {
		j.Doubled = append(j.Doubled, doubled{Service: service, Month: r.Month, Pos: r.Pos, Low: charge, High: charge})
		at = len(j.Doubled) - 1
	}
	d := &j.Doubled[at]
	d.Told, d.Pos, d.Low, d.High = d.Told+1, min(d.Pos, r.Pos), min(d.Low, charge), max(d.High, charge)
}

// rowKey tells rows of one account apart that may stand beside each other.
type rowKey struct {
	service, doc, ref, share, meter string
	month                           int
	storno                          bool
	rate                            decimal.Decimal
}

func (r *row) key() rowKey {
	return rowKey{r.Service, r.DocNo, r.DocRef, r.Share, r.Meter, r.Month, r.Storno, r.Tariff}
}

// dropDuplicates keeps one of equal rows, and none of those that contradict each other.
func dropDuplicates(rows []row, contradicts func(*row), emit func(finding)) []row {
	first := map[rowKey]int{}
	contradicted := map[rowKey]bool{}
	kept := rows[:0]
	for _, r := range rows {
		key := r.key()
		i, seen := first[key]
		switch {
		case !seen:
			first[key] = len(kept)
			kept = append(kept, r)
		case sameFigures(&kept[i], &r):
			emit(duplicateFinding(&kept[i], &r))
		default:
			contradicted[key] = true
			contradicts(&r)
		}
	}
	return slices.DeleteFunc(kept, func(r row) bool {
		key := r.key()
		if contradicted[key] {
			contradicts(&r)
		}
		return contradicted[key]
	})
}

func sameFigures(a, b *row) bool {
	return a.sums == b.sums && a.Volume == b.Volume && slices.Equal(a.Lines, b.Lines)
}

func duplicateFinding(first, r *row) finding {
	f := finding{Pos: r.Pos, Code: "row.duplicate", Type: "dup_row", Verdict: VerdictIgnored, Field: "account", Value: r.Printed,
		Hint: fmt.Sprintf("Такая же строка уже есть на месте %d, вторая не учтена.", first.Pos)}
	a, b := first.identity, r.identity
	a.GroupPos = b.GroupPos
	if a != b {
		f.Type, f.Code = "dup_variant", "row.duplicate_variant"
		f.Hint = fmt.Sprintf("Та же сумма по этому счёту уже есть на месте %d, записана иначе. Вторая не учтена.", first.Pos)
	}
	return f
}

func contradiction(r *row) finding {
	return finding{Pos: r.Pos, Code: "row.contradiction", Type: "contradiction", Verdict: VerdictQuarantined, Field: "due", Value: r.Due.String(),
		Hint: "По этому счёту и услуге в файле две строки с разными суммами. Оставьте одну и загрузите файл снова."}
}

// doubled notes the services of a file's account that several rows charge otherwise, for those that are compared. Such a
// service is told of: it does not end.
func (w *charging) doubled(m *mapped, a *arrived, file int) error {
	f := a.files[file]
	for i := range a.told[file].Doubled {
		d := &a.told[file].Doubled[i]
		month, compared := d.month(f), false
		if !month.Valid() {
			continue
		}
		for _, x := range m.behind(d.Service) {
			w.noteTold(&telling{m: m, a: a, f: f, x: x, month: month, source: sourceOf(f, d.Pos)})
			compared = compared || m.ModeOf(x) == supplier.ModeCompared
		}
		if !compared {
			continue
		}
		service, err := w.b.service(w.ctx, a.supplier, d.Service)
		if err != nil {
			return err
		}
		w.double(charge.Doubled{BuildingID: w.st.building, AccountID: a.account, Month: month, ServiceID: service, RecordedAt: f.recorded, FileID: f.id, RowNo: int64(d.Pos),
			Told: d.Told, Low: d.Low, High: d.High})
	}
	return nil
}

// once notes that a file tells of a service once, where an earlier one told of it several times.
func (w *charging) once(t *telling, service int64) {
	w.double(charge.Doubled{BuildingID: w.st.building, AccountID: t.a.account, Month: t.month, ServiceID: service, RecordedAt: t.f.recorded, FileID: t.f.id, RowNo: int64(t.l.Pos)})
}

// double records what is doubled now, where something else is known.
func (w *charging) double(d charge.Doubled) {
	key := chargeKey{d.AccountID, d.Month, d.ServiceID}
	was := w.known.doubled[key]
	if was.Told == d.Told && was.Low == d.Low && was.High == d.High {
		return
	}
	w.known.doubled[key] = d
	w.twice = append(w.twice, d)
}
