package statement

import (
	"context"
	"fmt"
	"time"

	"kvit/internal/audit"
	"kvit/internal/bill"
	"kvit/internal/blob"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/reading"
	"kvit/internal/supplier"
)

// Deps are what the module stands on.
type Deps struct {
	DB       *db.DB
	Bills    *bill.Module
	Readings *reading.Module
	Photos   *blob.Store // of papers thought forged
	Zone     *time.Location
	Now      func() calendar.Micros
}

// Module holds the operations on documents.
type Module struct {
	Deps
	// Tell sends a household a message that its document is ready, by mail to the people who may get it; nil: nobody does.
	Tell func(ctx context.Context, tx *db.Tx, d *Document) error
}

// New makes the module.
func New(d Deps) *Module { return &Module{Deps: d} }

func (m *Module) today() calendar.Date { return calendar.DateOf(m.Now().Time().In(m.Zone)) }

// Make makes a document of a household, or gives the one made before while nothing it says has changed. A refusal comes
// instead of a document, never with one.
func (m *Module) Make(ctx context.Context, req Request) (*Document, *Refusal, error) {
	c, err := m.begin(ctx, req)
	if err != nil {
		return nil, nil, fmt.Errorf("document %s: %w", req.Kind, err)
	}
	refused, err := c.compose(ctx)
	if err != nil {
		return nil, nil, fmt.Errorf("document %s: %w", req.Kind, err)
	}
	if refused != nil {
		return nil, refused, m.wait(ctx, c, refused)
	}
	d, err := m.keep(ctx, c)
	return d, nil, err
}

// keep writes what was composed, unless the newest document of the request says the same.
func (m *Module) keep(ctx context.Context, c *composing) (*Document, error) {
	fresh, err := c.document()
	if err != nil {
		return nil, err
	}
	var kept *Document
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		last, err := findNewest(ctx, tx, fresh.Ref, fresh.key)
		if err != nil {
			return err
		}
		if last != nil && last.State == Live && last.facts == fresh.facts {
			last.Repeated = true
			kept = last
			return nil
		}
		kept = fresh
		if fresh.version = 1; last != nil {
			fresh.version = last.version + 1
		}
		if err := insertDocument(ctx, tx, fresh); err != nil {
			return err
		}
		if last != nil && last.State == Live {
			if err := insertEnd(ctx, tx, last, ending{state: Replaced, newer: fresh.Number, by: c.req.Actor, at: fresh.MadeAt}); err != nil {
				return err
			}
		}
		if err := dropRequest(ctx, tx, fresh.Ref, fresh.key); err != nil {
			return err
		}
		return audit.Record(ctx, tx, fresh.MadeAt, c.req.Actor, "statement.made", "statement:"+fresh.Number, map[string]any{"kind": string(fresh.Kind), "household": bill.RefText(fresh.Ref)})
	})
	if err != nil {
		return nil, fmt.Errorf("keep document: %w", err)
	}
	return kept, nil
}

var errUnknown = fault.New(fault.NotFound, "statement.unknown", "Документа с таким номером нет. Сверьте номер: он на первой странице под названием.")

// Find gives a document by its number, with what it says. A document whose facts were taken back since is withdrawn here.
func (m *Module) Find(ctx context.Context, number string) (d *Document, err error) {
	number = FoldNumber(number)
	if number == "" {
		return nil, errUnknown
	}
	if d, err = m.find(ctx, number); err != nil || d.State != Live {
		return d, err
	}
	gone, err := m.gone(ctx, d)
	if err != nil || gone == "" {
		return d, err
	}
	if err := m.end(ctx, d, ending{state: Withdrawn, reason: gone, by: "kvit", at: m.Now()}); err != nil {
		return nil, err
	}
	return m.find(ctx, number)
}

func (m *Module) find(ctx context.Context, number string) (d *Document, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		d, err = findDocument(ctx, tx, number)
		return err
	})
	if err != nil {
		return nil, err
	}
	return d, d.open()
}

