package city

import (
	"strconv"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
	"pgregory.net/rapid"
)

func TestRequisitesPassTheChecksOfBanks(t *testing.T) {
	for _, set := range []*layoutSet{evenSet(), oddSet()} {
		town := &town{set: set}
		var list []struct {
			Code, Name, INN, BIC, Account, Status, Mode string
			Corr                                        string `yaml:"corr_account"`
			Services                                    []any
		}
		if err := yaml.Unmarshal([]byte(town.suppliersYAML()), &list); err != nil {
			t.Fatal(err)
		}
		if len(list) != int(trades) {
			t.Errorf("%d suppliers, want %d", len(list), trades)
		}
		for _, s := range list {
			if s.INN != inn10(s.INN[:9]) || len(s.BIC) != 9 || len(s.Services) == 0 || s.Mode != "issued" || s.Status != "invented" {
				t.Errorf("%+v", s)
			}
			if !keyHolds(s.BIC[6:], s.Account) || !keyHolds("0"+s.BIC[4:6], s.Corr) {
				t.Errorf("%s: the key of %s or %s does not fit БИК %s", s.Code, s.Account, s.Corr, s.BIC)
			}
		}
	}
}

// keyHolds is the check of formats.md 0.1, written anew.
func keyHolds(prefix, account string) bool {
	sum := 0
	for i, c := range prefix + account {
		sum += int(c-'0') * []int{7, 1, 3}[i%3]
	}
	return len(account) == 20 && sum%10 == 0
}

func TestTheKeyOfAnAccountIsTheOneBanksUse(t *testing.T) {
	if !keyHolds("225", "40821810840020000005") || !keyHolds("603", "40821810462000000144") || keyHolds("601", "40902830202010056769") {
		t.Fatal("the check itself fails the published examples")
	}
	if got := keyed("225", "40821810040020000005"); got != "40821810840020000005" {
		t.Errorf("got %s", got)
	}
	if got := inn10("770704938"); got != "7707049388" {
		t.Errorf("ИНН: got %s", got)
	}
}

func TestCheckDigitsFindEveryWrongDigit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringMatching(`[0-9]{9,11}`).Draw(t, "number")
		at := rapid.IntRange(0, len(number)-1).Draw(t, "at")
		by := rapid.IntRange(1, 9).Draw(t, "by")
		wrong := number[:at] + strconv.Itoa((int(number[at]-'0')+by)%10) + number[at+1:]
		for name, check := range map[string]func(string) string{"Luhn": luhn, "7-1-3": check731} {
			if check(number) == check(wrong) {
				t.Errorf("%s: %s and %s have one check digit", name, number, wrong)
			}
		}
	})
}

func TestATypoAlwaysChangesTheName(t *testing.T) {
	for i, s := range streets {
		for n := range 40 {
			if got, how := typo(s.name, seeded(int64(n), "typo", i)); got == s.name || how == "" {
				t.Errorf("%s became %s by %q", s.name, got, how)
			}
		}
	}
}

func TestStreetsCanBeToldApart(t *testing.T) {
	seen, names := map[street]bool{}, map[[2]string]bool{}
	for _, s := range streets {
		key := street{s.name, s.kind, s.locality, ""}
		if seen[key] {
			t.Errorf("%v is there twice", key)
		}
		seen[key] = true
		names[[2]string{s.name, s.kind}] = true
		if _, ok := streetForms[s.kind]; !ok {
			t.Errorf("%s: unknown kind %s", s.name, s.kind)
		}
	}
	for _, s := range streets {
		if s.alias != "" && names[[2]string{s.alias, s.kind}] {
			t.Errorf("the former name of %s is now another street: %s", s.name, s.alias)
		}
	}
}

func TestElectricityGoesOverTheBands(t *testing.T) {
	town := &town{month: 202610, prices: pricesOf(202610)} // 8.06 a kWh
	for name, c := range map[string]struct {
		power power
		want  int64
	}{
		"within the first band":     {power{stove: "gas", zones: []zone{{"T", 100}}}, 80600},
		"600 kWh in the second":     {power{stove: "gas", zones: []zone{{"T", 4500}}}, 3900*806 + 600*1099},
		"1000 kWh in the third":     {power{stove: "gas", zones: []zone{{"T", 7000}}}, 3900*806 + 2100*1099 + 1000*1267},
		"electric stove":            {power{stove: "electric", zones: []zone{{"T", 100}}}, 56400},
		"night is cheaper than day": {power{stove: "gas", zones: []zone{{"D", 60}, {"N", 40}}}, 60*927 + 40*605},
		"both zones over the limit": {power{stove: "gas", zones: []zone{{"D", 3000}, {"N", 2000}}}, 2340*927 + 660*1264 + 1560*605 + 440*825},
		"nothing used at all":       {power{stove: "gas", zones: []zone{{"T", 0}}}, 0},
	} {
		if got := town.powerCharge(&c.power); got != c.want {
			t.Errorf("%s: got %d, want %d", name, got, c.want)
		}
	}
}

func TestSharesOfABalanceAddUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var list []service
		s := sums{}
		for range rapid.IntRange(1, 4).Draw(t, "services") {
			l := service{charge: rapid.Int64Range(0, 1_000_000).Draw(t, "charge")}
			list, s.charge = append(list, l), s.charge+l.charge
		}
		amounts := rapid.Int64Range(-1_000_000, 100_000_000)
		s.opening, s.recalc, s.penalty, s.paid = amounts.Draw(t, "opening"), amounts.Draw(t, "recalc"), amounts.Draw(t, "penalty"), amounts.Draw(t, "paid")
		s.close()
		got := sums{}
		for _, part := range shares(s, list) {
			got.add(part)
		}
		if got != s {
			t.Errorf("parts make %+v, the account is %+v", got, s)
		}
	})
}

func TestTemplatesLeaveOutWhatIsEmpty(t *testing.T) {
	h := &house{street: 0, number: "12", letter: "а", building: "3"}
	v := &view{row: &row{account: &account{}}, addr: newAddress(h, "7", "")}
	if got := parseTemplate("{type.} {street}, {house}{korp: к}{flat:, кв. }{room:, ком. |!}").print(v); got != "ул. Заводская, 12а к3, кв. 7" {
		t.Errorf("got %q", got)
	}
}

func TestNamesOfWomen(t *testing.T) {
	for man, woman := range map[string]string{"Иванов": "Иванова", "Ильин": "Ильина", "Царёв": "Царёва", "Покровский": "Покровская",
		"Чёрный": "Чёрная", "Шевченко": "Шевченко", "Седых": "Седых", "Ким": "Ким"} {
		if got := feminine(man); got != woman {
			t.Errorf("%s: got %s, want %s", man, got, woman)
		}
	}
}

func TestLayoutsAreOfManyKinds(t *testing.T) {
	for name, set := range map[string]*layoutSet{"even": evenSet(), "odd": oddSet()} {
		looks, codes := map[string]bool{}, map[string]bool{}
		for _, l := range set.layouts {
			looks[l.kind+"/"+l.delimiter] = true
			codes[l.code] = true
			if l.kind == "dbf" {
				for _, c := range l.columns {
					if len(c.name) > 10 || c.dbf == 0 || strings.ToUpper(c.name) != c.name {
						t.Errorf("%s: DBF cannot have a field %q", l.code, c.name)
					}
				}
			}
		}
		if len(looks) < 7 || len(codes) != int(trades) {
			t.Errorf("%s: %d looks of files, %d suppliers", name, len(looks), len(codes))
		}
	}
}
