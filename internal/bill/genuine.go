package bill

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/supplier"
)

// CheckCode is what an issued bill prints beside its number: eight signs of its digest. A number can be guessed from
// another bill of the household, the digest cannot.
func (x *Issued) CheckCode() string { return strings.ToUpper(x.Digest[:4] + "-" + x.Digest[4:8]) }

// Newer is the number of the bill that replaced this one.
func (b *Bill) Newer() string {
	month, err := calendar.ParseMonth(b.Issued.Month)
	if err != nil {
		return ""
	}
	return numberOf(month, b.HouseholdID, b.Issued.Version+1)
}

var (
	errGenuine  = fault.New(fault.NotFound, "bill.check_unknown", "Документа с таким номером и кодом нет. Сверьте их с нижней строкой первой страницы.")
	issuedParts = regexp.MustCompile(`^K(\d{4})([0-9A-Z]{10})(?:/(\d{1,4}))?$`)
)

// IsIssuedNumber tells that a text is the number of an issued bill, whether there is such a bill or not.
func IsIssuedNumber(number string) bool { return issuedParts.MatchString(FoldCode(number)) }

// FindIssued gives an issued bill by what it prints: its number and its check code. A wrong code and an unknown number are one
// NotFound.
func (m *Module) FindIssued(ctx context.Context, number, code string) (*Bill, error) {
	part := issuedParts.FindStringSubmatch(FoldCode(number))
	if part == nil {
		return nil, errGenuine
	}
	month, err := calendar.ParseMonth("20" + part[1][:2] + "-" + part[1][2:])
	if err != nil {
		return nil, errGenuine.Because(err)
	}
	version := 1
	if part[3] != "" {
		if version, err = strconv.Atoi(part[3]); err != nil || version < 1 {
			return nil, errGenuine.Because(err)
		}
	}
	ref, err := m.issuedRef(ctx, part[2], month)
	if err != nil {
		return nil, err
	}
	b, err := m.IssuedFor(ctx, ref, month, version)
	if fault.Is(err, fault.NotFound) {
		return nil, errGenuine.Because(err)
	}
	if err != nil {
		return nil, err
	}
	if FoldCode(code) != FoldCode(b.Issued.CheckCode()) {
		return nil, errGenuine
	}
	return b, nil
}

// issuedRef is where a household's bill of a month was issued: it may have moved since.
func (m *Module) issuedRef(ctx context.Context, code string, month calendar.Month) (ref Ref, err error) {
	household, err := account.ParseHouseholdCode(code)
	if err != nil {
		return ref, errGenuine.Because(err)
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT building_id, household_id FROM bill_snapshot WHERE household_id = $1 AND month = $2 ORDER BY published_at DESC LIMIT 1", household, int64(month)).Scan(&ref.Building, &ref.Household)
	})
	if fault.Is(db.Fold(err), fault.NotFound) {
		return ref, errGenuine.Because(err)
	}
	if err != nil {
		return ref, fmt.Errorf("find bill of household %d: %w", household, err)
	}
	return ref, nil
}

// Payee is a recipient as bank details printed on a paper name him.
type Payee struct {
	Name  string
	Known bool            // a recipient of ours has this ИНН
	Ours  bool            // and he is paid to this account
	Until calendar.Micros // till when he was paid to this account, which is his no more; 0 otherwise
}

// FindPayee tells whether bank details are those of a supplier whose services we bill, or of the account we collect to.
func (m *Module) FindPayee(ctx context.Context, inn, bankAccount string) (p Payee, err error) {
	inn, bankAccount = digits(inn), digits(bankAccount)
	if m.Payee != nil {
		own, err := m.Payee(ctx)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return p, err
		}
		if err == nil && inn != "" && own.PayeeINN == inn {
			p = Payee{Name: own.Name, Known: true, Ours: own.PersonalAcc == bankAccount}
		}
	}
	if p.Ours {
		return p, nil
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error { return findSupplierPayee(ctx, tx, inn, bankAccount, &p) })
	if err == nil && p.Known && !p.Ours {
		p.Until, err = m.formerPayee(ctx, inn, bankAccount)
	}
	if err != nil {
		return p, fmt.Errorf("find recipient: %w", err)
	}
	return p, nil
}

func findSupplierPayee(ctx context.Context, tx *db.Tx, inn, bankAccount string, p *Payee) error {
	rows, err := tx.QueryContext(ctx, "SELECT name, bank_account FROM supplier WHERE inn <> '' AND inn = $1 ORDER BY supplier_id", inn)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var name, has string
		if err := rows.Scan(&name, &has); err != nil {
			return err
		}
		if !p.Ours {
			*p = Payee{Name: name, Known: true, Ours: has != "" && has == bankAccount}
		}
	}
	return rows.Err()
}

// formerPayee is the moment a recipient left an account that our papers named before; 0 when they never did.
func (m *Module) formerPayee(ctx context.Context, inn, bankAccount string) (calendar.Micros, error) {
	changes, err := m.suppliers.Changes(ctx, false)
	if err != nil || bankAccount == "" {
		return 0, err
	}
	for i := range changes {
		c := &changes[i]
		if c.State == supplier.ChangeApplied && c.Former.INN == inn && c.Former.BankAccount == bankAccount {
			return c.EffectiveAt.Micros(), nil
		}
	}
	return 0, nil
}

// digits are the digits of a number typed with spaces.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}
