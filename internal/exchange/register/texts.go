package register

import (
	"bytes"
	"strings"

	"kvit/internal/exchange/charset"
	"kvit/internal/inert"
)

// text decodes a text into the row's arena; strings are made of it all at once by settle.
func (m *mapper) text(f *field, cells []cell) {
	from := len(m.arena)
	for _, slot := range f.slots {
		c := m.cell(f, slot, cells)
		if c.kind == absent || len(c.raw) == 0 {
			continue
		}
		if len(m.arena) > from {
			m.arena = append(m.arena, ' ')
		}
		m.decode(f, c)
	}
	if len(m.arena) == from {
		return
	}
	m.arena = trimWide(m.arena, from)
	if limit := f.role.limit(); len(m.arena)-from > limit && signs(string(m.arena[from:])) > limit {
		m.reject("row.too_long", f.name, firstSigns(string(m.arena[from:]), 60), "Текст слишком длинный для этого поля: похоже, строка испорчена.")
		m.arena = m.arena[:from]
		return
	}
	m.texts = append(m.texts, textSpan{f, from, len(m.arena)})
}

func firstSigns(s string, n int) string {
	for i := range s {
		if n--; n < 0 {
			return s[:i] + "…"
		}
	}
	return s
}

// decode appends the text of a cell, repairing bytes of another code page.
func (m *mapper) decode(f *field, c cell) {
	if c.kind != textCell {
		m.arena = append(m.arena, m.written(f, c)...)
		return
	}
	raw := m.unguard(c.raw)
	if f.role != roleAccount && charset.Suspicious(raw, m.enc) {
		if text, from, ok := charset.Repair(raw, m.enc); ok {
			m.mojibake(f.name, m.enc.Text(raw), text, from)
			m.arena = append(m.arena, text...)
			return
		}
	}
	m.arena = m.enc.AppendUTF8(m.arena, raw)
	if bytes.IndexByte(raw, 0) >= 0 {
		m.reject("row.nul", f.name, "", "В тексте нулевые байты: строка повреждена.")
	}
}

// unguard takes off the apostrophe that keeps spreadsheets from running a text as a formula.
func (m *mapper) unguard(b []byte) []byte {
	if len(b) > 1 && b[0] == '\'' && m.guards && inert.Formula(bytes.TrimLeft(b, "'")) {
		return b[1:]
	}
	return b
}

// written is a number cell as text: whole numbers without point and exponent, dates as people write them.
func (m *mapper) written(f *field, c cell) string {
	switch c.kind {
	case numberCell:
		if f.role == roleAccount {
			m.row.AccountNumeric = true
		}
		if s, ok := wholeNumber(c.raw); ok && bytes.ContainsAny(c.raw, ".eE") {
			return s
		}
	case dateCell:
		if d, ok := m.serial(c.raw); ok {
			return d.Dotted()
		}
	}
	return string(c.raw)
}

// trimWide cuts no-break and other wide spaces off the text that begins at from.
func trimWide(arena []byte, from int) []byte {
	text := arena[from:]
	if len(text) == 0 || text[len(text)-1] < 0x80 && text[0] < 0x80 && text[0] > ' ' && text[len(text)-1] > ' ' {
		return arena
	}
	t := bytes.TrimSpace(text)
	return arena[:from+copy(text, t)]
}

// settle makes the strings of the row with one allocation.
func (m *mapper) settle() {
	if len(m.texts) == 0 {
		return
	}
	all := string(m.arena)
	for _, t := range m.texts {
		s := all[t.from:t.to]
		if p := m.row.text(t.field.role); p != nil {
			*p = s
		} else if t.field.role == roleExtra {
			m.row.extra(t.field.name, s)
		} else if t.field.role == roleStorno {
			m.row.Storno = m.means(s)
		}
	}
	if m.row.Service != "" {
		if m.row.Service == m.memory.service {
			m.row.Service = m.memory.service
		} else {
			m.memory.service = strings.Clone(m.row.Service)
			m.row.Service = m.memory.service
		}
	}
}
