package delim

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"kvit/internal/fault"
)

func all(t testing.TB, text string, d Dialect) (records [][]string, places []int) {
	r := NewReader(iotest.HalfReader(strings.NewReader(text)), d)
	for {
		if _, err := r.Scan(); errors.Is(err, io.EOF) {
			return records, places
		} else if err != nil {
			t.Fatal(err)
		}
		fields, err := r.Fields()
		if err != nil {
			t.Fatal(err)
		}
		var rec []string
		for _, f := range fields {
			rec = append(rec, string(f))
		}
		records, places = append(records, rec), append(places, r.Pos())
	}
}

func TestFieldsAndPlaces(t *testing.T) {
	quoted := Dialect{';', '"'}
	for name, c := range map[string]struct {
		text    string
		dialect Dialect
		want    string
	}{
		"plain":                          {"a;b\nc;;d\n", Dialect{Delimiter: ';'}, "[[a b] [c  d]] [1 2]"},
		"quotes are signs when off":      {"a;\"b\nc;d\"\n", Dialect{Delimiter: ';'}, `[[a "b] [c d"]] [1 2]`},
		"quoted delimiter":               {`"a;b";c`, quoted, "[[a;b c]] [1]"},
		"doubled quotes":                 {`"a ""b"" c";d`, quoted, `[[a "b" c d]] [1]`},
		"bare quotes inside a name":      {`ООО "Луч";x` + "\n" + `"ООО "Луч" плюс";y`, quoted, `[[ООО "Луч" x] [ООО "Луч" плюс y]] [1 2]`},
		"line ends inside quotes":        {"\"a\r\nb\";c\nd;e", quoted, "[[a\r\nb c] [d e]] [1 3]"},
		"empty quoted field":             {`"";"";`, quoted, "[[  ]] [1]"},
		"lone CR, CRLF and LF":           {"a\rb\r\nc\n\rd", Dialect{Delimiter: ';'}, "[[a] [b] [c] [] [d]] [1 2 3 4 5]"},
		"Ctrl-Z ends the file":           {"a;b\r\n\x1a\x00\x00", Dialect{Delimiter: ';'}, "[[a b]] [1]"},
		"Ctrl-Z behind the last field":   {"a;b\x1a", Dialect{Delimiter: ';'}, "[[a b]] [1]"},
		"a byte of the upper half parts": {"a\xa6b", Dialect{Delimiter: 0xa6}, "[[a b]] [1]"},
	} {
		t.Run(name, func(t *testing.T) {
			records, places := all(t, c.text, c.dialect)
			if got := fmt.Sprint(records, places); got != c.want {
				t.Errorf("got  %q\nwant %q", got, c.want)
			}
		})
	}
}

func TestWhatIsQuotedComesBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.SliceOfN(rapid.StringMatching(`[a-zЯё;" \n]{0,9}`), 2, 5), 1, 30).Draw(t, "records")
		var b strings.Builder
		for _, rec := range want {
			for i, f := range rec {
				if i > 0 {
					b.WriteByte(';')
				}
				b.WriteString(`"` + strings.ReplaceAll(f, `"`, `""`) + `"`)
			}
			b.WriteString("\r\n")
		}
		r := NewReader(strings.NewReader(b.String()), Dialect{';', '"'})
		for i, rec := range want {
			if _, err := r.Scan(); err != nil {
				t.Fatal(i, err)
			}
			got, err := r.Fields()
			if err != nil || fmt.Sprintf("%q", got) != fmt.Sprintf("%q", rec) {
				t.Fatalf("%q, want %q, %v", got, rec, err)
			}
		}
	})
}

func TestALongLineNamesItsPlace(t *testing.T) {
	l := NewLines(strings.NewReader("a\nb\n" + strings.Repeat("x", 2*MaxRecord)))
	for range 2 {
		if _, err := l.Next(); err != nil {
			t.Fatal(err)
		}
	}
	_, err := l.Next()
	if f := fault.As(err); f.Code != "file.record_too_long" || f.Place.Pos != 3 {
		t.Errorf("%v at %+v", err, f.Place)
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte("a;\"b\r\n\";c\n\x1a"), byte(';'), byte('"'))
	f.Fuzz(func(t *testing.T, b []byte, delimiter, quote byte) {
		r := NewReader(strings.NewReader(string(b)), Dialect{delimiter, quote})
		for last := 0; ; {
			if _, err := r.Scan(); err != nil {
				return
			}
			if r.Pos() <= last {
				t.Fatalf("place %d after %d", r.Pos(), last)
			}
			last = r.Pos()
			if _, err := r.Fields(); err != nil {
				return
			}
		}
	})
}
