package town

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/money"
)

// supplier keeps a book of his own: what each account owed at the end of the month he last closed, and the payments he
// was told of since, by registers of Kvit or at his own desk.
type supplier struct {
	code     string
	layout   layout
	accounts []*account
	told     map[string]money.Amount // what each operation came to, when he last heard of it
}

// layout is how a supplier's files look.
type layout struct {
	delimiter string
	comma     bool // kopecks after a comma
	trailer   bool // a line with the total, and a file that differs from it is to be refused
}

// account is one personal account: the supplier's book of it, and what the oracle knows.
type account struct {
	of      *supplier
	home    *home
	number  string
	closing money.Amount  // at the end of the month last closed, by the supplier
	desk    money.Amount  // paid at his own desk since, which Kvit is not told of
	heard   []heard       // payments Kvit told him of
	due     money.Amount  // by the register last taken in
	cutoff  calendar.Date // of that register
	paid    []heard       // by the oracle: what Kvit has taken for this account, refunds negative
}

// heard is a payment with its payer's day.
type heard struct {
	on  calendar.Date
	sum money.Amount
}

// expected is what the account owes now, by the oracle.
func (a *account) expected() money.Amount {
	due := a.due
	for _, p := range a.paid {
		if p.on > a.cutoff {
			due -= p.sum
		}
	}
	return due
}

// row is an account's line of a month's register.
type row struct {
	account                                     *account
	opening, charge, recalc, penalty, paid, due money.Amount
}

// close closes a month of a supplier's book: everything he heard of with a day in it, and his own desk.
func (s *supplier) close(rng *rand.Rand, month calendar.Month) (rows []row) {
	for _, a := range s.accounts {
		r := row{account: a, opening: a.closing, charge: money.Amount(rng.Int64N(500_000)), paid: a.desk}
		if rng.IntN(20) == 0 {
			r.recalc = money.Amount(rng.Int64N(20_000) - 15_000)
		}
		if r.opening > 0 && rng.IntN(4) == 0 {
			r.penalty = money.Amount(rng.Int64N(3_000))
		}
		a.heard = slices.DeleteFunc(a.heard, func(h heard) bool {
			if h.on <= month.Last() {
				r.paid += h.sum
			}
			return h.on <= month.Last()
		})
		r.due = r.opening + r.charge + r.recalc + r.penalty - r.paid
		a.closing, a.desk = r.due, 0
		rows = append(rows, r)
	}
	return rows
}

// correct is a register sent once more with other charges of some accounts; the others stand as they were.
func (s *supplier) correct(rng *rand.Rand, rows []row) {
	for i := range rows {
		if rng.IntN(10) == 0 {
			more := money.Amount(rng.Int64N(40_000) - 10_000)
			rows[i].charge += more
			rows[i].due += more
			rows[i].account.closing += more
		}
	}
}

// write writes rows as a file of the supplier's layout and the sheet that declares it.
func (s *supplier) write(dir, name string, month calendar.Month, rows []row) (sheet string) {
	d := s.layout.delimiter
	lines := []string{strings.Join([]string{"ls", "address", "in", "charge", "recalc", "penalty", "paid", "out"}, d)}
	var total money.Amount
	for _, r := range rows {
		a := r.account
		lines = append(lines, strings.Join([]string{a.number, a.home.address, s.sum(r.opening), s.sum(r.charge), s.sum(r.recalc), s.sum(r.penalty), s.sum(r.paid), s.sum(r.due)}, d))
		total += r.due
	}
	profile := fmt.Sprintf(`"file": %q, "supplier": %q, "kind": "csv", "encoding": "utf-8", "delimiter": %q, "header_rows": 1, "money": %q, "period": %q,
		"columns": {"account": "ls", "address": "address", "opening": "in", "charge": "charge", "recalc": "recalc", "penalty": "penalty", "paid": "paid", "due": "out"}`,
		name, s.code, d, map[bool]string{false: "rub_dot", true: "rub_comma"}[s.layout.comma], month)
	if s.layout.trailer {
		lines = append(lines, "ИТОГО"+d+s.sum(total))
		profile += `, "trailer_prefix": "ИТОГО` + d + `", "control_total": {"prefix": "ИТОГО` + d + `"}, "on_control_mismatch": "refuse"`
	}
	write(filepath.Join(dir, name), strings.Join(lines, "\n")+"\n")
	return "{" + profile + "}"
}

func (s *supplier) sum(a money.Amount) string {
	text := fmt.Sprintf("%d.%02d", max(a, -a)/100, max(a, -a)%100)
	if a < 0 {
		text = "-" + text
	}
	if s.layout.comma {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text
}

// hear takes a register of payments Kvit wrote; the same day may come again with more in it.
func (s *supplier) hear(t *town, path string) {
	body, err := os.ReadFile(path)
	if err != nil {
		t.fatal(err)
	}
	for line := range strings.Lines(string(body)) {
		f := strings.Split(strings.TrimRight(line, "\r\n"), ";")
		if len(f) != 12 || strings.HasPrefix(line, "=") {
			continue
		}
		sum := t.money(f[9])
		key := strings.Join([]string{f[0], f[4], f[5], strconv.FormatBool(sum < 0)}, ";")
		on, err := calendar.ParseDate(strings.ReplaceAll(f[0], "-", "."))
		if err != nil {
			t.fatal(err)
		}
		a := t.find(s.code, f[5])
		if news := sum - s.told[key]; news != 0 {
			a.heard = append(a.heard, heard{on, news})
			s.told[key] = sum
		}
	}
}

func write(path, text string) {
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		panic(err) // the test's own folder
	}
}
