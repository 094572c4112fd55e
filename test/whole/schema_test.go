package whole

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// docs is the folder of documents, from this package.
const docs = "../../docs"

// schemas are the JSON Schemas of docs/schema by the name of their file, and which of them were used.
type schemas struct {
	byName  map[string]*jsonschema.Schema
	profile *jsonschema.Schema
	used    map[string]bool
}

func loadSchemas(t *testing.T) *schemas {
	t.Helper()
	s := &schemas{byName: map[string]*jsonschema.Schema{}, used: map[string]bool{}}
	compile := func(path string) *jsonschema.Schema {
		c := jsonschema.NewCompiler()
		c.AssertFormat()
		compiled, err := c.Compile(path)
		if err != nil {
			t.Fatal(err)
		}
		return compiled
	}
	paths, err := filepath.Glob(docs + "/schema/*.schema.json")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no schemas in docs/schema: %v", err)
	}
	for _, path := range paths {
		s.byName[strings.TrimSuffix(filepath.Base(path), ".schema.json")] = compile(path)
	}
	s.profile = compile(docs + "/formats/profile.schema.json")
	return s
}

// fits validates a document against the schema of a name.
func (s *schemas) fits(t *testing.T, name string, document []byte) {
	t.Helper()
	schema := s.byName[name]
	if schema == nil {
		t.Fatalf("docs/schema/%s.schema.json is missing", name)
	}
	s.used[name] = true
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(document))
	if err != nil {
		t.Fatalf("%s: %v in %.300s", name, err, document)
	}
	if err := schema.Validate(v); err != nil {
		t.Errorf("%s: %v\n%.2000s", name, err, document)
	}
}

// fitsProfile validates profiles of files.
func (s *schemas) fitsProfile(t *testing.T, profiles ...json.RawMessage) {
	t.Helper()
	for _, p := range profiles {
		v, err := jsonschema.UnmarshalJSON(bytes.NewReader(p))
		if err == nil {
			err = s.profile.Validate(v)
		}
		if err != nil {
			t.Errorf("profile: %v\n%.1000s", err, p)
		}
	}
}

// judged runs commands and judges their output and exit status.
type judged struct {
	*place
	schemas *schemas
}

// is runs a command with --json that must end with a status and print what its schema says; v takes the document.
func (j judged) is(status int, schema string, v any, args ...string) {
	j.t.Helper()
	out, got := j.try(append([]string{"--json"}, args...)...)
	if got != status {
		j.t.Errorf("kvit %s: exit status %d, want %d", strings.Join(args, " "), got, status)
	}
	j.schemas.fits(j.t, schema, out)
	if v != nil {
		if err := json.Unmarshal(out, v); err != nil {
			j.t.Fatal(err)
		}
	}
}

// fails runs a command that must end with a status and print no document.
func (j judged) fails(status int, args ...string) {
	j.t.Helper()
	out, got := j.try(append([]string{"--json"}, args...)...)
	if got != status || len(bytes.TrimSpace(out)) > 0 && json.Valid(out) {
		j.t.Errorf("kvit %s: exit status %d, want %d, and %.200q", strings.Join(args, " "), got, status, out)
	}
}

// TestOutputsFitTheirSchemas runs every command that has a JSON output, as docs/commands.md describes it, and
// validates each document against docs/schema. A schema nothing prints is an error too.
func TestOutputsFitTheirSchemas(t *testing.T) {
	s := loadSchemas(t)
	t.Setenv("KVIT_PASSWORD", "очень длинный пароль 7")
	city := t.TempDir()
	inTurn(t, func(t *testing.T, p *place) {
		j := judged{p, s}
		j.is(0, "city-make", nil, "city", "make", "--out", city, "--households", "200", "--seed", "13")
		j.files(city)
		if len(p.flags) > 2 { // what is left out here says the same on either database
			account := j.exported()[0]
			j.money(account)
			j.issued(account)
			j.is(0, "check", nil, "check")
			return
		}
		j.settlement(city)
		j.houses()
		j.installation()
		j.catalogue()
		j.seen(city)
		account := j.exported()[0]
		j.appeals(account)
		j.money(account)
		j.issued(account)
		j.receipts()
		j.copies()
		j.profiles(city)
		j.rows()
		j.reviews()
		j.people()
		j.cases()
		j.is(0, "check", nil, "check")
		j.is(0, "check-digest", nil, "check", "--digest")
		j.told()
		j.exchange(account)
		j.agents(account)
		j.gis(city)
		j.is(0, "bench-basket", nil, "bench", "basket", "--reads", "10")
		j.is(0, "bench-pages", nil, "bench", "pages", "--reads", "2", "--clients", "2")
		j.is(0, "bench-payments", nil, "bench", "payments", "--payments", "20", "--clients", "2")
		j.handedOver(judged{p.again(t), s}, city)
		j.is(0, "bench-notifications", nil, "bench", "notifications", "--count", "20", "--clients", "2")
		j.is(0, "bench-settlement", nil, "bench", "settlement", "--payments", "20")
		fresh := judged{p.again(t), s}
		fresh.is(0, "suppliers-list", nil, "suppliers", "list")
		fresh.is(0, "review-list", nil, "review", "list")
		fresh.is(0, "bench-intake", nil, "bench", "intake", "--rows", "500")
		charged := judged{p.again(t), s}
		charged.charges()
		charged.devices()
		measured := judged{p.again(t), s}
		measured.is(0, "bench-charge", nil, "bench", "charge", "--households", "150", "--live", "20", "--recalc")
		judged{p.again(t), s}.is(0, "bench-events", nil, "bench", "events", "--events", "400")
		judged{p.again(t), s}.is(0, "bench-readings", nil, "bench", "readings", "--count", "400")
	})
	for name := range s.byName {
		if !s.used[name] {
			t.Errorf("docs/schema/%s.schema.json: no command of this test prints it", name)
		}
	}
}

