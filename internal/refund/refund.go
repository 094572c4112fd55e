// Package refund decides about money that goes back to payers: on their own request, or because a payer's bank disputes a
// payment; and shows equal payments that may be one paid twice.
//
// Owns: tables refund_request, refund_dispute, refund_step, refund_alike. Does not own: the refund itself, its split and its
// postings (payment), receipts of it (fiscal).
//
// Invariants: a request asks for no more than may go back beside the other open ones; a sum above Alone is decided by two
// persons; money goes back by payment.Refund under a key of the request, so whatever is pressed or restarted pays once; what
// the bank has not answered stays «returning» and is asked about again; a dispute's money is booked once and comes back by the
// mirror of that booking. Term of an answer: ten days (Закон о защите прав потребителей, ст. 22, 31).
package refund

import (
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// States of a request.
const (
	Asked     = "asked"     // nobody has looked at it
	Agreed    = "agreed"    // one person has agreed, the sum wants another
	Returning = "returning" // the bank was asked and has not confirmed
	Returned  = "returned"
	Refused   = "refused"
	Failed    = "failed" // the bank refused: a person decides again
	Withdrawn = "withdrawn"
)

// Labels are the words people see for states.
var Labels = map[string]string{Asked: "рассматриваем", Agreed: "ждёт второго согласия", Returning: "ждём банк", Returned: "возвращено", Refused: "отказано", Failed: "банк не вернул", Withdrawn: "отозвано"}

// Kinds of requests: why the payer wants his money back.
const (
	Doubled  = "doubled"  // paid twice
	Mistaken = "mistaken" // paid somebody else's bill, or a wrong sum
	Advance  = "advance"  // money paid ahead is not needed there any more
	Other    = "other"
)

// Kinds are the reasons in the order they are shown.
var Kinds = []string{Doubled, Mistaken, Advance, Other}

// KindWords say a reason.
var KindWords = map[string]string{Doubled: "Заплатил дважды", Mistaken: "Ошибся счётом или суммой", Advance: "Вернуть аванс", Other: "Другое"}

// AnswerDays is the term of an answer.
const AnswerDays = 10

// Request is a payer's wish to have money back.
type Request struct {
	ID          int64
	PublicID    string // of the payment
	BuildingID  int64  // of the household that asks; 0: the centre asks for it
	HouseholdID int64
	AccountID   int64 // of Advance: what was paid ahead to this account alone; 0: of the whole payment
	Kind        string
	Sum         money.Amount
	Comment     string
	State       string
	Attempt     int
	AnswerBy    calendar.Date
	Answer      string
	Actor       string
	AskedAt     calendar.Micros
	AgreedBy    string
	AgreedAt    calendar.Micros
	DecidedBy   string
	DecidedAt   calendar.Micros
	ChangedAt   calendar.Micros
}

// Open tells whether the request still waits for somebody.
func (r *Request) Open() bool {
	return r.State == Asked || r.State == Agreed || r.State == Returning || r.State == Failed
}

// Deps are what the module stands on.
type Deps struct {
	DB       *db.DB
	Payments *payment.Module
	Zone     *time.Location
	Now      func() calendar.Micros
	Alone    money.Amount // the most one person gives back by himself
}

// Module holds the operations on money that goes back.
type Module struct{ Deps }

// New makes the module.
func New(d Deps) *Module { return &Module{d} }

func (m *Module) today() calendar.Date { return calendar.DateOf(m.Now().Time().In(m.Zone)) }

// may tells whether somebody may decide about a request; second: his is the last word.
func (m *Module) may(r *Request, actor string) (second bool, err error) {
	switch {
	case r.State != Asked && r.State != Agreed && r.State != Failed:
		return false, fault.Newf(fault.Conflict, "refund.decided", "Заявление № %d уже решено: %s.", r.ID, Labels[r.State])
	case r.Sum <= m.Alone:
		return true, nil
	case r.State != Agreed:
		return false, nil
	case r.AgreedBy == actor:
		return false, fault.Newf(fault.Forbidden, "refund.same_person", "Больше %s возвращают двое. Согласен ещё один человек, не вы.", m.Alone.Format())
	}
	return true, nil
}
