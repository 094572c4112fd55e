package handover

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/money"
)

// Difference is where the two centres do not say the same, or what the taker lacks. A blocking one has to be put right before
// the house is accepted; another is for the eyes of those who sign.
type Difference struct {
	Kind     string       `json:"kind"`
	Blocking bool         `json:"blocking"`
	Supplier string       `json:"supplier,omitempty"` // code with the giver
	Account  string       `json:"account,omitempty"`
	Service  string       `json:"service,omitempty"`
	Theirs   money.Amount `json:"theirs"` // as the giver says
	Ours     money.Amount `json:"ours"`   // as we count or know it
	Cause    string       `json:"cause"`
	Do       string       `json:"do"`
}

// Kinds of differences.
const (
	DiffLine     = "line"     // a line's due does not follow from its parts
	DiffPaid     = "paid"     // what was paid is not the sum of payments
	DiffBook     = "book"     // a balance is not the sum of its movements
	DiffDebts    = "debts"    // months owed do not sum to what is due
	DiffLater    = "later"    // billed for a month that is to be ours
	DiffSupplier = "supplier" // unknown here
	DiffRegister = "register" // its supplier told us otherwise
	DiffAccount  = "account"  // the account is here already, elsewhere
	DiffHouse    = "house"    // the house is here under another address
	DiffCatalog  = "catalog"  // a service is not in our catalogue
	DiffContract = "contract" // no contract with the supplier
	DiffMeter    = "meter"    // verification has ended
)

// count computes the balances of a package anew from what they are made of, and tells where the giver's do not follow.
func (p *Package) count() (list []Difference) {
	for i := range p.Accounts {
		a := &p.Accounts[i]
		own := []Difference{}
		own = append(own, p.countLines(a)...)
		own = append(own, p.countPaid(a)...)
		own = append(own, p.countBook(a)...)
		own = append(own, p.countDebts(a)...)
		for k := range own {
			own[k].Account = a.Printed
			if s := p.supplier(a.Supplier); s != nil {
				own[k].Supplier = s.Code
			}
		}
		list = append(list, own...)
	}
	return list
}

const askGiver = "Попросите прежний центр проверить расчёт и прислать пакет заново."

func (p *Package) countLines(a *Account) (list []Difference) {
	for i := range a.Lines {
		l := &a.Lines[i]
		if ours := l.Opening + l.Charge + l.Recalc + l.Penalty - l.Claimed - l.PaidSince; ours != l.Due {
			list = append(list, Difference{Kind: DiffLine, Blocking: true, Service: p.serviceName(l.Service), Theirs: l.Due, Ours: ours, Cause: "К оплате не складывается из сальдо, начисления, перерасчёта, пеней и оплат.", Do: askGiver})
		}
		if l.Month > p.Month || l.Month > a.LastMonth {
			list = append(list, Difference{Kind: DiffLater, Blocking: true, Service: p.serviceName(l.Service), Theirs: l.Due, Cause: fmt.Sprintf("Прежний центр выставил счёт за %s, а передаёт дом после %s.", l.Month, p.Month), Do: "Договоритесь о месяце: последний месяц прежнего центра должен быть не раньше выставленного."})
		}
	}
	return list
}

// countPaid compares what lines say was paid since with the payments themselves.
func (p *Package) countPaid(a *Account) (list []Difference) {
	var theirs, ours money.Amount
	for i := range a.Lines {
		theirs += a.Lines[i].PaidSince
	}
	for i := range a.Paid {
		ours += a.Paid[i].Amount
	}
	if theirs != ours {
		list = append(list, Difference{Kind: DiffPaid, Blocking: true, Theirs: theirs, Ours: ours, Cause: "Оплаченное не равно сумме приложенных платежей.", Do: askGiver})
	}
	return list
}

// bookKey is a balance of an account of the book.
type bookKey struct {
	name    string
	service int64
}

func (p *Package) countBook(a *Account) (list []Difference) {
	ours := map[bookKey]money.Amount{}
	for _, v := range a.Movements {
		ours[bookKey{v.Name, v.Service}] += v.Amount
	}
	for _, b := range a.Book {
		k := bookKey{b.Name, b.Service}
		if ours[k] != b.Amount {
			list = append(list, Difference{Kind: DiffBook, Blocking: true, Service: p.serviceName(b.Service), Theirs: b.Amount, Ours: ours[k], Cause: "Остаток по книге не равен сумме проводок.", Do: askGiver})
		}
		delete(ours, k)
	}
	for k, sum := range ours {
		if sum != 0 {
			list = append(list, Difference{Kind: DiffBook, Blocking: true, Service: p.serviceName(k.service), Ours: sum, Cause: "Проводки есть, а остатка в пакете нет.", Do: askGiver})
		}
	}
	return list
}

func (p *Package) countDebts(a *Account) (list []Difference) {
	var owed money.Amount
	for i := range a.Debts {
		owed += a.Debts[i].Amount
	}
	if due := max(0, a.due()); owed != due {
		list = append(list, Difference{Kind: DiffDebts, Blocking: true, Theirs: owed, Ours: due, Cause: "Долги по месяцам не складываются в долг счёта.", Do: askGiver})
	}
	return list
}

// act is the act of balances in one text both centres make alike: a line a figure, in order.
func (p *Package) act() string {
	var rows []string
	for i := range p.Accounts {
		a := &p.Accounts[i]
		who := a.Number
		if s := p.supplier(a.Supplier); s != nil {
			who = s.key() + "|" + a.Number
		}
		for _, l := range a.Lines {
			rows = append(rows, fmt.Sprintf("bill|%s|%s|%s|%d|%d|%d|%d|%d|%d", who, p.serviceName(l.Service), l.Month, l.Opening, l.Charge, l.Recalc, l.Penalty, l.Claimed+l.PaidSince, l.Opening+l.Charge+l.Recalc+l.Penalty-l.Claimed-l.PaidSince))
		}
		rows = append(rows, p.bookRows(a, who)...)
	}
	slices.Sort(rows)
	return fmt.Sprintf("%s|%s\n%s\n", p.House.Code, p.Month, strings.Join(rows, "\n"))
}

// bookRows are the balances of the book, counted from their movements.
func (p *Package) bookRows(a *Account, who string) (rows []string) {
	sums := map[bookKey]money.Amount{}
	for _, v := range a.Movements {
		sums[bookKey{v.Name, v.Service}] += v.Amount
	}
	for k, sum := range sums {
		if sum != 0 {
			rows = append(rows, fmt.Sprintf("book|%s|%s|%s|%d", who, k.name, p.serviceName(k.service), sum))
		}
	}
	return rows
}

// actDigest is the digest of the act: both centres sign it.
func (p *Package) actDigest() string {
	sum := sha256.Sum256([]byte(p.act()))
	return hex.EncodeToString(sum[:])
}

func blocked(list []Difference) bool {
	return slices.ContainsFunc(list, func(d Difference) bool { return d.Blocking })
}
