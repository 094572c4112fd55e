// Package biller takes payments from banks and terminal networks by the protocols they speak toward a biller: one core
// (check, pay, status, cancel) behind the dialects of gateway/agent.
//
// Owns: tables agent, agent_operation, agent_request; who the agents are, what an account means to each, when a payment may
// be taken back, the comparison with an agent's register. Does not own: the wire (gateway/agent), the split and the book
// (payment), what is due (bill).
//
// Invariants: an operation is known by the agent and the agent's number for ever, and its repeat gets the same number and
// moment; it is booked before it is answered; a trouble of ours is answered «repeat later», never as a refusal; a number
// that comes with other data books nothing and raises an alarm; names and addresses go out masked; secrets are kept as
// digests or sealed and stand in no log.
package biller

import (
	"log/slog"
	"time"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/payment"
)

// Deps are what the module stands on.
type Deps struct {
	DB       *db.DB
	Bills    *bill.Module
	Payments *payment.Module
	Access   *access.Module // seals what signatures are made with
	Zone     *time.Location
	Now      func() calendar.Micros
	Log      *slog.Logger
}

// Module holds the operations on agents and their payments.
type Module struct {
	Deps
	limits limits
	wait   time.Duration // for one answer; agents give up after 60 s
}

// answerWait is how long a request may take before the agent is told to repeat it.
const answerWait = 25 * time.Second

// New makes the module.
func New(d Deps) *Module { return &Module{Deps: d, wait: answerWait} }

// today is the date where the payers live.
func (m *Module) today() calendar.Date { return calendar.DateOf(m.Now().Time().In(m.Zone)) }