// cases computes a worked case that comes out, one that does not, and a file that has none.
func (j judged) cases() {
	j.t.Helper()
	const text = "case: Вода\nmonth: 2026-02\ncatalog: {tariffs: [{service: cold_water, value: 45.61}]}\naccount: {services: [{service: cold_water, volume: 10}]}\nexpect: [{service: cold_water, amount: %s}]\n"
	path := filepath.Join(j.t.TempDir(), "cases.yaml")
	write(j.t, path, strings.Replace(text, "%s", "456.10", 1))
	j.is(0, "charge-case", nil, "charge", "case", path)
	write(j.t, path, strings.Replace(text, "%s", "456.11", 1))
	j.is(1, "charge-case", nil, "charge", "case", path)
	write(j.t, path, "cases: [")
	j.fails(2, "charge", "case", path)
}

// charges charges a month of made-up houses and goes through its life.
func (j judged) charges() {
	j.t.Helper()
	j.takeFacts()
	var run struct{ Run int64 }
	j.is(0, "charge-run", &run, "charge", "run", "--month", "2026-10", "--by", "olga")
	id := strconv.FormatInt(run.Run, 10)
	j.fails(1, "charge", "approve", id, "--by", "olga")
	j.is(0, "done", nil, "charge", "approve", id, "--by", "vera")
	j.fails(1, "charge", "pause", id)
	j.is(0, "done", nil, "charge", "close", "--month", "2026-10")
	j.is(0, "charge-run", nil, "charge", "run", "--month", "2026-11")
	j.is(0, "charge-recalc", nil, "charge", "recalc", "--month", "2026-11", "--from", "2026-10", "--cause", "проверка")
	j.is(0, "charge-recalc", &run, "charge", "recalc", "--month", "2026-11", "--from", "2026-10", "--cause", "проверка", "--post")
	j.is(0, "charge-recalc", nil, "charge", "undo", strconv.FormatInt(run.Run, 10), "--month", "2026-11")
	j.is(0, "charge-list", nil, "charge", "list", "--month", "2026-11")
	j.fails(1, "charge", "preview", "--supplier", "sup1", "--account", "no-such", "--month", "2026-11")
	j.routeSample("1", "1000")
	j.is(0, "charge-show", nil, "charge", "show", "--supplier", "sup1", "--account", "7001", "--month", "2026-10")
	j.is(0, "charge-compare", nil, "charge", "compare", "--month", "2026-10")
	j.is(0, "charge-preview", nil, "charge", "preview", "--supplier", "sup1", "--account", "7001", "--month", "2026-11", "--residents", "4", "--reading", "cold_water=1040")
	j.fails(2, "charge", "run", "--month", "soon")
	j.facts()
}

// houses looks at losses, and at what the city's suppliers say differently.
func (j judged) houses() {
	j.t.Helper()
	path := filepath.Join(j.t.TempDir(), "house.yaml")
	write(j.t, path, "- {house: B00001, resources: [{service: cold_water, month: 2026-10, volume: 1000}]}\n")
	j.is(0, "facts-load", nil, "facts", "load", path)
	j.is(0, "house-balance", nil, "house", "balance", "--house", "B00001", "--month", "2026-10")
	j.is(0, "house-losses", nil, "house", "losses", "--month", "2026-10")
	j.is(0, "conflicts-rules", nil, "conflicts", "rules")
	var list []struct{ ID, Attribute string }
	j.is(0, "conflicts-list", &list, "conflicts", "list")
	if len(list) == 0 {
		j.t.Fatal("a city with mistakes has no conflicts")
	}
	j.is(0, "conflicts-decide", nil, "conflicts", "decide", "--rule", list[0].Attribute, "--dry-run")
	j.is(0, "conflicts-decide", nil, "conflicts", "decide", list[0].ID, "--value", "5", "--reason", "проверка")
	j.is(0, "conflicts-show", nil, "conflicts", "show", list[0].ID)
	j.fails(1, "conflicts", "show", "12")
	j.fails(1, "conflicts", "decide", list[0].ID)
	j.fails(2, "conflicts", "decide")
}

