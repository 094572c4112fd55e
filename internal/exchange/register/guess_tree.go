package register

import (
	"regexp"
	"slices"
	"strings"

	"kvit/internal/exchange/xmlrec"
	"kvit/internal/fault"
)

// element is one kind of element of an XML sample: a path of names.
type element struct {
	path   string
	name   string
	parent *element
	count  int
	fields map[string]*column // attributes and leaf children
	order  []string
	leafs  int // fields that are child elements
}

// xml finds which elements are records, services inside them and groups around them.
func (g *guess) xml(sample string) error {
	g.p.Kind = KindXML
	all := survey(sample)
	rows, record := pickRecord(all)
	if record == nil {
		return fault.New(fault.Invalid, "guess.failed", "В файле XML не видно повторяющихся записей с суммами. Опишите файл профилем вручную.")
	}
	g.p.Record = record.name
	if rows != record {
		g.p.Service = rows.name
		g.e.add("service", rows.name, "внутри записи повторяется элемент с суммами")
	}
	g.e.add("record", record.name, "повторяется и содержит лицевой счёт")
	if rows.leafs*2 > len(rows.order) {
		g.p.Fields = "element"
	}
	g.group(record)
	g.treeColumns(rows, record)
	g.conclude()
	if service := g.p.Columns["service"]; g.p.Service == "" && service == nil {
		g.p.RowIs = "account"
	}
	g.treeTotal(record)
	g.monthOfFile(nil)
	return nil
}

// survey reads as much of the sample as it can.
func survey(sample string) []*element {
	scan := xmlrec.NewScanner(strings.NewReader(sample))
	byPath := map[string]*element{}
	var all, open []*element
	text := ""
	for {
		token, err := scan.Next()
		if err != nil {
			return all
		}
		switch token.Kind {
		case xmlrec.Start:
			e := enter(byPath, &all, open, string(token.Name))
			open = append(open, e)
			for _, a := range token.Attrs {
				e.field(string(a.Name), false).add(e.count, string(a.Value))
			}
			text = ""
		case xmlrec.Text:
			text += string(token.Text)
		case xmlrec.End:
			e := open[len(open)-1]
			open = open[:len(open)-1]
			if s := strings.TrimSpace(text); len(open) > 0 && s != "" && len(e.order) == 0 {
				parent := open[len(open)-1]
				parent.field(e.name, true).add(parent.count, s)
			}
			text = ""
		}
	}
}

func enter(byPath map[string]*element, all *[]*element, open []*element, name string) *element {
	path := name
	var parent *element
	if len(open) > 0 {
		parent = open[len(open)-1]
		path = parent.path + "/" + name
	}
	e := byPath[path]
	if e == nil {
		e = &element{path: path, name: name, parent: parent, fields: map[string]*column{}}
		byPath[path] = e
		*all = append(*all, e)
	}
	e.count++
	return e
}

func (e *element) field(name string, leaf bool) *column {
	c := e.fields[name]
	if c == nil {
		c = &column{place: Place{Name: name, Index: -1}, name: name}
		e.fields[name] = c
		e.order = append(e.order, name)
		if leaf {
			e.leafs++
		}
	}
	return c
}

// add files a value at the row it belongs to.
func (c *column) add(row int, text string) {
	if row > sampleRows {
		return
	}
	for len(c.values) < row-1 {
		c.values = append(c.values, sampleValue{})
	}
	if len(c.values) < row {
		c.values = append(c.values, sampleValue{text: text})
	}
}

// pickRecord chooses the element with most columns of sums among those that repeat; its record is the nearest
// element outwards, itself included, with something like an account number.
func pickRecord(all []*element) (rows, record *element) {
	best := 0
	for _, e := range all {
		if e.count < 2 {
			continue
		}
		sums := 0
		for _, c := range e.fields {
			c.look()
			if c.facts.decimals > .5 {
				sums++
			}
			c.facts = facts{}
		}
		if sums > best {
			rows, best = e, sums
		}
	}
	for e := rows; e != nil; e = e.parent {
		if e.count > 1 && e.hasAccount() {
			return rows, e
		}
	}
	return rows, rows
}

func (e *element) hasAccount() bool {
	return slices.ContainsFunc(e.order, func(name string) bool {
		c := e.fields[name]
		c.look()
		defer func() { c.facts = facts{} }()
		return c.facts.account > .7 && c.facts.distinct > .5 && c.facts.decimals < .1
	})
}

func (g *guess) group(record *element) {
	for e := record.parent; e != nil && e.parent != nil; e = e.parent {
		for _, name := range e.order {
			c := e.fields[name]
			c.look()
			if c.facts.address > .5 {
				g.p.Group, g.p.GroupAddress = e.name, name
				g.e.add("group", e.name, "вокруг записей, с адресом в «"+name+"»")
				return
			}
		}
	}
}

// treeColumns are the fields of the rows and, where those are services, of the record around them.
func (g *guess) treeColumns(rows, record *element) {
	n := rows.count
	if rows != record {
		n = record.count
	}
	for _, e := range []*element{record, rows} {
		for _, name := range e.order {
			if c := e.fields[name]; !slices.Contains(g.columns, c) {
				for e == record && len(c.values) < min(n, sampleRows) {
					c.values = append(c.values, sampleValue{})
				}
				g.columns = append(g.columns, c)
			}
		}
		if rows == record {
			break
		}
	}
	if rows != record { // sums of records and of services are of different lengths
		g.levelRows(rows)
	}
	g.treeAccount(record)
}

func (g *guess) levelRows(rows *element) {
	for _, name := range rows.order {
		c := rows.fields[name]
		for len(c.values) < min(rows.count, sampleRows) {
			c.values = append(c.values, sampleValue{})
		}
	}
}

// treeAccount takes the field named номер, number, id of a record for its account when no better one is there.
func (g *guess) treeAccount(record *element) {
	for _, name := range record.order {
		switch fold(name) {
		case "номер", "number", "no", "id", "num":
			c := record.fields[name]
			c.look()
			if c.facts.account > .7 && !slices.ContainsFunc(g.columns, func(x *column) bool { return x != c && knownAs("account", x.name) }) {
				c.role = "account"
				g.e.add("account", name, "номер записи похож на лицевой счёт")
			}
			c.facts = facts{}
		}
	}
}

func knownAs(name, text string) bool {
	for _, v := range vocabulary {
		if v.role == name {
			return v.words.MatchString(caption(text))
		}
	}
	return false
}

var lastTag = regexp.MustCompile(`<([^\s/<>!?]+)((?:\s+[^\s=<>]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*/?>([^<]*)`)
var tagAttr = regexp.MustCompile(`([^\s=<>]+)\s*=\s*["']([^"']*)["']`)

// treeTotal looks at the end of the file for an element of totals: named so, or with the attribute of due.
func (g *guess) treeTotal(record *element) {
	due := g.p.Columns["due"]
	tail := g.tail(2048)
	all := lastTag.FindAllStringSubmatch(tail, -1)
	if len(all) == 0 || len(due) != 1 {
		return
	}
	m := all[len(all)-1]
	if m[1] == record.name || m[1] == g.p.Service || m[1] == g.p.Group {
		return
	}
	for _, a := range tagAttr.FindAllStringSubmatch(m[2], -1) {
		if a[1] == due[0].Name {
			g.p.ControlTotal = &ControlTotal{Element: m[1], Attr: a[1]}
			return
		}
	}
	if totalWord(m[1]) && decimalShape.MatchString(strings.TrimSpace(m[3])) {
		g.p.ControlTotal = &ControlTotal{Element: m[1]}
	}
}
