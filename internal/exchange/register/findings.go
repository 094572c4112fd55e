package register

import (
	"kvit/internal/exchange/charset"
)

const badValue = "bad_value"

// reject notes something that bars the row.
func (m *mapper) reject(code, field, value, hint string) {
	m.note(Finding{Code: code, Type: badValue, Field: field, Value: firstSigns(value, 200), Hint: hint, Severity: Quarantined})
}

// repair notes something put right.
func (m *mapper) repair(code, kind, field, value, now, hint string) {
	for i := range m.row.Findings {
		if f := &m.row.Findings[i]; f.Type == kind { // one finding of a kind a row; its fields are listed together
			f.Field += "," + field
			return
		}
	}
	m.note(Finding{Code: code, Type: kind, Field: field, Value: firstSigns(value, 200), Now: now, Hint: hint, Severity: Repaired})
}

func (m *mapper) note(f Finding) { m.row.Findings = append(m.row.Findings, f) }

func (m *mapper) mojibake(field, was, now string, from charset.Encoding) {
	m.repair("row.mojibake", "mojibake", field, was, now, "Текст был в другой кодировке ("+from.String()+"), чем весь файл; прочитан заново.")
}
