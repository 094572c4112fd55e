package register

import (
	"slices"

	"kvit/internal/fault"
)

// fixesMax bounds what people put right in one file; a file with more is better sent anew.
const fixesMax = 10_000

func (p *Profile) checkFixes() *fault.Error {
	if len(p.Fixes) > fixesMax {
		return wrong("fixes", "не больше 10 000 исправлений: файл лучше исправить у поставщика")
	}
	roles := p.roles()
	for _, x := range p.Fixes {
		if x.Pos <= 0 {
			return wrong("fixes.pos", "место строки, от 1")
		}
		if _, known := roles[x.Field]; known || x.Field == WholeRow && p.fixesRows() {
			continue
		}
		return fault.Newf(fault.Invalid, "profile.value", "Профиль, ключ «%s»: ожидается роль из columns или paths; указано «%s».", "fixes.field", x.Field).WithField("fixes.field")
	}
	return nil
}

// fixesRows tells whether whole rows of the file can be written anew: its rows are lines of text.
func (p *Profile) fixesRows() bool { return p.Kind == KindCSV || p.Kind == KindNDJSON }

// Fixable tells whether a Fix of the field can be applied to a file of the profile.
func (p *Profile) Fixable(field string) bool {
	_, known := p.roles()[field]
	return known || field == WholeRow && p.fixesRows()
}

// rowFix is the line a person wrote instead of the one at a place.
func (pl *plan) rowFix(pos int) (line string, ok bool) {
	for _, x := range pl.fixes[pos] {
		if x.Field == WholeRow {
			line, ok = x.Value, true
		}
	}
	return line, ok
}

// mend puts the values people gave in place of those of the file.
func (m *mapper) mend(cells []cell) {
	for _, x := range m.fixes[m.row.Pos] {
		i := slices.IndexFunc(m.fields, func(f field) bool { return f.name == x.Field })
		if i < 0 {
			m.repair(codeFixed, "fixed", WholeRow, "", firstSigns(x.Value, 200), "Строку исправил человек.")
			continue
		}
		slots := m.fields[i].slots
		was := m.show(cells[slots[0]])
		for _, slot := range slots {
			cells[slot] = cell{}
		}
		raw, _ := m.enc.Append(nil, x.Value)
		cells[slots[0]] = cell{raw, textCell}
		m.repair(codeFixed, "fixed", x.Field, was, x.Value, "Значение исправил человек.")
	}
}

const codeFixed = "row.fixed"
