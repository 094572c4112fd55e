package city

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kvit/internal/calendar"
	"kvit/internal/fault"
)

// allDefects and allSituations are the vocabulary of truth.json (docs/formats/city.md).
var (
	allDefects = strings.Fields(`addr_typo addr_alias addr_korp_lost addr_flat_lost addr_wrong_flat addr_loc_lost addr_house_typo addr_house_alias
		addr_house_korp_lost fio_typo stale_owner mojibake acc_zero_lost acc_lookalike amount_format acc_typo dup_row dup_variant wrong_sum
		wrong_period orphan corr_version storno field_shift missing_account control_total_mismatch pay_dup pay_unknown_account pay_reversal`)
	allSituations = []string{communalRoom, powerForAll, coOwners, mergedFlats, movedIn, sameOwnerElsewhere, meterRollover, electricHeating}
)

func makeTown(t testing.TB, o Options) (string, Summary) {
	t.Helper()
	o.Out = filepath.Join(t.TempDir(), "town")
	if o.Month == 0 {
		o.Month = 202610
	}
	sum, err := Make(context.Background(), o)
	if err != nil {
		t.Fatal(err)
	}
	return o.Out, sum
}

// answer is truth.json as a reader sees it.
type answer struct {
	Households []struct {
		ID, House, Address string
		Charge, Due        int64
		Acc                [][5]any
		Situations         []string
	}
	Houses    map[string]struct{ Households, Charge, Due int64 }
	Suppliers map[string]supplierTotal
	Files     []fileTruth
	Payments  *paymentsTruth
	Defects   []defect
	Orphans   [][2]string
	Absent    [][3]string
	Aliases   map[string]string
	Meta      meta
}

func readAnswer(t testing.TB, dir string) answer {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(dir, "truth.json"))
	if err != nil {
		t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(raw, &a); err != nil {
		t.Fatal(err)
	}
	return a
}

