package event

import (
	"encoding/json"
	"fmt"
)

// Kind is what an event tells of.
type Kind string

// Kinds of events.
const (
	KindReading       Kind = "reading"        // a reading was accepted or withdrawn
	KindMeter         Kind = "meter"          // a meter was installed, verified, replaced, removed
	KindResidents     Kind = "residents"      // how many people live or are registered
	KindOwnership     Kind = "ownership"      // shares of owners changed
	KindArea          Kind = "area"           // areas of the premises
	KindAccountOpened Kind = "account_opened" // an account appeared
	KindAccountMoved  Kind = "account_moved"  // an account was placed in another house
	KindAccountClosed Kind = "account_closed" // an account ended
	KindPayment       Kind = "payment"        // money was credited to an account
	KindRefund        Kind = "refund"         // money went back to the payer
	KindBillPublished Kind = "bill_published" // a bill was issued, or one instead of another
	KindBillWithdrawn Kind = "bill_withdrawn" // an issued bill was taken back
	KindCharge        Kind = "charge"         // a month was charged, or an account's charges were corrected

	KindConflictDecided Kind = "conflict_decided" // it was decided which supplier is right
	KindAutopay         Kind = "autopay"          // what a household's autopay does or asks; suppliers are not told
	KindRequisites      Kind = "requisites"       // a supplier's bank details are to change, or have changed
	KindAppeal          Kind = "appeal"           // what a resident asks a supplier to check, and what became of it
)

// Kinds lists all kinds.
var Kinds = []Kind{KindReading, KindMeter, KindResidents, KindOwnership, KindArea, KindAccountOpened, KindAccountMoved, KindAccountClosed, KindPayment, KindRefund, KindBillPublished, KindBillWithdrawn, KindCharge, KindConflictDecided, KindAutopay, KindRequisites, KindAppeal}

// Titles are the words people see for kinds.
var Titles = map[Kind]string{
	KindReading: "Показания", KindMeter: "Приборы учёта", KindResidents: "Число жильцов", KindOwnership: "Доли собственников", KindArea: "Площади",
	KindAccountOpened: "Счёт открыт", KindAccountMoved: "Счёт перенесён", KindAccountClosed: "Счёт закрыт", KindPayment: "Платежи", KindRefund: "Возвраты",
	KindBillPublished: "Счёт выставлен", KindBillWithdrawn: "Счёт отозван", KindCharge: "Начисления", KindConflictDecided: "Решения о расхождениях", KindAutopay: "Автоплатёж",
	KindRequisites: "Банковские реквизиты", KindAppeal: "Обращения жителей",
}

// Body is what an event says. Its fields are ids and figures: sums are kopecks, exact decimals and days are texts,
// months YYYY-MM. A zero of a decimal text is "0".
type Body interface{ Kind() Kind }

// Reading is a figure of a meter's register.
type Reading struct {
	Meter    int64  `json:"meter"`
	Serial   string `json:"serial,omitempty"` // as it stands on the meter
	Service  string `json:"service"`          // of the catalogue
	Zone     string `json:"zone,omitempty"`
	Day      string `json:"day"`
	Value    string `json:"value"`
	Volume   string `json:"volume,omitempty"` // since the reading before
	Source   string `json:"source,omitempty"` // the door: page, api, file, device …
	Withdraw bool   `json:"withdrawn,omitempty"`
	House    string `json:"house,omitempty"` // code of the house whose own meter it is
}

// Meter is what became of a meter.
type Meter struct {
	Meter      int64  `json:"meter"`
	Serial     string `json:"serial,omitempty"`
	Service    string `json:"service"`
	What       string `json:"what"` // installed, commissioned, sealed, seal_broken, verified, failed, replaced, removed, described, replacement_told, changed
	Day        string `json:"day,omitempty"`
	VerifiedTo string `json:"verifiedTo,omitempty"`
	House      string `json:"house,omitempty"` // code of the house whose own meter it is
}

// Residents is how many people there are in a household from a day on.
type Residents struct {
	Living     *int   `json:"living,omitempty"`
	Registered *int   `json:"registered,omitempty"`
	Temporary  *int   `json:"temporary,omitempty"`
	Absent     *int   `json:"absent,omitempty"` // of the living, away for a time
	Day        string `json:"day"`
}

// Ownership is how the premises are shared from a day on. Who the owners are is not told.
type Ownership struct {
	Owners int      `json:"owners"`
	Shares []string `json:"shares,omitempty"` // "1/2"
	Day    string   `json:"day"`
}

// Area is the areas of the premises from a day on, square metres; without a day as they ever were.
type Area struct {
	Total  string `json:"total,omitempty"`
	Living string `json:"living,omitempty"`
	Heated string `json:"heated,omitempty"`
	Day    string `json:"day,omitempty"`
}

// AccountOpened is an account that appeared.
type AccountOpened struct{}

// AccountMoved is an account that lives in another house now.
type AccountMoved struct {
	House int64 `json:"house"` // id of the house; below zero: not placed
}

// AccountClosed is an account that ended.
type AccountClosed struct {
	Day string `json:"day"`
}

// Payment is money credited to an account; a negative sum is a reversal a bank sent.
type Payment struct {
	Operation string `json:"operation"` // number of the payment, the same for ever
	Day       string `json:"day"`       // the payer's
	Channel   string `json:"channel"`
	Sum       int64  `json:"sum"`
}

