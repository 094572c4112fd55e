// Package appeal keeps what residents ask to have checked and what is answered. So far it holds disputes: of one line of a
// bill, with the line's explanation as it was shown.
//
// Owns: tables appeal, appeal_route, appeal_step, appeal_photo, appeal_aside, appeal_term; the folder of their pictures. Does
// not own: the bill and its lines (bill), corrections of charges (whoever tells them: a supplier's register, charge/record,
// a run), messages to people (OnStep).
//
// Invariants: an appeal goes to the supplier of its line, who sees his own only, and to the centre; every step is kept with
// who made it, in the transaction of the step; a sum is left out of «pay all» only while its dispute is open; only the
// resident says that it is solved; an answer is to the round it was written for, so an appeal reopened meanwhile is not
// closed by it. Terms of answers are dated data (table appeal_term): the check of a calculation is due at once at a visit
// (ПП № 354 п. 31 «д»), a written answer by the working days of the row.
package appeal

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"kvit/internal/bill"
	"kvit/internal/blob"
	"kvit/internal/calendar"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/money"
)

// State is how far an appeal has come.
type State string

// States.
const (
	Draft     State = "draft" // not sent: kept for DraftHours
	Sent      State = "sent"
	Accepted  State = "accepted" // somebody works on it
	Answered  State = "answered"
	Reopened  State = "reopened" // the answer did not help
	Solved    State = "solved"   // the resident says so
	Withdrawn State = "withdrawn"
)

// States lists all, in the order an appeal goes through them.
var States = []State{Draft, Sent, Accepted, Answered, Reopened, Solved, Withdrawn}

// Labels are the words people see for states.
var Labels = map[State]string{Draft: "не отправлено", Sent: "отправлено", Accepted: "проверяют", Answered: "есть ответ", Reopened: "проверяют снова", Solved: "решено", Withdrawn: "отозвано"}

// Outcomes of an answer.
const (
	Corrected = "corrected" // the sum changes
	Explained = "explained" // the sum is right, and why
)

// OutcomeWords say an outcome.
var OutcomeWords = map[string]string{Corrected: "сумму исправляют", Explained: "сумма верна"}

// Dispute is the kind of appeals there is.
const Dispute = "dispute"

// Terms of an appeal's life.
const (
	DraftHours = 24
	ReopenDays = 30 // how long «not solved» is taken after an answer
)

// Bounds of what is written, in letters.
const (
	wordsMax  = 1000
	answerMax = 2000
)

// Appeal is what a resident asks to have checked. Sums are kopecks.
type Appeal struct {
	Building, ID         int64
	Number               string // nine digits: in addresses, and for people by ShowNumber
	Kind                 string
	Household, Person    int64
	AccountID            int64
	SupplierID           int64
	ServiceID            int64
	Service              string // for people
	Account              string // number as printed
	Month                calendar.Month
	Line                 int  // its place on the bill then, from 1
	Penalty              bool // the penalty of the line is disputed
	Reason               string
	Words                string // the resident's own
	Sum                  money.Amount
	Aside                bool // he leaves the sum out of «pay all»
	State                State
	Round                int // how often it was opened
	AnswerBy             calendar.Date
	Clause               string // of the term
	Outcome, Answer      string
	Change               money.Amount   // of a correction: below zero the bill gets smaller
	ShowsIn              calendar.Month // the bill a correction shows in, as it was promised
	Shown                money.Amount   // the correction as it was found on the bill
	ShownIn              calendar.Month // 0: not yet
	ShownSource          string
	EscalatedAt          calendar.Micros
	DraftedAt, SentAt    calendar.Micros
	AnsweredAt           calendar.Micros
	ChangedAt            calendar.Micros
	calculation, digests string
}

// Open tells whether somebody has to answer.
func (a *Appeal) Open() bool { return a.State == Sent || a.State == Accepted || a.State == Reopened }

// Late tells that the term of the answer has passed.
func (a *Appeal) Late(today calendar.Date) bool { return a.Open() && today > a.AnswerBy }

// MayReopen tells whether «not solved» is still taken on a day of the region's zone.
func (a *Appeal) MayReopen(today calendar.Date, zone *time.Location) bool {
	return a.State == Answered && a.ReopenBy(zone) >= today
}

// ReopenBy is the last day of «not solved».
func (a *Appeal) ReopenBy(zone *time.Location) calendar.Date {
	return calendar.DateOf(a.AnsweredAt.Time().In(zone)).AddDays(ReopenDays)
}

// Calculation is the explanation of the line as it was shown when the appeal was begun.
func (a *Appeal) Calculation() (*why.Explanation, error) {
	x := &why.Explanation{}
	if err := json.Unmarshal([]byte(a.calculation), x); err != nil {
		return nil, fmt.Errorf("calculation of appeal %s: %w", a.Number, err)
	}
	x.BillMonth = a.Month
	return x, nil
}

// CalculationJSON is the explanation byte for byte, and its SHA-256.
func (a *Appeal) CalculationJSON() (text, digest string) { return a.calculation, a.digests }

// ShowNumber is a number as people read it: 739-204-118.
func ShowNumber(number string) string {
	if len(number) != numberDigits {
		return number
	}
	return number[:3] + "-" + number[3:6] + "-" + number[6:]
}

// Kinds of steps.
const (
	StepSent      = "sent"
	StepAccepted  = "accepted"
	StepAnswered  = "answered"
	StepReopened  = "reopened"
	StepSolved    = "solved"
	StepWithdrawn = "withdrawn"
	StepEscalated = "escalated" // the term passed: the centre is to see to it
	StepTaken     = "taken"     // the centre answers in a supplier's place, and why
	StepShown     = "shown"     // the correction is on the bill
)

// StepWords say a step.
var StepWords = map[string]string{
	StepSent: "Отправлено", StepAccepted: "Начали проверять", StepAnswered: "Ответ", StepReopened: "Не решено", StepSolved: "Решено", StepWithdrawn: "Отозвано",
	StepEscalated: "Срок ответа прошёл, передано в расчётный центр", StepTaken: "Отвечает расчётный центр", StepShown: "Исправление на счёте",
}

// Sides of a step.
const (
	SideResident = "resident"
	SideSupplier = "supplier"
	SideCentre   = "centre"
	SideKvit     = "kvit"
)

// Step is what was done about an appeal.
type Step struct {
	Kind, Words string
	Side, Actor string
	At          calendar.Micros
}

// Deps are what the module stands on.
type Deps struct {
	DB     *db.DB
	Bills  *bill.Module
	Photos *blob.Store
	Zone   *time.Location
	Now    func() calendar.Micros
	// OnStep tells the resident of a step, in its transaction; nil: nobody is told.
	OnStep func(ctx context.Context, tx *db.Tx, a *Appeal, s Step) error
}

// Module holds the operations on appeals.
type Module struct{ Deps }

// New makes the module.
func New(d Deps) *Module { return &Module{d} }

func (m *Module) today() calendar.Date { return calendar.DateOf(m.Now().Time().In(m.Zone)) }