// facts tells facts of an account, one of them late and one refused, and shows what is known.
func (j judged) facts() {
	j.t.Helper()
	path := filepath.Join(j.t.TempDir(), "facts.yaml")
	write(j.t, path, "- {supplier: sup1, account: 7001, residents: 4}\n- {supplier: sup1, account: no-such, residents: 4}\n")
	var report struct {
		Files []struct{ Changed, New, Refused int }
		Late  int
	}
	j.is(1, "facts-load", &report, "facts", "load", "--dry-run", path)
	j.is(1, "facts-load", &report, "facts", "load", path)
	readings := filepath.Join(j.t.TempDir(), "readings.csv")
	write(j.t, readings, "no-such;1;;5;2026-10-20;bank\n")
	j.is(1, "readings-load", nil, "readings", "load", readings)
	if f := report.Files[0]; f.New+f.Changed != 1 || f.Refused != 1 || report.Late != 1 {
		j.t.Errorf("%+v", report)
	}
	var shown struct {
		Facts []struct{ Fact, Ref string }
	}
	j.is(0, "facts-show", &shown, "facts", "show", "--supplier", "sup1", "--account", "7001")
	of := slices.IndexFunc(shown.Facts, func(f struct{ Fact, Ref string }) bool { return f.Fact == "residents" })
	if of < 0 {
		j.t.Fatalf("nobody is known to live there: %+v", shown)
	}
	j.is(0, "facts-withdraw", nil, "facts", "withdraw", "--supplier", "sup1", "--account", "7001", "--ref", shown.Facts[of].Ref, "--reason", "mistake", "--dry-run")
	j.is(0, "facts-template", nil, "facts", "template")
	j.meters()
	j.fails(2, "facts", "load", path+".no")
}

// devices registers a device, hears from it over the network, and shows it; a profile of its own is checked and loaded.
func (j judged) devices() {
	j.t.Helper()
	dir := j.t.TempDir()
	list, loaded, own := filepath.Join(dir, "devices.csv"), filepath.Join(dir, "loaded.json"), filepath.Join(dir, "own.yaml")
	write(j.t, list, "id;channel;supplier;account;service;from;code\nd-17;v;sup1;7001;cold_water;2026-01-01;new\nd-18;v;sup1;no-such;cold_water;;\n")
	j.is(1, "devices-load", nil, "devices", "load", list)
	write(j.t, list, "- {id: d-19, channel: v}\n")
	write(j.t, loaded, string(j.run("--json", "devices", "load", list)))
	base, stop := j.serve()
	j.is(0, "simulate-devices", nil, "simulate", "devices", "--devices", loaded, "--door", "http", "--address", base, "--days", "2", "--duplicate", "1")
	stop()
	j.is(0, "devices-list", nil, "devices", "list")
	j.is(0, "devices-show", nil, "devices", "show", "d-19")
	j.is(0, "devices-replay", nil, "devices", "replay")
	j.is(0, "devices-profile-list", nil, "devices", "profile", "list")
	write(j.t, own, "profile: own\ntitle: own\nvalues: [{channel: v, path: v}]\ntests: [{object: '{\"v\":1}', values: {v: '1'}}]\n")
	j.is(0, "devices-profile-check", nil, "devices", "profile", "check", own)
	j.is(0, "devices-profile-load", nil, "devices", "profile", "load", own)
	j.is(0, "done", nil, "devices", "remove", "d-19")
	write(j.t, own, "profile: own\ntitle: own\nvalues: [{channel: v, path: v}]\n")
	j.fails(1, "devices", "profile", "check", own)
}

// meters tells what became of a meter, answers a reading nobody gave, and asks suppliers, of whom none answers at once.
func (j judged) meters() {
	j.t.Helper()
	of := []string{"--supplier", "sup1", "--account", "7001"}
	j.is(0, "meters-show", nil, append([]string{"meters", "show"}, of...)...)
	j.is(0, "meters-step", nil, append([]string{"meters", "seal", "--service", "cold_water", "--number", "77", "--reason", "act 7"}, of...)...)
	j.fails(1, append([]string{"meters", "verify", "--service", "cold_water", "--reason", "act 8"}, of...)...)
	answers := filepath.Join(j.t.TempDir(), "answers.csv")
	write(j.t, answers, "account;date;answer;code\n7001;2026-10-20;declined;seal\nno-such;;accepted;\n")
	j.is(1, "readings-answer", nil, "readings", "answer", "--supplier", "sup1", answers)
	j.is(0, "readings-missing", nil, "readings", "missing", "--month", "2026-11")
	j.is(0, "suppliers-ping", nil, "suppliers", "ping")
}