// Refund is money that went back to the payer; the sum is positive.
type Refund struct {
	Operation string `json:"operation"` // of the payment
	Day       string `json:"day"`
	Sum       int64  `json:"sum"`
}

// BillPublished is a bill of a household that was issued. It is one event for all who are on the bill: Sums is kept with
// it, by the ids of their accounts, and each is told his own Sum alone.
type BillPublished struct {
	Number   string          `json:"number"`
	Month    string          `json:"month"`
	Replaces string          `json:"replaces,omitempty"` // number of the bill it stands in the place of
	Sum      int64           `json:"sum"`                // of the addressee's own lines
	Sums     map[int64]int64 `json:"sums,omitempty"`
}

// BillWithdrawn is an issued bill that was taken back.
type BillWithdrawn struct {
	Number string `json:"number"`
	Month  string `json:"month"`
}

// Charge is what a month came to. Of an account it is a correction of months charged before; of all accounts of a
// supplier the month itself, told once.
type Charge struct {
	Run        int64  `json:"run"`
	Month      string `json:"month"`          // charged in
	From       string `json:"from,omitempty"` // the earliest month corrected
	Correction bool   `json:"correction,omitempty"`
	Sum        int64  `json:"sum"`
}

// ConflictDecided is what is right of what suppliers say differently of a household. Names and addresses are not told:
// the value is left out where it is one.
type ConflictDecided struct {
	Conflict  string `json:"conflict"`
	Attribute string `json:"attribute"`        // area, residents, owner, flat, meter_number, meter_digits, meter_verified
	Object    string `json:"object,omitempty"` // the service, or «service/number of the meter»
	Value     string `json:"value,omitempty"`
	Day       string `json:"day"` // it holds from
	By        string `json:"by"`  // rule, person
}

// Autopay is what a household's autopay does: what a message to its payer says.
type Autopay struct {
	What      string `json:"what"`                // on, paused, off; told, asks, vetoed, paid, failed, gave_up, nothing
	Person    int64  `json:"person,omitempty"`    // whose rule; none: the household's
	Month     string `json:"month,omitempty"`     // whose turn it is
	Day       string `json:"day,omitempty"`       // of the payment told, or of the next try
	Sum       int64  `json:"sum"`                 // to be paid, or paid
	Limit     int64  `json:"limit,omitempty"`     // of a rule
	Advance   int64  `json:"advance,omitempty"`   // of the sum: more than was due, for another payment came at the same time
	Operation string `json:"operation,omitempty"` // of the payment
	Reason    string `json:"reason,omitempty"`    // why nothing was taken, in Russian
}

// Requisites is a step of a change of a supplier's own bank details, told before money goes by them: proposed, approved,
// applied, refused. Accounts are told by their last four digits.
type Requisites struct {
	Change      int64  `json:"change"`
	State       string `json:"state"`
	Former      string `json:"former,omitempty"`
	Account     string `json:"account"`
	EffectiveAt int64  `json:"effectiveAt,omitempty"` // microseconds; when money goes by them from
}

// Appeal is a step of what a resident asks to have checked: sent, accepted, answered, reopened, solved, withdrawn, escalated,
// shown. What he wrote is not told: it is read where it is answered.
type Appeal struct {
	Number   string `json:"number"`
	What     string `json:"what"`
	Line     string `json:"line"`              // of the bill, for people
	Month    string `json:"month,omitempty"`   // billed
	Reason   string `json:"reason"`            // reading, average, norm, factor, persons, area, rate, common, recalc, no_recalc, quality, paid, penalty, other
	Sum      int64  `json:"sum"`               // in dispute
	AnswerBy string `json:"answerBy"`          // last day of the answer
	Outcome  string `json:"outcome,omitempty"` // corrected, explained
	Change   int64  `json:"change,omitempty"`  // of a correction
}

// Kind of each body.
func (Reading) Kind() Kind       { return KindReading }
func (Meter) Kind() Kind         { return KindMeter }
func (Residents) Kind() Kind     { return KindResidents }
func (Ownership) Kind() Kind     { return KindOwnership }
func (Area) Kind() Kind          { return KindArea }
func (AccountOpened) Kind() Kind { return KindAccountOpened }
func (AccountMoved) Kind() Kind  { return KindAccountMoved }
func (AccountClosed) Kind() Kind { return KindAccountClosed }
func (Payment) Kind() Kind       { return KindPayment }
func (Refund) Kind() Kind        { return KindRefund }
func (BillPublished) Kind() Kind { return KindBillPublished }
func (BillWithdrawn) Kind() Kind { return KindBillWithdrawn }
func (Charge) Kind() Kind        { return KindCharge }

// Kind of the body.
func (ConflictDecided) Kind() Kind { return KindConflictDecided }

// Kind of the body.
func (Autopay) Kind() Kind { return KindAutopay }

// Kind of the body.
func (Requisites) Kind() Kind { return KindRequisites }

// Own is a body as the owner of an account is told of it.
func Own(kind Kind, body []byte, account int64) ([]byte, error) {
	if kind != KindBillPublished {
		return body, nil
	}
	var b BillPublished
	if err := json.Unmarshal(body, &b); err != nil {
		return nil, fmt.Errorf("event %s: %w", kind, err)
	}
	b.Sum, b.Sums = b.Sums[account], nil
	return json.Marshal(b)
}

// Kind of the body.
func (Appeal) Kind() Kind { return KindAppeal }
