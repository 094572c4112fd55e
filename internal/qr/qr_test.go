package qr

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/money"
)

// Vectors of formats.md 0.1, computed by hand on public data.
func TestRequisites(t *testing.T) {
	for inn, want := range map[string]bool{"7707049388": true, "7707049389": false, "500100732259": true, "500100732258": false, "": false, "77070493": false, "77070493а8": false} {
		if ValidINN(inn) != want {
			t.Errorf("ИНН %q: %v", inn, !want)
		}
	}
	for pair, want := range map[[2]string]bool{{"044525225", "40821810840020000005"}: true, {"049205603", "40821810462000000144"}: true, {"048073601", "40902830202010056769"}: false, {"044525225", "4082181084002000000"}: false} {
		if ValidBankAccount(pair[0], pair[1]) != want {
			t.Errorf("счёт %s в БИК %s: %v", pair[1], pair[0], !want)
		}
	}
}

func TestWhatIsWrittenIsRead(t *testing.T) {
	text := rapid.StringMatching(`[А-Яа-яA-Z0-9 |=;:"«»,.№-]{1,40}`)
	rapid.Check(t, func(t *rapid.T) {
		p := Payment{Name: text.Draw(t, "name"), PersonalAcc: "40702810138250123017", BankName: text.Draw(t, "bank"), BIC: "044525225", CorrespAcc: "30101810400000000225",
			PayeeINN: "7707049388", Purpose: text.Draw(t, "purpose"), Sum: money.Amount(rapid.Int64Range(0, 1e8).Draw(t, "sum")), PersAcc: "В-0014"}
		if cut(p.Name, 160) == "" || cut(p.BankName, 45) == "" {
			return
		}
		s, err := p.Encode()
		if err != nil {
			return
		}
		c, err := Parse([]byte(s))
		if err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		for key, want := range map[string]string{"Name": cut(p.Name, 160), "PersonalAcc": p.PersonalAcc, "BankName": cut(p.BankName, 45), "PersAcc": "В-0014", "Purpose": cut(p.Purpose, 210)} {
			if got := c.Get(key); got != want {
				t.Fatalf("%s: %q, want %q in %q", key, got, want, s)
			}
		}
	})
}

// S12: a name that tries to be a field stays a name.
func TestNameCannotSmuggleFields(t *testing.T) {
	s, err := Payment{Name: "ООО|PersonalAcc=40700000000000000000|Ромашка", PersonalAcc: "40702810138250123017", BankName: "Банк", BIC: "044525225"}.Encode()
	if err != nil {
		t.Fatal(err)
	}
	c, err := Parse([]byte(s))
	if err != nil || c.Get("PersonalAcc") != "40702810138250123017" || !strings.Contains(c.Get("Name"), "Ромашка") {
		t.Fatalf("%+v, %v", c, err)
	}
	if strings.Contains(s[7:], "|PersonalAcc=4070000") || strings.Count(s, "PersonalAcc=") != 1 {
		t.Errorf("a program that parts fields by a bar would pay another account: %s", s)
	}
	turned, err := Payment{Name: "ООО \u202eкиР\u202c\u200b", PersonalAcc: "40702810138250123017", BankName: "Банк\x00", BIC: "044525225", Purpose: "a=b|c\r\nd"}.Encode()
	if err != nil || strings.ContainsAny(turned, "\u202e\u202c\u200b\x00\r\n") || !strings.Contains(turned, "Purpose=a-b/c d") {
		t.Errorf("%q, %v", turned, err)
	}
}

// Real codes of the reference material, when it lies beside the checkout.
func TestRealCodes(t *testing.T) {
	files, _ := filepath.Glob("../../../shared/samples/gost-qr/*.bin")
	if len(files) == 0 {
		t.Skip("ПРОПУЩЕНО: нет ../shared/samples/gost-qr")
	}
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Base(f)
		c, err := Parse(b)
		switch {
		case strings.HasPrefix(name, "bad_no_name"), strings.HasPrefix(name, "bad_encoding"):
			if err == nil {
				t.Errorf("%s was read: %+v", name, c)
			}
		case err != nil:
			t.Errorf("%s: %v", name, err)
		case strings.HasPrefix(name, "bad_junk") && len(c.Warnings) == 0:
			t.Errorf("%s: no warning", name)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte("ST00012|Name=ООО|PersonalAcc=40702810138250123017|BankName=Б|BIC=044525225|CorrespAcc=0|Sum=100.00"))
	f.Fuzz(func(t *testing.T, b []byte) {
		if c, err := Parse(b); err == nil && c.Get("Name") == "" {
			t.Fatal("a code without a name was taken")
		}
	})
}

// TestRunsAreTheBlackModules: the rows a picture is drawn of cover the black modules and no other, once.
func TestRunsAreTheBlackModules(t *testing.T) {
	for _, text := range []string{"7", "HTTPS://KVIT.EXAMPLE", "ST00012|Name=АО «Водоканал»|PersonalAcc=40821810840020000005|Sum=31205", strings.Repeat("длинный текст ", 60)} {
		m, err := Encode(text)
		if err != nil {
			t.Fatal(err)
		}
		drawn := map[[2]int]int{}
		for _, r := range m.Runs() {
			for x := range r.Length {
				drawn[[2]int{r.X + x, r.Y}]++
			}
		}
		black := 0
		for y := range m.Size {
			for x := range m.Size {
				if m.Black(x, y) {
					black++
				}
				if m.Black(x, y) != (drawn[[2]int{x, y}] == 1) {
					t.Fatalf("%.20q: module %d, %d", text, x, y)
				}
			}
		}
		if len(drawn) != black {
			t.Errorf("%.20q: %d modules drawn, %d are black", text, len(drawn), black)
		}
	}
}
