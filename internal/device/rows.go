package device

import (
	"encoding/csv"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Row is a line of a list of devices: a device, and one of its channels with the meter it counts.
type Row struct {
	ID         string `yaml:"id"`
	Profile    string `yaml:"profile,omitempty"` // kvit without it
	Payload    string `yaml:"payload,omitempty"`
	Gateway    string `yaml:"gateway,omitempty"` // yes: it brings messages of others
	Owner      string `yaml:"owner,omitempty"`   // code of the supplier whose it is
	Secret     string `yaml:"secret,omitempty"`  // '' makes one; «-»: it never comes by itself, a gateway brings its messages
	Code       string `yaml:"code,omitempty"`    // for the resident; «new» makes one
	Topic      string `yaml:"topic,omitempty"`
	Name       string `yaml:"name,omitempty"`
	Place      string `yaml:"place,omitempty"`
	SilentDays string `yaml:"silent_days,omitempty"`
	Channel    string `yaml:"channel,omitempty"`
	Supplier   string `yaml:"supplier,omitempty"`
	Account    string `yaml:"account,omitempty"`
	House      string `yaml:"house,omitempty"` // in place of an account: the house whose own meter it is
	Meter      string `yaml:"meter,omitempty"`
	Service    string `yaml:"service,omitempty"`
	Zone       string `yaml:"zone,omitempty"`
	Unit       string `yaml:"unit,omitempty"`
	Scale      string `yaml:"scale,omitempty"`
	From       string `yaml:"from,omitempty"`
	Until      string `yaml:"until,omitempty"`
	Count      string `yaml:"count,omitempty"` // what the device tells when the dial shows dial
	Dial       string `yaml:"dial,omitempty"`
	Offset     string `yaml:"offset,omitempty"`

	line int
}

// LoadRow is what became of a line.
type LoadRow struct {
	Line    int    `json:"line"`
	ID      string `json:"id"`
	State   string `json:"state"` // added, changed, same, bound (another channel of a device above), refused
	Secret  string `json:"secret,omitempty"`
	Code    string `json:"code,omitempty"`
	Topic   string `json:"topic,omitempty"` // where it publishes
	Channel string `json:"channel,omitempty"`
	Meter   string `json:"meter,omitempty"`
	Fault   string `json:"fault,omitempty"`
	Says    string `json:"says,omitempty"`
}

// Loaded is what a list came to.
type Loaded struct {
	OK      bool      `json:"ok"`
	Added   int       `json:"added"`
	Changed int       `json:"changed"`
	Bound   int       `json:"bound"`
	Refused int       `json:"refused"`
	Rows    []LoadRow `json:"rows"`
}

// ListMax bounds a list of devices, in bytes.
const ListMax = 32 << 20

// ParseList reads a list: YAML or JSON, or a table whose header names the columns.
func ParseList(text string) ([]Row, error) {
	text = strings.TrimPrefix(text, "\ufeff")
	first, _, _ := strings.Cut(strings.TrimLeft(text, "\r\n"), "\n")
	if sep := separator(first); sep != 0 {
		return parseTable(text, sep)
	}
	var rows []Row
	in := yaml.NewDecoder(strings.NewReader(text))
	in.KnownFields(true)
	if err := in.Decode(&rows); err != nil {
		return nil, invalid("device.list", "Список приборов не разобран: %s.", err).Because(err)
	}
	for i := range rows {
		rows[i].line = i + 1
	}
	return rows, nil
}

// separator parts the columns of a header; 0 when the line is none.
func separator(header string) rune {
	for _, sep := range []rune{';', '\t', ','} {
		if cells := strings.Split(strings.TrimSpace(header), string(sep)); len(cells) > 1 && slices.Contains(cells, "id") {
			return sep
		}
	}
	return 0
}

func parseTable(text string, sep rune) (rows []Row, err error) {
	in := csv.NewReader(strings.NewReader(text))
	in.Comma, in.FieldsPerRecord, in.LazyQuotes = sep, -1, true
	all, err := in.ReadAll()
	if err != nil {
		return nil, invalid("device.list", "Список приборов не разобран: %s.", err).Because(err)
	}
	columns := fieldsOf(all[0])
	for i, name := range all[0] {
		if columns[i] < 0 {
			return nil, invalid("device.list", "Колонка %q неизвестна. Названия – в docs/formats/devices.md.", name)
		}
	}
	for i, cells := range all[1:] {
		row := Row{line: i + 2}
		for k, c := range cells {
			if k < len(columns) {
				reflect.ValueOf(&row).Elem().Field(columns[k]).SetString(strings.TrimSpace(c))
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// fieldsOf finds the fields of Row by the names of columns; -1 is none.
func fieldsOf(header []string) []int {
	at := map[string]int{}
	t := reflect.TypeFor[Row]()
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ",")
		if name != "" {
			at[name] = i
		}
	}
	columns := make([]int, len(header))
	for i, name := range header {
		field, known := at[strings.ToLower(strings.TrimSpace(name))]
		if !known {
			field = -1
		}
		columns[i] = field
	}
	return columns
}
