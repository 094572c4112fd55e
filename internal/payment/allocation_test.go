package payment

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

// worked is one worked example of testdata/allocation.yaml: its figures were computed apart from the program.
type worked struct {
	Name  string       `yaml:"name"`
	Day   string       `yaml:"day"`
	Rules string       `yaml:"rules"` // rows of the table allocation
	Debts []workedDebt `yaml:"debts"`
	Pay   struct {
		All   bool           `yaml:"all"`
		Ahead bool           `yaml:"ahead"`
		Sum   string         `yaml:"sum"`
		Month calendar.Month `yaml:"month"`
		Lines []struct {
			Supplier string         `yaml:"supplier"`
			Service  string         `yaml:"service"`
			Month    calendar.Month `yaml:"month"`
			Only     string         `yaml:"only"`
			Sum      string         `yaml:"sum"`
		} `yaml:"lines"`
	} `yaml:"pay"`
	Parts   []string `yaml:"parts"` // supplier:service kind [month] = sum, reason
	Refused string   `yaml:"refused"`
}

type workedDebt struct {
	Supplier string            `yaml:"supplier"`
	Service  string            `yaml:"service"`
	Locality string            `yaml:"locality"`
	Months   map[string]string `yaml:"months"`
	Plan     map[string]string `yaml:"plan"` // of the same months: parts of an instalment plan
	Penalty  string            `yaml:"penalty"`
	Last     string            `yaml:"last"`
}

