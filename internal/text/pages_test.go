package text

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// notOnPages are Russian texts in the sources of pages that are no words of them: stems that are looked for, what a reader
// of Russian presses, moments (dates.go), parts of texts that are said as a whole.
var notOnPages = []string{"отопл", "П", "реестр", "?mode=sum&sum=сто", "поставщик прислал сумму без объёма и тарифа:", "на дом пришлось", "%s за %s", "%d чел.%s", "куб", "куб.", "вод", "содержан", "электр", "формул", "квт·ч", "квтч", "квт*ч", "квт", "гкал", "По-русски", "%s\u00a0%d в\u00a0%s", "%s в\u00a0%s", "сегодня в\u00a0%s", "вчера в\u00a0%s"}

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
			case strings.HasSuffix(v, "q"):
				return `"Xs7"`
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

// TestNoPhraseOfPagesIsLeftOver finds phrases that nothing can say any more: a word of them stands in no source. Texts are put
// together in many ways, so whole phrases are not looked for.
func TestNoPhraseOfPagesIsLeftOver(t *testing.T) {
	said := map[string]bool{}
	for _, root := range []string{"..", "../../docs/privacy"} {
		if err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err == nil && d.IsDir() && d.Name() == "text" {
				return fs.SkipDir
			}
			if err != nil || d.IsDir() || !hasWords(path) {
				return err
			}
			src, err := os.ReadFile(path)
			for _, w := range wholeWords(strings.ToLower(string(src))) {
				said[w] = true
			}
			return err
		}); err != nil {
			t.Fatal(err)
		}
	}
	for _, table := range pageTables {
		for russian := range table {
			if _, name := pagesServices[russian]; name { // names of services come from suppliers' files
				continue
			}
			for _, w := range wholeWords(strings.ToLower(verb.ReplaceAllString(russian, "%"))) {
				if !said[w] && strings.ContainsFunc(w, cyrillic) {
					t.Errorf("nothing says this any more: %q, no source has the word %q", russian, w)
				}
			}
		}
	}
}

// hasWords tells a source that a page's words may come from.
func hasWords(path string) bool {
	return slices.Contains([]string{".go", ".templ", ".yaml", ".csv"}, filepath.Ext(path)) && !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, "_templ.go")
}