func digests(t *testing.T, dir string) map[string]string {
	t.Helper()
	out := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		out[filepath.ToSlash(name)] = fmt.Sprintf("%x", sha256.Sum256(raw))
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestTheSameOptionsGiveTheSameBytes(t *testing.T) {
	for _, seed := range []int64{1, 2} {
		o := Options{Households: 400, Seed: seed, Defects: 1, Payments: true}
		first, _ := makeTown(t, o)
		second, _ := makeTown(t, o)
		if diff := cmp.Diff(digests(t, first), digests(t, second)); diff != "" {
			t.Errorf("seed %d: two runs differ:\n%s", seed, diff)
		}
	}
}

func TestAnotherSeedIsAnotherTown(t *testing.T) {
	first, _ := makeTown(t, Options{Households: 200, Seed: 1, Defects: 1, Payments: true})
	second, _ := makeTown(t, Options{Households: 200, Seed: 3, Defects: 1, Payments: true})
	a, b := digests(t, first), digests(t, second)
	for _, name := range []string{"truth.json", "registry/houses.csv", "RODNIK_2610.dbf"} {
		if a[name] == "" || a[name] == b[name] {
			t.Errorf("%s: want it in both towns and different, got %q and %q", name, a[name], b[name])
		}
	}
}

func TestEveryKindOfErrorAndSituationOccurs(t *testing.T) {
	for seed := range int64(4) {
		dir, sum := makeTown(t, Options{Households: 4000, Seed: seed, Defects: 1, Payments: true})
		for _, kind := range allDefects {
			if sum.ByDefect[kind] == 0 {
				t.Errorf("seed %d: no %s", seed, kind)
			}
		}
		if len(sum.ByDefect) != len(allDefects) {
			t.Errorf("seed %d: %d kinds of errors, the vocabulary has %d", seed, len(sum.ByDefect), len(allDefects))
		}
		met := map[string]bool{}
		for _, h := range readAnswer(t, dir).Households {
			for _, s := range h.Situations {
				met[s] = true
			}
		}
		for _, s := range allSituations {
			if !met[s] {
				t.Errorf("seed %d: no situation %s", seed, s)
			}
		}
	}
}

func TestEveryErrorHasAPlace(t *testing.T) {
	for _, seed := range []int64{7, 8} {
		dir, _ := makeTown(t, Options{Households: 1500, Seed: seed, Defects: 2, Payments: true})
		for _, d := range readAnswer(t, dir).Defects {
			if d.Type == missingAccount {
				if d.File != "" || d.Account == "" {
					t.Errorf("a missing account has no place, but a number: %+v", d)
				}
				continue
			}
			if _, err := os.Stat(filepath.Join(dir, d.File)); err != nil || d.Pos < 1 || d.Action == "" {
				t.Errorf("no place: %+v", d)
			}
			if strings.HasPrefix(d.Type, "addr_") && !strings.HasPrefix(d.Type, "addr_house") && d.Hints == nil {
				t.Errorf("no hints, not even an empty list: %+v", d)
			}
			if strings.HasPrefix(d.Type, "dup_") && (d.Twin == 0 || d.Twin == d.Pos) {
				t.Errorf("a repeated row without its twin: %+v", d)
			}
		}
	}
}

func TestACleanTownHasNoErrors(t *testing.T) {
	dir, sum := makeTown(t, Options{Households: 800, Seed: 4, Payments: true})
	a := readAnswer(t, dir)
	if sum.Defects != 0 || len(a.Defects)+len(a.Orphans)+len(a.Absent)+len(a.Aliases) != 0 || a.Payments.Suspense+a.Payments.Duplicates != 0 {
		t.Errorf("a town without defects has some: %+v", sum.ByDefect)
	}
	clean := a.Suppliers["musor"]
	for _, f := range a.Files {
		if f.Supplier == "musor" && (f.Raw.Due != clean.Due || f.Raw.Rows != clean.Accounts) {
			t.Errorf("nothing to clean, but the file holds %+v and the truth is %+v", f.Raw, clean)
		}
	}
}

func TestFiguresInAFileAreThoseOfTheTruth(t *testing.T) {
	dir, _ := makeTown(t, Options{Households: 900, Seed: 2, Defects: 1})
	f, err := os.Open(filepath.Join(dir, "tko-2026-10.ndjson"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var got rawTotal
	for in := bufio.NewScanner(f); in.Scan(); {
		var row struct {
			Sum struct{ Before, Charged, Received, Total int64 }
		}
		if err := json.Unmarshal(in.Bytes(), &row); err != nil {
			t.Fatalf("line %d: %v", got.Rows+1, err)
		}
		got.add(sums{opening: row.Sum.Before, charge: row.Sum.Charged, paid: row.Sum.Received, due: row.Sum.Total})
	}
	a := readAnswer(t, dir)
	i := slices.IndexFunc(a.Files, func(f fileTruth) bool { return f.Supplier == "musor" })
	if diff := cmp.Diff(a.Files[i].Raw, got); diff != "" {
		t.Errorf("truth (-) and file (+):\n%s", diff)
	}
	if a.Payments != nil {
		t.Error("payments were not asked for")
	}
}

func TestTownsNobodyCanMakeAreRefused(t *testing.T) {
	good := Options{Out: t.TempDir(), Households: 10, Seed: 1, Month: 202610, Defects: 1}
	for name, spoil := range map[string]func(*Options){
		"no folder":            func(o *Options) { o.Out = "" },
		"nobody lives there":   func(o *Options) { o.Households = 0 },
		"more than the county": func(o *Options) { o.Households = maxHouseholds + 1 },
		"no month":             func(o *Options) { o.Month = 0 },
		"a month of 2021":      func(o *Options) { o.Month = 202112 },
		"a month of 2028":      func(o *Options) { o.Month = 202801 },
		"negative errors":      func(o *Options) { o.Defects = -1 },
	} {
		o := good
		spoil(&o)
		if _, err := Make(context.Background(), o); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: got %v, want a fault of kind invalid", name, err)
		}
	}
}

func TestMakingStopsWhenAsked(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	_, err := Make(ctx, Options{Out: t.TempDir(), Households: 5000, Seed: 1, Month: 202610, Progress: func(done, _ int) {
		if done > 100 {
			cancel()
		}
	}})
	if err != context.Canceled {
		t.Errorf("got %v, want context.Canceled", err)
	}
}

func TestProgressEndsAtTheEnd(t *testing.T) {
	last, total := 0, 0
	makeTown(t, Options{Households: 300, Seed: 1, Payments: true, Progress: func(d, n int) {
		if d < last {
			t.Errorf("progress went back from %d to %d", last, d)
		}
		last, total = d, n
	}})
	if last != total || total == 0 {
		t.Errorf("ended at %d of %d", last, total)
	}
}

// The checker kept beside the repository shares no line with this package: it reads the files with parsers of
// its own and compares them with the truth.
func TestTheIndependentCheckerAgrees(t *testing.T) {
	tool, err := filepath.Abs("../../../shared/tools/synthcity_check.py")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(tool); err != nil {
		t.Skip("ПРОПУЩЕНО: нет ../shared/tools/synthcity_check.py рядом с репозиторием, файлы города не сверены независимо")
	}
	python, err := exec.LookPath("python3")
	if err != nil {
		t.Skip("ПРОПУЩЕНО: нет python3, файлы города не сверены независимо")
	}
	for _, c := range []Options{
		{Households: 1500, Seed: 1, Month: 202610, Defects: 1, Payments: true},
		{Households: 1500, Seed: 2, Month: 202606, Defects: 3, Payments: true},
		{Households: 500, Seed: 3, Month: 202402, Defects: 0, Payments: true},
		{Households: 500, Seed: 4, Month: 202701, Defects: 1},
		{Households: 1, Seed: 5, Month: 202201, Defects: 1, Payments: true},
	} {
		dir, _ := makeTown(t, c)
		if out, err := exec.Command(python, tool, dir).CombinedOutput(); err != nil {
			t.Errorf("%+v: %v\n%s", c, err, bytes.TrimSpace(out))
		}
	}
}

func BenchmarkMake(b *testing.B) {
	for b.Loop() {
		if _, err := Make(context.Background(), Options{Out: b.TempDir(), Households: 2000, Seed: 1, Month: calendar.NewMonth(2026, 10), Defects: 1, Payments: true}); err != nil {
			b.Fatal(err)
		}
	}
}
