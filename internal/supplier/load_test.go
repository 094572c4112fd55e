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
