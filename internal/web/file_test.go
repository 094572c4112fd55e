package web

import (
	"mime"
	"strings"
	"testing"
	"unicode/utf8"
)

// TestNamesOfFilesAreNames is S10 (reliability.md): whatever a file was called, a browser keeps it under a name in its folder.
func TestNamesOfFilesAreNames(t *testing.T) {
	long := strings.Repeat("я", 300)
	for name, want := range map[string]string{
		"реестр.csv": "реестр.csv", "plain name.pdf": "plain name.pdf", "../../etc/passwd": "passwd", `..\..\boot.ini`: "boot.ini", "%2e%2e%2fx": "_2e_2e_2fx", "a\x00.csv": "a.csv",
		"CON": "_CON", "con.txt": "_con.txt", "LPT1.csv": "_LPT1.csv", "console.csv": "console.csv", "счёт\u202efdp.exe": "счётfdp.exe", "a\r\nSet-Cookie: b=1": "aSet-Cookie_ b=1", `a"; filename="b`: "a_; filename=_b",
		"": "file", "..": "file", "/": "file", ".htaccess": "htaccess", "x. ": "x", long + ".csv": strings.Repeat("я", 116) + ".csv", long: strings.Repeat("я", 120), "битое\xff.csv": "битое_.csv", "a~b+c d.csv": "a~b+c d.csv", "ё~ + &.csv": "ё~ + &.csv",
	} {
		header := Disposition("attachment", name)
		kind, parts, err := mime.ParseMediaType(header)
		if err != nil || kind != "attachment" || parts["filename"] != want {
			t.Errorf("%q: %s gives %q, want %q (%v)", name, header, parts["filename"], want, err)
		}
		if strings.ContainsFunc(header, func(r rune) bool { return r < ' ' || r > '~' }) || !utf8.ValidString(header) || strings.Count(header, `"`) != 2 {
			t.Errorf("%q: %q", name, header)
		}
	}
}

// TestPagesShowNoSignsThatTurn: an override of direction in a name does not reach the page.
func TestPagesShowNoSignsThatTurn(t *testing.T) {
	if got := string(seen([]byte("ООО «\u202eакшамоР\u202c» &lt;b\u200b&gt; 1\u00a0₽"))); got != "ООО «акшамоР» &lt;b&gt; 1\u00a0₽" {
		t.Error(got)
	}
	if page := []byte("чисто"); &seen(page)[0] != &page[0] {
		t.Error("a clean page is copied")
	}
}