func roubles(t *testing.T, s string) money.Amount {
	t.Helper()
	if s == "" {
		return 0
	}
	a, err := money.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// debts gives each supplier an account of his own, services in the order they stand.
func (w *worked) debts(t *testing.T) (list []Debt) {
	accounts := map[string]int64{}
	for i, d := range w.Debts {
		if accounts[d.Supplier] == 0 {
			accounts[d.Supplier] = int64(len(accounts) + 1)
		}
		id := accounts[d.Supplier]
		debt := Debt{BuildingID: 1, AccountID: id, SupplierID: id, ServiceID: int64(i + 1), Supplier: d.Supplier, Service: d.Service, Locality: d.Locality, Penalty: roubles(t, d.Penalty), LastCharge: roubles(t, d.Last)}
		for _, name := range slices.Sorted(mapKeys(d.Months)) {
			m, err := calendar.ParseMonth(name)
			if err != nil {
				t.Fatal(err)
			}
			debt.Buckets = append(debt.Buckets, Bucket{Month: m, Amount: roubles(t, d.Months[name]), Plan: roubles(t, d.Plan[name])})
		}
		list = append(list, debt)
	}
	return list
}

func mapKeys(m map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

func (w *worked) wish(t *testing.T) Wish {
	wish := Wish{All: w.Pay.All, Sum: roubles(t, w.Pay.Sum), Month: w.Pay.Month, Ahead: w.Pay.Ahead}
	for _, l := range w.Pay.Lines {
		wish.Lines = append(wish.Lines, WishLine{Supplier: l.Supplier, Service: l.Service, Month: l.Month, Only: l.Only, Sum: roubles(t, l.Sum)})
	}
	return wish
}

// rules lays the example's rows over the standard catalogue.
func (w *worked) rules(t *testing.T) *Rules {
	t.Helper()
	c := tariff.Standard()
	if w.Rules != "" {
		d, faults := tariff.Read("rules.yaml", strings.NewReader("allocation:\n"+w.Rules))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		c = tariff.Merge(c, &d.Catalog)
		if faults, _ := c.Check(); len(faults) > 0 {
			t.Fatal(faults)
		}
	}
	var day calendar.Date
	if w.Day != "" {
		var err error
		if day, err = calendar.ParseDate(w.Day); err != nil {
			t.Fatal(err)
		}
	}
	return RulesOf(c, day)
}

func (p *PlanPart) said() string {
	month := ""
	if p.Month != 0 {
		month = " " + p.Month.String()
	}
	return fmt.Sprintf("%s:%s %s%s = %s, %s", p.Supplier, p.Service, p.Kind, month, p.Amount, p.Reason)
}

// TestWorkedExamples holds the split to examples whose figures were found by hand.
func TestWorkedExamples(t *testing.T) {
	body, err := os.ReadFile("testdata/allocation.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var list []worked
	if err := yaml.Unmarshal(body, &list); err != nil {
		t.Fatal(err)
	}
	for i := range list {
		w := &list[i]
		t.Run(w.Name, func(t *testing.T) {
			plan, err := Split(w.debts(t), w.wish(t), w.rules(t))
			if w.Refused != "" {
				if err == nil || !strings.Contains(err.Error(), w.Refused) {
					t.Fatalf("%v, want a refusal with %q", err, w.Refused)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for k := range plan.Parts {
				got = append(got, plan.Parts[k].said())
			}
			if !slices.Equal(got, w.Parts) {
				t.Errorf("got\n  %s\nwant\n  %s", strings.Join(got, "\n  "), strings.Join(w.Parts, "\n  "))
			}
		})
	}
}

func anyRules(t *rapid.T) *Rules {
	r := &Rules{day: 20261126}
	word := func(key string) string {
		return rapid.SampledFrom(append([]string{""}, tariff.AllocationWords[key]...)).Draw(t, key)
	}
	for _, supplier := range []string{"", "a", "b", "c"} {
		row := tariff.Allocation{Supplier: supplier, Months: word("months"), Penalty: word("penalty"), Instalments: word("instalments"), Limitation: rapid.IntRange(0, 4).Draw(t, "limitation")}
		if rapid.Bool().Draw(t, "first") {
			row.First = []string{"q", "s"}
		}
		row.Minimum = decimal.FromInt(1)
		r.rows = append(r.rows, row)
	}
	return r
}

func anyWish(t *rapid.T, debts []Debt) Wish {
	w := Wish{Ahead: true, Month: rapid.SampledFrom([]calendar.Month{0, 202607, 202608}).Draw(t, "month")}
	if rapid.Bool().Draw(t, "lines") {
		for range rapid.IntRange(1, 3).Draw(t, "n") {
			d := &debts[rapid.IntRange(0, len(debts)-1).Draw(t, "line")]
			w.Lines = append(w.Lines, WishLine{Supplier: d.Supplier, Service: rapid.SampledFrom([]string{"", d.Service}).Draw(t, "service"),
				Only: rapid.SampledFrom([]string{"", PartDebt, PartPenalty}).Draw(t, "only"), Sum: money.Amount(rapid.Int64Range(1, 500_000).Draw(t, "sum"))})
		}
		return w
	}
	w.Sum = money.Amount(rapid.Int64Range(1, 5_000_000).Draw(t, "sum"))
	return w
}

// TestAnyRulesAddUp: whatever the rules and the wish, parts add up to the sum, nobody gets more than he is owed except
// ahead, a month told was owed so much, and a second look is the same.
func TestAnyRulesAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		debts := anyDebts(t)
		wish, rules := anyWish(t, debts), anyRules(t)
		plan, err := Split(debts, wish, rules)
		if err != nil {
			t.Fatal(err)
		}
		want := wish.Sum
		for _, l := range wish.Lines {
			want += l.Sum
		}
		var total money.Amount
		given := map[int64]money.Amount{}
		for i := range plan.Parts {
			p := &plan.Parts[i]
			if p.Amount <= 0 || ReasonWords[p.Reason] == "" {
				t.Fatalf("part %+v", p)
			}
			total += p.Amount
			if p.Kind != PartAdvance {
				given[p.ServiceID] += p.Amount
			}
			d := &debts[slices.IndexFunc(debts, func(d Debt) bool { return d.ServiceID == p.ServiceID })]
			if at := slices.IndexFunc(d.Buckets, func(b Bucket) bool { return b.Month == p.Month }); p.Month != 0 && (at < 0 || d.Buckets[at].Amount < p.Amount) {
				t.Fatalf("month told %+v of %+v", p, d)
			}
		}
		for i := range debts {
			if given[debts[i].ServiceID] > debts[i].Due() {
				t.Fatalf("service %d got %d of %d", debts[i].ServiceID, given[debts[i].ServiceID], debts[i].Due())
			}
		}
		if total != want || plan.Sum != want {
			t.Fatalf("parts %d, plan %d, asked %d", total, plan.Sum, want)
		}
		if again, err := Split(debts, wish, rules); err != nil || !slices.Equal(again.Parts, plan.Parts) {
			t.Fatalf("again %+v, %v", again, err)
		}
	})
}

// TestPayingInPiecesClosesTheSameDebts: a sum paid in two payments one after another leaves as much due as the same sum
// at once.
func TestPayingInPiecesClosesTheSameDebts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := Home{Debts: anyDebts(t)}
		var due money.Amount
		for i := range h.Debts {
			due += h.Debts[i].Due()
		}
		if due < 2 {
			return
		}
		first := money.Amount(rapid.Int64Range(1, int64(due)-1).Draw(t, "first"))
		for _, sum := range []money.Amount{first, due - first} {
			plan, err := Split(h.Debts, Wish{Sum: sum}, nil)
			if err != nil {
				t.Fatal(err)
			}
			h.lower(plan.Parts)
		}
		for i := range h.Debts {
			if h.Debts[i].Due() != 0 {
				t.Fatalf("left %+v", h.Debts[i])
			}
		}
	})
}
