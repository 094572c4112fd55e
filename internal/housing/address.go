package housing

import (
	"regexp"
	"strings"
)

// Parsed is an address taken apart; words that are no house number are left to the register to understand.
type Parsed struct {
	Segments [][]string // words of each part between commas, types kept
	Paren    []string   // words that stood in parentheses
	Postcode string
	Num      string
	Letter   string
	Korp     string
	Slash    string // what stood after the slash of the number: a part of it, or a building
	Flats    []string
	Room     string
}

var (
	rePost  = regexp.MustCompile(`^\s*(\d{6})\b`)
	reParen = regexp.MustCompile(`\(([^)]*)\)`)
	reEntr  = regexp.MustCompile(`(^|[\s,.])(подъезд|под|п|эт|этаж)[\s.]*\d+(?:[\s,.]|$)`)
	reRoom  = regexp.MustCompile(`(^|[\s,.\d])(комната|комн|ком)[\s.]*([0-9а-я]+)`)
	reFlat  = regexp.MustCompile(`(^|[\s,.])(квартира|кв|помещение|пом|оф)[\s.]*(\d+[а-я]?(?:[/,\-]\s*\d+[а-я]?)*)`)
	reKorp  = regexp.MustCompile(`(^|[\s,.\d])(корпус|корп|кор|к|строение|стр|литер|лит)[\s.]*(\d+[а-я]?|[а-я])(?:[\s,.\-]|$)`)
	reHouse = regexp.MustCompile(`(^|[\s,.])(дом|д|влд|владение|зд|уч)[\s.]*(\d+)([а-я]?|\s[а-и])(?:/(\d+)([а-я]?))?(?:/(\d+))?(?:к(\d+))?(?:\s*[,.(]|\s+[а-я]|\s*$)`)
	reBare  = regexp.MustCompile(`(^|[\s,])(\d+)([а-я]?)(?:/(\d+)([а-я]?))?(?:/(\d+))?(?:\s?(?:к|корп)\.?\s?(\d+))?(?:-(\d+[а-я]?(?:[/,\-]\d+)*)|\s*,\s*(\d+[а-я]?(?:[/\-]\d+)*))?\s*$`)
)

// ParseText reads an address written as one text.
func ParseText(text string) Parsed {
	s := Fold(text)
	var p Parsed
	if m := rePost.FindStringSubmatch(s); m != nil {
		p.Postcode = m[1]
		s = s[len(m[0]):]
	}
	for _, m := range reParen.FindAllStringSubmatch(s, -1) {
		p.Paren = append(p.Paren, Words(m[1])...)
	}
	s = reParen.ReplaceAllString(s, " ")
	s = cut(s, reRoom, func(m []string) { p.Room = m[3] })
	s = cut(s, reFlat, func(m []string) { p.setFlats(m[3]) })
	s = cut(s, reEntr, func([]string) {})
	if m := reHouse.FindStringSubmatchIndex(s); m != nil {
		g := reHouse.FindStringSubmatch(s)
		p.Num, p.Letter, p.Slash, p.Korp = g[3], strings.TrimSpace(g[4]+g[6]), g[5], g[7]+g[8]
		rest := s[m[6]:]
		if k := reKorp.FindStringSubmatch(rest); k != nil {
			p.Korp = k[3]
		}
		s = s[:m[4]]
	} else {
		s = p.bareHouse(s)
	}
	for _, seg := range strings.Split(s, ",") {
		if w := Words(seg); len(w) > 0 {
			p.Segments = append(p.Segments, w)
		}
	}
	return p
}

// bareHouse finds a house number no word announces: the last number of the text.
func (p *Parsed) bareHouse(s string) string {
	s = strings.TrimRight(s, " ,.")
	g := reBare.FindStringSubmatch(s)
	if g == nil || g[7] == "" && g[8] == "" && g[9] == "" {
		s = strings.TrimRight(cut(s, reKorp, func(m []string) { p.Korp = m[3] }), " ,.")
		g = reBare.FindStringSubmatch(s)
	}
	if g != nil {
		p.Num, p.Letter, p.Slash = g[2], g[3]+g[5], g[4]
		if k := g[6] + g[7]; k != "" {
			p.Korp = k
		}
		if f := g[8] + g[9]; f != "" && len(p.Flats) == 0 {
			p.setFlats(f)
		}
		return s[:reBare.FindStringSubmatchIndex(s)[4]]
	}
	return s
}

func cut(s string, re *regexp.Regexp, take func([]string)) string {
	m := re.FindStringSubmatchIndex(s)
	if m == nil {
		return s
	}
	g := re.FindStringSubmatch(s)
	take(g)
	// group 1 is what stood before: it may be the digit of a house number and stays
	keep := s[:m[3]]
	return keep + " " + s[m[1]:]
}

func (p *Parsed) setFlats(s string) {
	p.Flats = nil
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return r == '/' || r == ',' || r == '-' || r == ' ' }) {
		p.Flats = append(p.Flats, strings.TrimLeft(f, "0"))
	}
}

// Words parts folded text into words, without points and brackets.
func Words(s string) []string {
	s = strings.ReplaceAll(s, ".", ". ")
	var out []string
	for _, w := range strings.Fields(s) {
		w = strings.Trim(w, ".,()")
		if w != "" && w != "-" {
			out = append(out, w)
		}
	}
	return out
}
