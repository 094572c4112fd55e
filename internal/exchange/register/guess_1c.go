package register

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
)

var (
	sectionStart = regexp.MustCompile(`(?m)^\s*((?:Секция|Начало|Section|Begin|Start)[^\s=]*)\s*(=.*)?\r?$`)
	sectionPair  = map[string]string{"Секция": "Конец", "Начало": "Конец", "Section": "End", "Begin": "End", "Start": "End"}
)

func looks1C(text string) bool {
	return sectionStart.MatchString(text) && (strings.Contains(text, "Конец") || strings.Contains(text, "End"))
}

// oneC finds the keys of documents and what stands in them.
func (g *guess) oneC(text string) error {
	g.p.Kind = Kind1C
	g.e.add("kind", Kind1C, "разделы «ключ=значение»")
	counts := map[string]int{}
	for _, m := range sectionStart.FindAllStringSubmatch(text, -1) {
		if counts[m[1]]++; counts[m[1]] > counts[g.p.DocStart] {
			g.p.DocStart = m[1]
		}
	}
	for prefix, end := range sectionPair {
		if name, ok := strings.CutPrefix(g.p.DocStart, prefix); ok {
			for _, line := range lines(text) {
				if line = strings.TrimSpace(line); strings.HasPrefix(line, end+name) && len(line) <= len(end+name)+2 {
					g.p.DocEnd = line
				}
			}
		}
	}
	byKey := map[string]*column{}
	row, open := 0, false
	for _, line := range lines(text) {
		key, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch {
		case key == g.p.DocStart:
			row, open = row+1, true
			if strings.Contains(strings.ToLower(value), "сторно") {
				g.p.Storno = value
			}
		case key == g.p.DocEnd:
			open = false
		case open && key != "":
			c := byKey[key]
			if c == nil {
				c = &column{place: Place{Name: key, Index: -1}, name: words1C(key)}
				byKey[key] = c
				g.columns = append(g.columns, c)
			}
			c.add(row, value)
		}
	}
	for _, c := range g.columns {
		for len(c.values) < min(row, sampleRows) {
			c.values = append(c.values, sampleValue{})
		}
	}
	g.documentRoles()
	g.conclude()
	if head, _, found := strings.Cut(text, g.p.DocStart); found && !g.statement {
		g.monthOfFile(lines(head))
	}
	return nil
}

// documentRoles gives the roles only documents have.
func (g *guess) documentRoles() {
	roles := map[string]string{"номер": "doc_no", "основание": "doc_ref", "услуга": "service", "сумма": "amount", "назначение платежа": "purpose", "дата поступило": "date"}
	g.statement = slices.ContainsFunc(g.columns, func(c *column) bool { return fold(c.name) == "назначение платежа" })
	for _, c := range g.columns {
		c.role = roles[fold(c.name)]
		if g.statement && c.role == "doc_no" {
			c.role = "number"
		}
		if !g.statement && c.role == "amount" {
			c.role = ""
		}
	}
}

// words1C parts the words of a key written in one: ЛицевойСчет, СальдоНачальное.
func words1C(key string) string {
	var b strings.Builder
	small := false
	for _, r := range key {
		if small && unicode.IsUpper(r) {
			b.WriteByte(' ')
		}
		small = unicode.IsLower(r)
		b.WriteRune(r)
	}
	return b.String()
}