// issued issues the bills of the city's month, replaces one and takes it back.
func (j judged) issued(account string) {
	j.t.Helper()
	supplier, number, _ := strings.Cut(account, ":")
	one := []string{"--supplier", supplier, "--account", number}
	with := func(args ...string) []string { return append(args, one...) }
	j.fails(1, "charge", "publish", "--month", "2026-10")
	j.fails(1, with("bill", "show", "--issued", "2026-10")...)
	var run struct{ Run int64 }
	j.is(0, "charge-run", &run, "charge", "run", "--month", "2026-10", "--by", "olga")
	j.fails(1, "charge", "publish", "--month", "2026-10")
	j.is(0, "done", nil, "charge", "approve", strconv.FormatInt(run.Run, 10), "--by", "vera")
	out, status := j.try("--json", "charge", "publish", "--month", "2026-10", "--wave", "50", "--pause", "1ms")
	lines := bytes.Split(bytes.TrimSpace(out), []byte("\n"))
	if status != 0 || len(lines) < 3 {
		j.t.Fatalf("publication: exit status %d, %d lines: %.500s", status, len(lines), out)
	}
	for _, line := range lines {
		j.schemas.fits(j.t, "charge-publish", line)
	}
	var all struct{ Issued int64 }
	if err := json.Unmarshal(lines[len(lines)-1], &all); err != nil || all.Issued == 0 {
		j.t.Errorf("nothing was issued: %v in %s", err, lines[len(lines)-1])
	}
	pdf := filepath.Join(j.t.TempDir(), "issued.pdf")
	j.is(0, "bill-show", nil, with("bill", "show", "--issued", "2026-10", "--pdf", pdf)...)
	j.is(0, "bill-issue", nil, with("bill", "issue", "--month", "2026-10", "--reason", "исправлено")...)
	j.documents(with)
	j.is(0, "done", nil, with("bill", "withdraw", "--month", "2026-10", "--reason", "ошибка")...)
	j.is(0, "bill-show", nil, with("bill", "show", "--issued", "2026-10")...)
	j.is(0, "bill-reissue", nil, "bill", "reissue", "--month", "2026-10", "--reason", "исправлено", "--by", "olga")
	j.fails(1, with("bill", "withdraw", "--month", "2026-09", "--reason", "ошибка")...)
	j.fails(2, with("bill", "show", "--issued", "2026-10", "--house", "--pdf", pdf)...)
	j.fails(2, "charge", "publish", "--month", "2026-10", "--wave", "-1")
}

// told reads what suppliers were told of the payments made: some supplier has events, each a line that fits.
func (j judged) told() {
	j.t.Helper()
	var suppliers []struct{ Code string }
	j.runJSON(&suppliers, "suppliers", "list")
	lines := 0
	for _, s := range suppliers {
		out, status := j.try("--json", "events", "tail", "--supplier", s.Code)
		if status != 0 {
			j.t.Errorf("events tail of %s: exit status %d", s.Code, status)
		}
		for line := range bytes.Lines(out) {
			j.schemas.fits(j.t, "events-tail", line)
			lines++
		}
	}
	if lines == 0 {
		j.t.Error("nobody was told of the payments")
	}
	j.fails(1, "events", "tail", "--supplier", suppliers[0].Code, "--after", "yesterday")
	j.fails(1, "events", "tail", "--supplier", "no-such")
}

func (j judged) installation() {
	j.t.Helper()
	j.is(0, "version", nil, "version")
	j.is(0, "config", nil, "config")
	j.is(0, "done", nil, "migrate")
	j.fails(2, "no-such-command")
	j.fails(2, "intake", "--formats", "no-such-file.json", ".")
	j.fails(3, "--database-url", "postgres://nobody@127.0.0.1:1/none", "check")
}

// files loads a city and takes its files in.
func (j judged) files(city string) {
	j.t.Helper()
	formats := filepath.Join(city, "formats.json")
	j.is(0, "houses-load", nil, "houses", "load", filepath.Join(city, "registry", "houses.csv"))
	j.is(0, "suppliers-load", nil, "suppliers", "load", filepath.Join(city, "suppliers.yaml"))
	j.is(0, "suppliers-list", nil, "suppliers", "list")
	j.is(0, "intake", nil, "intake", "--formats", formats, city)
}

