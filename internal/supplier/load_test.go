package supplier

import (
	"strings"
	"testing"

	"kvit/internal/fault"
)

func TestParseSuppliers(t *testing.T) {
	for _, c := range []struct {
		name, text string
		code       string // of the fault; empty: read
		phone      string
	}{
		{"a list", "- {code: voda, name: Вода, phone: '+7 1'}", "", "+7 1"},
		{"a list under a key, requisites without quotes", "suppliers:\n- {code: voda, inn: 9950013244, bic: 049900802, account: 40702810699000000064}", "", ""},
		{"contacts as text", "- {code: voda, contacts: 'звонить Ивану, +7 2'}", "", "звонить Ивану, +7 2"},
		{"contacts as a list", "- {code: voda, contacts: ['+7 3', 'mail@voda.example']}", "", "+7 3, mail@voda.example"},
		{"contacts as a mapping", "- {code: voda, contacts: {phone: '+7 4', address: 'ул. Первая, 1'}}", "", "+7 4"},
		{"the phone said apart wins", "- {code: voda, phone: '+7 5', contacts: {phone: '+7 6'}}", "", "+7 5"},
		{"a mapping without a list", "month: 2026-10", "supplier.yaml", ""},
		{"no YAML", "- {", "supplier.yaml", ""},
		{"a text", "voda", "supplier.yaml", ""},
		{"nothing", "", "supplier.yaml", ""},
		{"twice", "- {code: voda}\n- {code: voda}", "supplier.twice", ""},
		{"no code", "- {name: Вода}", "supplier.code", ""},
		{"an account that does not fit its БИК", "- {code: voda, bic: '049900802', account: '40702810699000000065'}", "supplier.account", ""},
		{"a wrong check digit", "- {code: voda, inn: '9950013245'}", "supplier.inn", ""},
		{"a mode there is not", "- {code: voda, mode: own}", "supplier.mode", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := parse(strings.NewReader(c.text))
			if c.code != "" {
				if err == nil || fault.As(err).Code != c.code {
					t.Fatalf("%v, want %s", err, c.code)
				}
				return
			}
			if err != nil || len(list) != 1 || list[0].Code != "voda" || list[0].Phone != c.phone || list[0].Mode != ModeIssued {
				t.Errorf("%+v, %v", list, err)
			}
		})
	}
}

// TestServicesInTheCatalogue: what a file says of a service is kept, and what cannot be is refused with its line.
func TestServicesInTheCatalogue(t *testing.T) {
	for _, c := range []struct {
		name, service string
		code          string // of the fault; empty: read
		line          string
	}{
		{"a service", "{name: ХВС, catalog: cold_water, mode: issued, category: flat, digits: 5, included: true}", "", ""},
		{"zones", "{catalog: electricity, zones: {T1: day, T2: night}}", "", ""},
		{"zones by a column", `{catalog: electricity, zones: {plan: {"2*": {T1: day, T2: night}}}}`, "", ""},
		{"a zone there is not", "{catalog: electricity, zones: {T1: evening}}", "supplier.zone", "Строка 3"},
		{"a zone by a column there is not", "{catalog: electricity, zones: {plan: {x: {T1: evening}}}}", "supplier.zone", "Строка 3"},
		{"zones as a list", "{catalog: electricity, zones: [day]}", "supplier.zones", "Строка 3"},
		{"a key there is not", "{name: ХВС, catalogue: cold_water}", "supplier.service_key", "Строка 3"},
		{"a mode there is not", "{catalog: gas, mode: own}", "supplier.mode", "Строка 3"},
		{"a component there is not", "{catalog: gas, component: steam}", "supplier.component", "Строка 3"},
		{"digits there are not", "{catalog: gas, digits: 12}", "supplier.digits", "Строка 3"},
	} {
		t.Run(c.name, func(t *testing.T) {
			list, err := parse(strings.NewReader("- code: voda\n  services:\n    - " + c.service + "\n"))
			if c.code != "" {
				if err == nil || fault.As(err).Code != c.code || !strings.Contains(fault.As(err).Message, c.line) {
					t.Fatalf("%v, want %s at %s", err, c.code, c.line)
				}
				return
			}
			if err != nil || len(list) != 1 || len(list[0].Mapping) != 1 {
				t.Fatalf("%+v, %v", list, err)
			}
		})
	}
}

// TestChosenByWords: the same word comes before a pattern, a longer pattern before a shorter one, in any case of letters.
func TestChosenByWords(t *testing.T) {
	s := Service{Category: "usual", Categories: map[string]map[string]string{"plan": {"3z-electric": "exact", "*-electric": "suffix", "3z*": "prefix", "*ночь*": "inside"}},
		ZonesBy: map[string]map[string]map[string]string{"plan": {"2z*": {"T1": "day"}}}, Zones: map[string]string{"T1": "all"}}
	for value, want := range map[string]string{"3z-electric": "exact", "1Z-Electric": "suffix", "3z-gas": "prefix", "тариф День-Ночь 2": "inside", "other": "usual", "": "usual"} {
		if got := s.CategoryOf(func(string) string { return value }); got != want {
			t.Errorf("%q: %q, want %q", value, got, want)
		}
	}
	for value, want := range map[string]string{"2z-gas": "day", "1z-gas": "all"} {
		if got := s.ZonesOf(func(string) string { return value })["T1"]; got != want {
			t.Errorf("zones of %q: %q, want %q", value, got, want)
		}
	}
}

// TestPartOfAService: heat of hot water under a name of its own is a part of the other one, however the file writes it.
func TestPartOfAService(t *testing.T) {
	list, err := parse(strings.NewReader("- {code: teplo, services: [{name: Гвс вода, catalog: hot_water, component: water}, {name: ГВС тепло, catalog: hot_water, component: heat}, {name: ОТ, catalog: heating}]}"))
	if err != nil {
		t.Fatal(err)
	}
	s := &list[0]
	for name, want := range map[string]string{"ГВС  ТЕПЛО": "Гвс вода", "гвс вода": "", "от": ""} {
		behind := s.Behind(name)
		if len(behind) != 1 {
			t.Fatalf("%q: %d services", name, len(behind))
		}
		if whole := s.WholeOf(behind[0]); whole == nil && want != "" || whole != nil && whole.Name != want {
			t.Errorf("%q is part of %+v, want %q", name, whole, want)
		}
	}
}
