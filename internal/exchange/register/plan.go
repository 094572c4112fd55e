package register

import (
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/exchange/charset"
)

// cellKind tells what a reader found at a place.
type cellKind uint8

const (
	absent     cellKind = iota
	textCell            // in the encoding of the plan
	numberCell          // a number by the format itself: a numeric cell, a JSON number
	dateCell            // a serial number of a spreadsheet
	jsonCell            // an object or array of JSON, as text
)

// cell is one value of a record. Raw is good until the next record.
type cell struct {
	raw  []byte
	kind cellKind
}

// field is one role of a profile, compiled.
type field struct {
	role  role
	name  string // as the profile calls the role
	slots []int
	steps []step
}

// plan is a compiled profile: which cells are wanted and what is made of them.
type plan struct {
	p        *Profile
	places   []Place // wanted from each record, each once; cells come in this order
	fields   []field
	account  []int // slots of the account
	width    int   // highest index wanted + 1, for text by index
	enc      charset.Encoding
	system04 bool
	period   calendar.Month
	unit     string
	fixes    map[int][]Fix // by place
}

// roles gives the columns or paths of a profile, whichever it has.
func (p *Profile) roles() map[string]Source {
	if len(p.Columns) > 0 {
		return p.Columns
	}
	return p.Paths
}

// Has tells whether the profile says where a role stands.
func (p *Profile) Has(role string) bool {
	_, ok := p.roles()[role]
	return ok
}

func compile(p *Profile) (*plan, error) {
	pl := &plan{p: p, unit: p.unit(), enc: charset.UTF8}
	roles := p.roles()
	names := make([]string, 0, len(roles))
	for name := range roles {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		f := field{role: roleNames[name], name: name}
		for _, place := range roles[name] {
			f.slots = append(f.slots, pl.slot(place))
		}
		var err error
		if f.steps, err = compileSteps(p.Transforms[name]); err != nil {
			return nil, err
		}
		pl.fields = append(pl.fields, f)
		if f.role == roleAccount {
			pl.account = f.slots
		}
	}
	slices.SortStableFunc(pl.fields, func(a, b field) int { return int(a.role) - int(b.role) })
	if p.Period != "" {
		pl.period, _ = calendar.ParseMonth(p.Period)
	}
	if len(p.Fixes) > 0 {
		pl.fixes = map[int][]Fix{}
		for _, x := range p.Fixes {
			pl.fixes[x.Pos] = append(pl.fixes[x.Pos], x)
		}
	}
	return pl, nil
}

// slot is the number of the cell a place gives; a place wanted by two roles is read once.
func (pl *plan) slot(place Place) int {
	if i := slices.Index(pl.places, place); i >= 0 {
		return i
	}
	pl.places = append(pl.places, place)
	if place.Index >= pl.width {
		pl.width = place.Index + 1
	}
	return len(pl.places) - 1
}

// names are the places wanted, as names.
func (pl *plan) names() []string {
	list := make([]string, len(pl.places))
	for i, p := range pl.places {
		list[i] = p.Name
	}
	return list
}

// has tells whether the profile gives a place to the role.
func (pl *plan) has(r role) bool {
	return slices.ContainsFunc(pl.fields, func(f field) bool { return f.role == r })
}

var units = map[string]string{
	KindDBF: "record", KindCSV: "line", KindNDJSON: "line", KindJSON: "record", KindXML: "record",
	KindXLSX: "row", KindXLSXGrouped: "row", Kind1C: "document",
}

func (p *Profile) unit() string {
	if p.Unit != "" {
		return p.Unit
	}
	return units[p.Kind]
}

// controlRole is the sum the file's own total is about.
func (pl *plan) controlRole() role {
	if c := pl.p.ControlTotal; c != nil && c.Role != "" {
		return roleNames[c.Role]
	}
	for _, r := range []role{roleDue, roleAmount, roleCharge} {
		if pl.has(r) {
			return r
		}
	}
	return roleDue
}

func roleName(r role) string {
	for name, x := range roleNames {
		if x == r && name != "ts" && name != "unit" {
			return name
		}
	}
	return ""
}

// fold makes names of columns comparable: case, ё, spaces and line breaks inside do not count.
func fold(s string) string {
	return strings.ReplaceAll(strings.Join(strings.Fields(strings.ToLower(strings.ReplaceAll(s, "\u00a0", " "))), " "), "ё", "е")
}
