package match

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/housing"
)

// suppliers of the cases by the word a line begins with.
var suppliers = map[string]int64{"water": 1, "heat": 2, "power": 3, "gas": 4, "waste": 5, "repair": 6, "upkeep": 7, "intercom": 8}

// accounts reads the accounts of one building, a line each: supplier|number|flat|payer|unified number|share. Their ids
// are the numbers of the lines.
func accounts(t testing.TB, lines string) (list []Member) {
	t.Helper()
	for i, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		w := append(strings.Split(strings.TrimSpace(line), "|"), make([]string, 6)...)
		id, ok := suppliers[w[0]]
		if !ok {
			t.Fatalf("line %d: no supplier %q", i+1, w[0])
		}
		list = append(list, Member{Account: int64(i + 1), SupplierID: id, Evidence: Evidence{Ref: int64(i + 1), Supplier: w[0], Number: w[1], FIO: w[3], ELS: w[4], Share: w[5],
			Residents: -1, Address: housing.Parts{Text: strings.TrimSuffix("ул. Ленина, д. 5, кв. "+w[2], ", кв. ")}}})
	}
	return list
}

// baskets writes households as «1 2|3»: each by its accounts, in their order.
func baskets(g *Grouping) string {
	var out []string
	for _, h := range g.Households {
		var ids []int64
		for _, l := range h.Links {
			ids = append(ids, l.Account)
		}
		slices.Sort(ids)
		out = append(out, strings.Trim(fmt.Sprint(ids), "[]"))
	}
	slices.Sort(out)
	return strings.Join(out, "|")
}

// notes writes reviews as «kind account» and findings as «type account».
func notes(g *Grouping) (reviews, findings string) {
	var a, b []string
	for _, r := range g.Reviews {
		a = append(a, fmt.Sprint(r.Kind, " ", r.Account))
	}
	for _, f := range g.Findings {
		b = append(b, fmt.Sprint(f.Type, " ", f.Ref))
	}
	slices.Sort(a)
	slices.Sort(b)
	return strings.Join(a, ", "), strings.Join(b, ", ")
}

var noHouses = housing.NewRegister(nil)

