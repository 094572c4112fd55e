package whole

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var linkTarget = regexp.MustCompile(`\]\(([^)\s#]+)(?:#[^)]*)?\)`)

// TestDocumentsLinkWhatThereIs follows every link of the documents to a file of the project.
func TestDocumentsLinkWhatThereIs(t *testing.T) {
	documents, err := filepath.Glob("../../*.md")
	if err != nil {
		t.Fatal(err)
	}
	err = filepath.WalkDir(docs, func(path string, d os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".md") {
			documents = append(documents, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for _, path := range documents {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range linkTarget.FindAllSubmatch(text, -1) {
			target := string(m[1])
			if strings.Contains(target, "://") {
				continue
			}
			links++
			if _, err := os.Stat(filepath.Join(filepath.Dir(path), filepath.FromSlash(target))); err != nil {
				t.Errorf("%s links %s, which is not there", path, target)
			}
		}
	}
	if links < 50 {
		t.Errorf("%d links in %d documents: the test has lost sight of them", links, len(documents))
	}
}
