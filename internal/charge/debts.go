package charge

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
	"kvit/internal/money"
)

// owing is what a debtor was charged, paid and owed before Kvit began, as known at a moment.
type owing struct {
	lines    []owedLine
	payments []paidPart
	rows     []Line // of suppliers' registers, by month
	takes    []take
	moved    bool // it arose in several buildings
}

// owedLine is what Kvit charged for a service in a month about a month.
type owedLine struct {
	service, number int64 // of the supplier, of the catalogue
	in, about       calendar.Month
	kind            int64 // owedSum, owedPenalty, owedPutOff
	sum             money.Amount
	priced          int64 // lines that charge the month itself
}

// Kinds of what was charged.
const (
	owedSum     = iota
	owedPenalty // of the debt of its month
	owedPutOff  // a debt that an instalment plan defers: no charge, it leaves the oldest debts without penalty
)

// paidPart is a part of a payment.
type paidPart struct {
	service, order int64 // service 0 is none named
	sum            money.Amount
	on             calendar.Date
	penalty, ours  bool
	recorded       calendar.Micros
	month          calendar.Month // named by the payer or his supplier's rule; 0 is the oldest
}

// debts reads what debtors owe, many in a query.
type debts struct {
	run     *Run
	of      map[debtor]*owing
	there   map[debtor]*owing // the same by where it arose: former buildings too
	cutoffs map[int64]Cutoff  // of the registers' files
}

// debtorsMax is how many debtors one query asks for.
const debtorsMax = 200

// readDebts reads what debtors owe as a run knows it: by lines recorded up to its moment, and its own corrections, with
// what arose where they lived before.
func readDebts(ctx context.Context, tx *db.Tx, run *Run, list []debtor, former stays) (*debts, error) {
	d := &debts{run: run, of: make(map[debtor]*owing, len(list)), there: make(map[debtor]*owing, len(list)), cutoffs: map[int64]Cutoff{}}
	places := former.of(list)
	for _, x := range places {
		if !x.ended() {
			d.of[x.debtor] = &owing{}
		}
		d.there[debtor{x.in, x.account}] = d.of[x.debtor]
	}
	for some := range slices.Chunk(places, debtorsMax) {
		for _, read := range [...]func(context.Context, *db.Tx, []stay) error{d.readLines, d.readPayments, d.readRegisters, d.readTakes} {
			if err := read(ctx, tx, some); err != nil {
				return nil, fmt.Errorf("debts of %d accounts: %w", len(some), err)
			}
		}
	}
	for x := range former {
		d.of[x].join(run.Month)
	}
	return d, d.readCutoffs(ctx, tx)
}

// debtorsOf is the table d of some debtors and where they have lived, for a query to begin with: from it each database goes
// to their rows by the key.
func debtorsOf(some []stay, args *[]any) string {
	var b strings.Builder
	b.WriteString("WITH d (building_id, account_id, former) AS (VALUES ")
	for i, x := range some {
		if i > 0 {
			b.WriteByte(',')
		}
		former := 0
		if x.ended() {
			former = 1
		}
		*args = append(*args, x.in, x.account)
		fmt.Fprintf(&b, "(CAST($%d AS BIGINT), CAST($%d AS BIGINT), %d)", len(*args)-1, len(*args), former)
	}
	return b.String() + ") "
}

// ofDebtors joins a table to them.
func ofDebtors(table string) string {
	return fmt.Sprintf(" JOIN d ON d.building_id = %s.building_id AND d.account_id = %s.account_id ", table, table)
}

func (d *debts) readLines(ctx context.Context, tx *db.Tx, some []stay) error {
	args := []any{int64(d.run.FactsAt), d.run.ID, int64(calc.FormulaRecalculation)}
	query := debtorsOf(some, &args) + fmt.Sprintf(`SELECT l.building_id, l.account_id, l.service_id, l.service_no, l.month, l.about, CASE WHEN l.kind = %d THEN 1 WHEN l.kind = %d AND l.amount_kop < 0 THEN 2 ELSE 0 END AS late, CAST(sum(l.amount_kop) AS BIGINT),
		CAST(sum(CASE WHEN l.kind = %d THEN 1 ELSE 0 END) AS BIGINT) FROM d CROSS JOIN charge_line l CROSS JOIN charge_building b
		WHERE l.building_id = d.building_id AND l.account_id = d.account_id AND b.building_id = l.building_id AND b.month = l.month AND b.run_id = l.run_id AND (b.recorded_at <= $1 OR l.run_id = $2 AND l.formula = $3) AND `, calc.Penalty, calc.PutOff, calc.Charged) + ours +
		" GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 5, 6, 7, 4"
	return tx.Scan(ctx, query, args, func(v []int64, _ []byte) error {
		o := d.there[debtor{v[0], v[1]}]
		o.lines = append(o.lines, owedLine{v[2], v[3], calendar.Month(v[4]), calendar.Month(v[5]), v[6], money.Amount(v[7]), v[8]})
		return nil
	})
}