// groupCases are buildings of a few accounts; reviews and findings as notes writes them.
var groupCases = []struct{ name, accounts, want, reviews, findings string }{
	{"one family, one flat", `
		water|1600000051|5|Иванова А.П.
		heat|2600000051|5|Иванова Анна Петровна
		power|62359162711|5|ИВАНОВА АННА П.
		intercom|K12|5`, "1 2 3 4", "", ""},
	{"neighbours", `
		water|1600000051|5|Иванова А.П.
		heat|2600000051|5|Иванова А.П.
		water|1600000062|6|Петров И.И.
		heat|2600000062|6|Петров И.И.`, "1 2|3 4", "", ""},
	{"a share of each co-owner", `
		water|1600000051|5|Иванова А.П.
		heat|2600000051|5|Иванова А.П.
		repair|710001|5|Иванова А.П.||1/2
		repair|710002|5|Сидоров К.К.||1/2`, "1 2 3 4", "", ""},
	{"rooms of a communal flat", `
		water|1600000051|5, ком. 1|Иванова А.П.
		heat|2600000051|5, ком. 1|Иванова А.П.
		water|1600000062|5, ком. 2|Петров И.И.
		heat|2600000062|5, ком. 2|Петров И.И.`, "1 2|3 4", "", ""},
	{"a room by a slash where others name it", `
		water|1600000051|5, ком. 2|Иванова А.П.
		heat|2600000051|5/2|Иванова А.П.
		water|1600000062|2|Петров И.И.`, "1 2|3", "", ""},
	{"a communal flat without a room: the payer's", `
		water|1600000051|5, ком. 1|Иванова А.П.
		water|1600000062|5, ком. 2|Петров И.И.
		gas|330001|5|Петров И.И.`, "1|2 3", "", ""},
	{"a communal flat without a room: nobody's", `
		water|1600000051|5, ком. 1|Иванова А.П.
		water|1600000062|5, ком. 2|Петров И.И.
		gas|330001|5|Кузнецов О.О.`, "1|2|3", "", ""},
	{"flats made one", `
		water|1600000051|5-6|Иванова А.П.
		power|62359162711|5|Иванова А.П.
		power|62359162722|6|Иванова А.П.`, "1 2 3", "", ""},
	{"flats made one that do not follow each other", `
		water|1600000051|5, 9|Иванова А.П.
		power|62359162711|5|Иванова А.П.
		power|62359162722|9|Иванова А.П.`, "1 2 3", "", ""},
	{"flats written together, payers apart", `
		water|1600000051|5-6|Иванова А.П.
		power|62359162711|5|Иванова А.П.
		power|62359162722|6|Петров И.И.`, "1 2|3", "", ""},
	{"one owner, two flats", `
		water|1600000051|5|Иванова А.П.
		heat|2600000051|5|Иванова А.П.
		water|1600000062|6|Иванова А.П.
		heat|2600000062|6|Иванова А.П.`, "1 2|3 4", "", ""},
	{"a wrong flat, the number and the payer know better", `
		water|1600000051|5|Иванова А.П.
		heat|2600000051|6|Иванова А.П.
		power|62359162711|5|Иванова А.П.
		water|1600000062|6|Петров И.И.
		heat|2600000062|6|Петров И.И.
		power|62359162722|6|Петров И.И.`, "1 2 3|4 5 6", "", "addr_wrong_flat 2"},
	{"no flat, the number and the payer know it", `
		water|1600000051|5|Иванова А.П.
		heat|2600000051||Иванова А.П.
		heat|2600000062|6|Петров И.И.
		water|1600000062|6|Петров И.И.`, "1 2|3 4", "", "addr_flat_lost 2"},
	{"no flat and nothing else", `
		water|1600000051|5|Иванова А.П.
		heat|2600000051|5|Иванова А.П.
		gas|330001||Кузнецов О.О.
		gas|330002|5|Иванова А.П.`, "1 2 4|3", "flat_unknown 3", "addr_flat_lost 3"},
	{"a supplier that prints no flats: the number ends with it", `
		water|1600000051|5|Иванова А.П.
		heat|2600000051|5|Иванова А.П.
		water|1600000062|6|Петров И.И.
		upkeep|D17-005||Иванова А.П.
		upkeep|D17-006||Петров И.И.`, "1 2 4|3 5", "", ""},
	{"a stranger beside the family", `
		water|1600000051|5|Иванова А.П.
		heat|2600000051|5|Иванова А.П.
		power|62359162711|5|Иванова А.П.
		power|62888888888|5|Кузнецов О.О.`, "1 2 3|4", "second_account 4", ""},
	{"the owner before", `
		water|1600000051|5|Иванова А.П.
		heat|2600000051|5|Иванова А.П.
		power|62359162711|5|Иванова А.П.
		gas|330001|5|Кузнецов О.О.`, "1 2 3 4", "", "stale_owner 4"},
	{"a typing error in the name", `
		water|1600000051|5|Иванова А.П.
		heat|2600000051|5|Иванова А.П.
		power|62359162711|5|Ивонова А.П.`, "1 2 3", "", "fio_typo 3"},
	{"a house for one family", `
		water|1600000051||Иванова А.П.
		heat|2600000051||Иванова А.П.
		gas|330001||Иванова А.П.`, "1 2 3", "", ""},
	{"premises not to live in", `
		water|1600000051|5|Иванова А.П.
		water|1600000062|, пом. Н-1|Ромашка ООО
		heat|2600000062|, пом. 1Н|Ромашка ООО`, "1|2 3", "", ""},
	{"two payers, each with accounts of the same suppliers", `
		water|1600000051||Иванова А.П.
		power|62359162711||Иванова Анна П.
		gas|330001||ИВАНОВА АННА ПЕТРОВНА
		power|62359162722||Петров И.
		gas|330002||И.И. Петров`, "1 2 3|4 5", "two_payers 4, two_payers 5", ""},
	{"a former owner stands instead of the new one", `
		water|1600000051||Иванова А.П.
		heat|2600000099||Иванова А.П.
		upkeep|12||Иванова А.П.
		power|62359162722||Петров И.
		gas|330002||И.И. Петров`, "1 2 3 4 5", "", "stale_owner 4, stale_owner 5"},
	{"unified numbers join over another flat", `
		water|1600000051|5|Иванова А.П.|10АА111111
		heat|2700000099|7|Кузнецов О.О.|10AA111111-01
		power|62359162711|5|Иванова А.П.|10АА111111
		heat|2700000055|7|Петров И.И.
		water|1700000066|7|Петров И.И.`, "1 2 3|4 5", "", "addr_wrong_flat 2, stale_owner 2"},
}

