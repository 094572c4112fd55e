package city

import (
	"strconv"
	"strings"
)

// Templates print texts: {name} is a field, {name:before|after} prints before and after only where the field is
// not empty. Everything else stands as it is.

type piece struct {
	literal       string
	field         string
	before, after string
}

type template []piece

// parseTemplate takes a template of a layout apart; layouts are ours, so a broken one is a bug.
func parseTemplate(s string) template {
	var t template
	for s != "" {
		open := strings.IndexByte(s, '{')
		if open < 0 {
			return append(t, piece{literal: s})
		}
		if open > 0 {
			t = append(t, piece{literal: s[:open]})
		}
		end := strings.IndexByte(s, '}')
		if end < open {
			panic("city: template " + s)
		}
		field, around, _ := strings.Cut(s[open+1:end], ":")
		before, after, _ := strings.Cut(around, "|")
		t = append(t, piece{field: field, before: before, after: after})
		s = s[end+1:]
	}
	return t
}

func (t template) print(v *view) string {
	if len(t) == 1 && t[0].field != "" && t[0].before == "" && t[0].after == "" {
		return v.field(t[0].field)
	}
	var b strings.Builder
	for i := range t {
		p := &t[i]
		if p.field == "" {
			b.WriteString(p.literal)
			continue
		}
		if s := v.field(p.field); s != "" {
			b.WriteString(p.before)
			b.WriteString(s)
			b.WriteString(p.after)
		}
	}
	return b.String()
}

// view is one line of a register about to be printed.
type view struct {
	row    *row
	addr   *address
	owner  *person
	line   int // ordinal of the service
	sums   sums
	number int // ordinal in the file
	period string
}

func (v *view) field(name string) string {
	a := v.addr
	switch name {
	case "street":
		return a.name
	case "type.":
		return streetForms[a.kind][0]
	case "type":
		return streetForms[a.kind][1]
	case "typ":
		return streetForms[a.kind][2]
	case "loc":
		return a.locality
	case "house":
		return a.number + a.letter
	case "korp":
		return a.building
	case "flat":
		return a.flat
	case "room":
		return a.room
	case "index":
		return a.house.postcode
	case "entrance":
		flat, _ := strconv.Atoi(a.flat)
		return strconv.Itoa(max(0, flat-1)/36 + 1)
	}
	return v.accountField(name)
}

func (v *view) accountField(name string) string {
	acc := v.row.account
	switch name {
	case "fio":
		return v.owner.full()
	case "brief":
		return v.owner.brief()
	case "half":
		return v.owner.half()
	case "account":
		return v.row.number()
	case "tail":
		number := v.row.number()
		return number[strings.LastIndexByte(number, '/')+1:]
	case "els":
		return acc.els
	case "service":
		return acc.services[v.line].code
	case "period":
		return v.period
	case "share":
		return "1/" + strconv.Itoa(acc.share)
	case "cadaster":
		return acc.household.house.cadaster + "/" + strconv.Itoa(acc.household.flats[0])
	case "place":
		return strconv.Itoa(acc.place)
	case "stove":
		return acc.power.stove
	case "plan":
		return strconv.Itoa(int(acc.services[0].charge / 100))
	case "version":
		return strconv.Itoa(v.row.version())
	case "doc":
		return v.row.document()
	case "ref":
		return v.row.reference()
	}
	panic("city: unknown field {" + name + "}")
}
