package register

import (
	"regexp"
	"strconv"
	"strings"
)

var (
	// totalLine is a line of words and one sum: «Итого;1 234,50», «Сумма принятых платежей: 1500.00 RUB».
	totalLine = regexp.MustCompile(`(?i)^("?(?:итог|всего|сумма|total|sum)[^0-9-]*)-?[0-9][0-9 \x{a0}]*([.,][0-9]{1,2})?[^0-9]*$`)
	tailWords = regexp.MustCompile(`^[A-Za-zА-Яа-яЁё][A-Za-zА-Яа-яЁё .]*`)
)

// heads looks for a total among the lines above the data.
func (g *guess) heads(list []string) {
	for _, line := range list[:min(len(list), g.p.HeaderRows)] {
		if m := totalLine.FindStringSubmatch(line); m != nil && g.p.ControlTotal == nil {
			g.p.ControlTotal = &ControlTotal{Prefix: m[1]}
		}
	}
}

// trailer looks at the end of the file for lines of totals.
func (g *guess) trailer(usual int) {
	list := lines(g.tail(4096))
	for i := len(list) - 1; i >= 0 && i >= len(list)-5; i-- {
		line := strings.TrimSpace(strings.TrimRight(list[i], "\x1a"))
		first, _, _ := strings.Cut(line, g.p.Delimiter)
		switch {
		case line == "" || g.p.CommentPrefix != "" && strings.HasPrefix(line, g.p.CommentPrefix):
		case strings.HasPrefix(line, "="):
			g.marked("=", line)
			return
		case totalWord(first):
			g.totalRow(strings.TrimSpace(first))
		case len(splitLine(line, g.p.Delimiter, g.p.Quote)) != usual:
			g.strange(line, first)
		}
	}
}

// marked takes a trailer that begins with its own mark: the sum is the first field behind the mark with kopecks.
func (g *guess) marked(prefix, line string) {
	g.p.TrailerPrefix = prefix
	g.e.add("trailer_prefix", prefix, "последняя строка с итогами")
	for i, field := range strings.Split(line[len(prefix):], g.p.Delimiter) {
		if at := i; decimalShape.MatchString(strings.TrimSpace(field)) {
			g.p.ControlTotal = &ControlTotal{Field: &at}
			return
		}
	}
}

// totalRow takes a row of totals with their caption in the first field.
func (g *guess) totalRow(label string) {
	g.p.TotalLabel = label
	sum := g.p.Columns["due"]
	if len(sum) == 0 {
		sum = g.p.Columns["amount"]
	}
	if len(sum) == 1 && sum[0].Index >= 0 {
		g.p.ControlTotal = &ControlTotal{Column: strconv.Itoa(sum[0].Index)}
	}
}

// strange takes a last line of another shape than the data: a total in words, a typed line such as T|40|1234.50,
// or a remark.
func (g *guess) strange(line, first string) {
	words := tailWords.FindString(line)
	switch m := totalLine.FindStringSubmatch(line); {
	case m != nil && g.p.ControlTotal == nil:
		g.p.ControlTotal = &ControlTotal{Prefix: m[1]}
		g.e.add("control_total", m[1], "итог словами в конце файла")
	case first != line && first != "" && len(first) <= 3 && g.p.TrailerPrefix == "" && words == first:
		g.marked(first+g.p.Delimiter, line)
	case len(words) > 3 && g.p.CommentPrefix == "":
		g.p.CommentPrefix = strings.TrimSpace(words)
		g.e.add("comment_prefix", g.p.CommentPrefix, "строка со словами, не с данными")
	}
}