// Own is Find for a household: another's document does not exist for it.
func (m *Module) Own(ctx context.Context, household int64, number string) (*Document, error) {
	d, err := m.Find(ctx, number)
	if err == nil && (household == 0 || d.Ref.Household != household) {
		return nil, errUnknown
	}
	return d, err
}

// List gives the documents of a household, the newest first, without what they say.
func (m *Module) List(ctx context.Context, household int64, limit int) (list []Document, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listDocuments(ctx, tx, "n.household_id = $1", limit, household)
		return err
	})
	return list, err
}

// Recent gives the documents made last in all houses, for the centre.
func (m *Module) Recent(ctx context.Context, limit int) (list []Document, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listDocuments(ctx, tx, "CAST($1 AS BIGINT) = 0", limit, int64(0))
		return err
	})
	return list, err
}

// Withdraw takes a document back with a reason everybody who checks it reads. One that has ended stays as it ended.
func (m *Module) Withdraw(ctx context.Context, actor, number, reason string) error {
	if reason == "" {
		return fault.New(fault.Invalid, "statement.reason", "Напишите причину: её прочитает каждый, кто проверит документ.").WithField("reason")
	}
	d, err := m.Find(ctx, number)
	if err != nil {
		return err
	}
	if d.State == Replaced {
		return fault.Newf(fault.Conflict, "statement.replaced", "Этот документ уже заменён документом № %s.", PrintNumber(d.Newer))
	}
	return m.end(ctx, d, ending{state: Withdrawn, reason: reason, by: actor, at: m.Now()})
}

// end ends a document once; whoever ended it first is who did.
func (m *Module) end(ctx context.Context, d *Document, e ending) error {
	err := m.DB.Write(ctx, func(tx *db.Tx) error {
		now, err := findDocument(ctx, tx, d.Number)
		if err != nil || now.State != Live {
			return err
		}
		if err := insertEnd(ctx, tx, d, e); err != nil {
			return err
		}
		return audit.Record(ctx, tx, e.at, e.by, "statement."+string(e.state), "statement:"+d.Number, map[string]any{"reason": e.reason})
	})
	if err != nil {
		return fmt.Errorf("end document %s: %w", d.Number, err)
	}
	return nil
}

// wait keeps a request that waits for a supplier's figures, so that the centre sees who is late.
func (m *Module) wait(ctx context.Context, c *composing, r *Refusal) error {
	if r.AnswerBy == 0 {
		return nil
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		day, err := insertRequest(ctx, tx, c, r.AnswerBy)
		r.AnswerBy = day
		return err
	})
}

// Waiting is a document that waits for a supplier's figures.
type Waiting struct {
	Ref      bill.Ref
	Kind     Kind
	From, To calendar.Month
	Supplier string // name of who is waited for
	Phone    string
	AskedAt  calendar.Micros
	AnswerBy calendar.Date
}

// ListWaiting gives the documents that wait, the most urgent first: of a household, or of all (0).
func (m *Module) ListWaiting(ctx context.Context, household int64, limit int) (list []Waiting, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listRequests(ctx, tx, household, limit)
		return err
	})
	return list, err
}

// SendMail tells the household's people that a document is ready; Unavailable when nobody can.
func (m *Module) SendMail(ctx context.Context, household int64, number string) error {
	d, err := m.Own(ctx, household, number)
	if err != nil {
		return err
	}
	if m.Tell == nil {
		return fault.New(fault.Unavailable, "statement.mail", "Почта пока не подключена. Сохраните файл и отправьте его сами.")
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error { return m.Tell(ctx, tx, d) })
}

// supplierOf gives the supplier a request is about; zero for all.
func (m *Module) supplierOf(ctx context.Context, code string) (s supplier.Supplier, err error) {
	if code == "" {
		return s, nil
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		s, err = supplier.Find(ctx, tx, code)
		return err
	})
	return s, err
}

func supplierCode(ctx context.Context, tx *db.Tx, id int64) (string, error) {
	s, err := supplier.FindByID(ctx, tx, id)
	return s.Code, err
}
