package refund

import (
	"context"
	"fmt"

	"kvit/internal/db"
	"kvit/internal/fault"
)

func insertDispute(ctx context.Context, tx *db.Tx, key string, d *Dispute) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO refund_dispute (client_key, dispute_id, public_id, number, reason, sum_kop, state, taken, told_on, answer_by, actor, opened_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $12)`, key, d.ID, d.PublicID, d.Number, d.Reason, int64(d.Sum), d.State, int64(d.taken), int64(d.ToldOn), int64(d.AnswerBy), d.Actor, int64(d.OpenedAt))
	if err != nil {
		return fmt.Errorf("open a dispute: %w", err)
	}
	return nil
}

func insertStep(ctx context.Context, tx *db.Tx, d *Dispute, s Step) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO refund_step (dispute_id, step_no, kind, text, actor, recorded_at) VALUES ($1, $2, $3, $4, $5, $6)",
		d.ID, int64(len(d.Steps)+1), s.Kind, s.Text, s.Actor, int64(s.At))
	if err != nil {
		return fmt.Errorf("step of a dispute: %w", err)
	}
	return nil
}

func listDisputes(ctx context.Context, tx *db.Tx, rest string, args ...any) (list []Dispute, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT dispute_id, public_id, number, reason, sum_kop, state, taken, told_on, answer_by, actor, opened_at FROM refund_dispute "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list disputes: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var d Dispute
		if err := rows.Scan(&d.ID, &d.PublicID, &d.Number, &d.Reason, &d.Sum, &d.State, &d.taken, &d.ToldOn, &d.AnswerBy, &d.Actor, &d.OpenedAt); err != nil {
			return nil, err
		}
		d.Taken = d.taken != notTaken
		list = append(list, d)
	}
	return list, rows.Err()
}

// findDispute gives a dispute with its steps.
func findDispute(ctx context.Context, tx *db.Tx, id int64) (d Dispute, err error) {
	list, err := listDisputes(ctx, tx, "WHERE dispute_id = $1", id)
	if err == nil && len(list) == 0 {
		err = fault.Newf(fault.NotFound, "dispute.unknown", "Спора № %d нет.", id)
	}
	if err != nil {
		return d, err
	}
	d = list[0]
	rows, err := tx.QueryContext(ctx, "SELECT kind, text, actor, recorded_at FROM refund_step WHERE dispute_id = $1 ORDER BY step_no", id)
	if err != nil {
		return d, fmt.Errorf("steps of a dispute: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var s Step
		if err := rows.Scan(&s.Kind, &s.Text, &s.Actor, &s.At); err != nil {
			return d, err
		}
		d.Steps = append(d.Steps, s)
	}
	return d, rows.Err()
}

// FindDispute gives a dispute with what was done about it.
func (m *Module) FindDispute(ctx context.Context, id int64) (d Dispute, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		d, err = findDispute(ctx, tx, id)
		return err
	})
	return d, err
}

// Disputes gives those that wait, the nearest term first; all: the ended ones too.
func (m *Module) Disputes(ctx context.Context, all bool, limit int) (list []Dispute, err error) {
	where := "WHERE state IN ('open', 'answered') "
	if all {
		where = ""
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listDisputes(ctx, tx, where+"ORDER BY answer_by, dispute_id LIMIT $1", int64(limit))
		return err
	})
	return list, err
}
