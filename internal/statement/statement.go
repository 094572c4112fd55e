// Package statement makes documents for households: bills of a moment, statements of account, certificates of no debt, of
// payments, of charges and of readings; and answers anybody who holds one whether it is genuine.
//
// Owns: tables statement_document, statement_end, statement_number, statement_request, statement_paperless,
// statement_delivery, statement_forgery; numbers of documents; consent to bills without paper and the proof that they were
// delivered; print runs. Does not own: any figure (bill, reading), how paper looks (billpdf), pages.
//
// Invariants: a document is a snapshot of facts at a moment, with a digest over all it says; it is never changed, only
// replaced by a newer one of the same request or withdrawn; the same request gives the same document while the facts are the
// same. Its figures are those of bill.Turnover, which end in what the live bill says.
package statement

import (
	"cmp"
	"crypto/rand"
	"slices"
	"strings"

	"kvit/internal/bill"
	"kvit/internal/billpdf"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// Kind is what a document certifies.
type Kind string

// Kinds of documents.
const (
	Bill     Kind = "bill"     // what is due at the moment
	Account  Kind = "account"  // balances from month to month
	NoDebt   Kind = "nodebt"   // nothing is owed past its time
	Payments Kind = "payments" // what was paid
	Charges  Kind = "charges"  // what was charged
	Readings Kind = "readings" // of meters
)

// Kinds lists them in the order people ask for them.
var Kinds = []Kind{NoDebt, Account, Charges, Payments, Readings, Bill}

// Titles name the kinds, on paper and on pages.
var Titles = map[Kind]string{
	Bill: "Счёт на сегодня", Account: "Выписка по лицевым счетам", NoDebt: "Справка об отсутствии задолженности", Payments: "Справка о платежах", Charges: "Справка о начислениях",
	Readings: "Справка о показаниях счётчиков",
}

// Dated tells whether a document of the kind covers months the person chooses.
func (k Kind) Dated() bool { return k != Bill && k != NoDebt }

// State of a document.
type State string

// States of a document.
const (
	Live      State = "live"
	Replaced  State = "replaced"
	Withdrawn State = "withdrawn"
)

// Labels are the words for states.
var Labels = map[State]string{Live: "действует", Replaced: "заменён", Withdrawn: "отозван"}

// MonthsMax is how many months one document covers at most: the time debts are sued for (ГК РФ ст. 196) and a year before.
const MonthsMax = 48

// Request asks for a document of a household.
type Request struct {
	Ref      bill.Ref
	Kind     Kind
	Supplier string         // code; empty: all
	From, To calendar.Month // of a dated kind; zero: the last three months
	Actor    string
}

// Content is what a document says: the same on paper and on its page.
type Content struct {
	Number  string            `json:"number"`
	Made    calendar.Micros   `json:"made"`
	Kind    Kind              `json:"kind"`
	Title   string            `json:"title"`
	Centre  billpdf.Centre    `json:"centre"`
	Address string            `json:"address"`
	Payer   string            `json:"payer,omitempty"`
	Period  string            `json:"period"` // in words
	Lead    string            `json:"lead"`
	SumName string            `json:"sumName,omitempty"` // what Sum is
	Sum     money.Amount      `json:"sum"`
	Facts   [][2]string       `json:"facts,omitempty"`
	Tables  []Table           `json:"tables,omitempty"`
	Notes   []string          `json:"notes,omitempty"`
	Basis   []Basis           `json:"basis,omitempty"`
	Bill    *billpdf.Document `json:"bill,omitempty"` // of a bill
}

// Table is a table of a document: the last Numbers columns are figures; of a Total one the last row sums the others up.
type Table = billpdf.SheetTable

// Basis is a fact a document stands on: when it is taken back, the document is too.
type Basis struct {
	Key   string       `json:"key"`          // «payment:…», «charge:…», «reading:…»
	Of    int64        `json:"of,omitempty"` // the account, of charges and readings
	Value string       `json:"value,omitempty"`
	Words string       `json:"words"` // in the reason of a withdrawal
	Sum   money.Amount `json:"sum,omitempty"`
}

// Document is a document as it is kept.
type Document struct {
	Ref      bill.Ref
	Number   string
	Kind     Kind
	Supplier int64
	From, To calendar.Month
	Sum      money.Amount
	MadeAt   calendar.Micros
	MadeBy   string
	Digest   string
	State    State
	Newer    string // number of the one that replaced it
	Reason   string // why it was withdrawn
	EndedAt  calendar.Micros
	EndedBy  string
	Content  *Content // nil in lists
	Repeated bool     // the request had been answered by it before

	key     string
	version int
	facts   string
	body    []byte
}

// Refusal is why a document is not made.
type Refusal struct {
	Why      string
	Debts    []Debt        // owed past their time
	Supplier string        // whose figures are waited for
	AnswerBy calendar.Date // the last day of his answer; 0: nobody is waited for

	waitsFor int64 // his id
}

// Debt is what an account owes past its time.
type Debt struct {
	Supplier, Account string
	Since             calendar.Month
	Principal         money.Amount
	Penalty           money.Amount
}

// Sum is the whole debt.
func (d *Debt) Sum() money.Amount { return d.Principal + d.Penalty }

// Error is the refusal for those who asked on the command line or by a program.
func (r *Refusal) Error() error {
	switch {
	case len(r.Debts) > 0:
		most := slices.MaxFunc(r.Debts, func(a, b Debt) int { return cmp.Compare(a.Sum(), b.Sum()) })
		var sum money.Amount
		for i := range r.Debts {
			sum += r.Debts[i].Sum()
		}
		return fault.Newf(fault.Conflict, "statement.debt", "Справку не даём: просрочено %s. Больше всего – %s, счёт %s: %s.", sum.Format(), most.Supplier, most.Account, most.Sum().Format())
	case r.AnswerBy != 0:
		return fault.Newf(fault.Conflict, "statement.waits", "%s ещё не сообщил начисления. Он ответит до %s.", r.Supplier, r.AnswerBy.Dotted())
	}
	return fault.New(fault.Conflict, "statement.nothing", "Документ пока не из чего сделать: за это время нет ни начислений, ни платежей, ни показаний.")
}

// signs of numbers: nobody confuses them, and with a prime count of them one wrong sign never passes.
const (
	numberSigns  = "2456789ABCDEFGHJKMNPQRSTVWXYZ"
	numberLength = 12 // the last is the check sign; the others are 53 bits by chance
)

// newNumber is a number by chance: it tells nothing and cannot be guessed.
func newNumber() (string, error) {
	var b [numberLength - 1]byte
	for i := 0; i < len(b); {
		var one [1]byte
		if _, err := rand.Read(one[:]); err != nil {
			return "", err
		}
		if int(one[0]) < 256/len(numberSigns)*len(numberSigns) { // every sign alike often
			b[i] = numberSigns[int(one[0])%len(numberSigns)]
			i++
		}
	}
	return string(b[:]) + string(checkSign(string(b[:]))), nil
}

func checkSign(s string) byte {
	sum := 0
	for i := range len(s) {
		sum += (i + 2) * strings.IndexByte(numberSigns, s[i])
	}
	return numberSigns[sum%len(numberSigns)]
}

// FoldNumber is a number as it was meant, however it was typed; empty when it cannot be one: a sign is wrong or missing.
func FoldNumber(s string) string {
	s = bill.FoldCode(strings.TrimSpace(s))
	if len(s) != numberLength || strings.Trim(s, numberSigns) != "" || s[numberLength-1] != checkSign(s[:numberLength-1]) {
		return ""
	}
	return s
}

// PrintNumber is a number as paper shows it: 7M4T-2KQ9-ABCD.
func PrintNumber(number string) string {
	if len(number) != numberLength {
		return number
	}
	return number[:4] + "-" + number[4:8] + "-" + number[8:]
}
