package settlement

import (
	"context"
	"fmt"
	"strings"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Claim is what a supplier says is wrong with his money.
type Claim struct {
	ID         int64               `json:"id"`
	SupplierID int64               `json:"-"`
	Supplier   string              `json:"supplier"`
	Payout     int64               `json:"payout,omitempty"` // of which; or
	Day        calendar.DayText    `json:"day,omitempty"`    // of which day
	Text       string              `json:"text"`
	Author     string              `json:"author"`
	MadeAt     calendar.MomentText `json:"madeAt"`
	Answer     string              `json:"answer,omitempty"`
	Answerer   string              `json:"answerer,omitempty"`
	AnsweredAt calendar.MomentText `json:"answeredAt,omitempty"`
}

// claimMax bounds the words of a claim and of its answer.
const claimMax = 2000

func claimWords(text string) (string, error) {
	text = strings.TrimSpace(text)
	if text == "" || len([]rune(text)) > claimMax {
		return "", fault.Newf(fault.Invalid, "claim.text", "Напишите, что не так: до %d знаков.", claimMax).WithField("text")
	}
	return text, nil
}

// Say records a supplier's claim about a payout of his, or about a closed day.
func (m *Module) Say(ctx context.Context, actor access.Actor, payout int64, day calendar.Date, text string) (c Claim, err error) {
	if text, err = claimWords(text); err != nil {
		return c, err
	}
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return c, err
	}
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		if payout != 0 {
			if _, err := findPayout(ctx, tx, access.Scope{SupplierID: actor.SupplierID}, payout); err != nil {
				return err
			}
		}
		c = Claim{ID: id, SupplierID: actor.SupplierID, Payout: payout, Day: calendar.DayText(day), Text: text, Author: actor.String(), MadeAt: calendar.MomentText(m.Now())}
		if _, err := tx.ExecContext(ctx, `INSERT INTO settlement_claim (claim_id, supplier_id, payout_id, day, body, author, made_at, answer, answerer, answered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, '', '', 0)`,
			c.ID, c.SupplierID, c.Payout, int64(c.Day), c.Text, c.Author, int64(c.MadeAt)); err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.Now(), c.Author, "claim.made", fmt.Sprintf("claim:%d", id), map[string]int64{"payout": payout})
	})
	return c, err
}

// Answer answers a claim once.
func (m *Module) Answer(ctx context.Context, actor string, id int64, text string) error {
	text, err := claimWords(text)
	if err != nil {
		return err
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		res, err := tx.ExecContext(ctx, "UPDATE settlement_claim SET answer = $2, answerer = $3, answered_at = $4 WHERE claim_id = $1 AND answered_at = 0", id, text, actor, int64(m.Now()))
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return fault.New(fault.NotFound, "claim.unknown", "Такой претензии нет, или на неё уже ответили.").Because(err)
		}
		return audit.Record(ctx, tx, m.Now(), actor, "claim.answered", fmt.Sprintf("claim:%d", id), nil)
	})
}

// ListClaims gives the claims the scope covers, those without an answer first, latest first.
func (m *Module) ListClaims(ctx context.Context, scope access.Scope) (list []Claim, err error) {
	filter, arg := scope.Filter("c.supplier_id", "$1")
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = []Claim{}
		rows, err := tx.QueryContext(ctx, `SELECT c.claim_id, c.supplier_id, s.code, c.payout_id, c.day, c.body, c.author, c.made_at, c.answer, c.answerer, c.answered_at FROM settlement_claim c
			JOIN supplier s ON s.supplier_id = c.supplier_id WHERE `+filter+` ORDER BY CASE WHEN c.answered_at = 0 THEN 0 ELSE 1 END, c.claim_id DESC`, arg)
		if err != nil {
			return fmt.Errorf("list claims: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var c Claim
			if err := rows.Scan(&c.ID, &c.SupplierID, &c.Supplier, &c.Payout, &c.Day, &c.Text, &c.Author, &c.MadeAt, &c.Answer, &c.Answerer, &c.AnsweredAt); err != nil {
				return err
			}
			list = append(list, c)
		}
		return rows.Err()
	})
	return list, err
}
