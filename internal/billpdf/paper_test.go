package billpdf

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"testing"
)

func samplePaper(rows int) *Paper {
	d := &Paper{
		Title: "Выписка по лицевым счетам за период", Number: "7M4T-2KQ9-ABCD", Made: "26 ноября 2026, 12:40", Centre: Centre{"Расчётный центр Заокска", "8 800 000-00-00", "ежедневно 8:00–20:00"},
		Address: "ул. Ленина, 12, корп. 1, кв. 5", Payer: "Иванова А. П.", Lead: "На 1 октября 2026 года был долг 1 000,00 ₽, на 31 октября – 6 214,35 ₽.", CheckURL: "https://kvit.example/check/7M4T2KQ9ABCD", CheckHost: "kvit.example/check",
		Digest: strings.Repeat("0123456789abcdef", 4), Facts: [][2]string{{"Период", "октябрь 2026 – ноябрь 2026"}, {"Лицевых счетов", "7"}}, Notes: []string{"Документ сделан автоматически и действует без подписи и печати."},
	}
	t := SheetTable{Title: "По поставщикам", Columns: []string{"Поставщик", "Лицевой счёт", "Было", "Начислено", "Перерасчёт", "Пени", "Оплачено", "Осталось"}, Numbers: 6, Total: true, Empty: "Начислений не было."}
	for i := range rows {
		t.Rows = append(t.Rows, []string{fmt.Sprintf("Общество с ограниченной ответственностью «Управляющая компания № %d Ока-Сервис»", i+1), "1600123456789012", "1 000,00", "12 345,67", "−1 234,56", "3,97", "99 999 999,99", "6 214,35"})
	}
	d.Tables = []SheetTable{t, {Title: "Платежи", Columns: []string{"День", "Откуда", "Сумма"}, Numbers: 1, Empty: "Платежей за период не было."}}
	return d
}

// TestPapers: nothing is cut however long, every page can be checked alone, and the same paper is the same bytes.
func TestPapers(t *testing.T) {
	for _, rows := range []int{0, 1, 40} {
		var a, b bytes.Buffer
		if err := RenderPaper(&a, samplePaper(rows)); err != nil {
			t.Fatal(err)
		}
		if err := RenderPaper(&b, samplePaper(rows)); err != nil || !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Fatal("two drawings of one paper differ", err)
		}
		out, err := exec.Command(tool(t, "pdftotext"), "-layout", write(t, a.Bytes()), "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		text := strings.ReplaceAll(string(out), "\u00a0", " ")
		pages := strings.Count(text, "\f")
		if strings.Contains(text, "…") || strings.Count(text, "Отпечаток SHA-256: 0123456789abcdef") != pages || !strings.Contains(text, fmt.Sprintf("стр. %d из %d", pages, pages)) {
			t.Errorf("%d rows on %d pages:\n%s", rows, pages, text)
		}
		if got := strings.Count(strings.Join(strings.Fields(text), " "), "99 999 999,99"); got != rows {
			t.Errorf("%d of %d rows", got, rows)
		}
		if rows == 0 && !strings.Contains(text, "Начислений не было.") {
			t.Error("an empty table says nothing")
		}
	}
}

// TestLargePrint: two pages for a usual household, every recipient whole, nothing below 16 points.
func TestLargePrint(t *testing.T) {
	for suppliers, most := range map[int]int{7: 2, 30: 5} {
		d := sample(suppliers, 3)
		d.LargePrint, d.CheckHost = true, "kvit.example/check"
		file := write(t, render(t, d))
		out, err := exec.Command(tool(t, "pdftotext"), "-layout", file, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		text := strings.Join(strings.Fields(strings.ReplaceAll(string(out), "\u00a0", " ")), " ")
		for _, want := range []string{"6 214,35 ₽", "до 16 ноября включительно", "7M4T 2KQ9", "Итого к оплате", "7HKQ-22MD", "kvit.example/check"} {
			if !strings.Contains(text, want) {
				t.Errorf("%q is not in the large print", want)
			}
		}
		if pages := strings.Count(string(out), "\f"); pages > most || strings.Count(text, "Поставщик номер") != suppliers || strings.Contains(text, "…") {
			t.Errorf("%d suppliers: %d pages\n%s", suppliers, pages, out)
		}
		boxes, err := exec.Command(tool(t, "pdftotext"), "-bbox", file, "-").Output()
		if err != nil {
			t.Fatal(err)
		}
		var top, bottom float64
		for line := range strings.Lines(string(boxes)) {
			if n, _ := fmt.Sscanf(strings.TrimSpace(line), `<word xMin="%f" yMin="%f" xMax="%f" yMax="%f">`, new(float64), &top, new(float64), &bottom); n == 4 && bottom-top < 16 {
				t.Errorf("smaller than 16 points: %s", line)
			}
		}
	}
}

// TestPapersCarryOnlyWords is S8 (reliability.md) for papers: whatever a name holds, it is printed as words; nothing turns it,
// nothing in the file is run or leads away.
func TestPapersCarryOnlyWords(t *testing.T) {
	const hostile = "ООО «\u202eакшамоР\u202c»\u200b (\\) /JavaScript >> endobj /OpenAction <</S/URI>> </script>\x00\x1b"
	d := sample(1, 1)
	d.Address, d.Payer, d.Suppliers[0].Name, d.Suppliers[0].Lines[0].Service = hostile, hostile, hostile, hostile
	p := samplePaper(1)
	p.Payer, p.Tables[0].Rows[0][0], p.Notes[0], p.Facts[0][1] = hostile, hostile, hostile, hostile
	var paper, sheet bytes.Buffer
	if err := RenderPaper(&paper, p); err != nil {
		t.Fatal(err)
	}
	if err := RenderSheet(&sheet, &Sheet{Title: hostile, Facts: [][2]string{{hostile, hostile}}, Tables: []SheetTable{{Title: "x", Columns: []string{"a"}, Rows: [][]string{{hostile}}}}, Foot: hostile}); err != nil {
		t.Fatal(err)
	}
	for name, pdf := range map[string][]byte{"bill": render(t, d), "paper": paper.Bytes(), "sheet": sheet.Bytes()} {
		for _, acts := range []string{"/OpenAction", "/JavaScript", "/Launch", "/AA", "/SubmitForm"} {
			if bytes.Contains(pdf, []byte(acts)) {
				t.Errorf("%s: the file holds %s", name, acts)
			}
		}
		out, err := exec.Command(tool(t, "pdftotext"), "-raw", write(t, pdf), "-").Output()
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		text := strings.Join(strings.Fields(string(out)), " ")
		if !strings.Contains(text, "акшамоР") || strings.ContainsAny(text, "\u202e\u202c\u200b\x00\x1b") {
			t.Errorf("%s: %.400s", name, text)
		}
	}
}