func (d *debts) readPayments(ctx context.Context, tx *db.Tx, some []stay) error {
	args := []any{int64(d.run.FactsAt)}
	query := debtorsOf(some, &args) + `SELECT p.building_id, p.account_id, p.service_id, p.order_id, p.amount_kop, p.paid_on, CASE WHEN p.kind = 'penalty' THEN 1 ELSE 0 END, CASE WHEN p.channel = 'online' THEN 1 ELSE 0 END, p.recorded_at, p.month
		FROM v_payment_posted p` + ofDebtors("p") + "WHERE p.posted_at <= $1 ORDER BY p.paid_on, p.order_id, p.part_no"
	return tx.Scan(ctx, query, args, func(v []int64, _ []byte) error {
		o := d.there[debtor{v[0], v[1]}]
		o.payments = append(o.payments, paidPart{v[2], v[3], money.Amount(v[4]), calendar.Date(v[5]), v[6] != 0, v[7] != 0, calendar.Micros(v[8]), calendar.Month(v[9])})
		return nil
	})
}

// readRegisters reads the registers of suppliers: a move takes them along, so those of former buildings are here too.
func (d *debts) readRegisters(ctx context.Context, tx *db.Tx, some []stay) error {
	args := []any{int64(d.run.FactsAt)}
	rows, err := listBy(ctx, tx, debtorsOf(some, &args)+selectLine+ofDebtors("c")+"WHERE d.former = 0 AND c.recorded_at <= $1 ORDER BY c.building_id, c.account_id, c.month, c.service_id, c.recorded_at", args...)
	for i := range rows {
		o := d.there[debtor{rows[i].BuildingID, rows[i].AccountID}]
		o.rows = append(o.rows, rows[i])
		d.cutoffs[rows[i].FileID] = Cutoff{}
	}
	return err
}

// readTakes reads the modes of the services of those who have registers.
func (d *debts) readTakes(ctx context.Context, tx *db.Tx, some []stay) error {
	some = slices.DeleteFunc(slices.Clone(some), func(x stay) bool { return len(d.of[x.debtor].rows) == 0 })
	if len(some) == 0 {
		return nil
	}
	args := []any{int64(d.run.FactsAt)}
	return tx.Scan(ctx, debtorsOf(some, &args)+selectTakes+ofDebtors("s")+"WHERE "+lastTakes, args, func(v []int64, _ []byte) error {
		o := d.there[debtor{v[0], v[1]}]
		o.takes = append(o.takes, takeOf(v))
		return nil
	})
}

func (d *debts) readCutoffs(ctx context.Context, tx *db.Tx) error {
	ids := make([]int64, 0, len(d.cutoffs))
	for id := range d.cutoffs {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for some := range slices.Chunk(ids, debtorsMax) {
		var args []any
		err := tx.Scan(ctx, "SELECT file_id, cutoff_day, cutoff_months, created_at FROM v_intake_file WHERE "+db.In("file_id", some, &args), args, func(v []int64, _ []byte) error {
			d.cutoffs[v[0]] = Cutoff{int(v[1]), int(v[2]), calendar.Micros(v[3])}
			return nil
		})
		if err != nil {
			return fmt.Errorf("cutoffs of registers: %w", err)
		}
	}
	return nil
}

// places are the services Kvit charges of a debtor, with what each goes on from, as the months before the one charged tell:
// what the run itself corrects does not change whose charge a service is. One that Kvit has only corrected since its
// supplier charges it again stands beside his register, whose debts are his affair.
func (o *owing) places(account int64, month calendar.Month) []Place {
	own := &Own{Month: month.Add(12), takes: o.takes} // all charged so far was earlier
	for _, l := range o.lines {
		if l.kind != owedPenalty && l.in < month {
			own.at(account, l.service).addEarlier(MonthSum{Month: l.in, Amount: l.sum, charged: l.priced > 0})
		}
	}
	places := own.Places(account, o.rows)
	for i := range places {
		if p := &places[i]; !p.Beside && !p.chargedAfter(p.Since) {
			p.Beside, p.Balance, p.Claimed, p.Theirs = true, 0, 0, 0
		}
	}
	return places
}
