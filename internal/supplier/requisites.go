package supplier

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/event"
	"kvit/internal/fault"
)

// RequisitesDelay is how long approved bank details wait before money goes by them: time for the old contacts to object
// (reliability.md S13).
const RequisitesDelay = calendar.Micros(24 * 3600 * 1_000_000)

// States of a change of bank details.
const (
	ChangeProposed = "proposed" // waits for another person
	ChangeApproved = "approved" // waits for its hour
	ChangeApplied  = "applied"  // in force
	ChangeRefused  = "refused"
	ChangeReplaced = "replaced" // by a later proposal
)

// Requisites are the bank details money goes by.
type Requisites struct {
	INN         string `json:"inn"`
	KPP         string `json:"kpp"`
	Bank        string `json:"bank"`
	BIC         string `json:"bic"`
	CorrAccount string `json:"corrAccount"`
	BankAccount string `json:"bankAccount"`
}

// Requisites are the details in force.
func (s *Supplier) Requisites() Requisites {
	return Requisites{s.INN, s.KPP, s.Bank, s.BIC, s.CorrAccount, s.BankAccount}
}

func (s *Supplier) setRequisites(r Requisites) {
	s.INN, s.KPP, s.Bank, s.BIC, s.CorrAccount, s.BankAccount = r.INN, r.KPP, r.Bank, r.BIC, r.CorrAccount, r.BankAccount
}

// over gives the details with what is not said taken from those in force.
func (r Requisites) over(old Requisites) Requisites {
	return Requisites{cmp.Or(r.INN, old.INN), cmp.Or(r.KPP, old.KPP), cmp.Or(r.Bank, old.Bank), cmp.Or(r.BIC, old.BIC), cmp.Or(r.CorrAccount, old.CorrAccount), cmp.Or(r.BankAccount, old.BankAccount)}
}

// Change is a change of a supplier's bank details.
type Change struct {
	ID          int64               `json:"id"`
	SupplierID  int64               `json:"-"`
	Supplier    string              `json:"supplier"`
	Contact     string              `json:"contact"` // whom to tell: the telephone known before the change
	State       string              `json:"state"`
	Former      Requisites          `json:"former"`
	Wanted      Requisites          `json:"wanted"`
	Reason      string              `json:"reason"`
	Author      string              `json:"author"`
	ProposedAt  calendar.MomentText `json:"proposedAt"`
	Decider     string              `json:"decider"`
	DecidedAt   calendar.MomentText `json:"decidedAt"`
	EffectiveAt calendar.MomentText `json:"effectiveAt"`
}

// Red tells whether a payout has to show the change: it is on its way, or has been in force for less than a month.
func (c *Change) Red(now calendar.Micros) bool {
	return c.State == ChangeProposed || c.State == ChangeApproved || c.State == ChangeApplied && now-c.EffectiveAt.Micros() < RecentMonth
}

// propose records a change; one that waits already with the same details is that change. The first details of a supplier
// need nobody's leave: there is no account money could be led away from.
func (m *Module) propose(ctx context.Context, tx *db.Tx, s *Supplier, wanted Requisites, actor, reason string, id int64) (c Change, err error) {
	now := m.now()
	open, err := listChanges(ctx, tx, "WHERE r.supplier_id = $1 AND r.state IN ('proposed', 'approved') ORDER BY r.change_id", s.ID)
	if err != nil {
		return c, err
	}
	for _, o := range open {
		if o.Wanted == wanted {
			return o, nil
		}
		if _, err := tx.ExecContext(ctx, "UPDATE supplier_requisites SET state = 'replaced', decider = $2, decided_at = $3 WHERE change_id = $1", o.ID, actor, int64(now)); err != nil {
			return c, err
		}
	}
	c = Change{ID: id, SupplierID: s.ID, Supplier: s.Code, Contact: s.Phone, State: ChangeProposed, Former: s.Requisites(), Wanted: wanted, Reason: reason, Author: actor, ProposedAt: calendar.MomentText(now)}
	if s.BankAccount == "" {
		c.State, c.EffectiveAt = ChangeApplied, calendar.MomentText(now)
		s.setRequisites(wanted)
		if err := update(ctx, tx, s, now); err != nil {
			return c, err
		}
	}
	if err := insertChange(ctx, tx, &c); err != nil {
		return c, err
	}
	return c, tellChange(ctx, tx, &c, actor, now)
}

// ApproveRequisites lets a proposed change come into force after RequisitesDelay: never by the person who proposed it.
func (m *Module) ApproveRequisites(ctx context.Context, actor string, id int64) (Change, error) {
	return m.decide(ctx, actor, id, ChangeApproved)
}

// RefuseRequisites stops a change that is not in force yet, approved or not; whoever proposed it may take it back.
func (m *Module) RefuseRequisites(ctx context.Context, actor string, id int64) (Change, error) {
	return m.decide(ctx, actor, id, ChangeRefused)
}

func (m *Module) decide(ctx context.Context, actor string, id int64, state string) (c Change, err error) {
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		list, err := listChanges(ctx, tx, "WHERE r.change_id = $1", id)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return fault.Newf(fault.NotFound, "requisites.unknown", "Изменения реквизитов № %d нет. Список: kvit suppliers requisites list.", id)
		}
		c = list[0]
		if err := c.may(actor, state); err != nil {
			return err
		}
		now := m.now()
		c.State, c.Decider, c.DecidedAt = state, actor, calendar.MomentText(now)
		if state == ChangeApproved {
			c.EffectiveAt = calendar.MomentText(now + RequisitesDelay)
		}
		if _, err := tx.ExecContext(ctx, "UPDATE supplier_requisites SET state = $2, decider = $3, decided_at = $4, effective_at = $5 WHERE change_id = $1",
			id, c.State, actor, int64(c.DecidedAt), int64(c.EffectiveAt)); err != nil {
			return err
		}
		return tellChange(ctx, tx, &c, actor, now)
	})
	return c, err
}

