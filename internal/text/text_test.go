package text

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"

	"kvit/internal/fault"
)

func TestEverySentenceHasAnEnglishOne(t *testing.T) {
	s := readSources(t)
	if len(s.commands) < 200 || len(s.messages) < 250 {
		t.Fatalf("found %d texts of commands and %d messages: the sources are not read", len(s.commands), len(s.messages))
	}
	for _, kind := range []struct {
		name  string
		found []said
		table map[string]string
	}{{"command", s.commands, commands}, {"message", s.messages, messages}} {
		for _, x := range kind.found {
			english, ok := kind.table[x.text]
			switch {
			case !ok:
				t.Errorf("%s: no English for this %s: %q", x.where, kind.name, x.text)
			case verbs(english) != verbs(x.text):
				t.Errorf("%s: %q takes %s, in English %s", x.where, x.text, verbs(x.text), verbs(english))
			case strings.Contains(x.text, "\n") != strings.Contains(english, "\n"):
				t.Errorf("%s: %q: lines differ in English", x.where, x.text)
			}
		}
	}
}

func TestNoEnglishIsLeftOver(t *testing.T) {
	s := readSources(t)
	used := map[string]bool{}
	for _, x := range slices.Concat(s.commands, s.messages) {
		used[x.text] = true
	}
	seen := map[string]bool{}
	for _, table := range []map[string]string{helps, examples, reports, charges, tariffs, words, fileFaults, rowHints, profiles, serviceFaults, chargeFaults, tariffFaults, penalties, cases, late} {
		for russian, english := range table {
			if !used[russian] && strings.ContainsFunc(russian, cyrillic) {
				t.Errorf("nothing says this any more: %q", russian)
			}
			if seen[russian] {
				t.Errorf("in English twice: %q", russian)
			}
			seen[russian] = true
			if strings.ContainsFunc(english, cyrillic) || english == "" {
				t.Errorf("%q is not English: %q", russian, english)
			}
		}
	}
}

// verbs are what a format takes, by the number of the argument.
func verbs(format string) string {
	found, next := map[int]string{}, 1
	for _, m := range verb.FindAllStringSubmatch(chooseForms(format, func(int) string { return "2" }), -1) {
		if m[2] == "%" {
			continue
		}
		if m[1] != "" || m[2] == "%" {
			next, _ = strconv.Atoi(m[1])
		}
		found[next] = m[2]
		next++
	}
	return fmt.Sprint(found)
}

// TestMessagesAreUnderstoodWithValues makes each message with values and reads it back.
func TestMessagesAreUnderstoodWithValues(t *testing.T) {
	for _, russian := range slices.Sorted(maps.Keys(messages)) {
		args, texts := sampleValues(russian)
		made := fmt.Sprintf(strings.ReplaceAll(russian, "%w", "%s"), args...)
		want := fill(messages[russian], texts)
		if got := English.Said(made); got != want {
			t.Errorf("%q is said %q, want %q", made, got, want)
		}
		if got := Russian.Said(made); got != made {
			t.Errorf("%q is said %q in Russian", made, got)
		}
	}
}

// sampleValues are values of a format, and what they look like in it.
func sampleValues(format string) (args []any, texts map[int]string) {
	texts = map[int]string{}
	next := 1
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[1] != "" || m[2] == "%" {
			continue
		}
		switch m[2] {
		case "d":
			args, texts[next] = append(args, 40+next), strconv.Itoa(40+next)
		case "q":
			args, texts[next] = append(args, "Ул. \"Мира\""), strconv.Quote("Ул. \"Мира\"")
		default:
			s := fmt.Sprintf("дом-%d.csv", next)
			args, texts[next] = append(args, s), s
		}
		next++
	}
	return args, texts
}

