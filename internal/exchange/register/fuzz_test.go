package register

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"kvit/internal/fault"
)

// fuzzProfiles are one of each kind, with everything a profile can ask for.
func fuzzProfiles() []Profile {
	x := xmlProfile()
	x.Group, x.GroupAddress, x.Service, x.Fields, x.ControlTotal = "Дом", "адрес", "У", "element", &ControlTotal{Element: "Итого"}
	c := quotedProfile()
	c.CommentPrefix, c.TrailerPrefix, c.TotalLabel, c.ControlTotal, c.Period, c.AccountWidth = "#", "=", "ИТОГО", &ControlTotal{}, "1026", 8
	j := Profile{Kind: KindJSON, Record: "items", Money: RubString, Paths: map[string]Source{"account": Named("a"), "due": Named("d"), "meters": Named("m"), "date": Named("t")}}
	return []Profile{csvProfile(), c, xmlProfile(), x, jsonProfile(), j, docProfile(), dbfProfile(), xlsxProfile()}
}

func seeds(f *testing.F) {
	for _, b := range [][]byte{
		[]byte(goodLine), []byte("#SUM 1\n\"1\";\"a\"\"b\";c;1026;-1,5\n=1;1\nИТОГО;;;;5\n"), []byte(`<a><Дом адрес="x"><ЛС номер="1" ск="1.5"><У/></ЛС></Дом><Итого>1</Итого></a>`),
		[]byte(`{"a":"1","f":"И","d":1e2}` + "\n"), []byte(`{"items":[{"a":"1","d":"1","m":[{"sn":1,"r":{"T1":[1,2]}}]}]}`),
		[]byte("СекцияДокумент=а\nЛС=1\nСумма=1\nКонецДокумента\n"), makeTable(2), workbook(2), archive("a.csv", []byte(goodLine)),
	} {
		f.Add(b)
	}
}

func FuzzRead(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		for _, p := range fuzzProfiles() {
			rows, last := 0, 0
			sum, err := Read(context.Background(), bytesFile("f", body), p, Options{KeepRaw: true}, func(r *Row) error {
				rows++
				if r.Pos < last {
					t.Fatalf("%s: place %d after %d", p.Kind, r.Pos, last)
				}
				last = r.Pos
				if len(r.Account) == 0 && !r.Quarantined() {
					t.Fatalf("%s %d: no account and no word about it", p.Kind, r.Pos)
				}
				return nil
			})
			if err == nil && sum.Rows != rows {
				t.Fatalf("%s: %d rows, %d counted", p.Kind, rows, sum.Rows)
			}
			if err != nil && fault.KindOf(err) != fault.Invalid {
				t.Fatalf("%s: %v", p.Kind, err)
			}
		}
	})
}

func FuzzGuess(f *testing.F) {
	seeds(f)
	f.Fuzz(func(t *testing.T, body []byte) {
		p, _, err := GuessFile(bytesFile("f", body))
		if err != nil {
			if fault.KindOf(err) != fault.Invalid {
				t.Fatal(err)
			}
			return
		}
		if err := p.Validate(); err != nil {
			t.Fatalf("the proposal is no good: %v", err)
		}
	})
}

func FuzzProfile(f *testing.F) {
	f.Add(`{"kind":"csv","delimiter":";","columns":{"account":0,"due":[1,"a"]},"control_total":{"column":2},"quote":true}`)
	f.Fuzz(func(t *testing.T, text string) {
		list, err := decodeList("f", "registers", []json.RawMessage{[]byte(text)})
		if err == nil && !strings.Contains(text, "kind") {
			t.Fatalf("a profile without a kind was taken: %+v", list)
		}
	})
}
