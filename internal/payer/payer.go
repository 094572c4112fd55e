// Package payer keeps which other homes a household pays for: parents', a let flat, a garage, and what it paid for them.
//
// Owns: tables payer_home, payer_payment. Does not own: bills, payments, proofs (whoever adds a home has shown a code of its
// paper: bill.FindByTyped, bill.FindByPaper).
//
// Invariants: a link is of one household and is limited: who has it may pay and see what is due, nothing else; it stands
// until it is taken back; a household never has the same home twice.
package payer

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// HomesMax is how many other homes one household may pay for.
const HomesMax = 20

// titleMax bounds a home's own name.
const titleMax = 40

// Proofs of a right to pay for a home.
const (
	ByCode  = "code"  // the code of the bill together with a number on it
	ByPaper = "paper" // the payment code of a supplier's own paper
)

// Home is what one pays for: a household, or an account in nobody's basket (Household 0).
type Home struct{ Building, Household, Account int64 }

// Link is a home of somebody else that a household pays for.
type Link struct {
	Home
	ID      int64
	Title   string // «гараж», in the payer's words; '' is none
	Proof   string
	AddedAt calendar.Micros
}

// Module holds the operations on homes.
type Module struct {
	db  *db.DB
	now func() calendar.Micros
}

// New makes the module.
func New(d *db.DB, now func() calendar.Micros) *Module { return &Module{db: d, now: now} }

// Add links a home to a household, its proof given. The same home again changes nothing.
func (m *Module) Add(ctx context.Context, actor string, own Home, l Link) error {
	if l.Title = strings.TrimSpace(l.Title); utf8.RuneCountInString(l.Title) > titleMax {
		return fault.Newf(fault.Invalid, "home.title", "Название – до %d букв.", titleMax).WithField("title")
	}
	if l.Building == own.Building && l.Household == own.Household {
		return fault.New(fault.Invalid, "home.own", "Это ваш адрес, он в счёте и так есть.").WithField("number")
	}
	id, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return err
	}
	return m.db.Write(ctx, func(tx *db.Tx) error {
		list, err := listLinks(ctx, tx, own)
		if err != nil {
			return err
		}
		for i := range list {
			if list[i].Home == l.Home {
				return nil
			}
		}
		if len(list) >= HomesMax {
			return fault.Newf(fault.Conflict, "home.many", "Больше %d адресов добавить нельзя. Уберите лишний.", HomesMax).WithField("number")
		}
		now := m.now()
		_, err = tx.ExecContext(ctx, `INSERT INTO payer_home (building_id, link_id, household_id, other_building_id, other_household_id, other_account_id, title, proof, actor, added_at, closed_at)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0)`, own.Building, id, own.Household, l.Building, l.Household, l.Account, l.Title, l.Proof, actor, int64(now))
		if err != nil {
			return fmt.Errorf("add a home: %w", err)
		}
		return audit.Record(ctx, tx, now, actor, "payer.home.added", linkName(own, id), l.Home)
	})
}

// Remove takes a link back; one that is gone stays so.
func (m *Module) Remove(ctx context.Context, actor string, own Home, id int64) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		now := m.now()
		res, err := tx.ExecContext(ctx, "UPDATE payer_home SET closed_at = $4 WHERE building_id = $1 AND household_id = $2 AND link_id = $3 AND closed_at = 0", own.Building, own.Household, id, int64(now))
		if err != nil {
			return fmt.Errorf("remove a home: %w", err)
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return audit.Record(ctx, tx, now, actor, "payer.home.removed", linkName(own, id), map[string]int64{})
	})
}

func linkName(own Home, id int64) string {
	return "home:" + strconv.FormatInt(own.Building, 10) + "/" + strconv.FormatInt(own.Household, 10) + "/" + strconv.FormatInt(id, 10)
}

// List gives the homes a household pays for beside its own, as they were added.
func (m *Module) List(ctx context.Context, own Home) (list []Link, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = listLinks(ctx, tx, own)
		return err
	})
	return list, err
}

func listLinks(ctx context.Context, tx *db.Tx, own Home) (list []Link, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT link_id, other_building_id, other_household_id, other_account_id, title, proof, added_at FROM payer_home
		WHERE building_id = $1 AND household_id = $2 AND closed_at = 0 ORDER BY link_id`, own.Building, own.Household)
	if err != nil {
		return nil, fmt.Errorf("list homes: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var l Link
		if err := rows.Scan(&l.ID, &l.Building, &l.Household, &l.Account, &l.Title, &l.Proof, &l.AddedAt); err != nil {
			return nil, err
		}
		list = append(list, l)
	}
	return list, rows.Err()
}

// Paid notes that a household began a payment, by its public id: payments for other homes are found by it. Noting twice
// changes nothing.
func (m *Module) Paid(ctx context.Context, own Home, publicID string) error {
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO payer_payment (building_id, household_id, public_id, recorded_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (building_id, household_id, public_id) DO NOTHING`, own.Building, own.Household, publicID, int64(m.now()))
		return err
	})
}

// Began tells whether a household began a payment.
func (m *Module) Began(ctx context.Context, own Home, publicID string) (yes bool, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		var n int
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM payer_payment WHERE building_id = $1 AND household_id = $2 AND public_id = $3", own.Building, own.Household, publicID).Scan(&n)
		yes = n > 0
		return err
	})
	return yes, err
}

// Payments are the public ids of payments a household began, the latest first.
func (m *Module) Payments(ctx context.Context, own Home, limit int) (ids []string, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		ids = nil
		rows, err := tx.QueryContext(ctx, "SELECT public_id FROM payer_payment WHERE building_id = $1 AND household_id = $2 ORDER BY recorded_at DESC, public_id LIMIT $3", own.Building, own.Household, int64(limit))
		if err != nil {
			return fmt.Errorf("list payments of a payer: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var id string
			if err := rows.Scan(&id); err != nil {
				return err
			}
			ids = append(ids, id)
		}
		return rows.Err()
	})
	return ids, err
}
