package reading

import (
	"bytes"
	"strings"
	"testing"

	"kvit/internal/charge/calc"
	"kvit/internal/exchange/xlsx"
	"kvit/internal/fault"
	"kvit/internal/meter"
)

// TestEveryLayoutSaysTheSame: the figures of one day by a bank's register, a simple text, with and without its header,
// NDJSON, a JSON list and a workbook; registers stand in another order than on the device.
func TestEveryLayoutSaysTheSame(t *testing.T) {
	var book bytes.Buffer
	x, err := xlsx.NewWriter(&book, "Показания")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range [][]string{
		{"Адрес", "Лицевой счет", "Тип счетчика", "Номер счетчика", "Количество тарифов", "Показание 1", "Показание 2", "Дата передачи показаний"},
		{"ул. Лесная, 1", "300", "ЭЛ", "900100", "2", "6200", "2600", "20.11.2026"},
		{"ул. Лесная, 1", "100", "ХВС", "ХВ-0004471", "1", "180", "", "20.11.2026"},
	} {
		var cells []xlsx.Cell
		for _, c := range row {
			cells = append(cells, xlsx.Cell{Kind: xlsx.Text, Raw: []byte(c)})
		}
		if err := x.Append(cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := x.Close(); err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"bank.csv": "#DATE_BEGIN01.11.2026\n#DATE_END: 20.11.2026\n100;Ельников П.И.;;;г Рязань, ул \"Лесная\", д 1;9;хв 0004471;ХВС;[];180,00;20.11.2026;;;;;;;20.11.2026;;\n" +
			"300;Ельников П.И.;;;г Рязань;4;900100;ЭЛ;[];2600;;;3;900100;ЭЛ;[];6200,0;;;\n",
		"simple.csv": "100;ХВ0004471;;180;20.11.2026;банк\n300;900100;ночь;2600;20.11.2026;банк\n300;900100;T1;6200;20.11.2026;банк\n",
		"named.csv":  "показание;тариф;№ ПУ;ЛС;дата\n180;;4471;100;2026-11-20\n2600;Т2 ночь;900100;300;2026-11-20\n6200;Т1 день;900100;300;2026-11-20\n",
		"a.ndjson":   `{"account":"100","meter":"ХВ-0004471","value":180}` + "\n" + `{"account":"300","service":"electricity","zone":"night","value":"2600"}` + "\n\n" + `{"account":"300","service":"electricity","zone":"day","value":6200}`,
		"a.json":     `[{"supplier":"voda","account":"100","service":"cold_water","value":180},{"account":"300","meter":"900100","zone":"night","value":2600},{"account":"300","meter":"900100","zone":"день","value":6200}]`,
		"a.xlsx":     book.String(),
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *town) {
				if r := w.load(name, text); !r.OK || r.Files[0].Taken != 3 {
					t.Fatalf("%+v", r)
				}
				for query, want := range map[string]int64{
					"SELECT value_e7/10000000 FROM charge_reading WHERE meter_id = 1001 AND on_day = 20261120":              180,
					"SELECT value_e7/10000000 FROM charge_reading WHERE meter_id = 1002 AND on_day = 20261120 AND zone = 1": 6200,
					"SELECT value_e7/10000000 FROM charge_reading WHERE meter_id = 1002 AND on_day = 20261120 AND zone = 2": 2600,
					"SELECT count(*) FROM reading_receipt": 1,
				} {
					if got := w.count(query); got != want {
						t.Errorf("%s: %d, want %d", query, got, want)
					}
				}
				if r := w.load(name, text); !r.OK || r.Files[0].Same != 3 {
					t.Errorf("again: %+v", r)
				}
			})
		})
	}
}

