package handover

import (
	"context"
	"fmt"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

const columns = "handover_id, number, side, peer, building_id, house, address, month, cut_at, accounts, due_kop, book_kop, package_digest, act_digest, state, first_by, second_by, their_persons, reason, created_at, moved_at, changed_at"

func scan(row func(...any) error) (h Handover, err error) {
	err = row(&h.ID, &h.Number, &h.Side, &h.Peer, &h.BuildingID, &h.House, &h.Address, &h.Month, &h.CutAt, &h.Accounts, &h.Due, &h.Book, &h.PackageDigest, &h.ActDigest, &h.State, &h.First, &h.Second,
		&h.Theirs, &h.Reason, &h.CreatedAt, &h.MovedAt, &h.ChangedAt)
	return h, db.Fold(err)
}

func listWhere(ctx context.Context, tx *db.Tx, where string, args ...any) (list []Handover, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+columns+" FROM handover "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list hand-overs: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		h, err := scan(rows.Scan)
		if err != nil {
			return nil, err
		}
		list = append(list, h)
	}
	return list, rows.Err()
}

// idShort is how many signs of an id are enough to name a hand-over.
const idShort = 8

// find gives a hand-over by its id or the beginning of it, or NotFound.
func find(ctx context.Context, tx *db.Tx, id string) (Handover, error) {
	unknown := fault.Newf(fault.NotFound, "handover.unknown", "Передачи %q нет. Список: kvit handover list.", id)
	if len(id) < idShort || strings.ContainsAny(id, "%_") {
		return Handover{}, unknown
	}
	list, err := listWhere(ctx, tx, "WHERE handover_id LIKE $1 LIMIT 2", id+"%")
	if err != nil || len(list) == 1 {
		return append(list, Handover{})[0], err
	}
	return Handover{}, unknown
}

func insert(ctx context.Context, tx *db.Tx, h *Handover) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO handover ("+columns+") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)",
		h.ID, h.Number, h.Side, h.Peer, h.BuildingID, h.House, h.Address, int64(h.Month), int64(h.CutAt), int64(h.Accounts), int64(h.Due), int64(h.Book), h.PackageDigest, h.ActDigest, h.State, h.First,
		h.Second, h.Theirs, h.Reason, int64(h.CreatedAt), int64(h.MovedAt), int64(h.ChangedAt))
	if err != nil {
		return fmt.Errorf("insert hand-over: %w", err)
	}
	return nil
}

// move writes the hand-over in its next state, over the one it was seen in: Conflict when another was faster.
func move(ctx context.Context, tx *db.Tx, h *Handover, to string, at calendar.Micros) error {
	res, err := tx.ExecContext(ctx, `UPDATE handover SET state = $3, building_id = $4, first_by = $5, second_by = $6, their_persons = $7, reason = $8, moved_at = $9, changed_at = $10
		WHERE handover_id = $1 AND state = $2`, h.ID, h.State, to, h.BuildingID, h.First, h.Second, h.Theirs, h.Reason, int64(h.MovedAt), int64(at))
	if err != nil {
		return fmt.Errorf("move hand-over: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return fault.New(fault.Conflict, "handover.moved", "Передача уже в другом состоянии. Посмотрите: kvit handover show.").Because(err)
	}
	h.State, h.ChangedAt = to, at
	return nil
}

// wrongState refuses a step that does not follow.
func wrongState(h *Handover, step string) error {
	return fault.Newf(fault.Conflict, "handover.state", "Сейчас это не сделать (%s): %s.", step, Labels[h.State])
}

// busy is the hand-over of a house that has not ended yet and is not completed; nil when there is none.
func busy(ctx context.Context, tx *db.Tx, building int64) (*Handover, error) {
	list, err := listWhere(ctx, tx, "WHERE building_id = $1 AND building_id <> 0 AND state NOT IN ('completed', 'declined', 'cancelled')", building)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}
