package register

import (
	"regexp"
	"slices"
	"strings"
)

// personWords are captions of the parts of a payer's name, in the order they are written.
var personWords = []*regexp.Regexp{
	regexp.MustCompile(`^(фамилия|fam(il.*)?|surname|last.?name)(_.*)?$`),
	regexp.MustCompile(`^(имя|im(ya|ja)?|first.?name)(_.*)?$`),
	regexp.MustCompile(`^(отчество|ot(ch.*)?|patronymic|middle.?name)(_.*)?$`),
}

var (
	yearWord  = regexp.MustCompile(`^(год|god|year)$`)
	monthWord = regexp.MustCompile(`^(мес.*|mes.*|month|период|period)$`)
	yearShape = regexp.MustCompile(`^20[0-9]{2}$`)
	monShape  = regexp.MustCompile(`^(0?[1-9]|1[0-2])$`)
)

// byParts gives roles to columns that tell one thing together: the parts of a name, a month and its year.
func (g *guess) byParts() {
	var names []*column
	for _, words := range personWords {
		if c := g.captionedBy(words); c != nil && c.facts.letters > .5 {
			names = append(names, c)
		}
	}
	if len(names) > 1 {
		g.together("fio", "части имени в отдельных колонках", names)
	}
	month, year := g.captionedBy(monthWord), g.captionedBy(yearWord)
	if month != nil && year != nil && month.all(monShape) && year.all(yearShape) {
		g.together("period", "месяц и год в отдельных колонках", []*column{month, year})
	}
}

func (g *guess) captionedBy(words *regexp.Regexp) *column {
	for _, c := range g.columns {
		if c.role == "" && words.MatchString(caption(c.name)) {
			return c
		}
	}
	return nil
}

func (c *column) all(shape *regexp.Regexp) bool {
	return c.facts.filled > 0 && !slices.ContainsFunc(c.values, func(v sampleValue) bool { return v.text != "" && !shape.MatchString(v.text) })
}

func (g *guess) together(role, why string, list []*column) {
	for _, c := range list {
		c.role = role
		g.e.add(role, c.label(), why)
	}
}

// numbered adds up columns of sums that differ by a number only: SUM1, SUM2.
func (g *guess) numbered() {
	byBase := map[string][]*column{}
	for _, c := range g.columns {
		base := strings.TrimRight(caption(c.name), "0123456789")
		if c.role == "" && base != "" && base != caption(c.name) && (c.facts.filled == 0 || c.facts.money > .8) {
			byBase[base] = append(byBase[base], c)
		}
	}
	for _, v := range vocabulary {
		if !roleNames[v.role].money() || g.has(v.role) {
			continue
		}
		for base, list := range byBase {
			if len(list) > 1 && (v.words.MatchString(base) || v.words.MatchString(lastStep(base))) {
				g.together(v.role, "одинаковые колонки с номерами складываются", list)
				break
			}
		}
	}
}

// paymentSigns are the roles only registers of payments have.
var paymentSigns = []string{"date", "time", "ts", "operation", "net", "commission"}

var (
	debtWord = regexp.MustCompile(`^(долг|задолженность|debt)$`)
	idWord   = regexp.MustCompile(`^(id|uuid|guid|номер|№|no|num|number)$`)
)

// settleWords decides words with two meanings by what else the file has: a sum without a sign of payment is what
// is owed, a debt without a balance too; what numbers payments one by one is their operation.
func (g *guess) settleWords() {
	switch payment := slices.ContainsFunc(paymentSigns, g.has); {
	case g.has("amount") && !payment && !g.has("due"):
		g.rename("amount", "due", "сумма без даты и номера операции — к оплате")
	case g.has("amount") && !g.has("operation") && !g.statement:
		g.numberOfPayments()
	case g.has("opening") && !g.has("due") && !g.has("charge") || g.debtOnly():
		g.rename("opening", "due", "других остатков нет — это к оплате")
	}
}

// debtOnly tells whether the one balance of the file is called a debt: that is what is owed, not what was.
func (g *guess) debtOnly() bool {
	return !g.has("due") && slices.ContainsFunc(g.columns, func(c *column) bool { return c.role == "opening" && debtWord.MatchString(caption(c.name)) })
}

func (g *guess) rename(from, to, why string) {
	for _, c := range g.columns {
		if c.role == from {
			c.role = to
			g.e.add(to, c.label(), why)
		}
	}
}

func (g *guess) numberOfPayments() {
	for _, c := range g.columns {
		if c.role == "" && c.facts.distinct == 1 && c.facts.filled > 1 && idWord.MatchString(caption(lastStep(c.name))) {
			c.role = "operation"
			g.e.add("operation", c.label(), "номер есть у каждого платежа и не повторяется")
			return
		}
	}
}
