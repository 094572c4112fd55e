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
	Several  bool // the flats were listed: «кв. 5, 7» is no room 7 of flat 5
	Room     string
}

// flatList is a number of a flat, or several of them.
const flatList = `\d+[а-я]?(?:(?:\s?[/,\-]\s?|\sи\s)(?:кв[\s.]*)?\d+[а-я]?)*`

var (
	reDash  = regexp.MustCompile(`(\d)\s?-\s?(\d)`)
	reGlue  = regexp.MustCompile(`(\d)(?:[ /]([абвежз])([ ,(]|$)|[ /\-]([гд])([,(]| кв| корп|$)|-([абв])([ ,(]|$))`)
	rePost  = regexp.MustCompile(`(?:^|[\s,])(\d{6})(?:[\s,.]|$)`)
	reParen = regexp.MustCompile(`\(([^)]*)\)`)
	reEntr  = regexp.MustCompile(`(^|[\s,.])(подъезд|под|п|эт|этаж)[\s.]*\d+(?:[\s,.]|$)`)
	reRoom  = regexp.MustCompile(`(^|[\s,.\d])(?:комната|комн|ком)(?:[\s.]*(\d+[а-я]?)(?:\s?[,/\-]\s?\d+[а-я]?)*|[\s.]+([а-я]))(?:[\s,.]|$)`)
	reFlat  = regexp.MustCompile(`(^|[\s,.\d])(неж[а-я]*[\s.]*)?(?:квартира|кварт|кв-ра|кв|помещение|помещ|пом|офис|оф)(?:[\s.]*|,\s?)` +
		`(?:н[\s\-]?(\d+)|(\d+)[\s\-]?н(?:[\s,.]|$)|(` + flatList + `))(?:[\s,]*к\.?\s?(\d+[а-я]?)(?:[\s,.]|$))?`)
	reKorp = regexp.MustCompile(`(^|[\s,.\d])(?:(?:корпус|корп|кор|к|строение|стр|литера|литер|лит)[\s.\-]*(\d+[а-я]?)` +
		`|(?:корпус|корп|кор|к|строение|стр|литера|литер|лит)[\s.]+([а-я]))(?:[\s,.\-]|$)`)
	reHouse = regexp.MustCompile(`(^|[\s,.])(?:домовладение|домовл|дом|д|владение|влд|вл|здание|зд|участок|уч)[\s.]*` +
		`(\d+)([а-я]?|\s[абвежз])(?:/(\d+)([а-я]?))?(?:/(\d+))?(?:[кс](\d+))?(?:-(\d+[а-я]?))?(?:\s*[,.(]|\s+[а-я]|\s*$)`)
	reRest  = regexp.MustCompile(`^[\s,.]*(?:(\d+)\s?,\s?)?(\d+[а-я]?(?:[/\-]\d+)?)[\s,.]*$`)
	reThree = regexp.MustCompile(`(,)\s?(\d+)([а-я]?)\s?,\s?(\d+)\s?,\s?(\d+[а-я]?)$`)
	reBare  = regexp.MustCompile(`(^|[\s,])(\d+)([а-я]?)(?:/(\d+)([а-я]?))?(?:/(\d+))?(?:с(\d+)|\s?,?\s?(?:корпус|корп|к)\.?\s?(\d+))?` +
		`(?:-(\d+[а-я]?(?:[/,\-]\d+)*)|\s*,\s*(\d+[а-я]?(?:[/\-]\d+)*))?\s*$`)
)

// ParseText reads an address written as one text.
func ParseText(text string) (p Parsed) {
	s := tidy(text)
	if isNumber(s) && len(s) < len("390000") {
		return Parsed{Num: s}
	}
	if m := findFrom(rePost, s, sixDigits(s)); m != nil {
		p.Postcode = s[m[2]:m[3]]
		s = s[:m[0]] + "," + s[m[1]:]
	}
	s = p.parentheses(s)
	s = p.readFlat(s)
	if m := findFrom(reEntr, s, wordFrom(s, "п", "э")); m != nil && hasDigit(s[:m[2]]) {
		s = s[:m[3]] + " " + s[m[1]:]
	}
	if m := findFrom(reHouse, s, wordFrom(s, "д", "в", "з", "у")); m != nil {
		s = p.readHouse(s, m)
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

// tidy folds a text: letters stand beside their numbers, words that name nothing («кв.» without a number) are gone.
func tidy(text string) string {
	s := strings.Join(strings.Fields(Fold(text)), " ")
	if strings.Contains(s, " -") || strings.Contains(s, "- ") {
		s = reDash.ReplaceAllString(s, "$1-$2")
	}
	if apart(s) {
		s = reGlue.ReplaceAllString(s, "$1$2$3$4$5$6$7")
	}
	if !strings.Contains(s, ",") && !blank(s) {
		return s
	}
	var b strings.Builder
	for piece := range strings.SplitSeq(s, ",") {
		if piece = strings.TrimSpace(piece); blank(piece) {
			piece = strings.TrimSpace(piece[:strings.LastIndexByte(piece, ' ')+1])
		}
		if piece != "" && b.Len() > 0 {
			b.WriteString(", ")
		}
		b.WriteString(piece)
	}
	return b.String()
}

// apart tells whether a single letter stands after a number: «12 а», «12-а», «12/а».
func apart(s string) bool {
	for i := 0; i+4 <= len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' && strings.IndexByte(" -/", s[i+1]) >= 0 && s[i+2] >= 0x80 && (i+4 == len(s) || s[i+4] < 0x80) {
			return true
		}
	}
	return false
}

// announces are words before a number; with nothing behind them they say nothing.
var announces = map[string]bool{"квартира": true, "кв": true, "корпус": true, "корп": true, "комната": true, "комн": true, "ком": true, "подъезд": true,
	"под": true, "этаж": true, "эт": true, "строение": true, "стр": true, "литера": true, "лит": true, "дом": true, "д": true}

func blank(s string) bool {
	return announces[strings.TrimRight(s[strings.LastIndexByte(s, ' ')+1:], ".")]
}

// parentheses takes words in parentheses out; those with a number are a part of the address like any other.
func (p *Parsed) parentheses(s string) string {
	if !strings.Contains(s, "(") {
		return s
	}
	return reParen.ReplaceAllStringFunc(s, func(m string) string {
		m = strings.Trim(m, "()")
		if hasDigit(m) {
			return ", " + m + ","
		}
		p.Paren = append(p.Paren, Words(m)...)
		return " "
	})
}

// readFlat takes room and flat out of a text.
func (p *Parsed) readFlat(s string) string {
	if strings.Contains(s, "ком") {
		s = cut(s, reRoom, firstOf(s, "ком"), func(m []string) { p.Room = strings.TrimLeft(m[2]+m[3], "0") })
	}
	return cut(s, reFlat, firstOf(s, "кв", "пом", "оф", "неж"), func(m []string) {
		switch nonliving := m[3] + m[4]; {
		case nonliving != "":
			p.Flats = []string{"н" + strings.TrimLeft(nonliving, "0")}
		default:
			p.setFlats(m[5])
			if m[2] != "" && len(p.Flats) > 0 {
				p.Flats[0] = "н" + p.Flats[0]
			}
		}
		if p.Room == "" {
			p.Room = m[6] // after the flat «к.» is a room
		}
	})
}

// readHouse takes a house number that a word announces, what follows it, and gives the text without them.
func (p *Parsed) readHouse(s string, m []int) string {
	g, end := groups(s, m), 0
	for i := 3; i < len(m); i += 2 {
		end = max(end, m[i])
	}
	p.Num, p.Letter, p.Slash, p.Korp = g[2], strings.TrimSpace(g[3]+g[5]), g[4], g[6]+g[7]
	rest := cut(s[end:], reKorp, 0, func(m []string) { p.Korp = m[2] + m[3] })
	if g[8] != "" && len(p.Flats) == 0 {
		p.setFlats(g[8])
	}
	if f := reRest.FindStringSubmatch(rest); f != nil && len(p.Flats) == 0 && (f[1] == "" || p.Korp == "") {
		p.Korp += f[1]
		p.setFlats(f[2])
	}
	if before := s[:m[3]]; strings.Trim(before, " ,.") != "" {
		return before
	}
	return rest
}

