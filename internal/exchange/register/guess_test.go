package register

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestGuessedProfilesReadACityAsItsSheetDoes(t *testing.T) {
	dir, _ := makeCity(t, "--households", "2000", "--seed", "3", "--month", "2026-10", "--defects", "0")
	_, registers, payments, err := LoadFormats(filepath.Join(dir, "formats.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range append(registers, payments...) {
		t.Run(filepath.Base(p.File), func(t *testing.T) {
			path := filepath.Join(dir, p.File)
			got, evidence, err := Guess(path)
			if err != nil {
				t.Fatalf("%v %+v", err, evidence)
			}
			if got.Kind != p.Kind {
				t.Errorf("kind %s, want %s", got.Kind, p.Kind)
			}
			compareRoles(t, got.roles(), p.roles())
			skip := func(*Row) error { return nil }
			a, b := readPath(t, path, got, skip), readPath(t, path, p, skip)
			if a.Rows != b.Rows || a.Sums.Due != b.Sums.Due || a.Sums.Amount != b.Sums.Amount || a.Quarantined > 0 {
				t.Errorf("guessed %d rows due %v amount %v quarantined %d; sheet %d rows due %v amount %v", a.Rows, a.Sums.Due, a.Sums.Amount, a.Quarantined, b.Rows, b.Sums.Due, b.Sums.Amount)
			}
			if b.Control.Declared && !a.Control.Equal {
				t.Errorf("control total not found: %+v", got.ControlTotal)
			}
		})
	}
}

// compareRoles wants every role of the sheet that matters for matching and money.
func compareRoles(t *testing.T, got, want map[string]Source) {
	t.Helper()
	for _, role := range []string{"account", "els", "fio", "address", "street", "house", "flat", "period", "version", "service", "volume", "opening", "charge", "recalc", "penalty", "paid", "due", "amount", "operation"} {
		if w, ok := want[role]; ok && fmt.Sprint(got[role]) != fmt.Sprint(w) {
			t.Errorf("%s: guessed %v, the sheet says %v", role, got[role], w)
		}
	}
}

const samples = "../../../../shared/samples"

func TestGuessReadsSampleRegisters(t *testing.T) {
	if _, err := os.Stat(samples); err != nil {
		t.Skip("SKIPPED: no ../shared/samples beside the repository")
	}
	cases := []struct {
		file  string
		roles map[string]string
		rows  int
	}{
		{"registers/6230000013_40702810000000000055_001_1126.txt", map[string]string{"account": "0", "fio": "1", "due": "2"}, 3},
		{"registers/charges_register_hash_comments.csv", map[string]string{"account": "0", "period": "3", "due": "2"}, 3},
		{"registers/made_gorod_type7_cp1251.txt", map[string]string{"account": "2", "fio": "0", "address": "1", "due": "3"}, 3},
		{"registers/made_supplier_charges_header_cp1251.csv", map[string]string{"account": "2", "address": "1", "charge": "7", "due": "8", "service": "3"}, 4},
		{"registers/made_sber_payments_12col_cp1251_23112026.txt", map[string]string{"account": "5", "fio": "6", "period": "8", "amount": "9", "net": "10", "commission": "11"}, 3},
		{"xlsx/made_osv_merged_header.xlsx", map[string]string{"account": "Лицевой счёт", "fio": "ФИО", "address": "Адрес", "opening": "Сальдо на начало", "penalty": "Пени", "paid": "Оплачено", "due": "Сальдо на конец"}, 3},
		{"dbf/charges_register_ls_fio_address_period_summa.dbf", map[string]string{"account": "LS", "fio": "FIO_PLA", "address": "ADDRESS", "period": "PERIOD", "due": "SUMMA"}, -1},
		{"dbf/made_charges_data_ls_addr_summa_cp866.dbf", map[string]string{"account": "LS", "address": "ADDR", "due": "SUMMA"}, -1},
		{"1c-client-bank/statement_vtb_2024_cp1251.txt", map[string]string{"number": "Номер", "amount": "Сумма", "date": "ДатаПоступило", "account": "[]"}, -1},
		{"registers/made_sber_return_17col_cp1251_40001231.126", map[string]string{"account": "0", "amount": "1", "operation": "2", "date": "4"}, 3},
		{"psp-registers/raiffeisen_sbp_report_2020-12-10_cp1251.csv", map[string]string{"amount": "9", "commission": "10", "date": "1"}, 2},
	}
	for _, c := range cases {
		t.Run(filepath.Base(c.file), func(t *testing.T) {
			path := filepath.Join(samples, c.file)
			p, e, err := Guess(path)
			if err != nil {
				t.Fatalf("%v %+v", err, e)
			}
			for role, want := range c.roles {
				if got := p.roles()[role].String(); got != want {
					t.Errorf("%s: %s, want %s", role, got, want)
				}
			}
			sum := readPath(t, path, p, func(r *Row) error { return nil })
			if c.rows >= 0 && sum.Rows != c.rows || sum.Quarantined > 0 {
				t.Errorf("%d rows, %d quarantined, want %d", sum.Rows, sum.Quarantined, c.rows)
			}
		})
	}
}

func TestGuessRefusesWhatNoProfileReads(t *testing.T) {
	for name, c := range map[string]struct{ body, code string }{
		"old workbook":    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), "xls.binary"},
		"page as .xls":    {"<html><table><tr><td>1</td></tr></table></html>", "xls.html"},
		"table of 2003":   {`<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"></Workbook>`, "xls.xml"},
		"printed page":    {"%PDF-1.4", "file.kind"},
		"nothing":         {"", "file.empty"},
		"text of a novel": {"Мой дядя самых честных правил,\nКогда не в шутку занемог,\n", "guess.failed"},
	} {
		t.Run(name, func(t *testing.T) {
			_, _, err := GuessFile(bytesFile("реестр.xls", []byte(c.body)))
			wantCode(t, err, c.code)
		})
	}
}

func TestVocabularyKnowsEachRoleByItsOwnName(t *testing.T) {
	for _, role := range []string{"account", "els", "fio", "address", "opening", "charge", "recalc", "penalty", "paid", "due", "period", "volume", "tariff"} {
		if !slices.ContainsFunc(vocabulary, func(v entry) bool {
			return v.role == role && v.words.MatchString(role)
		}) {
			t.Errorf("%s is not a word for %s", role, role)
		}
	}
}
