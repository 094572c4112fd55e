package register

import (
	"encoding/json"
	"fmt"
)

// Kinds of files a profile can describe.
const (
	KindDBF         = "dbf"
	KindCSV         = "csv"
	KindNDJSON      = "ndjson"
	KindJSON        = "json"
	KindXML         = "xml"
	KindXLSX        = "xlsx"
	KindXLSXGrouped = "xlsx_grouped"
	Kind1C          = "1c"
)

// Forms in which a file writes sums.
const (
	RubDot    = "rub_dot"
	RubComma  = "rub_comma"
	RubNumber = "rub_number"
	RubString = "rub_string"
	KopeckInt = "kopeck_int"
)

// What to do when the control total of a file differs from its rows.
const (
	MismatchAccept = "accept"
	MismatchRefuse = "refuse"
)

// Profile is a supplier's layout as data: which file, how it is coded, where each role stands. Keys and values
// are those of formats.json; keys this program does not know are kept in Unknown and ignored.
type Profile struct {
	File     string `json:"file,omitempty" yaml:"file,omitempty"`           // name of one file
	FileMask string `json:"file_mask,omitempty" yaml:"file_mask,omitempty"` // regular expression with named groups
	Supplier string `json:"supplier,omitempty" yaml:"supplier,omitempty"`
	Kind     string `json:"kind" yaml:"kind"`
	Encoding string `json:"encoding,omitempty" yaml:"encoding,omitempty"` // empty or auto: by evidence

	Delimiter     string `json:"delimiter,omitempty" yaml:"delimiter,omitempty"`
	Quote         string `json:"quote,omitempty" yaml:"quote,omitempty"`
	HeaderRows    int    `json:"header_rows,omitempty" yaml:"header_rows,omitempty"` // lines before the data (text)
	HeaderRow     int    `json:"header_row,omitempty" yaml:"header_row,omitempty"`   // number of the row with names (spreadsheets)
	CommentPrefix string `json:"comment_prefix,omitempty" yaml:"comment_prefix,omitempty"`
	TrailerPrefix string `json:"trailer_prefix,omitempty" yaml:"trailer_prefix,omitempty"`
	LinePrefix    string `json:"line_prefix,omitempty" yaml:"line_prefix,omitempty"` // text: only lines that begin so are records
	Sheet         string `json:"sheet,omitempty" yaml:"sheet,omitempty"`

	Group        string `json:"group,omitempty" yaml:"group,omitempty"`
	GroupAddress string `json:"group_address,omitempty" yaml:"group_address,omitempty"`
	Record       string `json:"record,omitempty" yaml:"record,omitempty"`
	Service      string `json:"service,omitempty" yaml:"service,omitempty"`
	Fields       string `json:"fields,omitempty" yaml:"fields,omitempty"` // element: values in child elements

	DocStart string `json:"doc_start,omitempty" yaml:"doc_start,omitempty"`
	DocEnd   string `json:"doc_end,omitempty" yaml:"doc_end,omitempty"`
	Storno   string `json:"storno,omitempty" yaml:"storno,omitempty"` // kind of document, or value of doc_kind, that reverses

	Money        string            `json:"money,omitempty" yaml:"money,omitempty"`
	Unit         string            `json:"unit,omitempty" yaml:"unit,omitempty"`
	RowIs        string            `json:"row,omitempty" yaml:"row,omitempty"` // account, account-service, document
	Period       string            `json:"period,omitempty" yaml:"period,omitempty"`
	Version      string            `json:"version,omitempty" yaml:"version,omitempty"`
	TotalLabel   string            `json:"total_label,omitempty" yaml:"total_label,omitempty"`
	ControlTotal *ControlTotal     `json:"control_total,omitempty" yaml:"control_total,omitempty"`
	HouseAddress string            `json:"house_address,omitempty" yaml:"house_address,omitempty"`
	AccountWidth int               `json:"account_width,omitempty" yaml:"account_width,omitempty"`
	Prefix       string            `json:"account_prefix,omitempty" yaml:"account_prefix,omitempty"`
	Columns      map[string]Source `json:"columns,omitempty" yaml:"columns,omitempty"`
	Paths        map[string]Source `json:"paths,omitempty" yaml:"paths,omitempty"`
	Notes        string            `json:"notes,omitempty" yaml:"notes,omitempty"`

	Account           *AccountRule           `json:"account,omitempty" yaml:"account,omitempty"`
	Transforms        map[string][]Transform `json:"transforms,omitempty" yaml:"transforms,omitempty"`
	OnControlMismatch string                 `json:"on_control_mismatch,omitempty" yaml:"on_control_mismatch,omitempty"`
	Cutoff            *Cutoff                `json:"cutoff,omitempty" yaml:"cutoff,omitempty"`
	PaymentsOut       *Layout                `json:"payments_out,omitempty" yaml:"payments_out,omitempty"`
	Fixes             []Fix                  `json:"fixes,omitempty" yaml:"fixes,omitempty"` // what people put right in single rows
	Reconcile         *Reconcile             `json:"reconcile,omitempty" yaml:"reconcile,omitempty"`

	Unknown map[string]any `json:"-" yaml:"-"` // keys of the sheet this program does not use
	Where   string         `json:"-" yaml:"-"` // where the profile was read, for messages
	Reads   bool           `json:"-" yaml:"-"` // of a file of readings: no row needs a sum
}

// Source says where a role stands: a name, an index from zero, a path, or several of them. Several sums are
// added up, several texts are joined with a space.
type Source []Place

