package town

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"slices"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
)

// bank is the town's acquirer: it keeps its own book of what payers gave and got back, and tells of it late, twice, out
// of order or never. temper is drawn once a town, so that rare mixes of troubles happen. What it does with a payment on a
// day depends on nothing else, so a town with other faults meets the same bank.
type bank struct {
	seed   uint64
	today  func() calendar.Date
	named  func(key string) string // the town's name of a payment
	temper temper
	list   []*deal
	byKey  map[string]*deal
	byID   map[string]*deal
	given  map[string]money.Amount // refunds by their key
	notes  []string                // ids of deals the program is still to be told of
	away   bool                    // it answers nothing
}

// temper says how often the bank misbehaves, in hundredths.
type temper struct{ late, twice, lost, declined, abandoned, dumb int }

// deal is a payment as the bank knows it, by the name the town gave it: the program's keys differ from run to run.
type deal struct {
	payment.Remote
	name     string
	refunded money.Amount
}

func newBank(rng *rand.Rand, today func() calendar.Date) *bank {
	some := func(most int) int { return rng.IntN(2) * rng.IntN(most) }
	return &bank{seed: rng.Uint64(), today: today, byKey: map[string]*deal{}, byID: map[string]*deal{}, given: map[string]money.Amount{},
		temper: temper{late: some(50), twice: some(40), lost: some(30), declined: some(20), abandoned: some(20), dumb: some(15)}}
}

var errAway = fault.New(fault.Unavailable, "bank.away", "Банк не отвечает.")

// draw is a number below 100 that a payment has for a question on a day.
func (b *bank) draw(name, question string) int {
	h := fnv.New64a()
	fmt.Fprint(h, b.seed, name, question, b.today())
	return int(h.Sum64() % 100)
}

// dumb tells whether the bank gives no answer about a payment today.
func (b *bank) dumb(name string) bool { return b.away || b.draw(name, "dumb") < b.temper.dumb }

// Create registers a payment. An answer may be lost after it did.
func (b *bank) Create(_ context.Context, key string, sum money.Amount, _, _, returnURL string) (payment.Remote, error) {
	if b.away {
		return payment.Remote{}, errAway
	}
	d, ok := b.byKey[key]
	if !ok {
		name := b.named(key)
		d = &deal{name: name, Remote: payment.Remote{ID: "deal-" + name, Key: key, State: payment.StatePending, Sum: sum, Currency: "RUB", RedirectURL: returnURL}}
		b.list, b.byKey[key], b.byID[d.ID] = append(b.list, d), d, d
	}
	if b.dumb(d.name) {
		return payment.Remote{}, errAway
	}
	return d.Remote, nil
}

// Find gives the state of a payment.
func (b *bank) Find(_ context.Context, id string) (payment.Remote, error) { return b.tell(b.byID[id]) }

// FindByKey gives the payment registered under a key.
func (b *bank) FindByKey(_ context.Context, key string) (payment.Remote, error) {
	return b.tell(b.byKey[key])
}

func (b *bank) tell(d *deal) (payment.Remote, error) {
	switch {
	case d == nil && !b.away:
		return payment.Remote{}, fault.New(fault.NotFound, "bank.unknown", "Нет такого платежа.")
	case d == nil || b.dumb(d.name):
		return payment.Remote{}, errAway
	}
	return d.Remote, nil
}

// Refund gives a part back, once for its key.
func (b *bank) Refund(_ context.Context, id, key string, sum money.Amount) error {
	d := b.byID[id]
	switch _, before := b.given[key]; {
	case b.away:
		return errAway
	case d == nil || d.State != payment.StateCaptured || d.refunded+sum > d.Sum && !before:
		return fault.New(fault.Conflict, "bank.refused", "Банк отказал.")
	case !before:
		b.given[key] = sum
		d.refunded += sum
	}
	if b.dumb(key) {
		return errAway
	}
	return nil
}

// Verify reads a notification: only this bank can write one.
func (b *bank) Verify(body []byte, _ map[string]string, _ time.Time) (event, paymentID string, err error) {
	var n struct{ Event, Payment string }
	err = json.Unmarshal(body, &n)
	return n.Event, n.Payment, err
}

// decide is the payer on the bank's page: he pays, is declined, or goes away.
func (b *bank) decide(d *deal) {
	if d.State != payment.StatePending {
		return
	}
	switch p := b.draw(d.name, "decide"); {
	case p < b.temper.abandoned:
		return
	case p < b.temper.abandoned+b.temper.declined:
		d.State, d.Reason = payment.StateDeclined, "не хватает денег"
	default:
		d.State = payment.StateCaptured
	}
	if b.draw(d.name, "lost") >= b.temper.lost {
		b.notes = append(b.notes, d.ID)
	}
}

// mail gives the notifications due now, shuffled and some of them twice; late ones wait for another day.
func (b *bank) mail() (bodies [][]byte) {
	var later []string
	for _, id := range b.notes {
		if b.draw(id, "late") < b.temper.late {
			later = append(later, id)
			continue
		}
		body, err := json.Marshal(map[string]string{"Event": id + "/" + b.byID[id].State, "Payment": id})
		if err != nil {
			panic(err) // two strings
		}
		bodies = append(bodies, body)
		if b.draw(id, "twice") < b.temper.twice {
			bodies = append(bodies, body)
		}
	}
	b.notes = later
	slices.SortFunc(bodies, func(x, y []byte) int { return cmp.Compare(b.draw(string(x), "order"), b.draw(string(y), "order")) })
	return bodies
}
