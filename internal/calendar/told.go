package calendar

import "time"

// DayText is a Date that JSON tells as text, 2026-11-24; no day is an empty text.
type DayText Date

// Date is the day itself.
func (d DayText) Date() Date { return Date(d) }

// MarshalText writes the day.
func (d DayText) MarshalText() ([]byte, error) {
	if d == 0 {
		return nil, nil
	}
	return []byte(Date(d).String()), nil
}

// UnmarshalText reads what MarshalText wrote.
func (d *DayText) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = 0
		return nil
	}
	day, err := ParseDate(string(text))
	*d = DayText(day)
	return err
}

// MomentText is a moment that JSON tells as text, in UTC to the microsecond; no moment is an empty text.
type MomentText Micros

// Micros is the moment itself.
func (m MomentText) Micros() Micros { return Micros(m) }

// MarshalText writes the moment.
func (m MomentText) MarshalText() ([]byte, error) {
	if m == 0 {
		return nil, nil
	}
	return []byte(Micros(m).Time().Format(time.RFC3339Nano)), nil
}

// UnmarshalText reads what MarshalText wrote.
func (m *MomentText) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*m = 0
		return nil
	}
	t, err := time.Parse(time.RFC3339Nano, string(text))
	*m = MomentText(MicrosOf(t))
	return err
}