func TestGroup(t *testing.T) {
	for _, c := range groupCases {
		t.Run(c.name, func(t *testing.T) {
			g := Group(noHouses, accounts(t, c.accounts), nil)
			if got := baskets(g); got != c.want {
				t.Errorf("baskets: got %s, want %s", got, c.want)
			}
			reviews, findings := notes(g)
			if reviews != c.reviews {
				t.Errorf("reviews: got %q, want %q", reviews, c.reviews)
			}
			if findings != c.findings {
				t.Errorf("findings: got %q, want %q", findings, c.findings)
			}
		})
	}
}

func TestTheOrderOfMembersChangesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		c := rapid.SampledFrom(groupCases).Draw(rt, "case")
		list := accounts(t, c.accounts)
		list = rapid.Permutation(list).Draw(rt, "order")
		if got := baskets(Group(noHouses, list, nil)); got != c.want {
			rt.Errorf("got %s, want %s", got, c.want)
		}
	})
}

// TestTheOrderOfComingChangesNothing: ids are given as accounts come, and must not decide who belongs together.
func TestTheOrderOfComingChangesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		list := drawAccounts(rt)
		want := baskets(Group(noHouses, list, nil))
		was := map[int64]int64{}
		for i, id := range rapid.Permutation(listOfIDs(len(list))).Draw(rt, "ids") {
			was[id+100], list[i].Account = list[i].Account, id+100
		}
		g := Group(noHouses, list, nil)
		for i := range g.Households {
			for k := range g.Households[i].Links {
				l := &g.Households[i].Links[k]
				l.Account = was[l.Account]
			}
		}
		if got := baskets(g); got != want {
			rt.Errorf("got %s, want %s", got, want)
		}
	})
}

func listOfIDs(n int) (ids []int64) {
	for i := range n {
		ids = append(ids, int64(i+1))
	}
	return ids
}

// TestGroupingKeepsEveryAccount: whatever the evidence, each account is in one basket, and the answer is the same twice.
func TestGroupingKeepsEveryAccount(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		list := drawAccounts(rt)
		decisions := drawDecisions(rt, len(list))
		g := Group(noHouses, list, decisions)
		seen := map[int64]int{}
		for _, h := range g.Households {
			for _, l := range h.Links {
				seen[l.Account]++
			}
		}
		for _, m := range list {
			if seen[m.Account] != 1 {
				rt.Fatalf("account %d is in %d baskets", m.Account, seen[m.Account])
			}
		}
		again := Group(noHouses, rapid.Permutation(list).Draw(rt, "order"), decisions)
		if a, b := fmt.Sprintf("%+v", *g), fmt.Sprintf("%+v", *again); a != b {
			rt.Errorf("another order:\n%s\n%s", a, b)
		}
		reviewed := map[int64]bool{}
		for _, r := range g.Reviews {
			if reviewed[r.Account] || slices.Contains(r.Near, r.Account) {
				rt.Errorf("review %+v", r)
			}
			reviewed[r.Account] = true
		}
	})
}