// gis lets a supplier of the city take part in ГИС ЖКХ and goes through its files and queue.
func (j judged) gis(city string) {
	j.t.Helper()
	list, err := os.ReadFile(filepath.Join(city, "suppliers.yaml"))
	if err != nil {
		j.t.Fatal(err)
	}
	first, rest, _ := strings.Cut(string(list), "\n  name:")
	code := strings.Trim(first[strings.LastIndex(first, ":")+1:], ` "`)
	suppliers, table := filepath.Join(j.t.TempDir(), "suppliers.yaml"), filepath.Join(j.t.TempDir(), "accounts.xlsx")
	part := "\n  gis: {orgPPAGUID: 11111111-1111-1111-1111-111111111111, role: rso, sends: [account]}\n  name:"
	if err := os.WriteFile(suppliers, []byte(first+part+rest), 0o600); err != nil {
		j.t.Fatal(err)
	}
	j.is(0, "suppliers-load", nil, "suppliers", "load", suppliers)
	j.is(0, "gis-export", nil, "gis", "export", "accounts", "--month", "2026-10", "--supplier", code, "--out", table)
	j.is(0, "gis-import", nil, "gis", "import", table, "--supplier", code)
	j.is(0, "gis-retry", nil, "gis", "retry", "--supplier", code)
	j.is(0, "gis-status", nil, "gis", "status")
}

// settlement closes yesterday, pays a supplier of the city, and asks for other bank details of his.
func (j judged) settlement(city string) {
	j.t.Helper()
	dir := j.t.TempDir()
	contracts := filepath.Join(dir, "contracts.yaml")
	j.is(0, "day-close", nil, "day", "close")
	j.is(0, "day-list", nil, "day", "list")
	j.is(0, "day-close", nil, "day", "show")
	j.fails(1, "day", "close")
	var prepared struct {
		Payouts []struct {
			ID       int64
			Supplier string
		}
	}
	j.is(0, "payout-prepare", &prepared, "payout", "prepare")
	first := prepared.Payouts[0]
	write(j.t, contracts, "centre: {name: РКЦ, inn: '9950013244', bic: '049900802', account: '40702810699000000064', bank: Б}\ncontracts:\n- {supplier: "+first.Supplier+", from: 2026-01-01, fee: {paid_by: supplier, percent: 1.5}}\n")
	j.is(0, "contracts-load", nil, "contracts", "load", contracts)
	j.is(0, "contracts-list", nil, "contracts", "list")
	j.is(0, "contracts-fee", nil, "contracts", "fee", "--supplier", first.Supplier, "--sum", "100")
	id := strconv.FormatInt(first.ID, 10)
	j.fails(1, "payout", "approve", id, "--by", "cli")
	j.is(0, "payout", nil, "payout", "approve", id, "--by", "petr")
	j.is(0, "payout", nil, "payout", "send", id)
	j.is(0, "payout-write", nil, "payout", "write", "--out", dir)
	j.is(0, "payout", nil, "payout", "confirm", id, "--day", time.Now().AddDate(0, 0, -1).Format(time.DateOnly))
	j.is(0, "payout-list", nil, "payout", "list")
	list, err := os.ReadFile(filepath.Join(city, "suppliers.yaml"))
	if err != nil {
		j.t.Fatal(err)
	}
	other := filepath.Join(dir, "suppliers.yaml")
	write(j.t, other, string(regexp.MustCompile(`(?m)^  bank: .*$`).ReplaceAll(list, []byte("  bank: Другой"))))
	var loaded struct{ Proposed []int64 }
	j.is(0, "suppliers-load", &loaded, "suppliers", "load", other)
	change := strconv.FormatInt(loaded.Proposed[0], 10)
	j.is(0, "requisites-list", nil, "suppliers", "requisites", "list")
	j.is(0, "requisites", nil, "suppliers", "requisites", "approve", change, "--by", "petr")
	j.is(0, "requisites", nil, "suppliers", "requisites", "refuse", change)
}

// seen takes the same files in twice more: only judged, and known.
func (j judged) seen(city string) {
	j.t.Helper()
	formats := filepath.Join(city, "formats.json")
	j.is(0, "intake", nil, "intake", "--formats", formats, city, "--dry-run")
	j.is(0, "intake", nil, "intake", "--formats", formats, city)
}

func (j judged) profiles(city string) {
	j.t.Helper()
	formats := filepath.Join(city, "formats.json")
	j.is(0, "profile-check", nil, "profile", "check", formats)
	var list struct{ Registers, Payments []json.RawMessage }
	j.is(0, "profile-list", &list, "profile", "list", formats)
	for _, p := range append(list.Registers, list.Payments...) {
		j.schemas.fitsProfile(j.t, p)
		var named struct{ File string }
		if err := json.Unmarshal(p, &named); err != nil {
			j.t.Fatal(err)
		}
		path := filepath.Join(city, filepath.FromSlash(named.File))
		out, status := j.try("--json", "profile", "guess", path)
		if status != 0 {
			continue // an empty register of a small city, a statement
		}
		j.schemas.fits(j.t, "profile-guess", out)
		var guess struct{ Profile json.RawMessage }
		if err := json.Unmarshal(out, &guess); err != nil {
			j.t.Fatal(err)
		}
		j.schemas.fitsProfile(j.t, guess.Profile)
	}
	if !j.schemas.used["profile-guess"] {
		j.t.Error("no file of the city had its profile guessed")
	}
}

