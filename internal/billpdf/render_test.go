package billpdf

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"kvit/internal/money"
	"kvit/internal/qr"
)

func sample(suppliers, lines int) Document {
	d := Document{
		Number: "К-7М4Т", CheckCode: "7HKQ-22MD", Month: "октябрь 2026", Moment: "по состоянию на 24.11.2026 12:00", Centre: Centre{"Расчётный центр Заокска", "8 800 000-00-00", "ежедневно 8:00–20:00"},
		Payer: "Иванова А. П.", Address: "ул. Ленина, 12, корп. 1, кв. 5", Area: "52,3 м²", Residents: "2", UnifiedNo: "62АБ12345", DueDate: "16 ноября", DueNote: "15 ноября – воскресенье, срок перенесён",
		Total: 621435, Advance: 5000, Opening: 100000, Charge: 600000, Recalc: -1200, Penalty: 397, Paid: 72762, PayURL: "https://kvit.example/pay/0123456789abcdef0123", PayHost: "kvit.example", EntryNo: "62АБ12345", EntryCode: "7M4T 2KQ9",
		Notes: []string{"Суммы поставщиков показаны по их последним реестрам. Платежи после конца октября уже вычтены."},
	}
	code, err := qr.Payment{Name: "АО «Водоканал»", PersonalAcc: "40821810840020000005", BankName: "Учебный банк", BIC: "044525225", CorrespAcc: "30101810400000000225", PersAcc: "1600123456", Sum: 31205}.Encode()
	if err != nil {
		panic(err)
	}
	for i := range suppliers {
		s := Supplier{
			Name: fmt.Sprintf("АО «Поставщик номер %d с довольно длинным названием организации»", i+1), INN: "7707049388", KPP: "770701001", Bank: "Учебный банк", BIC: "044525225",
			BankAccount: "40821810840020000005", CorrAccount: "30101810400000000225", Phone: "8 800 000-00-00", Account: "1600123456", Due: 31205, Fresh: "данные от 03.11.2026", QR: code,
		}
		if i%4 == 3 {
			s.QR, s.BankAccount, s.BIC = "", "", ""
		}
		for k := range lines {
			s.Lines = append(s.Lines, Line{Service: []string{"Холодное водоснабжение", "Водоотведение", "Содержание жилого помещения", "", "Электроэнергия, ночь"}[k%5], Volume: "4,312", Rate: "43,63", Charge: money.Amount(12345 * (k + 1)), Due: 6241})
		}
		d.Suppliers = append(d.Suppliers, s)
	}
	return d
}

func render(t testing.TB, docs ...Document) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Render(&b, docs); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSameDocumentSameBytes(t *testing.T) {
	if !bytes.Equal(render(t, sample(3, 4)), render(t, sample(3, 4))) {
		t.Fatal("two drawings of one document differ")
	}
}

// tool finds a program of the system; without it the test fails unless KVIT_TEST_SKIP_TOOLS=1 says to skip.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		if os.Getenv("KVIT_TEST_SKIP_TOOLS") == "1" {
			t.Skipf("ПРОПУЩЕНО: нет программы %s", name)
		}
		t.Fatalf("нет программы %s: установите poppler-utils и zbar-tools", name)
	}
	return path
}

func write(t *testing.T, b []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "bill.pdf")
	if err := os.WriteFile(path, b, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestTextCanBeRead(t *testing.T) {
	out, err := exec.Command(tool(t, "pdftotext"), "-layout", write(t, render(t, sample(15, 5))), "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(out), "\u00a0", " ")
	for _, want := range []string{
		"6 214,35 ₽", "до 16 ноября включительно", "ул. Ленина, 12, корп. 1, кв. 5", "Водоотведение", "м²", "−12,00", "ещё не получены", "Поставщик номер 15",
		"1. Сведения о плательщике", "2. Показания приборов учёта", "3. Расчёт размера платы", "4. Справочная информация", "5. Рассрочка", "7M4T 2KQ9", "Код ведёт на kvit.example",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in the text of the document", want)
		}
	}
	if strings.Contains(text, "…") {
		t.Error("a name or a figure is cut")
	}
	if pages := strings.Count(text, "\f"); pages < 5 {
		t.Errorf("15 suppliers of 5 lines take %d pages", pages)
	}
}

// A paper of a paid bill must not look like a demand, and an overpayment is no sum to pay.
func TestNothingToPay(t *testing.T) {
	d := sample(2, 1)
	d.Total, d.Advance, d.Suppliers[0].Due, d.Suppliers[1].Due = 0, 31205, 0, -31205
	out, err := exec.Command(tool(t, "pdftotext"), "-layout", write(t, render(t, d)), "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	text := strings.ReplaceAll(string(out), "\u00a0", " ")
	for want, there := range map[string]bool{"Платить ничего не нужно": true, "Переплата у поставщиков: 312,05 ₽": true, "переплата 312,05 ₽": true, "К оплате −": false, "включительно": false} {
		if strings.Contains(text, want) != there {
			t.Errorf("%q on the paper: %v\n%.900s", want, !there, text)
		}
	}
}

// The codes on the paper are read back from its picture, drawn as shapes and as pictures of a print run.
func TestCodesAreReadable(t *testing.T) {
	for _, printed := range []bool{false, true} {
		d := sample(2, 2)
		d.Duplex = printed
		pdf := write(t, render(t, d))
		prefix := filepath.Join(filepath.Dir(pdf), "page")
		if out, err := exec.Command(tool(t, "pdftoppm"), "-r", "150", "-png", pdf, prefix).CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		pages, _ := filepath.Glob(prefix + "*.png")
		out, err := exec.Command(tool(t, "zbarimg"), append([]string{"-q", "--raw"}, pages...)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(out), "https://kvit.example/pay/0123456789abcdef0123") || strings.Count(string(out), "ST00012|Name=АО «Водоканал»") != 2 {
			t.Fatalf("printed %v, read from the picture: %s", printed, out)
		}
	}
}

func TestFontsAreTheVendored(t *testing.T) {
	var list []struct{ File, SHA256 string }
	b, err := os.ReadFile("fonts/vendor.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &list); err != nil || len(list) != 2 {
		t.Fatal(list, err)
	}
	for _, f := range list {
		b, err := os.ReadFile("fonts/" + f.File)
		sum := sha256.Sum256(b)
		if err != nil || hex.EncodeToString(sum[:]) != f.SHA256 {
			t.Errorf("%s is not the vendored file: %v", f.File, err)
		}
	}
}

func BenchmarkHouse(b *testing.B)      { benchmarkBills(b, 100, true) }
func BenchmarkSmallHouse(b *testing.B) { benchmarkBills(b, 6, true) }
func BenchmarkOne(b *testing.B)        { benchmarkBills(b, 1, false) }

// benchmarkBills draws bills of one file and tells processor time: by the clock a shared machine tells of its other work.
func benchmarkBills(b *testing.B, count int, printed bool) {
	docs := make([]Document, count)
	for i := range docs {
		docs[i] = sample(7, 2)
		docs[i].Duplex = printed
	}
	begun := processor(b)
	for b.Loop() {
		if err := Render(io.Discard, docs); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric((processor(b)-begun).Seconds()*1000/float64(b.N*count), "cpu-s/1000bills")
}

// processor is the processor time this process took so far.
func processor(b *testing.B) time.Duration {
	var use syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &use); err != nil {
		b.Fatal(err)
	}
	return time.Duration(use.Utime.Nano() + use.Stime.Nano())
}
