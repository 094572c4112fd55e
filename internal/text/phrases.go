package text

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// Phrases says a sentence of one language in another. It knows formats, and understands a sentence made with one of
// them: its values are taken out and put into the other format. A value that is a phrase itself, as the reason inside
// an error is, is said in the other language too; one in quotes is somebody's data and stays.
type Phrases struct {
	exact    map[string]string
	patterns []pattern
	index    wordIndex
}

// pattern is a format with values.
type pattern struct {
	match   func() *regexp.Regexp // made when it is first tried: most formats never are
	expr    string
	values  []value
	said    string
	fixed   int    // letters that are no values: the more, the surer
	letters string // the format with a sign for each value, for the index
}

// value is what a verb of a format stands for.
type value struct {
	arg    int // number of the argument, from one
	quoted bool
}

// NewPhrases reads a table: a format of one language to a format of the other.
func NewPhrases(table map[string]string) *Phrases {
	p := &Phrases{exact: map[string]string{}}
	for from, to := range table {
		if !strings.Contains(from, "%") {
			p.exact[plainSpaces(from)] = to
			continue
		}
		p.patterns = append(p.patterns, newPattern(from, to))
	}
	slices.SortFunc(p.patterns, func(a, b pattern) int {
		if a.fixed != b.fixed {
			return b.fixed - a.fixed
		}
		return strings.Compare(a.expr, b.expr)
	})
	p.index = newWordIndex(p.patterns)
	return p
}

// verb is a verb of fmt with its flags, and the number of its argument.
var verb = regexp.MustCompile(`%(?:\[(\d+)\])?[-+# 0]*[0-9]*(?:\.[0-9]+)?([a-zA-Z%])`)

func newPattern(from, to string) pattern {
	p := pattern{said: to}
	var b, letters strings.Builder
	b.WriteString(`(?s)^`)
	end, next := 0, 1
	for _, m := range verb.FindAllStringSubmatchIndex(from, -1) {
		before := from[end:m[0]]
		b.WriteString(anySpace(before))
		letters.WriteString(before + "%")
		p.fixed += len(before)
		end = m[1]
		letter := from[m[4]:m[5]]
		if letter == "%" {
			b.WriteString("%")
			continue
		}
		if m[2] >= 0 {
			next, _ = strconv.Atoi(from[m[2]:m[3]])
		}
		b.WriteString(valuesOf(letter))
		p.values = append(p.values, value{next, letter == "q" || strings.HasSuffix(before, "«")})
		next++
	}
	b.WriteString(anySpace(from[end:]) + `$`)
	p.letters = letters.String() + from[end:]
	p.fixed += len(from) - end
	expr := b.String()
	p.expr, p.match = expr, sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(expr) })
	return p
}

// plainSpaces makes spaces that do not break usual ones, anySpace an expression that takes either.
func plainSpaces(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

func anySpace(s string) string {
	return strings.ReplaceAll(regexp.QuoteMeta(plainSpaces(s)), " ", `[ \x{a0}]`)
}

// valuesOf is what the values of a verb look like.
func valuesOf(letter string) string {
	switch letter {
	case "d":
		return ` *(-?\d+)`
	case "q":
		return `("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')`
	}
	return `(.*?)`
}

// Say says a sentence in the other language; false when it is not known.
func (p *Phrases) Say(sentence string) (string, bool) {
	if said, ok := p.exact[plainSpaces(sentence)]; ok {
		return said, true
	}
	for _, i := range p.index.candidates(sentence) {
		if found := p.patterns[i].match().FindStringSubmatch(sentence); found != nil {
			return p.fill(&p.patterns[i], found[1:]), true
		}
	}
	return "", false
}

func (p *Phrases) fill(by *pattern, found []string) string {
	args := map[int]string{}
	for i, v := range by.values {
		args[v.arg] = found[i]
		if said, ok := p.Say(found[i]); ok && !v.quoted {
			args[v.arg] = said
		}
	}
	return fill(by.said, args)
}

// fill puts values into the verbs of a format, and chooses its forms.
func fill(format string, args map[int]string) string {
	next := 1
	return verb.ReplaceAllStringFunc(chooseForms(format, func(i int) string { return args[i] }), func(s string) string {
		m := verb.FindStringSubmatch(s)
		if m[2] == "%" {
			return "%"
		}
		if m[1] != "" {
			next, _ = strconv.Atoi(m[1])
		}
		next++
		return args[next-1]
	})
}

// form is a word that goes by a number: {2|file|files} is "file" when the second value is 1.
var form = regexp.MustCompile(`\{(\d+)\|([^|}]*)\|([^|}]*)\}`)

func chooseForms(format string, arg func(i int) string) string {
	return form.ReplaceAllStringFunc(format, func(s string) string {
		m := form.FindStringSubmatch(s)
		i, _ := strconv.Atoi(m[1])
		if arg(i) == "1" {
			return m[2]
		}
		return m[3]
	})
}