// rows takes in a register with broken rows, one refused and one that nothing describes, and mends it.
func (j judged) rows() {
	j.t.Helper()
	dir := j.t.TempDir()
	write(j.t, filepath.Join(dir, "houses.csv"), "house_id,guid,postcode,locality,street_type,street,street_alias,house,letter,korp,year,floors,flats,cadastral,kind\n"+
		"H1,,390000,г. Приок,ул,Ленина,,1,,,1970,5,60,,mkd\n")
	write(j.t, filepath.Join(dir, "voda.csv"), "account;fio;address;charge;due\n"+
		"1001;Иванов И. И.;г. Приок, ул. Ленина, д. 1, кв. 1;100.00;100.00\n"+
		"1002;Петров П. П.;г. Приок, ул. Ленина, д. 1, кв. 2;2о0.00;200.00\n"+
		"1003;Сидоров\n")
	write(j.t, filepath.Join(dir, "svet.csv"), "account;fio;address;charge;due\n"+
		"2001;Иванов И. И.;г. Приок, ул. Ленина, д. 1;50.00;50.00\n"+
		"2002;Орлова А. А.;г. Приок, ул. Ленина, д. 1, кв. 5;50.00;50.00\n"+
		"2003;Белов Б. Б.;г. Приок, ул. Ленина, д. 1, кв. 5;60.00;60.00\n")
	write(j.t, filepath.Join(dir, "gaz.csv"), "")
	write(j.t, filepath.Join(dir, "note.txt"), "hello")
	write(j.t, filepath.Join(dir, "profiles.yaml"), strings.Repeat(`
- file: NAME.csv
  supplier: NAME
  kind: csv
  delimiter: ";"
  header_rows: 1
  money: rub_dot
  period: 2026-10
  columns: {account: 0, fio: 1, address: 2, charge: 3, due: 4}
`, 3))
	sheet := filepath.Join(dir, "profiles.yaml")
	text, err := os.ReadFile(sheet)
	if err != nil {
		j.t.Fatal(err)
	}
	for _, name := range []string{"voda", "svet", "gaz"} {
		text = bytes.Replace(text, []byte("NAME.csv\n  supplier: NAME"), []byte(name+".csv\n  supplier: "+name), 1)
	}
	write(j.t, sheet, string(text))
	j.is(0, "houses-load", nil, "houses", "load", filepath.Join(dir, "houses.csv"))
	var report struct {
		Files []struct {
			ID          int64
			File        string
			Quarantined int
		}
		Undeclared []string
	}
	j.is(1, "intake", &report, "intake", "--formats", sheet, dir)
	if len(report.Files) != 3 || report.Files[0].Quarantined != 2 || len(report.Undeclared) != 2 {
		j.t.Fatalf("made files: %+v", report)
	}
	j.is(1, "intake", nil, "intake", "--formats", sheet, filepath.Join(dir, "note.txt"))
	id := strconv.FormatInt(report.Files[0].ID, 10)
	var issues []struct {
		No      int64
		Verdict string
	}
	j.is(0, "rows-list", &issues, "rows", "list", id)
	var open []string
	for _, x := range issues {
		if x.Verdict == "quarantined" {
			open = append(open, strconv.FormatInt(x.No, 10))
		}
	}
	if len(open) != 2 {
		j.t.Fatalf("rows to mend: %v", open)
	}
	j.fails(1, "rows", "replay", id)
	j.is(0, "done", nil, "rows", "fix", id, open[0], "200.00")
	j.is(0, "done", nil, "rows", "accept", id, open[1])
	j.is(0, "rows-list", nil, "rows", "list", id)
	j.is(0, "intake", nil, "rows", "replay", id, "--dry-run")
	j.is(0, "intake", nil, "rows", "replay", id)
	j.is(0, "rows-list", nil, "rows", "list", id)
	j.is(0, "bill-show", nil, "bill", "show", "--supplier", "voda", "--account", "1002")
	j.fails(1, "rows", "list", "999999999")
}

// reviews decides a doubt of the files taken in and takes the decision back.
func (j judged) reviews() {
	j.t.Helper()
	var list []struct {
		ID                int64
		Supplier, Account string
		With              []string
	}
	j.is(0, "review-list", &list, "review", "list")
	if len(list) == 0 || len(list[0].With) == 0 {
		j.t.Fatalf("no doubt with accounts: %+v", list)
	}
	id := strconv.FormatInt(list[0].ID, 10)
	var done struct{ Decision int64 }
	j.is(0, "review-decide", &done, "review", "decide", id, "join", "--with", list[0].With[0])
	j.fails(1, "review", "decide", id, "apart")
	j.is(0, "done", nil, "review", "undo", strconv.FormatInt(done.Decision, 10))
	j.fails(1, "review", "undo", strconv.FormatInt(done.Decision, 10))
	j.fails(2, "review", "decide", id, "perhaps")
}