// may tells whether somebody may bring a change into a state.
func (c *Change) may(actor, state string) error {
	switch {
	case c.State != ChangeProposed && !(c.State == ChangeApproved && state == ChangeRefused):
		return fault.Newf(fault.Conflict, "requisites.state", "Изменение реквизитов № %d уже решено.", c.ID)
	case state == ChangeApproved && c.Author == actor:
		return fault.New(fault.Forbidden, "requisites.same_person", "Реквизиты утверждает другой человек, не тот, кто их предложил.")
	}
	return nil
}

// ApplyRequisites brings into force the approved changes whose hour has come.
func (m *Module) ApplyRequisites(ctx context.Context) (n int, err error) {
	due := func(tx *db.Tx) ([]Change, error) {
		return listChanges(ctx, tx, "WHERE r.state = 'approved' AND r.effective_at <= $1 ORDER BY r.change_id", int64(m.now()))
	}
	var list []Change
	if err = m.db.Read(ctx, func(tx *db.Tx) error { list, err = due(tx); return err }); err != nil || len(list) == 0 {
		return 0, err
	}
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		list, err := due(tx)
		if n = len(list); err != nil {
			return err
		}
		for i := range list {
			if err := m.apply(ctx, tx, &list[i]); err != nil {
				return err
			}
		}
		return nil
	})
	return n, err
}

func (m *Module) apply(ctx context.Context, tx *db.Tx, c *Change) error {
	s, err := FindByID(ctx, tx, c.SupplierID)
	if err != nil {
		return err
	}
	s.setRequisites(c.Wanted)
	if err := update(ctx, tx, &s, m.now()); err != nil {
		return err
	}
	c.State = ChangeApplied
	if _, err := tx.ExecContext(ctx, "UPDATE supplier_requisites SET state = 'applied' WHERE change_id = $1", c.ID); err != nil {
		return err
	}
	return tellChange(ctx, tx, c, "system", m.now())
}

// tellChange puts a step of a change into the audit log and into the supplier's own feed: his programs and his old
// contacts learn of it before money goes by it.
func tellChange(ctx context.Context, tx *db.Tx, c *Change, actor string, at calendar.Micros) error {
	what := map[string]string{"state": c.State, "supplier": c.Supplier, "account": Ending(c.Wanted.BankAccount)}
	if err := audit.Record(ctx, tx, at, actor, "requisites."+c.State, fmt.Sprintf("requisites:%d", c.ID), what); err != nil {
		return err
	}
	return event.Write(ctx, tx, []event.Event{{SupplierID: c.SupplierID, At: at, FactID: c.ID,
		Body: event.Requisites{Change: c.ID, State: c.State, Former: Ending(c.Former.BankAccount), Account: Ending(c.Wanted.BankAccount), EffectiveAt: int64(c.EffectiveAt)}}})
}

// Ending is the end of an account's number, a bank's or a supplier's: enough for its owner to know it by.
func Ending(number string) string {
	const shown = 4
	signs := []rune(number)
	return string(signs[max(0, len(signs)-shown):])
}

// ListChanges gives the changes of bank details, latest first: of a supplier, or of all (0); only those on their way, or
// all.
func ListChanges(ctx context.Context, tx *db.Tx, supplierID int64, open bool) ([]Change, error) {
	where := "WHERE (r.supplier_id = $1 OR CAST($1 AS BIGINT) = 0)"
	if open {
		where += " AND r.state IN ('proposed', 'approved')"
	}
	return listChanges(ctx, tx, where+" ORDER BY r.change_id DESC", supplierID)
}

// Changes is ListChanges of all suppliers.
func (m *Module) Changes(ctx context.Context, open bool) (list []Change, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = ListChanges(ctx, tx, 0, open)
		return err
	})
	return list, err
}

func listChanges(ctx context.Context, tx *db.Tx, rest string, args ...any) ([]Change, error) {
	rows, err := tx.QueryContext(ctx, `SELECT r.change_id, r.supplier_id, s.code, CASE r.contact WHEN '' THEN s.phone ELSE r.contact END, r.state, r.former, r.wanted, r.reason, r.author, r.proposed_at, r.decider, r.decided_at, r.effective_at
		FROM supplier_requisites r JOIN supplier s ON s.supplier_id = r.supplier_id `+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("changes of requisites: %w", err)
	}
	defer rows.Close()
	list := []Change{}
	for rows.Next() {
		var c Change
		var former, wanted []byte
		if err := rows.Scan(&c.ID, &c.SupplierID, &c.Supplier, &c.Contact, &c.State, &former, &wanted, &c.Reason, &c.Author, &c.ProposedAt, &c.Decider, &c.DecidedAt, &c.EffectiveAt); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(former, &c.Former); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(wanted, &c.Wanted); err != nil {
			return nil, err
		}
		list = append(list, c)
	}
	return list, rows.Err()
}

func insertChange(ctx context.Context, tx *db.Tx, c *Change) error {
	former, err := json.Marshal(c.Former)
	if err != nil {
		return err
	}
	wanted, err := json.Marshal(c.Wanted)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO supplier_requisites (change_id, supplier_id, state, former, wanted, reason, author, proposed_at, decider, decided_at, effective_at, contact)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, c.ID, c.SupplierID, c.State, string(former), string(wanted), c.Reason, c.Author, int64(c.ProposedAt), c.Decider, int64(c.DecidedAt), int64(c.EffectiveAt), c.Contact)
	if err != nil {
		return fmt.Errorf("change of requisites: %w", err)
	}
	return nil
}
