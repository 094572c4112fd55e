package register

import (
	"bytes"
	"strconv"

	"kvit/internal/calendar"
)

// date understands a date; its time of day, if there is one, goes to Time.
func (m *mapper) date(f *field, cells []cell) {
	c := m.cell(f, f.slots[0], cells)
	if c.kind == absent || len(c.raw) == 0 {
		return
	}
	d, ok := m.dateOf(c)
	if !ok {
		if text := m.show(c); !noValue(text) {
			m.reject("row.date_bad", f.name, text, "Дату не разобрать. Ожидается, например, 31.10.2026.")
		}
		return
	}
	m.row.Date = d
	m.row.Has |= HasDate
}

// stampDay takes the day of a row from its full moment when the file has no column for the day: «2026-10-05T23:59:58+03:00»
// is the 5th where it was written.
func (m *mapper) stampDay() {
	if m.row.Has&HasDate != 0 || m.row.Stamp == "" {
		return
	}
	d, err := calendar.ParseDate(m.row.Stamp)
	if err != nil && len(m.row.Stamp) > 10 {
		d, err = calendar.ParseDate(m.row.Stamp[:10])
	}
	if err == nil {
		m.row.Date = d
		m.row.Has |= HasDate
	}
}

func (m *mapper) dateOf(c cell) (calendar.Date, bool) {
	if c.kind == dateCell {
		return m.serial(c.raw)
	}
	if string(c.raw) == m.memory.dateRaw {
		return m.memory.date, true
	}
	text := m.show(c)
	d, err := calendar.ParseDate(text)
	if err != nil && len(text) > 10 { // a date with a time behind it in some form
		d, err = calendar.ParseDate(text[:10])
	}
	if err != nil {
		return 0, false
	}
	m.memory.dateRaw, m.memory.date = string(c.raw), d
	return d, true
}

// serial is the day of a spreadsheet's number; days before 1950 are some other number with a date's style.
func (m *mapper) serial(raw []byte) (calendar.Date, bool) {
	whole, _, _ := bytes.Cut(raw, []byte{'.'})
	n, err := strconv.Atoi(string(whole))
	if err != nil || n < 18264-1462 || n > 73051 {
		return 0, false
	}
	return calendar.FromSerial(n, m.system04), true
}

// periodOf understands the month a row is about and compares it with the file's.
func (m *mapper) periodOf(f *field, cells []cell) {
	c := m.joined(f, cells)
	if c.kind == absent || len(c.raw) == 0 {
		if m.p.Period != "" {
			m.reject("row.period_missing", f.name, "", "В строке не указан период.")
		}
		return
	}
	if string(c.raw) != m.memory.period || m.memory.month == 0 {
		m.memory.period, m.memory.month = string(c.raw), m.monthOf(c)
		m.memory.text = m.periodText(c)
	}
	r := &m.row
	r.Period, r.Month = m.memory.text, m.memory.month
	if r.Month == 0 {
		m.reject("row.period_bad", f.name, r.Period, "Период не разобрать. Ожидается, например, 10.2026.")
		return
	}
	r.Has |= HasPeriod
	r.OtherPeriod = m.period != 0 && r.Month != m.period
}

// joined is a value that stands in several columns, such as a month and its year, with a space between the parts.
func (m *mapper) joined(f *field, cells []cell) cell {
	c := m.cell(f, f.slots[0], cells)
	if len(f.slots) == 1 {
		return c
	}
	raw := append([]byte{}, c.raw...)
	for _, slot := range f.slots[1:] {
		if part := m.cell(f, slot, cells); len(part.raw) > 0 {
			raw = append(append(raw, ' '), part.raw...)
		}
	}
	return cell{raw, textCell}
}

func (m *mapper) periodText(c cell) string {
	if c.kind == dateCell {
		if d, ok := m.serial(c.raw); ok {
			return d.Dotted()
		}
	}
	return m.show(c)
}

func (m *mapper) monthOf(c cell) calendar.Month {
	if c.kind == dateCell {
		if d, ok := m.serial(c.raw); ok {
			return d.Month()
		}
	}
	if month, err := calendar.ParseMonth(m.show(c)); err == nil {
		return month
	}
	return 0
}
