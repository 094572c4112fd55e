package city

import (
	"bytes"
	"encoding/json"
	"os"
	"strconv"
	"strings"
)

// format is one file in formats.json: the sheet an operator gets from a supplier when it joins.
type format struct {
	File          string         `json:"file"`
	Supplier      string         `json:"supplier,omitempty"`
	Kind          string         `json:"kind"`
	Encoding      string         `json:"encoding,omitempty"`
	Delimiter     string         `json:"delimiter,omitempty"`
	Quote         string         `json:"quote,omitempty"`
	HeaderRows    *int           `json:"header_rows,omitempty"`
	HeaderRow     int            `json:"header_row,omitempty"`
	CommentPrefix string         `json:"comment_prefix,omitempty"`
	TrailerPrefix string         `json:"trailer_prefix,omitempty"`
	TotalLabel    string         `json:"total_label,omitempty"`
	ControlTotal  *controlTotal  `json:"control_total,omitempty"`
	Group         string         `json:"group,omitempty"`
	GroupAddress  string         `json:"group_address,omitempty"`
	Record        string         `json:"record,omitempty"`
	Service       string         `json:"service,omitempty"`
	Fields        string         `json:"fields,omitempty"`
	DocStart      string         `json:"doc_start,omitempty"`
	DocEnd        string         `json:"doc_end,omitempty"`
	Storno        string         `json:"storno,omitempty"`
	Money         string         `json:"money"`
	Unit          string         `json:"unit"`
	Row           string         `json:"row,omitempty"`
	Period        string         `json:"period,omitempty"`
	Version       string         `json:"version,omitempty"`
	AccountPrefix string         `json:"account_prefix,omitempty"`
	AccountWidth  int            `json:"account_width,omitempty"`
	HouseAddress  string         `json:"house_address,omitempty"`
	Columns       map[string]any `json:"columns,omitempty"`
	Paths         map[string]any `json:"paths,omitempty"`
	Notes         string         `json:"notes,omitempty"`
}

// formatOf describes one written file; h is the house of a file of one house.
func (g *register) formatOf(o *opened, h *house) *format {
	l := g.layout
	f := &format{File: o.file, Supplier: l.code, Kind: l.kind, Encoding: l.encoding, Delimiter: l.delimiter, Quote: l.quote,
		TotalLabel: l.totalLabel, ControlTotal: l.total, Group: l.group, GroupAddress: l.groupAt, Record: l.record, Fields: "",
		DocStart: l.docStart, DocEnd: l.docEnd, Storno: l.storno, Money: l.money, Unit: l.unit, Row: l.row, AccountWidth: l.width,
		CommentPrefix: l.comment, Notes: l.notes}
	if l.nests() {
		f.Service = l.nested
	}
	if l.elements {
		f.Fields = "element"
	}
	if l.has("period") {
		f.Period = month(l.period, g.town.month)
	}
	if l.has("version") {
		f.Version = "version"
	}
	g.headersOf(f, o)
	if h != nil {
		f.HouseAddress = "г. " + townName + ", " + h.address().short()
		f.AccountPrefix = strings.Replace(l.prefix, "{no}", strconv.Itoa(h.assocNo), 1)
	}
	f.columnsOf(l.kind, l.columns)
	return f
}

func (g *register) headersOf(f *format, o *opened) {
	l := g.layout
	switch l.kind {
	case "csv":
		n := len(l.heading)
		if l.comment != "" {
			n = 0
		}
		f.HeaderRows = &n
		if l.trailer != "" {
			f.TrailerPrefix, _, _ = strings.Cut(o.trailer, l.delimiter)
			f.TrailerPrefix += l.delimiter
		}
	case "xlsx", "xlsx_grouped":
		f.HeaderRow = len(l.heading)
	}
}

// columnsOf writes roles with their places: an index in text, a name elsewhere, a list where sums are added.
func (f *format) columnsOf(kind string, columns []column) {
	out := map[string]any{}
	for i, c := range columns {
		var place any = c.name
		if kind == "csv" {
			place = i
		}
		addRole(out, c.role, place)
		addRole(out, c.also, place)
	}
	if kind == "ndjson" {
		f.Paths = out
	} else {
		f.Columns = out
	}
}

func addRole(out map[string]any, role string, place any) {
	if role == "" || role[0] == '-' {
		return // for the eye only
	}
	switch had := out[role].(type) {
	case nil:
		out[role] = place
	case []any:
		out[role] = append(had, place)
	default:
		out[role] = []any{had, place}
	}
}

type formatsFile struct {
	Month     string    `json:"month"`
	Town      string    `json:"town"`
	Registers []*format `json:"registers"`
	Payments  []*format `json:"payments"`
}

func (f *formatsFile) write(path string) error {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(f); err != nil {
		return err
	}
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		return cannotWrite(path, err)
	}
	return nil
}
