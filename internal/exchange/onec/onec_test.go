package onec

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"kvit/internal/fault"
)

var layout = Layout{DocStart: []byte("СекцияДокумент"), DocEnd: []byte("КонецДокумента"), Section: []byte("Секция"), End: []byte("Конец"), FileEnd: []byte("КонецФайла")}

func read(text string) (docs []string, r *Reader, err error) {
	r = NewReader(strings.NewReader(text), layout)
	for {
		if err := r.Next(); errors.Is(err, io.EOF) {
			return docs, r, nil
		} else if err != nil {
			return docs, r, err
		}
		doc := fmt.Sprintf("%d %s:", r.Pos(), r.Kind())
		for _, p := range r.Pairs() {
			doc += fmt.Sprintf(" %s=%s", p.Key, p.Value)
		}
		docs = append(docs, doc)
	}
}

func TestDocumentsOfAStatement(t *testing.T) {
	docs, r, err := read("1CClientBankExchange\r\nКодировка=Windows\r\nСекцияРасчСчет\r\nРасчСчет=407\r\nКонецРасчСчет\r\n" +
		"СекцияДокумент=Платежное поручение\r\n Номер = 1 \r\nНазначение=л/с=5\r\nНазначение=ещё\r\nКонецДокумента\r\n\r\n" +
		"СекцияДокумент\r\nНомер=2\r\nСекцияДокумент=Ордер\r\nНомер=3\r\nКонецФайла\r\n")
	want := "1 Платежное поручение: Номер=1 Назначение=л/с=5 Назначение=ещё|2 : Номер=2|3 Ордер: Номер=3"
	if err != nil || strings.Join(docs, "|") != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, strings.Join(docs, "|"), want)
	}
	if r.Unclosed() != 2 || !r.Ended() || len(r.Outside()) != 5 {
		t.Errorf("%d unclosed, ended %v, %d outside", r.Unclosed(), r.Ended(), len(r.Outside()))
	}
}

func TestAFileCutInsideASectionIsRefused(t *testing.T) {
	for _, text := range []string{"СекцияДокумент=а\nНомер=1\n", "СекцияРасчСчет\nРасчСчет=1\n"} {
		if _, _, err := read(text); fault.CodeOf(err) != "file.truncated" {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestADocumentThatNeverEndsIsBounded(t *testing.T) {
	if _, _, err := read("СекцияДокумент=а\n" + strings.Repeat("Ключ=1\n", MaxKeys+1)); fault.CodeOf(err) != "file.record_too_long" {
		t.Error(err)
	}
}

func FuzzReader(f *testing.F) {
	f.Add("СекцияДокумент=а\nНомер=1\nКонецДокумента\nКонецФайла")
	f.Fuzz(func(t *testing.T, text string) {
		_, r, _ := read(text)
		if r.Pos() > len(text) {
			t.Error("more documents than bytes")
		}
	})
}
