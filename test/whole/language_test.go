package whole

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode"
)

// TestWhereToBegin copies the commands that the help begins with into a terminal, one after another.
func TestWhereToBegin(t *testing.T) {
	dir := t.TempDir()
	run := func(args ...string) string {
		cmd := exec.Command(kvit(t), args...)
		cmd.Dir, cmd.Env = dir, append(os.Environ(), "KVIT_DATA=data", "KVIT_LANG=ru")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("kvit %s: %v\n%s", strings.Join(args, " "), err, out)
		}
		return string(out)
	}
	_, begin, _ := strings.Cut(run("--help"), "С чего начать:")
	begin, _, _ = strings.Cut(begin, "Команды:")
	said := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^  kvit (.+)$`).FindAllStringSubmatch(begin, -1) {
		if args := strings.Fields(m[1]); args[0] != "demo" {
			said[args[0]] = run(args...)
		}
	}
	for command, want := range map[string]string{"bill": "К оплате", "pay": "зачислено", "check": "верно"} {
		if !strings.Contains(said[command], want) {
			t.Errorf("kvit %s as the help has it said no %q:\n%s", command, want, said[command])
		}
	}
}

// TestEnglish runs a supplier whose data are Latin, so that every Russian letter in an answer would be the program's.
func TestEnglish(t *testing.T) {
	dir := t.TempDir()
	write(t, filepath.Join(dir, "houses.csv"), "house_id,guid,postcode,locality,street_type,street,street_alias,house,letter,korp,year,floors,flats,cadastral,kind\nH1,,390000,Priok,st,Mira,,1,,,1970,5,60,,mkd\n")
	write(t, filepath.Join(dir, "bad_houses.csv"), "house_id,street,house,flats\nH1,Mira,1,many\n")
	write(t, filepath.Join(dir, "suppliers.yaml"), "- {code: water, name: Water, mode: issued}\n")
	write(t, filepath.Join(dir, "water.csv"), "account;fio;address;charge;due\n1001;Ivanov I;Mira 1-1;100.00;100.00\n1002;Petrov P;Mira 1-2;2x0.00;200.00\n1003;Sidorov\n"+
		"1004;Kotov K;Mira 1-4;400,00;400.00\n1004;Kotov K;Mira 1-4;400,00;400.00\n1005;Belov B;Mira 1-5;10.00;10.00\n1005;Belov B;Mira 1-5;20.00;20.00\n;Nobody N;Mira 1-6;1.00;1.00\n#SUM 5.00\n")
	write(t, filepath.Join(dir, "cut.xml"), "<a><b>1</b>")
	write(t, filepath.Join(dir, "empty.json"), "")
	write(t, filepath.Join(dir, "formats.json"), `{"month":"2026-10","registers":[{"file":"water.csv","supplier":"water","kind":"csv","encoding":"utf-8","delimiter":";","header_rows":1,
		"control_total":{"prefix":"#SUM ","role":"due"},"money":"rub_dot","row":"account","unit":"line","columns":{"account":0,"fio":1,"address":2,"charge":3,"due":4}},
		{"file":"cut.xml","supplier":"water","kind":"xml","encoding":"utf-8","record":"b","money":"rub_dot","row":"account","unit":"record","paths":{"account":"n","due":"d"}}]}`)
	write(t, filepath.Join(dir, "bad_formats.json"), `{"month":"2026-10","registers":[{"file":"water.csv","supplier":"water","kind":"csv","delimiter":";","quote":"zzz","columns":{"account":0,"due":1}}]}`)
	p := &place{t: t, flags: []string{"--data", filepath.Join(dir, "data"), "--lang", "en"}, dir: dir}
	file := func(name string) string { return filepath.Join(dir, name) }
	bill := []string{"--supplier", "water", "--account", "1001"}
	for _, c := range []struct {
		status int
		args   []string
		says   string // a part of the answer
	}{
		{0, []string{"suppliers", "list"}, "There are no suppliers yet."},
		{0, []string{"houses", "load", file("houses.csv")}, "Buildings: 1 new, 0 updated."},
		{1, []string{"houses", "load", file("bad_houses.csv")}, `line 2: the column flats should hold a whole number, but holds "many"`},
		{1, []string{"houses", "load", file("formats.json")}, "This is no CSV"},
		{0, []string{"suppliers", "load", file("suppliers.yaml")}, "Suppliers: 1 new, 0 updated."},
		{1, []string{"profile", "check", file("bad_formats.json")}, "Profile, key “quote”: one sign other than the delimiter, or nothing, is expected."},
		{0, []string{"profile", "check", file("formats.json")}, "Profiles in order: 2."},
		{0, []string{"profile", "list", file("formats.json")}, "water.csv"},
		{0, []string{"--json", "profile", "guess", file("water.csv")}, `"why":"by the name “account”"`},
		{1, []string{"profile", "guess", file("empty.json")}, "The file is empty."},
		{1, []string{"intake", "--formats", file("formats.json"), "--dry-run", file("water.csv"), file("cut.xml")}, "refused: The XML file breaks off: the element “a” is not closed."},
		{2, []string{"intake", "--formats", file("formats.json"), file("nowhere")}, "There is no file or folder"},
		{0, []string{"--json", "intake", "--dry-run", "--formats", file("formats.json"), file("water.csv")}, `"hint":"The row has fewer fields than the profile."`},
		{0, []string{"intake", "--formats", file("formats.json"), file("water.csv")}, "control total in the file"},
		{1, []string{"rows", "list", "1"}, "There is no such intake."},
		{0, []string{"review", "list"}, ""},
		{1, []string{"review", "decide", "99", "apart"}, "There is no doubtful join No. 99."},
		{1, []string{"review", "undo", "99"}, "There is no decision No. 99"},
		{0, append([]string{"bill", "show"}, bill...), "Payable: 100,00\u00a0₽"},
		{1, []string{"bill", "show", "--supplier", "water", "--account", "77"}, "This supplier has no account 77."},
		{1, []string{"bill", "show", "--supplier", "fire", "--account", "77"}, `There is no supplier with the code "fire".`},
		{0, append([]string{"pay", "--sum", "40", "--key", "k1", "--simulate", "captured"}, bill...), "credited: 40,00\u00a0₽"},
		{0, append([]string{"pay", "--sum", "40", "--key", "k1", "--simulate", "captured"}, bill...), "This is a repeat"},
		{1, append([]string{"pay", "--sum", "50", "--key", "k1", "--simulate", "captured"}, bill...), "There was another payment with this key."},
		{1, append([]string{"pay", "--sum", "60", "--key", "k2", "--simulate", "declined"}, bill...), "not enough money on the card"},
		{1, append([]string{"pay", "--sum", "900", "--key", "k3", "--simulate", "captured"}, bill...), "To pay ahead, use --ahead."},
		{3, append([]string{"pay", "--sum", "10", "--key", "k4", "--simulate", "silent"}, bill...), "The bank has not answered yet."},
		{0, []string{"registers", "write", "--day", "2020-01-01", "--out", file("out")}, "There were no payments on 2020-01-01."},
		{0, []string{"registers", "write", "--day", today(t), "--out", file("out")}, "sum"},
		{0, []string{"baskets", "export", "--out", file("baskets.json")}, "accounts"},
		{1, []string{"users", "add", "olga", "--role", "auditor", "--password", "short"}, "The password is shorter than 12 signs."},
		{0, []string{"bench", "basket", "--reads", "3"}, "3 baskets of"},
		{0, []string{"check"}, "holds"},
		{0, []string{"city", "make", "--out", file("town"), "--households", "1", "--no-payments"}, "1 household,"},
		{2, []string{"city", "make", "--out", file("town"), "--households", "0"}, "There may be 1 to"},
		{0, []string{"migrate"}, "The database schema is ready."},
	} {
		said, status := p.both(c.args...)
		if status != c.status || !strings.Contains(said, c.says) {
			t.Errorf("kvit %s: exit status %d, want %d and %q:\n%s", strings.Join(c.args, " "), status, c.status, c.says, said)
		}
		if word := regexp.MustCompile(`\S*\p{Cyrillic}+.*`).FindString(strings.ReplaceAll(said, "кв. 1", "")); word != "" { // an address is data
			t.Errorf("kvit %s: Russian in English: %s", strings.Join(c.args, " "), word)
		}
	}
	p.rowsInEnglish()
}

// rowsInEnglish reads what was found in the rows of the file taken in.
func (p *place) rowsInEnglish() {
	var report struct{ Files []struct{ DuplicateOf int64 } }
	p.runJSON(&report, "intake", "--formats", filepath.Join(p.dir, "formats.json"), filepath.Join(p.dir, "water.csv"))
	said, status := p.both("rows", "list", strconv.FormatInt(report.Files[0].DuplicateOf, 10))
	for _, want := range []string{"The sum cannot be read. Expected, for example, 1234.56.", "The row has no account number.", "The same row is already at place 5", "The control total of the file differs"} {
		if !strings.Contains(said, want) {
			p.t.Errorf("rows list: exit status %d, no %q in:\n%s", status, want, said)
		}
	}
	if at := strings.IndexFunc(said, func(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }); at >= 0 {
		p.t.Errorf("rows list: Russian in English: %.80s", said[at:])
	}
}

// both runs a command and gives all it says.
func (p *place) both(args ...string) (said string, status int) {
	cmd := p.command(args...)
	out, _ := cmd.CombinedOutput()
	return string(out), cmd.ProcessState.ExitCode()
}
