package bot

import (
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"kvit/internal/bot/chat"
)

func TestFiguresAsPeopleType(t *testing.T) {
	for text, want := range map[string]string{
		"ХВС 123, ГВС 45":                  "хвс||123 гвс||45",
		"хвс 123,5 гвс 45.25":              "хвс||123.5 гвс||45.25",
		"Холодная вода: 00123 м³; газ - 7": "холодная вода||123 газ||7",
		"свет день 8450, ночь 3120":        "свет|день|8450 свет|ночь|3120",
		"свет Т1 8450 T2 3120":             "свет|т1|8450 свет|т2|3120",
		"№ 4471201 251,904":                "№4471201||251.904",
		"гвс=45\nхвс=123":                  "гвс||45 хвс||123",
		"123":                              "",
		"ХВС 12 345":                       "",
		"ХВС 123, 45":                      "",
		"ХВС":                              "",
		"ХВС 1234567890":                   "",
		"ночь 5":                           "",
		"Здравствуйте! Вчера передал ХВС 45": "",
		"ХВС −5": "",
		"":       "",
	} {
		list, ok := parseFigures(text)
		var got []string
		for _, f := range list {
			got = append(got, f.Name+"|"+f.Zone+"|"+f.Value.String())
		}
		if s := strings.Join(got, " "); s != want || ok != (want != "") {
			t.Errorf("%q: %q, %t", text, s, ok)
		}
	}
	for text, want := range map[string]string{"251": "251", " 251,904 м³ ": "251.904", "00251 куб.м": "251", "12 345": "12345", "1 234 567,5": "1234567.5", "1234 567": "", "251 25": "", "-5": "5", "2 51": "", "abc": "", "251x": ""} {
		v, ok := parseFigure(text)
		if ok != (want != "") || ok && v.String() != want {
			t.Errorf("%q: %s, %t", text, v, ok)
		}
	}
}

func TestProofsAsPeopleType(t *testing.T) {
	for text, want := range map[string]string{
		"ab3d-ef45": "|ab3d-ef45", "1600123456 AB3DEF45": "1600123456|AB3DEF45", "1600 123456, AB3D EF45": "1600123456|AB3DEF45", "Л-77/5 ав3текмн": "Л-77/5|ав3текмн", "1600123456": "", "счёт": "", "hello AB3DEF45": "",
	} {
		number, code, ok := parseProof(text)
		if got := number + "|" + code; ok != (want != "") || ok && got != want {
			t.Errorf("%q: %q, %t", text, got, ok)
		}
	}
}

// FuzzFigures: whatever is typed, nothing breaks; what is understood is understood again when it is written out.
func FuzzFigures(f *testing.F) {
	for _, s := range []string{"ХВС 123, ГВС 45", "свет день 8450, ночь 3120", "№ 44 1,5 м³", "т1 т1 1", "..1", "№", "ХВС 1м3м3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		commandOf(text)
		parseProof(text)
		for _, p := range parts(text, 50) {
			if utf8.RuneCountInString(p) > 50 {
				t.Fatalf("a part of %d signs", utf8.RuneCountInString(p))
			}
		}
		list, ok := parseFigures(text)
		if !ok {
			return
		}
		var again []string
		for _, f := range list {
			again = append(again, strings.TrimSpace(f.Name+" "+f.Zone)+" "+f.Value.String())
		}
		second, ok := parseFigures(strings.Join(again, "; "))
		if !ok || fmt.Sprint(second) != fmt.Sprint(list) {
			t.Fatalf("%q: %v, again %v", text, list, second)
		}
	})
}

// TestWordsOfOthersAreInert is S11 (reliability.md).
func TestWordsOfOthersAreInert(t *testing.T) {
	for _, s := range []string{"http://evil.example", "evil.ru", "1.2.3.4", "@admin", "mail@evil.ru", "/stop", "#tag", "t.me/x", "a\u202eb", "a\u200bb", "a\r\nBcc: x"} {
		got := inert(s)
		for _, bad := range []string{"://", ".e", ".r", ".2", "@a", "@e", "/s", "#t", "\u202e", "\u200b", "\n", "\r"} {
			if strings.Contains(got, bad) {
				t.Errorf("%q became %q", s, got)
			}
		}
	}
	if got := inert("{{.}} {{printf}} ${7*7} %0d%0aBcc:"); got != "{{.}} {{printf}} ${7*7} %0d%0aBcc:" {
		t.Errorf("words that are only words: %q", got)
	}
	if n := utf8.RuneCountInString(inert(strings.Repeat("я", 5000))); n != wordsMax {
		t.Errorf("%d signs", n)
	}
}

func TestPace(t *testing.T) {
	p, now := newPace(everyOfChat), time.Now()
	if p.wait("1", now) != 0 || p.wait("2", now) == 0 || p.wait("2", now.Add(everyMessage)) != 0 {
		t.Error("thirty messages a second for all")
	}
	if d := p.wait("1", now.Add(2*everyMessage)); d <= 0 || d > everyOfChat || p.wait("1", now.Add(everyOfChat)) != 0 {
		t.Errorf("one message a second for a chat: %s", d)
	}
	p.stop(now.Add(time.Minute))
	if p.wait("3", now.Add(30*time.Second)) != 30*time.Second {
		t.Error("the messenger asked for silence")
	}
}

func TestButtonsFit(t *testing.T) {
	talk := &talk{Update: &chat.Update{}, state: state{Step: 1_000_000}}
	for _, p := range periods(202611) {
		if b := talk.button("x", "send", "balance_sheet:"+p.months); len(b.Data) > chat.DataMax {
			t.Errorf("%d bytes: %s", len(b.Data), b.Data)
		}
	}
}
