package text

import (
	"strings"
	"testing"
)

// notOnPages are Russian texts in the sources of pages that are no words of them: what is read, names of services of a
// demo, letters.
var notOnPages = []string{}

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
		left := strings.ContainsFunc(English.Page(filled), cyrillic) && strings.ContainsFunc(English.Page("7 "+filled), cyrillic)
		if left && !told[x.text] {
			told[x.text] = true
			t.Errorf("%s: no English: %q", x.where, x.text)
		}
	}
}
