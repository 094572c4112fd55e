package whole

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestRacesHaveTheirTests: the tests that docs/races.md names are there, and each row names one.
func TestRacesHaveTheirTests(t *testing.T) {
	page, err := os.ReadFile("../../docs/races.md")
	if err != nil {
		t.Fatal(err)
	}
	there := map[string]bool{}
	defined, named := regexp.MustCompile(`(?m)^func (Test\w+)\(t `), regexp.MustCompile("`(Test\\w+)`")
	err = filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		for _, m := range defined.FindAllStringSubmatch(string(text), -1) {
			there[m[1]] = true
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, line := range strings.Split(string(page), "\n") {
		if !strings.HasPrefix(line, "| ") || strings.HasPrefix(line, "| at once") || strings.HasPrefix(line, "| ---") {
			continue
		}
		names := named.FindAllStringSubmatch(line, -1)
		if rows++; len(names) == 0 {
			t.Errorf("no test: %s", line)
		}
		for _, m := range names {
			if !there[m[1]] {
				t.Errorf("%s is not there: %s", m[1], line)
			}
		}
	}
	if rows == 0 {
		t.Error("the table is empty")
	}
}