func drawAccounts(rt *rapid.T) (list []Member) {
	text := func(label string, of ...string) string { return rapid.SampledFrom(of).Draw(rt, label) }
	for i := range rapid.IntRange(1, 12).Draw(rt, "accounts") {
		supplier, number := rapid.Int64Range(1, 4).Draw(rt, "supplier"), text("number", "1600000051", "2600000051", "1600000062", "2600000062", "K12", "D-005", "")
		if slices.ContainsFunc(list, func(m Member) bool { return m.SupplierID == supplier && m.Evidence.Number == number }) {
			continue // a supplier names an account once
		}
		list = append(list, Member{Account: int64(i + 1), SupplierID: supplier, Evidence: Evidence{Ref: int64(i + 1), Number: number,
			FIO: text("fio", "", "Иванова А.П.", "Ивонова А.П.", "Петров И.И.", "И.И. Петров"),
			ELS: text("els", "", "", "10АА111111", "10АА222222"), Share: text("share", "", "", "1/2"),
			Address: housing.Parts{Text: "ул. Ленина, д. 5" + text("flat", "", ", кв. 5", ", кв. 6", ", кв. 5/6", ", кв. 5/2", ", кв. 5, ком. 2", ", кв. 6, ком. 1", ", кв. 5, 7")}}})
	}
	return list
}

func drawDecisions(rt *rapid.T, n int) (list []Decision) {
	for range rapid.IntRange(0, 3).Draw(rt, "decisions") {
		id := rapid.Int64Range(1, int64(n)+1)
		list = append(list, Decision{Join: rapid.Bool().Draw(rt, "join"), A: id.Draw(rt, "a"), B: id.Draw(rt, "b")})
	}
	return list
}

func TestDecisions(t *testing.T) {
	const town = `
		water|1600000051|5|Иванова А.П.
		heat|2600000051|5|Иванова А.П.
		water|1600000062|6|Петров И.И.
		heat|2600000062|6|Петров И.И.
		gas|330001|7|Кузнецов О.О.`
	join := func(a, b int64) Decision { return Decision{Join: true, A: a, B: b} }
	apart := func(a, b int64) Decision { return Decision{A: a, B: b} }
	for _, c := range []struct {
		name      string
		decisions []Decision
		want      string
	}{
		{"none", nil, "1 2|3 4|5"},
		{"a stranger joined", []Decision{join(5, 1)}, "1 2 5|3 4"},
		{"a relative taken out", []Decision{apart(2, 1)}, "1|2|3 4|5"},
		{"apart those who are apart", []Decision{apart(5, 1)}, "1 2|3 4|5"},
		{"joined those who are together", []Decision{join(2, 1)}, "1 2|3 4|5"},
		{"the later holds: apart", []Decision{join(5, 1), apart(5, 1)}, "1 2|3 4|5"},
		{"the later holds: joined", []Decision{apart(5, 1), join(5, 1)}, "1 2 5|3 4"},
		{"the later holds: elsewhere", []Decision{join(5, 1), join(5, 3)}, "1 2|3 4 5"},
		{"who joined a basket stays in it", []Decision{join(5, 2), join(2, 3)}, "1 5|2 3 4"},
		{"an account nobody knows", []Decision{join(99, 1), apart(1, 99)}, "1 2|3 4|5"},
		{"an account with itself", []Decision{join(1, 1)}, "1 2|3 4|5"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list := accounts(t, town)
			if got := baskets(Group(noHouses, list, c.decisions)); got != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
			// what comes later brings accounts between the others, and the decisions stay
			late := append(accounts(t, town+"\n\t\tpower|62359162711|5|Иванова А.П."), Member{Account: 77, SupplierID: 9, Evidence: Evidence{Address: housing.Parts{Text: "ул. Ленина, д. 5, кв. 9"}}})
			slices.Reverse(late)
			got := baskets(Group(noHouses, late, c.decisions))
			if got = strings.NewReplacer(" 6", "", "|77", "").Replace(got); got != c.want {
				t.Errorf("regrouped: got %s, want %s", got, c.want)
			}
		})
	}
}
