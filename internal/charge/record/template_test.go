package record

import (
	"strings"
	"testing"
)

// TestTheTemplateIsRead: every record of the example is understood; only its addressees are not those of an installation.
func TestTheTemplateIsRead(t *testing.T) {
	n, told := 0, map[Kind]bool{}
	err := readItems(Source{"template.yaml", strings.NewReader(Template)}, func(it *Item) error {
		told[it.Kind] = true
		if n++; it.err != nil {
			t.Errorf("line %d: %v", it.Line, it.err)
		}
		return nil
	})
	if err != nil || n < 15 {
		t.Errorf("%d records, %v", n, err)
	}
	for kind := range kinds {
		if !told[kind] {
			t.Errorf("the example does not show %s", kind)
		}
	}
}
