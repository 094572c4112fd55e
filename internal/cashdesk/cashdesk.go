// Package cashdesk is the desk where people pay in cash: shifts of clerks, money taken, given back, brought and taken away.
//
// Owns: tables cash_shift, cash_movement. Does not own: what is due (bill), how a sum is split and posted (payment),
// receipts (fiscal).
//
// Invariants: one shift is open at a desk and a clerk has one; each movement is written with the payment it is of, in one
// transaction; a form pressed twice moves cash once; cash in a shift is its opening and all movements, and a counted sum
// that differs has its reason.
package cashdesk

import (
	"context"
	"fmt"
	"regexp"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// Kinds of movements.
const (
	Take     = "take"
	Cancel   = "cancel"
	Supply   = "supply"   // change brought
	Handover = "handover" // cash taken away: инкассация
)

// Words are what people call movements.
var Words = map[string]string{Take: "платёж", Cancel: "возврат", Supply: "внесение размена", Handover: "сдача выручки"}

// IdentifyFrom is the sum above which the payer shows a document (115-ФЗ ст. 7 п. 1.4: up to 15 000 ₽ nobody is asked).
const IdentifyFrom = money.Amount(1_500_000)

// deskForm is the name of a desk: it stands in the channel of its payments.
var deskForm = regexp.MustCompile(`^[A-Za-zА-Яа-яЁё0-9-]{1,20}$`)

// Deps are what the module stands on.
type Deps struct {
	DB       *db.DB
	Payments *payment.Module
	Now      func() calendar.Micros
}

// Module holds the operations of desks.
type Module struct{ Deps }

// New makes the module.
func New(d Deps) *Module { return &Module{d} }

// Shift is a clerk's time at a desk. Sums of an open one are as they are now.
type Shift struct {
	ID          int64           `json:"-"`
	Name        string          `json:"shift"` // «1-57»: the desk and the number of its shift
	Desk        string          `json:"desk"`
	Number      int64           `json:"number"`
	Clerk       string          `json:"clerk"`
	OpenedAt    calendar.Micros `json:"-"`
	Opened      string          `json:"openedAt"`
	Opening     money.Amount    `json:"opening"`
	OpeningNote string          `json:"openingNote,omitempty"`
	Taken       money.Amount    `json:"taken"`
	Returned    money.Amount    `json:"returned"`
	Supplied    money.Amount    `json:"supplied"`
	HandedOver  money.Amount    `json:"handedOver"` // during the shift
	Expected    money.Amount    `json:"expected"`   // in the drawer before it is counted
	ClosedAt    calendar.Micros `json:"-"`
	Closed      string          `json:"closedAt,omitempty"`
	Counted     money.Amount    `json:"counted"`
	Handed      money.Amount    `json:"handed"` // at the close
	Left        money.Amount    `json:"left"`
	Difference  money.Amount    `json:"difference"` // counted above what there should be
	Reason      string          `json:"reason,omitempty"`
	Movements   []Movement      `json:"movements,omitempty"`
}

// Open tells whether the shift goes on.
func (s *Shift) Open() bool { return s.ClosedAt == 0 }

// Movement is cash that came into the drawer or left it.
type Movement struct {
	No       int             `json:"no"`
	Name     string          `json:"receipt"` // «1-57-3»
	Kind     string          `json:"kind"`
	Amount   money.Amount    `json:"sum"` // below zero: it left the drawer
	Given    money.Amount    `json:"given,omitempty"`
	PublicID string          `json:"payment,omitempty"`
	Of       int             `json:"of,omitempty"`
	Note     string          `json:"note,omitempty"`
	At       calendar.Micros `json:"-"`
	Moment   string          `json:"at"`
	Undone   int             `json:"undoneBy,omitempty"` // the movement that gave it back
	key      string
}

// Change is what the payer gets back.
func (m *Movement) Change() money.Amount { return max(0, m.Given-m.Amount) }

// sum counts the movements of the shift.
func (s *Shift) sum() {
	s.Name = fmt.Sprintf("%s-%d", s.Desk, s.Number)
	s.Expected = s.Opening
	undone := map[int]int{}
	for i := range s.Movements {
		m := &s.Movements[i]
		m.Name = fmt.Sprintf("%s-%d", s.Name, m.No)
		s.Expected += m.Amount
		switch m.Kind {
		case Take:
			s.Taken += m.Amount
		case Cancel:
			s.Returned -= m.Amount
			undone[m.Of] = m.No
		case Supply:
			s.Supplied += m.Amount
		case Handover:
			s.HandedOver -= m.Amount
		}
	}
	for i := range s.Movements {
		s.Movements[i].Undone = undone[s.Movements[i].No]
	}
	if !s.Open() {
		s.Difference, s.Left = s.Counted-s.Expected, s.Counted-s.Handed
	}
}

// movement is a movement of the shift by its number.
func (s *Shift) movement(no int) (*Movement, error) {
	for i := range s.Movements {
		if s.Movements[i].No == no {
			return &s.Movements[i], nil
		}
	}
	return nil, fault.Newf(fault.NotFound, "cash.unknown_receipt", "Квитанции № %s-%d нет.", s.Name, no)
}

// Errors of desks.
var (
	errNoShift = fault.New(fault.Conflict, "cash.no_shift", "Смена не открыта. Откройте смену и повторите.")
	errClosed  = fault.New(fault.Conflict, "cash.shift_closed", "Смена закрыта. Вернуть деньги может бухгалтер расчётного центра.")
	errLittle  = fault.New(fault.Conflict, "cash.little", "В ящике столько нет. Сначала внесите размен.")
)

// Current is the open shift of a clerk with its movements; NotFound when there is none.
func (m *Module) Current(ctx context.Context, clerk string) (s Shift, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		s, err = current(ctx, tx, clerk)
		return err
	})
	return s, err
}
