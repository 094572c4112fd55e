package text

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

// notOnPages are Russian texts in the sources of pages that are no words of them: stems that are looked for, what a reader
// of Russian presses, moments (dates.go).
var notOnPages = []string{"куб", "куб.", "вод", "содержан", "электр", "формул", "квт·ч", "квтч", "квт*ч", "квт", "гкал", "По-русски", "%s\u00a0%d в\u00a0%s", "%s в\u00a0%s", "сегодня в\u00a0%s", "вчера в\u00a0%s"}

// named is what stands in quotation marks: a name, or a word to press or to type that is Russian elsewhere.
var named = regexp.MustCompile(`«[^»]*»`)

func isLeft(said string) bool {
	return strings.ContainsFunc(named.ReplaceAllString(said, ""), cyrillic)
}

// TestEveryTextOfPagesHasAnEnglishOne says every text of the sources with values in it.
func TestEveryTextOfPagesHasAnEnglishOne(t *testing.T) {
	found := readPages(t)
	if len(found) < 1500 {
		t.Fatalf("found %d texts: the sources are not read", len(found))
	}
	told := map[string]bool{}
	for _, x := range found {
		filled := verb.ReplaceAllStringFunc(x.text, func(v string) string {
			switch {
			case strings.HasSuffix(v, "d"):
				return "7"
			case v == "%%":
				return "%"
			}
			return "Xs7"
		})
		left := isLeft(English.Page(filled)) && isLeft(English.Page("7 "+filled))
		if left && !slices.Contains(notOnPages, x.text) && !told[x.text] {
			told[x.text] = true
			t.Errorf("%s: no English: %q", x.where, x.text)
		}
	}
}

// TestPagesAreSaidOnce finds a text that two tables say, or that messages and commands say the same way already.
func TestPagesAreSaidOnce(t *testing.T) {
	seen := map[string]bool{}
	for _, table := range pageTables {
		for russian, english := range table {
			if seen[russian] {
				t.Errorf("in English twice: %q", russian)
			}
			seen[russian] = true
			if isLeft(english) || english == "" {
				t.Errorf("%q is not English: %q", russian, english)
			}
			if verbs(english) != verbs(russian) {
				t.Errorf("%q takes %s, in English %s", russian, verbs(russian), verbs(english))
			}
			if messages[russian] == english || commands[russian] == english {
				t.Errorf("messages or commands say it already: %q", russian)
			}
		}
	}
}
