package reading

import (
	"bufio"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

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

// Entries reads a file whatever its layout: a spreadsheet, a DBF table, NDJSON or a JSON list, a bank's register of readings
// in blocks of seven, a text with names of columns in any order, or «ЛС;№ ПУ;тариф;показание;дата;источник» without them.
func (s Source) Entries(emit func(Entry) error) error {
	if len(s.Body) > FileMax {
		return invalid("reading.file_size", "Файл %s больше 64 МБ. Разделите его.", s.Name)
	}
	told := false
	err := s.read(func(e Entry) error { told = true; return emit(e) })
	if err == nil && !told && s.Name != "" {
		return invalid("reading.empty", "В файле %s нет ни одного показания. Проверьте названия колонок: лицевой счёт, счётчик, показание.", s.Name)
	}
	return err
}

func (s Source) read(emit func(Entry) error) error {
	if bytes.HasPrefix(s.Body, []byte("PK\x03\x04")) {
		return s.book(emit)
	}
	if isTable(s.Body) {
		return s.table(emit)
	}
	guess := charset.Detect(s.Body[:min(len(s.Body), 64<<10)], len(s.Body) <= 64<<10)
	text := strings.TrimPrefix(guess.Encoding.Text(s.Body[guess.Mark:]), "\ufeff")
	switch start := strings.TrimLeft(text, " \t\r\n"); {
	case strings.HasPrefix(start, "["):
		return s.list(start, emit)
	case strings.HasPrefix(start, "{"):
		return s.objects(text, emit)
	case strings.HasPrefix(start, "<"):
		return invalid("reading.xml", "Файл %s – XML. Опишите его раскладку профилем: kvit readings load --formats ПРОФИЛЬ.", s.Name)
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
	l := layout{source: s}
	separator, header := l.header(text)
	in := textRows(text, separator)
	for {
		cells, err := in.Read()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return s.unreadable(l.line+1, "кавычки не закрыты или колонки сбились")
		}
		l.line, _ = in.FieldPos(0)
		if l.line <= header && !strings.HasPrefix(cells[0], "#") {
			continue
		}
		for i := range cells {
			cells[i] = strings.TrimSpace(cells[i])
		}
		if err := l.row(cells, emit); err != nil {
			return err
		}
	}
}

func textRows(text string, separator rune) *csv.Reader {
	in := csv.NewReader(strings.NewReader(text))
	in.Comma, in.FieldsPerRecord, in.LazyQuotes = separator, -1, true
	return in
}

// header finds the row with the names of columns and gives what parts them and its line; 0 when the text has none.
func (l *layout) header(text string) (separator rune, line int) {
	for _, separator := range separators {
		in := textRows(text, separator)
		for range headerRows {
			cells, err := in.Read()
			if err != nil {
				break
			}
			if l.columns, l.begun = columnsOf(cells); l.begun {
				line, _ = in.FieldPos(0)
				return separator, line
			}
		}
	}
	return separatorOf(text), 0
}

// separators are the signs that part columns, the likeliest first.
var separators = []rune{';', '\t', '|', ','}

// separatorOf is the sign that parts the columns of the first line.
func separatorOf(text string) rune {
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		for _, c := range separators {
			if strings.ContainsRune(line, c) {
				return c
			}
		}
	}
	return ';'
}

// layout is how the rows of a file are read.
type layout struct {
	columns
	source Source
	line   int
	begun  bool
	bank   bool
	day    string // a bank's register says for which days it is
}

// Columns of a bank's register: those of the account, then blocks.
const (
	bankHead  = 5
	bankBlock = 7
)

// simpleColumns are the columns of a text without a header.
var simpleColumns = columns{at: map[string]int{"account": 0, "meter": 1, "zone": 2, "value": 3, "date": 4, "source": 5}}

func (l *layout) row(cells []string, emit func(Entry) error) error {
	if strings.HasPrefix(cells[0], "#") {
		if day, ok := strings.CutPrefix(cells[0], "#DATE_END"); ok {
			l.day = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(day), ":"))
		}
		l.bank = l.bank || strings.HasPrefix(cells[0], "#DATE_")
		return nil
	}
	if !slices.ContainsFunc(cells, func(c string) bool { return c != "" }) {
		return nil
	}
	if !l.begun {
		l.begun = true
		l.bank = l.bank || len(cells) >= bankHead+bankBlock-1
		l.columns = simpleColumns
	}
	if l.bank {
		return l.blocks(cells, emit)
	}
	return l.figures(cells, emit)
}

// figures gives what a row tells: the figure of its only column, or those of registers by the names of their columns.
func (l *layout) figures(cells []string, emit func(Entry) error) error {
	told := false
	for _, z := range l.zones {
		value := ""
		if z.at < len(cells) {
			value = cells[z.at]
		}
		if isBlank(value) {
			continue
		}
		e := l.simple(cells)
		e.Value, e.Zone, e.beside = Text(value), z.zone, true
		if err := emit(e); err != nil {
			return err
		}
		told = true
	}
	if told || isBlank(l.get(cells, "value")) {
		return nil // nobody read this meter
	}
	return emit(l.simple(cells))
}

// isBlank tells a cell in which there is no figure.
func isBlank(cell string) bool {
	switch strings.ToLower(cell) {
	case "", "-", "–", "—", "нет", "н/д", "x", "х":
		return true
	}
	return false
}

// get gives a cell by what it holds.
func (l *layout) get(cells []string, key string) string {
	if i, ok := l.at[key]; ok && i < len(cells) {
		return cells[i]
	}
	return ""
}

func (l *layout) simple(cells []string) Entry {
	return Entry{
		Supplier: l.get(cells, "supplier"), Account: l.get(cells, "account"), House: l.get(cells, "house"), Meter: l.get(cells, "meter"), Service: serviceOf(l.get(cells, "service"), l.get(cells, "kind")),
		Control: isYes(l.get(cells, "control")), Zone: l.get(cells, "zone"), Value: Text(l.get(cells, "value")), Date: l.get(cells, "date"), Period: l.get(cells, "period"),
		Source: l.get(cells, "source"), Confirm: l.get(cells, "confirm"), File: l.source.Name, Line: l.line,
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