// TestALineHasItsOwnVerdict: what is wrong or asked stops no other line, and says what to do.
func TestALineHasItsOwnVerdict(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		r := w.load("a.csv", strings.Join([]string{
			"100;ХВ-0004471;;118;20.11.2026;", "100;ГВ55;;80;20.11.2026;", "999;1;;5;20.11.2026;", "100;нет;;5;20.11.2026;", "300;900100;;5;20.11.2026;", "300;900100;пик;5;20.11.2026;",
			"100;ГВ55;;много;20.11.2026;", "100;ГВ55;;81;32.11.2026;",
		}, "\n"))
		if got := states(r); got != "asked taken refused refused refused refused refused refused" {
			t.Errorf("%s: %+v", got, r.Lines)
		}
		want := []string{"reading.lower", "", "account.unknown", "reading.no_meter", "reading.which_zone", "reading.other_zones", "reading.value", "reading.date"}
		for i, v := range r.Lines {
			if v.Code != want[i] || v.Line != i+1 || v.Code != "" && v.Says == "" {
				t.Errorf("line %d: %+v, want %s", i+1, v, want[i])
			}
		}
	})
}

// TestARequestIsAnsweredOnce: the same key gives the first answer, another input is refused; a program gives of its own
// supplier's accounts only.
func TestARequestIsAnsweredOnce(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		take := func(body string) (*Outcome, error) {
			return w.m.Take(w.ctx, program, Message{Channel: API, Key: "day-1", Body: []byte(body)})
		}
		first, err := take(`{"account":"100","meter":"4471","value":"185","source":"модем 7"}`)
		if err != nil || states(first) != "taken" || first.Effect == nil || len(first.Effect.Lines) != 2 || first.Lines[0].Receipt == "" {
			t.Fatalf("%+v, %v", first, err)
		}
		again, err := take(`{"account":"100","meter":"4471","value":"185","source":"модем 7"}`)
		if err != nil || !again.Repeated || again.Lines[0].Receipt != first.Lines[0].Receipt {
			t.Errorf("%+v, %v", again, err)
		}
		if _, err := take(`{"account":"100","meter":"4471","value":"186"}`); !fault.Is(err, fault.Conflict) {
			t.Errorf("another input: %v", err)
		}
		for _, body := range []string{`{"account":"300","meter":"900100","zone":"day","value":6200}`, `{"supplier":"svet","account":"300","meter":"900100","zone":"day","value":6200}`} {
			r, err := w.m.Take(w.ctx, program, Message{Channel: API, Body: []byte(body)})
			if err != nil || r.Lines[0].Code != "account.unknown" {
				t.Errorf("another's account: %+v, %v", r, err)
			}
		}
		if n := w.count("SELECT count(*) FROM reading_receipt WHERE device = 'модем 7' AND channel = 'api' AND author = 'voda'"); n != 1 {
			t.Errorf("receipts %d", n)
		}
	})
}

// TestADryRunWritesNothing and says the same.
func TestADryRunWritesNothing(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		r, err := w.m.Load(w.ctx, system, Load{Origin: Origin{Channel: File}, DryRun: true, Every: true, Entries: Source{"a.csv", []byte("100;ХВ-0004471;;180;20.11.2026;")}.Entries})
		if err != nil || states(r) != "taken" || w.count("SELECT count(*) FROM charge_reading WHERE recorded_at > 1") != 0 {
			t.Errorf("%+v, %v", r, err)
		}
	})
}

// TestZonesAreNamed: whatever the order and the writing.
func TestZonesAreNamed(t *testing.T) {
	one, two, three := meter.ZonesOf(nil, 1), meter.ZonesOf(nil, 2), meter.ZonesOf(nil, 3)
	for _, c := range []struct {
		name  string
		zones []calc.Zone
		want  calc.Zone
	}{
		{"T1", two, calc.Day}, {"т2", two, calc.Night}, {"Ночная", two, calc.Night}, {"day", two, calc.Day}, {"Т1", three, calc.Peak}, {"T2", three, calc.Night}, {"Т3 полупик", three, calc.HalfPeak},
		{"half_peak", three, calc.HalfPeak}, {"", one, calc.AllDay}, {"Т1", one, calc.AllDay},
	} {
		if got, err := ParseZone(c.name, c.zones); err != nil || got != c.want {
			t.Errorf("%q of %v: %v, %v", c.name, c.zones, got, err)
		}
	}
	for _, bad := range []string{"", "1", "2", "пик", "third"} {
		if z, err := ParseZone(bad, two); err == nil {
			t.Errorf("%q is %v", bad, z)
		}
	}
}
