package text

import (
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"
)

// Pages are drawn in Russian; a page that is asked for in English is said over as it is sent (web.Layout), text by text.
// The English of a page stands in pages_*.go by the Russian text as it is drawn: a whole text of one element, white
// space collapsed, values as verbs. What messages and commands say is known too and stands once.
//
// A text is often put together: a sentence after a sentence, a label before a value, a list. So what is not known as a
// whole is taken apart at its punctuation, and said when all the parts are known.

// longestText is the longest text that is understood by its format: people's own letters are longer.
const longestText = 2000

// mostSteps bounds the work on one text, whoever wrote it.
const mostSteps = 200

// Page is a text of a page in the language. What is not known, names above all, stays as it is.
func (l Language) Page(s string) string {
	if l != English || !strings.ContainsFunc(s, cyrillic) {
		return s
	}
	return pageTexts().say(s)
}

var (
	pageTables = []map[string]string{
		pagesGeneral, pagesFrame, pagesStyle, pagesAccounts, pagesAppeal, pagesAutopay, pagesBill, pagesPapers, pagesAnybody, pagesDemo,
		pagesDisputes, pagesFamily, pagesFormulas, pagesGuide, pagesHome, pagesLine, pagesModules, pagesMyData, pagesPaying, pagesPublic, pagesReadings,
		pagesResult, pagesServices, pagesStart, pagesStates, pagesStored, pagesWhy,
	}
	pageTexts = sync.OnceValue(func() *pageSpeaker {
		return &pageSpeaker{phrases: NewPhrases(merge(append([]map[string]string{commands, messages}, pageTables...)...)), kept: map[string]string{}}
	})
)

// pageSpeaker says texts of pages and keeps what it said: pages of a thousand homes say the same.
type pageSpeaker struct {
	phrases *Phrases
	mu      sync.RWMutex
	kept    map[string]string
}

// mostKept texts are remembered; then all are forgotten at once, which costs a few pages some milliseconds.
const mostKept = 8192

func (p *pageSpeaker) say(s string) string {
	p.mu.RLock()
	said, ok := p.kept[s]
	p.mu.RUnlock()
	if ok {
		return said
	}
	t := telling{phrases: p.phrases, steps: mostSteps, told: map[string]toldPart{}}
	said, _ = t.say(s)
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.kept) >= mostKept {
		clear(p.kept)
	}
	p.kept[s] = said
	return said
}

// telling is the work on one text.
type telling struct {
	phrases *Phrases
	steps   int
	told    map[string]toldPart // parts met before: formats take a text apart in many ways
}

type toldPart struct {
	said  string
	whole bool
}

// say gives the best there is, and whether nothing of it stayed Russian.
func (t *telling) say(s string) (said string, whole bool) {
	if !strings.ContainsFunc(s, cyrillic) {
		return s, true
	}
	if part, ok := t.told[s]; ok {
		return part.said, part.whole
	}
	if t.steps--; t.steps < 0 || len(s) > longestText {
		return s, false
	}
	said, whole = t.sayAnew(s)
	t.told[s] = toldPart{said, whole}
	return said, whole
}

func (t *telling) sayAnew(s string) (said string, whole bool) {
	for _, known := range []func(string) (string, bool){t.exact, dateInEnglish, hoursInEnglish, unitsInEnglish, numberOfDocument} {
		if said, ok := known(s); ok {
			return said, true
		}
	}
	best, whole, found := t.byFormat(s)
	if whole {
		return best, true
	}
	if said, ok := t.trimmed(s); ok {
		return said, true
	}
	if said, ok := t.small(s); ok {
		return said, true
	}
	said, whole = t.parts(s)
	if !whole && found {
		return best, false
	}
	return said, whole
}

// exact knows a text, and the same one with its first letter larger or smaller: a heading made of a label, a label inside
// a sentence.
func (t *telling) exact(s string) (string, bool) {
	s = plainSpaces(s)
	if said, ok := t.phrases.exact[s]; ok {
		return said, true
	}
	first, size := utf8.DecodeRuneInString(s)
	if unicode.IsUpper(first) {
		said, ok := t.phrases.exact[string(unicode.ToLower(first))+s[size:]]
		return capital(said), ok
	}
	said, ok := t.phrases.exact[string(unicode.ToUpper(first))+s[size:]]
	return uncapital(said), ok
}