// bareHouse finds a house number no word announces: the last number of the text.
func (p *Parsed) bareHouse(s string) string {
	s = strings.TrimRight(s, " ,.")
	if m := reThree.FindStringSubmatchIndex(s); m != nil && len(p.Flats) == 0 {
		g := reThree.FindStringSubmatch(s)
		p.Num, p.Letter, p.Korp = g[2], g[3], g[4]
		p.setFlats(g[5])
		return s[:m[2]]
	}
	g := reBare.FindStringSubmatch(s)
	if g == nil || g[7]+g[8] == "" && g[9] == "" && g[10] == "" {
		if m := reKorp.FindStringSubmatchIndex(s); m != nil && hasDigit(s[:m[2]+1]) {
			s = strings.TrimRight(cut(s, reKorp, 0, func(m []string) { p.Korp = m[2] + m[3] }), " ,.")
			g = reBare.FindStringSubmatch(s)
		}
	}
	if g == nil {
		return s
	}
	p.Num, p.Letter, p.Slash = g[2], g[3]+g[5], g[4]
	if k := g[6] + g[7] + g[8]; k != "" {
		p.Korp = k
	}
	if f := g[9] + g[10]; f != "" && len(p.Flats) == 0 {
		p.setFlats(f)
	}
	return s[:reBare.FindStringSubmatchIndex(s)[4]]
}

// cut takes a match out of a text. Group 1 is what stood before it: it may be the digit of a house number and stays.
func cut(s string, re *regexp.Regexp, from int, take func([]string)) string {
	m := findFrom(re, s, from)
	if m == nil {
		return s
	}
	take(groups(s, m))
	return s[:m[3]] + " " + s[m[1]:]
}

// groups are the texts of a match's groups.
func groups(s string, m []int) []string {
	g := make([]string, len(m)/2)
	for i := range g {
		if m[2*i] >= 0 {
			g[i] = s[m[2*i]:m[2*i+1]]
		}
	}
	return g
}

// findFrom finds a match that cannot begin before a place; none when there is no such place. Looking only where a match
// may be is most of the speed of reading an address.
func findFrom(re *regexp.Regexp, s string, from int) []int {
	if from < 0 {
		return nil
	}
	m := re.FindStringSubmatchIndex(s[from:])
	for i := range m {
		if m[i] >= 0 {
			m[i] += from
		}
	}
	return m
}

// firstOf is the byte before the first of some words, or −1 when none is there.
func firstOf(s string, words ...string) int {
	first := -1
	for _, w := range words {
		if i := strings.Index(s, w); i >= 0 && (first < 0 || i < first) {
			first = i
		}
	}
	return max(first-1, min(first, 0))
}

// wordFrom is the place before the first word that begins with one of some letters, or −1.
func wordFrom(s string, letters ...string) int {
	for i := 0; i < len(s); i++ {
		if i > 0 && strings.IndexByte(" ,.", s[i-1]) < 0 {
			continue
		}
		for _, l := range letters {
			if strings.HasPrefix(s[i:], l) {
				return max(0, i-1)
			}
		}
	}
	return -1
}

// sixDigits is the place before the first six digits in a row, or −1.
func sixDigits(s string) int {
	run := 0
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			run = 0
		} else if run++; run == len("390000") {
			return max(0, i-run)
		}
	}
	return -1
}

func (p *Parsed) setFlats(s string) {
	p.Flats, p.Several = nil, strings.ContainsAny(s, ",и")
	for _, f := range strings.FieldsFunc(s, func(r rune) bool { return strings.ContainsRune("/,- .", r) }) {
		if f = strings.TrimLeft(strings.TrimPrefix(f, "кв"), "0"); f != "" && f != "и" {
			p.Flats = append(p.Flats, f)
		}
	}
}

// isNumber tells a plain number, which most columns hold.
func isNumber(s string) bool { return s != "" && digits(s) == s }

func hasDigit(s string) bool { return strings.ContainsAny(s, "0123456789") }

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
