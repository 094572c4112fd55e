package whole

import (
	"regexp"
	"strings"
	"testing"
	"time"
)

var signInCode = regexp.MustCompile(`Код[^0-9]*(\d{3} \d{3})`)

// codeOf is the code of signing in that came to a telephone of the demo, told by its end: a job sends it.
func codeOf(t *testing.T, base, end string) string {
	t.Helper()
	phone := newVisitor(t, base)
	for until := time.Now().Add(20 * time.Second); time.Now().Before(until); time.Sleep(200 * time.Millisecond) {
		phone.open("/demo/phone")
		for _, message := range elements(phone.page, "li") {
			text := strings.ReplaceAll(textOf(message), "\u00a0", " ")
			if digits := strings.NewReplacer("-", "", " ", "").Replace(end); !strings.Contains(strings.NewReplacer("-", "", " ", "").Replace(text), digits) {
				continue
			}
			if found := signInCode.FindStringSubmatch(text); found != nil {
				return found[1]
			}
		}
	}
	t.Fatalf("no code came to …%s", end)
	return ""
}
