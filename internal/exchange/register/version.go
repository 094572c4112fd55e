package register

import (
	"cmp"
	"strings"
)

// CompareVersions orders versions of rows: numbers by value (10 after 9), anything else as text, so that moments
// in ISO form come in order too.
func CompareVersions(a, b string) int {
	if digitsOnly(a) && digitsOnly(b) {
		a, b = strings.TrimLeft(a, "0"), strings.TrimLeft(b, "0")
		if n := cmp.Compare(len(a), len(b)); n != 0 {
			return n
		}
	}
	return strings.Compare(a, b)
}