// exported exports the baskets and gives the accounts of a full one.
func (j judged) exported() []string {
	j.t.Helper()
	path := filepath.Join(j.t.TempDir(), "baskets.json")
	j.is(0, "baskets-export", nil, "baskets", "export", "--out", path)
	text, err := os.ReadFile(path)
	if err != nil {
		j.t.Fatal(err)
	}
	j.schemas.fits(j.t, "baskets", text)
	var f basketsFile
	readJSON(j.t, path, &f)
	for _, b := range f.Baskets {
		if len(b.Accounts) >= 4 {
			return b.Accounts
		}
	}
	j.t.Fatal("no basket of four accounts")
	return nil
}

// money shows bills, pays in every way and writes the registers of the day.
func (j judged) money(account string) {
	j.t.Helper()
	supplier, number, _ := strings.Cut(account, ":")
	of := []string{"--supplier", supplier, "--account", number}
	with := func(command []string, args ...string) []string { return append(append(command, of...), args...) }
	show, pay := []string{"bill", "show"}, []string{"pay"}
	pdf := filepath.Join(j.t.TempDir(), "bill.pdf")
	j.is(0, "bill-show", nil, with(show, "--pdf", pdf)...)
	j.is(0, "bill-show", nil, with(show, "--pdf", pdf, "--house")...)
	j.is(0, "bill-show", nil, with(show, "--at", today(j.t))...)
	j.fails(1, with(show, "--at", "2001-01-01")...)
	j.fails(2, with(show, "--at", "yesterday")...)

	var first, again struct {
		Payment  string
		Repeated bool
	}
	j.is(0, "pay", &first, with(pay, "--sum", "100.50", "--ahead", "--key", "s1", "--simulate", "captured")...)
	j.is(0, "pay", &again, with(pay, "--sum", "100.50", "--ahead", "--key", "s1")...)
	j.is(0, "trace", nil, "trace", "s1")
	if first.Payment != again.Payment || first.Repeated || !again.Repeated {
		j.t.Errorf("the same key again: %+v, then %+v", first, again)
	}
	j.fails(1, with(pay, "--sum", "100.51", "--ahead", "--key", "s1", "--simulate", "captured")...)
	j.is(1, "pay", nil, with(pay, "--lines", supplier+"=10", "--ahead", "--key", "s2", "--simulate", "declined")...)
	j.is(3, "pay", nil, with(pay, "--sum", "10", "--ahead", "--key", "s3", "--simulate", "silent")...)
	j.fails(2, with(pay, "--key", "s4")...)
	j.fails(2, with(pay, "--sum", "ten", "--key", "s4")...)
	j.fails(3, with(pay, "--sum", "10", "--ahead", "--key", "s4")...)

	out := j.t.TempDir()
	var manifest []struct{ File string }
	j.is(0, "registers-write", &manifest, "registers", "write", "--day", today(j.t), "--out", out)
	if len(manifest) == 0 {
		j.t.Error("no register of the day")
	}
	text, err := os.ReadFile(filepath.Join(out, "manifest.json"))
	if err != nil {
		j.t.Fatal(err)
	}
	j.schemas.fits(j.t, "registers-write", text)
	j.fails(2, "registers", "write", "--day", "2026-13-01", "--out", out)
	j.afterwards(first.Payment, account)
}

