package reading

import (
	"bytes"
	"fmt"
	"testing"
	"time"

	"kvit/internal/charge/calc"
	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/dbf"
	"kvit/internal/exchange/xlsx"
	"kvit/internal/meter"
)

// table makes a DBF of readings in cp866.
func table(t *testing.T) string {
	t.Helper()
	var out bytes.Buffer
	fields := []dbf.Field{{Name: "LSCHET", Type: 'C', Length: 10}, {Name: "N_PU", Type: 'C', Length: 12}, {Name: "POK_T1", Type: 'N', Length: 12, Decimals: 3}, {Name: "POK_T2", Type: 'N', Length: 12, Decimals: 3}, {Name: "DATA", Type: 'D', Length: 8}}
	w, err := dbf.NewWriter(&out, fields, 2, 0x65, time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC))
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range [][]string{{"300", "900100", "6200.000", "2600.000", "20261120"}, {"100", "ХВ-0004471", "180.000", "0.000", "20261120"}} {
		var cells [][]byte
		for _, c := range row {
			b, _ := charset.CP866.Append(nil, c)
			cells = append(cells, b)
		}
		if err := w.Append(cells); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// TestLayoutsNobodyAgreedOn: names of columns in other words and orders, titles above them, registers in columns of their
// own or by OBIS codes, a table of another program; rows nobody read a meter of are left out.
func TestLayoutsNobodyAgreedOn(t *testing.T) {
	for name, text := range map[string]string{
		"titled.csv":   "Показания приборов учёта за ноябрь, г. Рязань, ул. Лесная, д. 1\n№ п/п;№ л/с;Заводской № ПУ;Ресурс;Предыдущее показание;Текущее показание, м3;Дата снятия\n1;100;0004471;Холодная вода;172;180,000;20.11.2026\n2;100;ГВ55;Горячая вода;77;;20.11.2026\n",
		"zones.csv":    "Лицевой счёт\tПрибор учёта\tДень (Т1)\tНочь (Т2)\tПериод\n300\t900100\t6200\t2600\t11.2026\nИтого\t\t\t\t\n",
		"columns.csv":  "Абонент|Счётчик|Показание 1|Показание 2|Показание 3|Дата\n300|900100|6200|2600|0|20.11.2026\n100|ХВ-0004471|180|0|0|20.11.2026\n",
		"obis.csv":     "account,serial,obis,value,date\n300,900100,1.0.1.8.0.255,8800,2026-11-20\n300,900100,1-0:1.8.1*255,6200,2026-11-20\n300,900100,1.8.2,2600,2026-11-20\n",
		"obiscols.csv": "ЛС;Серийный номер;1.8.0;1.8.1;1.8.2;дата\n300;900100;8800;6200;2600;20.11.2026\n",
		"a.ndjson":     `{"account":"300","meter":"900100","zone":"1-0:1.8.1","value":6200}` + "\n" + `{"account":"300","meter":"900100","zone":"тариф 2","value":1}` + "\n" + `{"account":"300","meter":"900100","zone":"1-0:1.8.2.255","value":2600}`,
		"a.dbf":        "",
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *town) {
				if name == "a.dbf" {
					text = table(t)
				}
				r := w.load(name, text)
				if refused := r.Files[0].Refused; refused != 0 && name != "a.ndjson" {
					t.Fatalf("%+v", r)
				}
				cold := w.count("SELECT coalesce(max(value_e7/10000000), 180) FROM charge_reading WHERE meter_id = 1001 AND on_day = 20261120")
				if cold != 180 || name == "titled.csv" && r.Files[0].Taken != 1 {
					t.Errorf("cold water %d: %+v", cold, r)
				}
				if name == "titled.csv" {
					return
				}
				for zone, want := range map[int]int64{1: 6200, 2: 2600} {
					if got := w.count(fmt.Sprintf("SELECT value_e7/10000000 FROM charge_reading WHERE meter_id = 1002 AND on_day = 20261120 AND zone = %d", zone)); got != want {
						t.Errorf("register %d: %d, want %d", zone, got, want)
					}
				}
			})
		})
	}
}

// TestTheSumOfRatesAloneIsNoFigure: of a meter with two registers it says nothing, so the supplier is told.
func TestTheSumOfRatesAloneIsNoFigure(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		r := w.load("a.csv", "ЛС;счётчик;OBIS;показание;дата\n300;900100;1.8.0;8800;20.11.2026\n100;0004471;8.0.1.0.0.255;180;20.11.2026\n")
		if states(r) != "refused taken" || r.Lines[0].Code != "reading.which_zone" {
			t.Errorf("%+v", r.Lines)
		}
		if _, err := w.m.Load(w.ctx, system, Load{Entries: Source{"b.csv", []byte("Лицевой счет;Показание\n100;\n")}.Entries}); err == nil {
			t.Error("a file without a figure is taken")
		}
	})
}

// TestOBISCodes of what a dial shows now; others are no registers.
func TestOBISCodes(t *testing.T) {
	for code, want := range map[string]string{
		"1.0.1.8.1.255": "т1", "1-0:1.8.2": "т2", "1.8.3": "т3", "1-1:1.8.2*255": "т2", "1.8.0": obisTotal, "8.0.1.0.0.255": obisTotal, "6-0:1.0.0": obisTotal,
		"1-0:1.8.1*01": "", "1.0.1.8.1.0": "", "1.0.2.8.1.255": "", "2.8.1": "", "1.0.32.7.0.255": "", "0.0.1.0.0.255": "", "20.11.2026": "", "1": "", "т1": "", "1.8.x": "",
	} {
		if got := obisRegister(code); got != want {
			t.Errorf("%s: %q, want %q", code, got, want)
		}
	}
}

// TestNamesOnTheDeviceHold: registers that stand in another order, or are called in other words, are found by their names.
func TestNamesOnTheDeviceHold(t *testing.T) {
	m := &Meter{Named: []meter.Register{{Name: "Ночь", Zone: "night"}, {Name: "День", Zone: "day"}}, Zones: []calc.Zone{calc.Night, calc.Day}}
	for name, want := range map[string]calc.Zone{"Т1": calc.Day, "t2": calc.Night, "1-0:1.8.1": calc.Day, "1.8.2": calc.Night, "ночь": calc.Night, "день (Т1)": calc.Day} {
		if got, err := m.parseZone(name); err != nil || got != want {
			t.Errorf("%s: %v, %v", name, got, err)
		}
	}
	other := &Meter{Named: []meter.Register{{Name: "Т1", Zone: "night"}, {Name: "Т2", Zone: "day"}}, Zones: []calc.Zone{calc.Night, calc.Day}}
	if got, err := other.parseZone("1.8.1"); err != nil || got != calc.Night {
		t.Errorf("what is printed on the device holds: %v, %v", got, err)
	}
}

// TestNumbersOfASpreadsheet: as it keeps them, and as people mean them.
func TestNumbersOfASpreadsheet(t *testing.T) {
	cells := []xlsx.Cell{{Kind: xlsx.Number, Raw: []byte("251.90400000000002")}, {Kind: xlsx.Number, Raw: []byte("1.600123456E9")}, {Kind: xlsx.Number, Raw: []byte("180")}, {Kind: xlsx.Text, Raw: []byte("12E4")}, {Kind: xlsx.Date, Raw: []byte("46346.5")}}
	want := []string{"251.904", "1600123456", "180", "12E4", "2026-11-20"}
	for i, got := range texts(cells, false) {
		if got != want[i] {
			t.Errorf("%s: %s, want %s", cells[i].Raw, got, want[i])
		}
	}
}
