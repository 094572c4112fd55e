package penalty

import (
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/tariff"
)

// DueDate is the last day on which a month's charge is paid in time: the supplier's own day, else everybody's, of the
// next month; a day that month does not have is its last; a day off moves to the next working day (ГК РФ ст. 193).
// A binding row wins over a supplier's. 12.2025, the 10th: Saturday 10.01.2026 → Monday 12.01.2026.
func (r *Rules) DueDate(month calendar.Month, supplier string) (calendar.Date, error) {
	if !month.Valid() {
		return 0, fault.Newf(fault.Invalid, "penalty.month", "Месяц %d не существует.", int(month))
	}
	row := r.dueDay(month, supplier)
	if row == nil {
		return 0, fault.Newf(fault.Invalid, "penalty.no_due_day", "Нет срока оплаты начислений за %s. Добавьте строку due_days в каталог.", month.Title())
	}
	next := month.Add(1)
	due := calendar.Date(int(next)*100 + row.Day)
	if row.Day > 28 {
		due = min(due, next.Last())
	}
	return r.workday(due), nil
}

// dueDay is the row of a month: the narrowest, of equals the one that holds from later.
func (r *Rules) dueDay(month calendar.Month, supplier string) (best *tariff.DueDay) {
	for i := range r.dueDays {
		row := &r.dueDays[i]
		holds := row.FromMonth <= month && (row.UntilMonth == 0 || month <= row.UntilMonth)
		if !holds || row.Supplier != "" && row.Supplier != supplier {
			continue
		}
		if best == nil || weight(row) > weight(best) || weight(row) == weight(best) && row.FromMonth >= best.FromMonth {
			best = row
		}
	}
	return best
}

func weight(row *tariff.DueDay) int {
	switch {
	case row.Binding:
		return 2
	case row.Supplier != "":
		return 1
	}
	return 0
}

// workday moves a term that falls on a day off. No run of days off is a month long, so a calendar that says so is
// wrong and does not hang the count.
func (r *Rules) workday(d calendar.Date) calendar.Date {
	day := d
	for n := range 31 {
		if !r.dayOff(day) {
			return day
		}
		day = calendar.FromOrdinal(d.Ordinal() + n + 1)
	}
	return d
}

// Starts is the first day that carries penalty when the debt stays unpaid; false when no day of the ten years after
// the due date does.
func (r *Rules) Starts(d Debt) (calendar.Date, bool, error) {
	due, err := r.due(&d)
	if err != nil {
		return 0, false, err
	}
	windows, err := r.chargeable(nil, &d, due, due.Ordinal()+3653)
	if err != nil || len(windows) == 0 {
		return 0, false, err
	}
	return calendar.FromOrdinal(windows[0].first), true, nil
}

// due is the debt's own term or that of the rules.
func (r *Rules) due(d *Debt) (calendar.Date, error) {
	switch {
	case d.Due == 0:
		return r.DueDate(d.Month, d.Supplier)
	case !d.Due.Exists():
		return 0, noSuchDay(d.Due)
	}
	return r.workday(d.Due), nil
}

func noSuchDay(d calendar.Date) error {
	return fault.Newf(fault.Invalid, "penalty.day", "Дня %d нет в календаре.", int(d))
}