// afterwards runs what the centre does with money and accounts.
func (j judged) afterwards(payment, account string) {
	j.t.Helper()
	var compared struct{ Suppliers []struct{ Accounts int } }
	j.is(1, "registers-compare", &compared, "registers", "compare", "--month", "2026-10")
	if len(compared.Suppliers) == 0 || compared.Suppliers[0].Accounts == 0 {
		j.t.Errorf("nothing was compared: %+v", compared)
	}
	j.fails(2, "registers", "compare", "--month", "October")
	j.fails(3, "refund", payment, "--sum", "1", "--key", "no acquirer")
	j.fails(1, "refund", "no such payment", "--sum", "1", "--key", "r0")
	j.place.bank("--mode", "captured")
	j.is(0, "pay", &struct{}{}, append([]string{"pay", "--sum", "20", "--ahead", "--key", "s5"}, of(account)...)...)
	var paid struct{ Payment string }
	j.is(0, "pay", &paid, append([]string{"pay", "--sum", "20", "--ahead", "--key", "s5"}, of(account)...)...)
	var first, again struct {
		Refunded int64
		Repeated bool
	}
	j.is(0, "refund", &first, "refund", paid.Payment, "--sum", "7.50", "--key", "r1")
	j.is(0, "refund", &again, "refund", paid.Payment, "--sum", "7.50", "--key", "r1")
	var held struct{ Payment, State string }
	j.is(0, "pay", &held, append([]string{"pay", "--sum", "30", "--ahead", "--hold", "--key", "s6"}, of(account)...)...)
	j.is(0, "capture", &held, "capture", held.Payment, "--sum", "25.50")
	j.is(0, "capture", &held, "chargeback", held.Payment, "--sum", "5", "--key", "d1", "--reason", "спор")
	j.fails(1, "cancel", held.Payment)
	if held.State != "captured" {
		j.t.Errorf("a held sum that was taken is %s", held.State)
	}
	if first.Refunded != 750 || again.Refunded != 750 || first.Repeated || !again.Repeated {
		j.t.Errorf("refund %+v, again %+v", first, again)
	}
	j.fails(1, "refund", paid.Payment, "--sum", "12.51", "--key", "r2")
	j.reconciled()
	var waiting []struct{ ID int64 }
	j.is(0, "suspense-list", &waiting, "suspense", "list")
	if len(waiting) == 0 {
		j.t.Fatal("the city has no money of unknown accounts")
	}
	id := strconv.FormatInt(waiting[0].ID, 10)
	assign := append([]string{"suspense", "assign", id}, of(account)...)
	j.is(0, "suspense-show", nil, "suspense", "show", id)
	j.is(0, "suspense-assign", nil, assign...)
	j.fails(1, "suspense", "confirm", id, "--by", "cli")
	j.is(0, "suspense-assign", nil, "suspense", "confirm", id, "--by", "vera")
	j.fails(1, assign...)
	j.is(0, "suspense-returns", nil, "suspense", "returns")
	j.is(0, "advances-list", nil, "advances", "list")
	j.is(0, "advances-list", nil, "advances", "settle")
	j.fails(1, "suspense", "write", "--out", j.t.TempDir())
	j.is(0, "reconcile-bank", nil, "reconcile", "bank")
	j.fails(1, append([]string{"accounts", "move", "--house", "no such house"}, of(account)...)...)
	_, houses := j.homes()
	j.is(0, "done", nil, append([]string{"accounts", "move", "--house", houses[1]}, of(account)...)...)
	j.is(0, "check", nil, "check")
	j.is(0, "check", nil, "check", "audit")
}

func (j judged) people() {
	j.t.Helper()
	j.is(0, "users-add", nil, "users", "add", "petrova", "--role", "centre_operator")
	j.fails(1, "users", "add", "petrova", "--role", "centre_operator")
	var token struct{ Number int64 }
	j.is(0, "users-token", &token, "users", "token", "--supplier", "voda", "--scopes", "intake:write,intake:read")
	j.is(0, "done", nil, "users", "revoke", strconv.FormatInt(token.Number, 10))
	j.fails(1, "users", "revoke", strconv.FormatInt(token.Number, 10))
}

var (
	helpLine    = regexp.MustCompile(`(?m)^  ([a-z]+(?: [a-z]+)*) {2,}\S`)
	headingLine = regexp.MustCompile(`(?m)^### kvit ([a-z ]+)$`)
)

// TestDocumentsNameEveryCommand holds docs/commands.md to the help of the program: a section a command, no command of
// the past, every setting and every schema named.
func TestDocumentsNameEveryCommand(t *testing.T) {
	p := &place{t: t}
	commands := map[string]bool{}
	for _, m := range helpLine.FindAllSubmatch(p.run("--help"), -1) {
		commands[string(m[1])] = true
	}
	if len(commands) < 20 {
		t.Fatalf("the help names %d commands: %v", len(commands), commands)
	}
	text, err := os.ReadFile(docs + "/commands.md")
	if err != nil {
		t.Fatal(err)
	}
	described := map[string]bool{}
	for _, m := range headingLine.FindAllSubmatch(text, -1) {
		described[string(m[1])] = true
		if !commands[string(m[1])] {
			t.Errorf("docs/commands.md describes «kvit %s», which the program does not have", m[1])
		}
	}
	for c := range commands {
		if !described[c] {
			t.Errorf("docs/commands.md has no section «### kvit %s»", c)
		}
	}
	var settings map[string]string
	if err := json.Unmarshal(p.run("--json", "config"), &settings); err != nil {
		t.Fatal(err)
	}
	for name := range settings {
		if !bytes.Contains(text, []byte("`"+name+"`")) {
			t.Errorf("docs/commands.md does not name the setting %s", name)
		}
	}
	list, err := os.ReadFile(docs + "/schema/README.md")
	if err != nil {
		t.Fatal(err)
	}
	for name := range loadSchemas(t).byName {
		file := name + ".schema.json"
		if !bytes.Contains(text, []byte("(schema/"+file+")")) {
			t.Errorf("docs/commands.md does not link docs/schema/%s", file)
		}
		if !bytes.Contains(list, []byte("("+file+")")) {
			t.Errorf("docs/schema/README.md does not list %s", file)
		}
	}
}

// today is the day in the region's zone, which at night is not the machine's.
func today(t *testing.T) string {
	t.Helper()
	zone, err := time.LoadLocation("Europe/Moscow")
	if err != nil {
		t.Fatal(err)
	}
	return time.Now().In(zone).Format("2006-01-02")
}