// uncapital makes the first letter of a sentence small, where it is large for the sentence only: not «SMS», not «I».
func uncapital(s string) string {
	if len(s) < 2 || !unicode.IsLower(rune(s[1])) || strings.HasPrefix(s, "Kvit") {
		return s
	}
	return strings.ToLower(s[:1]) + s[1:]
}

func capital(s string) string {
	first, size := utf8.DecodeRuneInString(s)
	return string(unicode.ToUpper(first)) + s[size:]
}

// enoughLetters is from how many bytes of its own a format is believed though a value of it stays Russian: «Документ: %s»
// is, «%s с %s» is found in anything.
const enoughLetters = 13

// byFormat understands a text by the formats it may be made with: the first whose values can all be said, else the first
// that is believed.
func (t *telling) byFormat(s string) (best string, whole, found bool) {
	for _, i := range t.phrases.index.candidates(s) {
		by := &t.phrases.patterns[i]
		values := by.match().FindStringSubmatch(s)
		if values == nil {
			continue
		}
		said, whole := t.fill(by, values[1:])
		if whole {
			return said, true, true
		}
		if !found && by.fixed >= enoughLetters {
			best, found = said, true
		}
	}
	return best, false, found
}

func (t *telling) fill(by *pattern, values []string) (string, bool) {
	args, whole := map[int]string{}, true
	for i, v := range by.values {
		said, known := values[i], true
		if !v.quoted {
			said, known = t.say(values[i])
		}
		args[v.arg], whole = said, whole && known
	}
	return fill(by.said, args), whole
}

// small says a text whose first letter was made large.
func (t *telling) small(s string) (string, bool) {
	first, size := utf8.DecodeRuneInString(s)
	if !unicode.IsUpper(first) {
		return "", false
	}
	said, whole, _ := t.byFormat(string(unicode.ToLower(first)) + s[size:])
	return capital(said), whole
}

// around are signs that stand before or after a text and are no part of it: those that end a sentence, and all.
var around = []string{".,:;", " \u00a0\n\t.,:;…()–·×?+№"}

// trimmed says a text between signs.
func (t *telling) trimmed(s string) (string, bool) {
	for _, signs := range around {
		core := strings.Trim(s, signs)
		if core == s || core == "" {
			continue
		}
		before, after, _ := strings.Cut(s, core)
		if said, whole := t.say(core); whole {
			return before + said + after, true
		}
	}
	return "", false
}

// joints are where texts are put together, the loosest first.
var joints = []string{". ", "? ", "; ", ": ", " – ", " · ", " × ", ", ", " и ", "–"}

var saidJoints = map[string]string{" и ": " and "}

// parts says a text part by part. Sentences, a label before its value and the day after a name are worth saying even when
// the other part stays Russian; a list in two languages is not.
func (t *telling) parts(s string) (string, bool) {
	best := s
	for _, joint := range joints {
		if !strings.Contains(s, joint) {
			continue
		}
		left, right, _ := strings.Cut(s, joint)
		if end := strings.TrimSuffix(joint, " "); end == "." || end == "?" { // the sign belongs to its sentence
			left, joint = left+end, " "
		}
		first, firstWhole := t.say(left)
		second, secondWhole := t.say(right)
		between := joint
		if said, ok := saidJoints[joint]; ok {
			between = said
		}
		if firstWhole && secondWhole {
			return first + between + second, true
		}
		_, dated := dateInEnglish(right)
		apart := joint == " " || joint == ": " || joint == ", " && (dated || isName(left, firstWhole) || isName(right, secondWhole))
		if best == s && apart && (first != left || second != right) {
			best = first + between + second
		}
	}
	return best, false
}

// isName tells the name of an organisation, which stays as it is beside a word that is said: «АО «Водоканал», октябрь 2026».
func isName(s string, whole bool) bool { return !whole && strings.HasSuffix(s, "»") }

func cyrillic(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }
