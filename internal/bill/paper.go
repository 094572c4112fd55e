package bill

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/qr"
)

// paperMonths is how old a paper may be that still opens its account.
const paperMonths = 12

// paperAccounts are the fields of a code that may hold the account, the usual one first.
var paperAccounts = [...]string{"PersAcc", "PersonalAccount", "PensAcc", "Contract"}

// errPaper is the one answer to a code that opens nothing: whether its account exists is not told.
var errPaper = fault.New(fault.NotFound, "bill.paper_unknown", "По этому коду счёта не нашли. Возьмите последнюю квитанцию или введите номер счёта и код с нашей квитанции.").WithField("text")

// FindByPaper gives the account that a supplier's own payment code (ГОСТ Р 56042-2014) was printed for. Whoever pays and
// the account are no secrets, so the code must also name a sum that this account's paper had within a year: that proves
// the paper. Everything else is one NotFound.
func (m *Module) FindByPaper(ctx context.Context, code *qr.Code) (building, accountID int64, err error) {
	sum, err := strconv.ParseInt(code.Get("Sum"), 10, 64)
	if err != nil || sum <= 0 {
		return 0, 0, errPaper
	}
	routes, err := m.paperRoutes(ctx, code)
	if err != nil {
		return 0, 0, err
	}
	for _, r := range routes {
		proved, err := m.provesPaper(ctx, r, money.Amount(sum))
		if err != nil {
			return 0, 0, err
		}
		if proved {
			return r.BuildingID, r.AccountID, nil
		}
	}
	return 0, 0, errPaper
}

// paperRoutes are the accounts a code may mean: of suppliers with its ИНН, or with its bank account.
func (m *Module) paperRoutes(ctx context.Context, code *qr.Code) (list []account.Route, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list = nil
		suppliers, err := paperSuppliers(ctx, tx, code)
		if err != nil {
			return err
		}
		for _, id := range suppliers {
			for _, field := range paperAccounts {
				number := strings.TrimSpace(code.Get(field))
				if number == "" {
					continue
				}
				r, err := account.FindPrinted(ctx, tx, id, number)
				if fault.Is(err, fault.NotFound) {
					continue
				}
				if err != nil {
					return err
				}
				list = append(list, r)
			}
		}
		return nil
	})
	return list, err
}

func paperSuppliers(ctx context.Context, tx *db.Tx, code *qr.Code) (ids []int64, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT supplier_id FROM supplier WHERE inn <> '' AND inn = $1 OR bank_account <> '' AND bank_account = $2 AND bic = $3 ORDER BY supplier_id",
		strings.TrimSpace(code.Get("PayeeINN")), code.Get("PersonalAcc"), code.Get("BIC"))
	if err != nil {
		return nil, fmt.Errorf("suppliers of a code: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	return ids, rows.Err()
}

// provesPaper tells whether an account's paper had a sum: to pay, to pay before what was paid since, or of the month alone;
// now, or as it was known in a month before.
func (m *Module) provesPaper(ctx context.Context, r account.Route, sum money.Amount) (bool, error) {
	at := calendar.Micros(0)
	for month := range paperMonths {
		b, err := m.AtAccount(ctx, r.BuildingID, r.AccountID, at)
		if fault.Is(err, fault.NotFound) {
			return false, nil // it was not known yet
		}
		if err != nil {
			return false, err
		}
		if b.printed(sum) {
			return true, nil
		}
		today := calendar.DateOf(m.now().Time().In(m.zone))
		at = calendar.MicrosOf(today.Month().Add(-month).First().Time(m.zone)) - 1
	}
	return false, nil
}

func (b *Bill) printed(sum money.Amount) bool {
	var due, since, charged money.Amount
	for i := range b.Lines {
		l := &b.Lines[i]
		due, since, charged = due+l.Due, since+l.PaidSince, charged+l.Charge+l.Recalc+l.Penalty
	}
	return sum == due || sum == due+since || sum == charged
}
