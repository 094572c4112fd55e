package city

import (
	"strings"

	"kvit/internal/calendar"
)

// column is one field of a register: its role in formats.json (empty: for the eye only), its name in the file,
// and what text stands there. Roles of figures need no text.
type column struct {
	role string
	name string
	text string // template of a role of text; see template.go
	alt  string // another spelling of the same, for repeated rows that are not equal byte by byte
	also string // a second role of the same field
	part int    // from one: only this service of the account, for registers with a column per service
	dbf  byte   // type, width and decimals in DBF
	wide int
	dec  int
}

// rate is how often rows are damaged in a way, per 10 000.
type rate struct {
	kind  string
	often int
}

// layout is how one supplier writes its register. It is data: another layout is another literal.
type layout struct {
	code, supplier                    string // in truth.json and for people
	offered                           []string
	file                              string // name with {YYYY} {YY} {MM} {house} {no}
	kind                              string // of formats.json
	encoding                          string
	newline                           string
	delimiter                         string
	quote                             string
	heading                           []string // lines or rows above the data; {column names} stands for the header
	comment                           string   // prefix of the heading lines in text files
	trailer                           string   // prefix of the last line in text files
	totalLabel                        string
	total                             *controlTotal
	wrongTotal                        bool // the printed total does not match, on purpose
	money                             string
	row                               string // account, account-service, document
	period                            string // how the month is printed in rows: {YYYY}, {YY}, {MM}
	group, groupAt                    string // element of a house, attribute with its address (xml)
	houseLine                         string // template of the address printed once for a house
	record, nested                    string // elements of an account and of a service (xml), prefix of a service line (1c)
	elements                          bool   // values in child elements
	root                              string // outer element with its attributes (xml)
	docStart, docEnd, docKind, storno string
	width                             int    // digits of an account number in spreadsheets
	prefix                            string // put before the account as printed; {no} is the number of the association
	houseAddress                      bool   // one file for each house
	columns                           []column
	upper, noYo                       bool
	sheet                             string
	unit                              string
	number                            numbering
	order                             order
	elsPercent                        int
	lagsBehind                        bool // keeps billing previous owners
	defects                           []rate
	houseDefects                      []rate
	orphans                           int // per 10 000
	notes                             string
}

// order is how rows follow one another.
type order int

const (
	byNumber order = iota // by account number
	byStreet              // house by house, houses in no order
)

// controlTotal says where a register prints its total; keys are those of formats.json.
type controlTotal struct {
	Prefix  string `json:"prefix,omitempty"`
	Field   *int   `json:"field,omitempty"`
	Column  string `json:"column,omitempty"`
	Element string `json:"element,omitempty"`
	Attr    string `json:"attr,omitempty"`
	Key     string `json:"key,omitempty"`
}

// layoutSet is one supplier of each trade and the words they use.
type layoutSet struct {
	layouts  [trades]*layout
	services serviceNames
	doors    []door
}

// setFor chooses the set of layouts: the seed's parity.
func setFor(seed int64) *layoutSet {
	if seed%2 == 0 {
		return evenSet()
	}
	return oddSet()
}

func (l *layout) has(role string) bool {
	for i := range l.columns {
		if l.columns[i].role == role {
			return true
		}
	}
	return false
}

func (l *layout) grouped() bool { return l.group != "" || l.kind == "xlsx_grouped" }

// nests tells whether services stand inside the record of their account.
func (l *layout) nests() bool { return l.nested != "" && l.kind == "xml" }

// byService tells whether every service is a row of its own.
func (l *layout) byService() bool { return l.row == "account-service" }

// month prints a month by a pattern.
func month(pattern string, m calendar.Month) string {
	y := m.First().String()
	return strings.NewReplacer("{YYYY}", y[:4], "{YY}", y[2:4], "{MM}", y[5:7], "{Month}", m.Word()).Replace(pattern)
}

// say is a column of text.
func say(role, name, text string) column { return column{role: role, name: name, text: text} }

// sayAlt is a column of text with another spelling for repeated rows.
func sayAlt(role, name, text, alt string) column {
	return column{role: role, name: name, text: text, alt: alt}
}

// show is a column of a figure.
func show(role, name string) column { return column{role: role, name: name} }

// chars and digits make a column one of DBF.
func chars(c column, wide int) column {
	c.dbf, c.wide = 'C', wide
	return c
}

func digits(c column, wide, dec int) column {
	c.dbf, c.wide, c.dec = 'N', wide, dec
	return c
}

// sixSums are the columns of a whole balance.
func sixSums(opening, charge, recalc, penalty, paid, due string) []column {
	return []column{show("opening", opening), show("charge", charge), show("recalc", recalc), show("penalty", penalty), show("paid", paid), show("due", due)}
}

func sixDBF(names ...string) []column {
	list := sixSums(names[0], names[1], names[2], names[3], names[4], names[5])
	for i := range list {
		list[i] = digits(list[i], 13, 2)
	}
	return list
}

// join puts columns after columns.
func join(list []column, more ...column) []column {
	return append(append([]column{}, list...), more...)
}
