package reading

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"kvit/internal/exchange/charset"
	"kvit/internal/fault"
)

// FileMax bounds a file of readings, in bytes.
const FileMax = 64 << 20

// Source is a file or a body of readings.
type Source struct {
	Name string
	Body []byte
}

// Entries reads a file whatever its layout: a spreadsheet, NDJSON or a JSON list, a bank's register of readings in blocks
// of seven, or «ЛС;№ ПУ;тариф;показание;дата;источник».
func (s Source) Entries(emit func(Entry) error) error {
	if len(s.Body) > FileMax {
		return invalid("reading.file_size", "Файл %s больше 64 МБ. Разделите его.", s.Name)
	}
	if bytes.HasPrefix(s.Body, []byte("PK\x03\x04")) {
		return s.book(emit)
	}
	guess := charset.Detect(s.Body[:min(len(s.Body), 64<<10)], len(s.Body) <= 64<<10)
	text := strings.TrimPrefix(guess.Encoding.Text(s.Body[guess.Mark:]), "\ufeff")
	switch start := strings.TrimLeft(text, " \t\r\n"); {
	case strings.HasPrefix(start, "["):
		return s.list(start, emit)
	case strings.HasPrefix(start, "{"):
		return s.objects(text, emit)
	}
	return s.rows(text, emit)
}

func (s Source) unreadable(line int, says string) error {
	return fault.Newf(fault.Invalid, "reading.file", "Файл %s не разобран: строка %d, %s.", s.Name, line, says)
}

// list reads a JSON list.
func (s Source) list(text string, emit func(Entry) error) error {
	var all []json.RawMessage
	if err := json.Unmarshal([]byte(text), &all); err != nil {
		return s.unreadable(1, "это не список JSON")
	}
	for i, raw := range all {
		if err := emit(s.entry(raw, i+1)); err != nil {
			return err
		}
	}
	return nil
}

// objects reads one JSON object a line; a line that is none gets its verdict, and the next is read.
func (s Source) objects(text string, emit func(Entry) error) error {
	in := bufio.NewScanner(strings.NewReader(text))
	in.Buffer(nil, 1<<20)
	for no := 1; in.Scan(); no++ {
		if len(bytes.TrimSpace(in.Bytes())) == 0 {
			continue
		}
		if err := emit(s.entry(in.Bytes(), no)); err != nil {
			return err
		}
	}
	if in.Err() != nil {
		return s.unreadable(0, "строка длиннее 1 МБ")
	}
	return nil
}

func (s Source) entry(raw []byte, line int) Entry {
	var e Entry
	if err := json.Unmarshal(raw, &e); err != nil {
		e = Entry{err: invalid("reading.json", "Строка %d – не объект JSON показания.", line).Because(err)}
	}
	e.File, e.Line = s.Name, line
	return e
}

// rows reads text parted by semicolons, tabs or commas.
func (s Source) rows(text string, emit func(Entry) error) error {
	in := csv.NewReader(strings.NewReader(text))
	in.Comma, in.FieldsPerRecord, in.LazyQuotes = separatorOf(text), -1, true
	l := layout{source: s}
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return s.unreadable(l.line+1, "кавычки не закрыты или колонки сбились")
		}
		l.line, _ = in.FieldPos(0)
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if err := l.row(cells, emit); err != nil {
			return err
		}
	}
}

func separatorOf(text string) rune {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		for _, c := range []rune{';', '\t', ','} {
			if strings.ContainsRune(line, c) {
				return c
			}
		}
	}
	return ';'
}

// layout is how the rows of a text are read.
type layout struct {
	source Source
	line   int
	begun  bool
	bank   bool
	day    string         // a bank's register says for which days it is
	column map[string]int // by the names of its header
}

// Columns of a bank's register: those of the account, then blocks.
const (
	bankHead  = 5
	bankBlock = 7
)

// simpleColumns are the columns of a text without a header.
var simpleColumns = map[string]int{"account": 0, "meter": 1, "zone": 2, "value": 3, "date": 4, "source": 5}

func (l *layout) row(cells []string, emit func(Entry) error) error {
	if strings.HasPrefix(cells[0], "#") {
		if day, ok := strings.CutPrefix(cells[0], "#DATE_END"); ok {
			l.day = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(day), ":"))
		}
		l.bank = l.bank || strings.HasPrefix(cells[0], "#DATE_")
		return nil
	}
	if len(cells) == 1 && cells[0] == "" {
		return nil
	}
	if !l.begun {
		l.begun = true
		if l.column = columnsOf(cells); l.column != nil {
			return nil
		}
		l.bank = l.bank || len(cells) >= bankHead+bankBlock-1
		l.column = simpleColumns
	}
	if l.bank {
		return l.blocks(cells, emit)
	}
	return emit(l.simple(cells))
}