// Place is one column, attribute, element, key or path. Index is -1 when the place is named.
type Place struct {
	Name  string
	Index int
}

// At makes a source of an index from zero.
func At(index int) Source { return Source{{Index: index}} }

// Named makes a source of a name or a path.
func Named(name string) Source { return Source{{Name: name, Index: -1}} }

// MarshalJSON writes the source as the sheet does: 3, "name" or a list.
func (s Source) MarshalJSON() ([]byte, error) { return json.Marshal(s.plain()) }

// MarshalYAML writes the source as the sheet does.
func (s Source) MarshalYAML() (any, error) { return s.plain(), nil }

func (s Source) plain() any {
	list := make([]any, len(s))
	for i, p := range s {
		if p.Index >= 0 {
			list[i] = p.Index
		} else {
			list[i] = p.Name
		}
	}
	if len(list) == 1 {
		return list[0]
	}
	return list
}

// String is the source for messages.
func (s Source) String() string { return fmt.Sprint(s.plain()) }

// ControlTotal says where a file prints its own total.
type ControlTotal struct {
	Prefix  string `json:"prefix,omitempty" yaml:"prefix,omitempty"`   // text: a line that begins so
	Field   *int   `json:"field,omitempty" yaml:"field,omitempty"`     // text: index in the trailer line, 1 by default
	Column  string `json:"column,omitempty" yaml:"column,omitempty"`   // tables: column of the total row
	Element string `json:"element,omitempty" yaml:"element,omitempty"` // xml: name of the element
	Attr    string `json:"attr,omitempty" yaml:"attr,omitempty"`       // xml: its attribute; without it, its text
	Key     string `json:"key,omitempty" yaml:"key,omitempty"`         // 1c, json: key outside the documents
	Role    string `json:"role,omitempty" yaml:"role,omitempty"`       // which sum it is; due (payments: amount) by default
	Count   *int   `json:"count,omitempty" yaml:"count,omitempty"`     // text: index of the number of rows in the trailer line
}

// AccountRule says how account numbers of a supplier are built.
type AccountRule struct {
	Check   string `json:"check,omitempty" yaml:"check,omitempty"`     // luhn, mod11
	Weights []int  `json:"weights,omitempty" yaml:"weights,omitempty"` // of mod11, for all digits but the last
	Width   int    `json:"width,omitempty" yaml:"width,omitempty"`
	Pattern string `json:"pattern,omitempty" yaml:"pattern,omitempty"`
}

// Fix is a value of one row that a person put right: a role's, written as the file writes it, or with the field
// «row» the whole line of a text file.
type Fix struct {
	Pos   int    `json:"pos" yaml:"pos"`
	Field string `json:"field" yaml:"field"`
	Value string `json:"value" yaml:"value"`
}

// WholeRow is the field of a Fix that replaces the line as it stands.
const WholeRow = "row"

// Transform is one step applied to the text of a role before it is understood.
type Transform struct {
	Op     string            `json:"op" yaml:"op"` // trim upper lower pad_left strip_prefix strip_suffix replace map sign digits
	Value  string            `json:"value,omitempty" yaml:"value,omitempty"`
	With   string            `json:"with,omitempty" yaml:"with,omitempty"`
	Width  int               `json:"width,omitempty" yaml:"width,omitempty"`
	Values map[string]string `json:"values,omitempty" yaml:"values,omitempty"`
}

// Cutoff is up to which day the supplier's paid counts payments.
type Cutoff struct {
	Day         int `json:"day,omitempty" yaml:"day,omitempty"`                   // day of month; 0 is the last
	MonthOffset int `json:"month_offset,omitempty" yaml:"month_offset,omitempty"` // from the month billed
}

// Layout is how registers of payments go back to the supplier.
type Layout struct {
	Kind      string         `json:"kind,omitempty" yaml:"kind,omitempty"` // csv dbf xlsx xml ndjson json 1c
	Encoding  string         `json:"encoding,omitempty" yaml:"encoding,omitempty"`
	Delimiter string         `json:"delimiter,omitempty" yaml:"delimiter,omitempty"`
	Quote     string         `json:"quote,omitempty" yaml:"quote,omitempty"`
	Money     string         `json:"money,omitempty" yaml:"money,omitempty"`
	Header    bool           `json:"header,omitempty" yaml:"header,omitempty"`
	Trailer   string         `json:"trailer,omitempty" yaml:"trailer,omitempty"` // prefix of the totals line; empty: none
	EOL       string         `json:"eol,omitempty" yaml:"eol,omitempty"`         // crlf (default) or lf
	FileName  string         `json:"file_name,omitempty" yaml:"file_name,omitempty"`
	Root      string         `json:"root,omitempty" yaml:"root,omitempty"`     // xml: root element
	Record    string         `json:"record,omitempty" yaml:"record,omitempty"` // xml: element, 1c: kind of document
	Columns   []LayoutColumn `json:"columns,omitempty" yaml:"columns,omitempty"`
}

// LayoutColumn is one column written.
type LayoutColumn struct {
	Role   string `json:"role" yaml:"role"`
	Name   string `json:"name,omitempty" yaml:"name,omitempty"`
	Width  int    `json:"width,omitempty" yaml:"width,omitempty"` // dbf
	Format string `json:"format,omitempty" yaml:"format,omitempty"`
	Value  string `json:"value,omitempty" yaml:"value,omitempty"` // constant
}
