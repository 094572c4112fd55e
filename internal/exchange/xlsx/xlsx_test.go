package xlsx

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"
)

func open(t testing.TB, raw []byte) *Book {
	b, err := Open(bytes.NewReader(raw), int64(len(raw)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func cellsOf(t testing.TB, b *Book, sheet int) (out [][]string) {
	rows, err := b.Rows(sheet)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for {
		err := rows.Next()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		list := []string{fmt.Sprint(rows.Number())}
		for _, c := range rows.Cells() {
			list = append(list, fmt.Sprintf("%d:%s", c.Kind, c.Raw))
		}
		out = append(out, list)
	}
}

func TestABookOfAnotherProgramIsReadCellByCell(t *testing.T) {
	f := excelize.NewFile()
	f.SetSheetName("Sheet1", "Реестр")
	f.SetCellValue("Реестр", "A1", "Лицевой счёт")
	f.SetCellRichText("Реестр", "C1", []excelize.RichTextRun{{Text: "К "}, {Text: "оплате"}})
	f.SetCellInt("Реестр", "A3", 15)
	f.SetCellValue("Реестр", "C3", 1933.47)
	f.SetCellFormula("Реестр", "D3", "A3*2")
	f.SetCellBool("Реестр", "E3", true)
	style, _ := f.NewStyle(&excelize.Style{NumFmt: 14})
	f.SetCellInt("Реестр", "B3", 46326)
	f.SetCellStyle("Реестр", "B3", "B3", style)
	f.NewSheet("скрытый")
	f.SetSheetVisible("скрытый", false)
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	book := open(t, b.Bytes())
	if s := book.Sheets(); len(s) != 2 || s[0].Name != "Реестр" || s[0].Hidden || !s[1].Hidden {
		t.Errorf("%+v", s)
	}
	got := fmt.Sprint(cellsOf(t, book, 0))
	want := "[[1 1:Лицевой счёт 0: 1:К оплате] [3 2:15 3:46326 2:1933.47 5:=A3*2 4:1]]"
	if got != want {
		t.Errorf("\ngot  %s\nwant %s", got, want)
	}
}

func TestWhatIsWrittenReadsBackHereAndInExcelize(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.SliceOfN(rapid.SliceOfN(rapid.StringMatching(`[a-zЯё<>&"' =.-]{1,9}`), 1, 30), 1, 9).Draw(t, "rows")
		var b bytes.Buffer
		w, err := NewWriter(&b, `Лист "1"`)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range want {
			cells := make([]Cell, len(row))
			for i, s := range row {
				cells[i] = Cell{Text, []byte(s)}
			}
			if err := w.Append(cells); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		book, err := Open(bytes.NewReader(b.Bytes()), int64(b.Len()))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := book.Rows(0)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		theirs, err := excelize.OpenReader(bytes.NewReader(b.Bytes()))
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range want {
			if err := rows.Next(); err != nil {
				t.Fatal(err)
			}
			for j, s := range row {
				if got := string(rows.Cells()[j].Raw); got != s {
					t.Fatalf("%q, want %q", got, s)
				}
				name, _ := excelize.CoordinatesToCellName(j+1, i+1)
				if got, _ := theirs.GetCellValue(`Лист "1"`, name); got != s {
					t.Fatalf("excelize reads %q in %s, want %q", got, name, s)
				}
			}
		}
	})
}

func TestSharedStringsGoToAFileAndComeBack(t *testing.T) {
	table := &stringTable{}
	piece := strings.Repeat("я", 1<<19)
	for i := range 80 {
		if err := table.append(fmt.Appendf(nil, "%d %s", i, piece)); err != nil {
			t.Fatal(err)
		}
		table.ends.add(table.size())
	}
	defer table.Close()
	if table.file == nil || len(table.memory) > 2<<20 {
		t.Fatalf("80 MB are held in memory: %d", len(table.memory))
	}
	for _, i := range []int{79, 0, 40, 41, 1} {
		got, ok, err := table.get(nil, i)
		if err != nil || !ok || string(got) != fmt.Sprintf("%d %s", i, piece) {
			t.Errorf("string %d: %v %v %.20q", i, ok, err, got)
		}
	}
	if _, ok, _ := table.get(nil, 80); ok {
		t.Error("a string that is not there was found")
	}
}

func TestDateFormatsAreTold(t *testing.T) {
	for code, want := range map[string]bool{"dd.mm.yyyy": true, `[$-419]mmmm\ yyyy;@`: true, "0.00": false, `#,##0.00" руб. day"`: false, "[Red]0": false, "General": false} {
		if isDateFormat(code) != want {
			t.Errorf("%s", code)
		}
	}
}

func FuzzRows(f *testing.F) {
	var b bytes.Buffer
	w, _ := NewWriter(&b, "a")
	w.Append([]Cell{{Text, []byte("x")}, {Number, []byte("1.5")}})
	w.Close()
	f.Add(b.Bytes())
	f.Fuzz(func(t *testing.T, raw []byte) {
		book, err := Open(bytes.NewReader(raw), int64(len(raw)))
		if err != nil {
			return
		}
		defer book.Close()
		for i := range book.Sheets() {
			rows, err := book.Rows(i)
			if err != nil {
				continue
			}
			for rows.Next() == nil {
			}
			rows.Close()
		}
	})
}