// columnNames are the names of columns, folded, by what they hold. Longer ones are looked for first.
var columnNames = []struct{ part, key string }{
	{"лицевойсчет", "account"}, {"лс", "account"}, {"account", "account"}, {"номерсчетчика", "meter"}, {"номерприбора", "meter"}, {"№пу", "meter"}, {"№счетчика", "meter"}, {"meter", "meter"},
	{"поставщик", "supplier"}, {"supplier", "supplier"}, {"типсчетчика", "kind"}, {"услуга", "service"}, {"service", "service"}, {"количествотарифов", "tariffs"},
	{"датапередачи", "date"}, {"датапоказан", "date"}, {"тариф", "zone"}, {"зона", "zone"}, {"zone", "zone"}, {"показание", "value"}, {"value", "value"},
	{"контрольн", "control"}, {"control", "control"}, {"источник", "source"}, {"source", "source"}, {"confirm", "confirm"},
}

// columnsOf reads a header; nil when the row is none.
func columnsOf(cells []string) map[string]int {
	found := map[string]int{}
	for i, c := range cells {
		if key := columnKey(foldColumn(c)); key != "" {
			if _, again := found[key]; !again {
				found[key] = i
			}
		}
	}
	if _, ok := found["account"]; !ok || len(found) < 3 {
		return nil
	}
	return found
}

func columnKey(name string) string {
	if name == "дата" || name == "date" {
		return "date"
	}
	if rest, ok := strings.CutPrefix(name, "показание"); ok && utf8.RuneCountInString(rest) == 1 {
		return "value" + rest
	}
	for _, x := range columnNames {
		if name == x.part || utf8.RuneCountInString(x.part) > 2 && strings.HasPrefix(name, x.part) {
			return x.key
		}
	}
	return ""
}

// at gives a cell by what it holds.
func (l *layout) at(cells []string, key string) string {
	if i, ok := l.column[key]; ok && i < len(cells) {
		return cells[i]
	}
	return ""
}

func (l *layout) simple(cells []string) Entry {
	return Entry{
		Supplier: l.at(cells, "supplier"), Account: l.at(cells, "account"), Meter: l.at(cells, "meter"), Service: serviceOf(l.at(cells, "service"), l.at(cells, "kind")),
		Control: isYes(l.at(cells, "control")), Zone: l.at(cells, "zone"), Value: Text(l.at(cells, "value")), Date: l.at(cells, "date"), Source: l.at(cells, "source"), Confirm: l.at(cells, "confirm"),
		File: l.source.Name, Line: l.line,
	}
}

// isYes reads a cell of yes and no.
func isYes(cell string) bool {
	switch strings.ToLower(cell) {
	case "1", "да", "true", "yes", "x", "х", "+", "контрольное":
		return true
	}
	return false
}

// bankKinds are the kinds of a bank's blocks: services and registers by name.
var bankKinds = map[string]struct{ service, zone string }{
	"1": {"gas", ""}, "2": {"electricity", ""}, "3": {"electricity", "day"}, "4": {"electricity", "night"}, "5": {"electricity", "peak"}, "6": {"electricity", "half_peak"},
	"7": {"electricity", "night"}, "8": {"hot_water", ""}, "9": {"cold_water", ""}, "10": {"heating", ""}, "11": {"sewage", ""}, "12": {"irrigation", ""}, "13": {"waste", ""},
}

// blocks reads the meters of an account: kind; number; name; next verification; figure; its day; extra.
func (l *layout) blocks(cells []string, emit func(Entry) error) error {
	for i := bankHead; i+4 < len(cells); i += bankBlock {
		block := cells[i:]
		if block[4] == "" || block[0] == "" && block[1] == "" {
			continue
		}
		kind := bankKinds[strings.TrimLeft(block[0], "0")]
		e := Entry{Account: cells[0], Meter: block[1], Service: kind.service, Zone: kind.zone, Value: Text(block[4]), Date: l.day, File: l.source.Name, Line: l.line}
		if len(block) > 5 && block[5] != "" && block[5] != "[]" {
			e.Date = block[5]
		}
		if err := emit(e); err != nil {
			return err
		}
	}
	return nil
}

// kindWords are services as spreadsheets name kinds of meters.
var kindWords = map[string]string{"ГВС": "hot_water", "ХВС": "cold_water", "ЭЛ": "electricity", "ЭЭ": "electricity", "ТЕПЛО": "heating", "ГАЗ": "gas"}

func serviceOf(code, kind string) string {
	if code != "" {
		return code
	}
	return kindWords[strings.ToUpper(kind)]
}
