package queue

import (
	"context"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/exchange/gis"
	"kvit/internal/supplier"
)

// prepareQuery makes the next question about objects of a kind that are there already; nil when there is none.
func (m *Module) prepareQuery(ctx context.Context, s *supplier.Supplier, k gis.Kind) (made *request, err error) {
	var some bool
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM gis_object WHERE supplier_id = $1 AND kind = $2 AND state = 'compare' AND next_at <= $3)", s.ID, string(k), int64(m.Now())).Scan(&some)
	})
	if err != nil || !some {
		return nil, err
	}
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return nil, err
	}
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		made = nil
		list, err := scanObjects(ctx, tx, "WHERE o.supplier_id = $1 AND o.kind = $2 AND o.state = 'compare' AND o.next_at <= $3 ORDER BY o.batch, o.seq LIMIT $4", s.ID, string(k), int64(m.Now()), gis.QueryMax)
		if err != nil || len(list) == 0 {
			return err
		}
		r := &request{id: id, supplier: s.ID, kind: k, message: uuid.NewString(), purpose: purposeCompare}
		n, err := m.ask(ctx, tx, r, list)
		if err != nil || n == 0 {
			return err
		}
		made = r
		return m.insertRequest(ctx, tx, r, n)
	})
	return made, err
}

// ask gives a question the objects of one house, or of one month.
func (m *Module) ask(ctx context.Context, tx *db.Tx, r *request, list []object) (n int, err error) {
	for i := range list {
		batch := list[i].Batch
		if r.kind != gis.KindDocument {
			batch = list[i].Building
		}
		if n == 0 {
			r.batch = batch
		}
		if batch != r.batch {
			continue
		}
		taken, err := take(ctx, tx, list[i].GUID, stateCompare, r.id, m.Now())
		if err != nil {
			return 0, err
		}
		n += int(taken)
	}
	return n, nil
}

// applyFound keeps the identifiers an answer brings and settles the objects that were asked about.
func (m *Module) applyFound(ctx context.Context, r *request, s *gis.State) error {
	return m.DB.WriteLocal(context.WithoutCancel(ctx), func(tx *db.Tx) error {
		now := m.Now()
		held, err := closeRequest(ctx, tx, r.id, gis.StateDone, now, "")
		if err != nil || !held {
			return err
		}
		f, err := m.keepFound(ctx, tx, r, s)
		if err != nil {
			return err
		}
		list, err := scanObjects(ctx, tx, "WHERE o.request_id = $1 AND o.state = 'sent' ORDER BY o.seq", r.id)
		for i := 0; i < len(list) && err == nil; i++ {
			err = settle(ctx, tx, list[i].GUID, m.compared(&list[i], f), now)
		}
		return err
	})
}

// comparesMax is how often an object is sent that is said to be there and is not found there.
const comparesMax = 8

// lost is why such an object is refused.
const lost = "ГИС ЖКХ говорит, что объект уже есть, но не показывает его: найдите его в личном кабинете."

// compared is what becomes of an object after what is there was asked for.
func (m *Module) compared(o *object, f *foundThere) outcome {
	switch same, there := f.same(o); {
	case there && same:
		return outcome{state: stateDone}
	case there:
		return outcome{state: stateWaiting} // sent again it names the object, and changes it
	case o.Attempts >= comparesMax:
		return outcome{state: stateRefused, reason: lost, class: gis.ClassExists}
	}
	return outcome{state: stateWaiting, class: gis.ClassExists, reason: "В ГИС ЖКХ такого нет.", next: m.Now() + backoff(o.Attempts)}
}

// foundThere is what is there, by our keys.
type foundThere struct {
	accounts  map[int64]gis.FoundAccount
	documents map[int64]gis.FoundDocument
	meters    map[int64]bool
	archived  map[int64]bool
}

// same tells whether an object is there, and as we have it.
func (f *foundThere) same(o *object) (same, there bool) {
	switch b := o.Body.(type) {
	case *gis.Account:
		x, ok := f.accounts[o.Account]
		return ok && (x.Closed == nil) == (b.Closed == nil) && equalFigures(b.Persons, x.Persons) && equalFigures(b.TotalArea, x.TotalArea), ok
	case *gis.Document:
		x, ok := f.documents[o.Account]
		return ok && b.Number == x.Number && equalFigures(b.Total, x.Total), ok
	case *gis.Meter:
		id, _ := strconv.ParseInt(meterKey(o.Entity), 10, 64) // a key of ours
		if b.Archives() {
			return f.archived[id], f.archived[id] || f.meters[id]
		}
		return f.meters[id], f.meters[id]
	}
	return false, false
}

// equalFigures tells whether two texts are one figure; of what we do not tell, anything is right.
func equalFigures(own, theirs string) bool {
	if own == "" || own == theirs {
		return true
	}
	a, err := decimal.Parse(own)
	b, err2 := decimal.Parse(theirs)
	return err == nil && err2 == nil && a == b
}

// meterKey is the key of a meter by its entity.
func meterKey(entity string) string { return strings.TrimPrefix(entity, "meter:") }
