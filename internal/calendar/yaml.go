package calendar

// UnmarshalYAML reads a date of a YAML file as ParseDate does; an empty one is no date.
func (d *Date) UnmarshalYAML(decode func(any) error) (err error) {
	var s string
	if err := decode(&s); err != nil || s == "" {
		return err
	}
	*d, err = ParseDate(s)
	return err
}

// MarshalYAML writes 2026-10-31.
func (d Date) MarshalYAML() (any, error) { return d.String(), nil }

// UnmarshalYAML reads a billing month of a YAML file as ParseMonth does; an empty one is no month.
func (m *Month) UnmarshalYAML(decode func(any) error) (err error) {
	var s string
	if err := decode(&s); err != nil || s == "" {
		return err
	}
	*m, err = ParseMonth(s)
	return err
}

// MarshalYAML writes 2026-10; no month is empty.
func (m Month) MarshalYAML() (any, error) {
	if m == 0 {
		return "", nil
	}
	return m.String(), nil
}
