package onec

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/exchange/charset"
)

// TestWhatIsWrittenIsReadBack: any documents come out of the reader as they went in.
func TestWhatIsWrittenIsReadBack(t *testing.T) {
	word := func(s string) []byte { b, _ := charset.CP1251.Append(nil, s); return b }
	layout := Layout{DocStart: word("СекцияДокумент"), DocEnd: word("КонецДокумента"), Section: word("Секция"), End: word("Конец"), FileEnd: word("КонецФайла")}
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.StringMatching(`([А-Яа-я№«»=0-9,.][А-Яа-я №«»=0-9,.]{0,30}[А-Яа-я№«»=0-9,.])?`), 1, 6).Draw(t, "values")
		var file bytes.Buffer
		w := NewWriter(&file, charset.CP1251.Append, []Field{{"ВерсияФормата", "1.03"}})
		for _, v := range values {
			w.Document("Платежное поручение", []Field{{"Номер", "1"}, {"НазначениеПлатежа", v}})
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		r := NewReader(&file, layout)
		for _, v := range values {
			if err := r.Next(); err != nil {
				t.Fatal(err)
			}
			if got := charset.CP1251.Text(r.Pairs()[1].Value); got != v || charset.CP1251.Text(r.Kind()) != "Платежное поручение" {
				t.Fatalf("%q came back as %q", v, got)
			}
		}
		if err := r.Next(); err != io.EOF || !r.Ended() || r.Unclosed() != 0 {
			t.Fatalf("the end: %v", err)
		}
	})
}

// TestAFileOfOrders: lines end with CRLF, a value stays in its line, a sign the encoding has not is refused.
func TestAFileOfOrders(t *testing.T) {
	var file bytes.Buffer
	w := NewWriter(&file, charset.CP1251.Append, nil)
	w.Document("Ордер", []Field{{"Назначение", "одна\r\nКонецФайла"}})
	if err := w.Close(); err != nil || charset.CP1251.Text(file.Bytes()) != strings.Join([]string{"1CClientBankExchange", "СекцияДокумент=Ордер", "Назначение=одна  КонецФайла", "КонецДокумента", "КонецФайла", ""}, "\r\n") {
		t.Errorf("%v\n%s", err, charset.CP1251.Text(file.Bytes()))
	}
	w = NewWriter(&file, charset.CP1251.Append, nil)
	w.Document("Ордер", []Field{{"Назначение", "漢"}})
	if w.Close() == nil {
		t.Error("a sign cp1251 has not was written")
	}
}