func TestSaid(t *testing.T) {
	for _, c := range []struct{ name, russian, english string }{
		{"a sentence", "Строку исправил человек.", "A person corrected the row."},
		{"a reason inside is said too", "Запись JSON не разобрать: запись обрывается, знак 17.", "The JSON record cannot be read: the record breaks off, sign 17."},
		{"a reason in a reason", `сумма "1,2,3": число "1,2,3": больше одной запятой или точки`, `sum "1,2,3": number "1,2,3": more than one comma or point`},
		{"an example inside", "Сумму не разобрать. Ожидается, например, 123456 (в копейках).", "The sum cannot be read. Expected, for example, 123456 (in kopecks)."},
		{"data in quotes stays, though it is a word of ours", "В таблице нет поля «Город», которое называет профиль.", "The table has no field “Город”, which the profile names."},
		{"a file that is named as a format", "Файла или папки 100%d нет. Проверьте путь.", "There is no file or folder 100%d. Check the path."},
		{"one of a thing", "Пароль короче 1 знаков. Возьмите несколько слов.", "The password is shorter than 1 sign. Take several words."},
		{"several", "Пароль короче 12 знаков. Возьмите несколько слов.", "The password is shorter than 12 signs. Take several words."},
		{"one in brackets that is not known", "Это нам неизвестно.", "Это нам неизвестно."},
		{"nothing", "", ""},
	} {
		if got := English.Said(c.russian); got != c.english {
			t.Errorf("%s: %q is said %q, want %q", c.name, c.russian, got, c.english)
		}
	}
}

func TestSprintfCounts(t *testing.T) {
	const cityMade = "Город записан в %s: семей %d, домов %d, счетов %d, ошибок %d."
	if got, want := English.Sprintf(cityMade, "town", 1, 2, 21, 0), "The city is written to town: 1 household, 2 buildings, 21 accounts, 0 defects."; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	if got, want := Russian.Sprintf(cityMade, "town", 1, 2, 21, 0), "Город записан в town: семей 1, домов 2, счетов 21, ошибок 0."; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
	if got, want := English.Sprintf("%s [%d]", "no words of ours", 3), "no words of ours [3]"; got != want {
		t.Errorf("said %q, want %q", got, want)
	}
}

func TestWord(t *testing.T) {
	if got := English.Word("принят"); got != "applied" {
		t.Errorf("said %q", got)
	}
	if got := Russian.Word("принят"); got != "принят" {
		t.Errorf("said %q in Russian", got)
	}
	if got := English.Word("Улица Мира"); got != "Улица Мира" {
		t.Errorf("a word that is not ours became %q", got)
	}
}

func TestFault(t *testing.T) {
	missing := fault.Newf(fault.NotFound, "supplier.unknown", "Поставщика с кодом %q нет. Список: kvit suppliers list.", "gaz")
	for _, c := range []struct {
		name, ru, en string
		err          error
	}{
		{"a message with values", `Поставщика с кодом "gaz" нет. Список: kvit suppliers list.`, `There is no supplier with the code "gaz". To list them: kvit suppliers list.`, missing},
		{
			"a place in a file", "houses.csv, строка 7: Дом H7 записан дважды. Оставьте одну строку.", "houses.csv, line 7: The building H7 is there twice. Leave one row.",
			fault.Newf(fault.Invalid, "houses.twice", "Дом %s записан дважды. Оставьте одну строку.", "H7").At(fault.Place{File: "houses.csv", Pos: 7, Unit: "line"}),
		},
		{
			"a file without a place in it", "a.csv: Файл пуст.", "a.csv: The file is empty.",
			fault.New(fault.Invalid, "file.empty", "Файл пуст.").At(fault.Place{File: "a.csv"}),
		},
		{
			"a place that is no row", "formats.json, files[3]. Профиль, ключ «quote»: ожидается один знак, не такой, как разделитель, или ничего.",
			"formats.json, files[3]. Profile, key “quote”: one sign other than the delimiter, or nothing, is expected.",
			fault.Newf(fault.Invalid, "profile.value", "Профиль, ключ «%s»: ожидается %s.", "quote", "один знак, не такой, как разделитель, или ничего").Within("formats.json, files[3]"),
		},
		{"inside other errors", `Поставщика с кодом "gaz" нет. Список: kvit suppliers list.`, `There is no supplier with the code "gaz". To list them: kvit suppliers list.`, errors.Join(errors.New("load"), missing)},
	} {
		if got := Russian.Fault(fault.As(c.err)); got != c.ru {
			t.Errorf("%s: in Russian %q, want %q", c.name, got, c.ru)
		}
		if got := English.Fault(fault.As(c.err)); got != c.en {
			t.Errorf("%s: in English %q, want %q", c.name, got, c.en)
		}
	}
}

func TestUnit(t *testing.T) {
	if ru, en := Russian.Unit("record"), English.Unit("record"); ru != "запись" || en != "record" {
		t.Errorf("a record is %q and %q", ru, en)
	}
	if got := Russian.Unit("паллета"); got != "паллета" {
		t.Errorf("an unknown unit became %q", got)
	}
}
