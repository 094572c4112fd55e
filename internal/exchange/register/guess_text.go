package register

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// text proposes a profile of delimited text.
func (g *guess) text(sample string, whole bool) error {
	g.p.Kind = KindCSV
	list := lines(sample)
	if !whole && len(list) > 1 {
		list = list[:len(list)-1]
	}
	body := g.comments(list)
	g.p.Delimiter = delimiterOf(body)
	g.e.add("delimiter", strconv.Quote(g.p.Delimiter), "с ним в строках одинаковое число полей")
	if quoted(body, g.p.Delimiter) {
		g.p.Quote = `"`
		g.e.add("quote", g.p.Quote, "поля в кавычках")
	}
	rows := make([][]string, len(body))
	for i, line := range body {
		rows[i] = splitLine(line, g.p.Delimiter, g.p.Quote)
	}
	g.header(list, rows)
	g.heads(list)
	g.monthOfFile(list[:min(len(list), g.p.HeaderRows)])
	g.trailer(usualWidth(rows))
	return nil
}

// comments finds the sign comment lines begin with and, among them, a total; the other lines are the body.
func (g *guess) comments(list []string) []string {
	var body []string
	for _, line := range list {
		line = strings.TrimRight(line, "\x1a")
		switch {
		case strings.TrimSpace(line) == "":
			body = append(body, "")
		case strings.HasPrefix(line, "#"):
			g.p.CommentPrefix = "#"
			g.commentTotal(line)
		default:
			body = append(body, line)
		}
	}
	return body
}

var totalComment = regexp.MustCompile(`^(#[A-Za-zА-Яа-яЁё_ ]*(?:SUM|СУММ|TOTAL|ИТОГ)[A-Za-zА-Яа-яЁё_]*[ :=]+)-?[0-9]`)

func (g *guess) commentTotal(line string) {
	if m := totalComment.FindStringSubmatch(strings.ToUpper(line)); m != nil && g.p.ControlTotal == nil {
		g.p.ControlTotal = &ControlTotal{Prefix: line[:len(m[1])]}
	}
}

// delimiterOf is the sign that gives most lines the same number of fields, more than one; with several such
// signs the one that gives more numbers and fewer odd lines wins.
func delimiterOf(body []string) string {
	best, top := ";", 0.0
	for _, d := range []string{";", "\t", "|", "^", "~", "#", ",", ":", " "} {
		counts := map[int]int{}
		lines, most := 0, 0
		for _, line := range body[:min(len(body), 200)] {
			if line == "" {
				continue
			}
			lines++
			counts[len(splitLine(line, d, `"`))]++
		}
		for n, c := range counts {
			if n > 1 && (c > counts[most] || most == 0) {
				most = n
			}
		}
		if lines == 0 || most == 0 {
			continue
		}
		score := float64(counts[most]) / float64(lines)
		if d == "," || d == ":" || d == " " {
			score *= .8 // these stand inside values too
		}
		if score > top+.001 {
			best, top = d, score
		}
	}
	return best
}

func splitLine(line, delimiter, quote string) []string {
	if quote == "" || !strings.Contains(line, quote) {
		return strings.Split(line, delimiter)
	}
	var fields []string
	for {
		if !strings.HasPrefix(line, quote) {
			field, rest, more := strings.Cut(line, delimiter)
			fields = append(fields, field)
			if !more {
				return fields
			}
			line = rest
			continue
		}
		end := strings.Index(line[1:], quote+delimiter)
		if end < 0 {
			return append(fields, strings.ReplaceAll(strings.Trim(line, quote), quote+quote, quote))
		}
		fields = append(fields, strings.ReplaceAll(line[1:1+end], quote+quote, quote))
		line = line[1+end+len(quote)+len(delimiter):]
	}
}

// quoted tells whether fields stand in quotes: opened at the beginning of a field and closed at its end.
func quoted(body []string, delimiter string) bool {
	for _, line := range body {
		if strings.HasPrefix(line, `"`) && strings.Contains(line[1:], `"`+delimiter) || strings.Contains(line, delimiter+`"`) && (strings.Contains(line, `"`+delimiter) || strings.HasSuffix(line, `"`)) {
			return true
		}
	}
	return false
}

// header finds the line of captions among the first lines that have as many fields as most, and files the
// values of the lines below.
func (g *guess) header(list []string, rows [][]string) {
	usual := usualWidth(rows)
	at := -1
	for i, r := range rows[:min(len(rows), 30)] {
		if len(r) == usual && captions(r) {
			at = i
			break
		}
		if len(r) == usual && !padded(r) {
			break
		}
	}
	var names []string
	if at >= 0 {
		names = rows[at]
		g.p.HeaderRows = slices.Index(list, strings.Join(names, g.p.Delimiter)) + 1
		if g.p.HeaderRows == 0 {
			g.p.HeaderRows = at + 1
		}
		g.e.add("header_rows", strconv.Itoa(g.p.HeaderRows), "строка с названиями колонок")
	} else if first := firstData(rows, usual); first > 0 && g.p.CommentPrefix == "" {
		g.p.HeaderRows = first
	}
	for i := range usual {
		c := &column{place: Place{Index: i}}
		if i < len(names) {
			c.name = strings.TrimSpace(names[i])
		}
		g.columns = append(g.columns, c)
	}
	for _, r := range rows[max(0, at+1):] {
		if len(r) != usual || strings.HasPrefix(r[0], "=") || len(g.columns[0].values) >= sampleRows {
			continue
		}
		for i, v := range r {
			g.columns[i].values = append(g.columns[i].values, sampleValue{text: strings.TrimSpace(v)})
		}
	}
	g.conclude()
	if at < 0 && (g.has("date") || g.has("time")) && !g.has("amount") {
		g.asPayments()
	}
}

// padded tells whether a line is a title filled up with delimiters.
func padded(fields []string) bool {
	return len(fields) > 2 && strings.TrimSpace(strings.Join(fields[1:], "")) == ""
}

func usualWidth(rows [][]string) int {
	counts := map[int]int{}
	best := 1
	for _, r := range rows {
		if counts[len(r)]++; len(r) > 1 && (counts[len(r)] > counts[best] || best == 1) {
			best = len(r)
		}
	}
	return best
}

// captions tells whether a line holds names rather than values: a word of the vocabulary and no sum.
func captions(fields []string) bool {
	known := 0
	for _, f := range fields {
		if decimalShape.MatchString(f) || wholeShape.MatchString(f) && len(f) > 4 {
			return false
		}
		if knownWord(f) {
			known++
		}
	}
	return known >= 2 || known == 1 && len(fields) <= 3
}

// firstData is the index of the first line with the usual number of fields.
func firstData(rows [][]string, usual int) int {
	for i, r := range rows {
		if len(r) == usual && strings.Join(r, "") != "" {
			return i
		}
	}
	return 0
}
