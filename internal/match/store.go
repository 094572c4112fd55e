package match

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// States of a review.
const (
	ReviewOpen    = "open"
	ReviewDecided = "decided"
	ReviewGone    = "gone" // the doubt went away by itself: better evidence came
)

// Kinds of decisions.
const (
	DecideJoin  = "join"  // the account belongs to the basket of the other one
	DecideApart = "apart" // the two accounts are different households
	DecideAt    = "at"    // the account belongs to a building
)

// StoredReview is a doubtful join waiting for a person, or decided.
type StoredReview struct {
	ID         int64           `json:"id"`
	BuildingID int64           `json:"-"`
	AccountID  int64           `json:"-"`
	Kind       string          `json:"kind"`
	Score      int             `json:"score"`
	Reasons    []string        `json:"reasons"`
	Near       []int64         `json:"-"`
	State      string          `json:"state"`
	RecordedAt calendar.Micros `json:"-"`
	DecisionID int64           `json:"decision,omitempty"`
}

type reasonsJSON struct {
	Reasons []string `json:"reasons"`
	Near    []int64  `json:"near,omitempty"`
}

// WriteReviews appends reviews.
func WriteReviews(ctx context.Context, tx *db.Tx, list []StoredReview) error {
	columns := []string{"building_id", "review_id", "account_id", "recorded_at", "kind", "score", "reasons", "state", "decided_at", "decision_id"}
	var failed error
	_, err := tx.Copy(ctx, "match_review", columns, db.Rows(list, len(columns), func(r *StoredReview, row []any) {
		text, err := json.Marshal(reasonsJSON{r.Reasons, r.Near})
		if err != nil {
			failed = err
		}
		row[0], row[1], row[2], row[3], row[4] = r.BuildingID, r.ID, r.AccountID, int64(r.RecordedAt), r.Kind
		row[5], row[6], row[7], row[8], row[9] = int64(r.Score), string(text), ReviewOpen, int64(0), int64(0)
	}))
	if failed != nil {
		return failed
	}
	return err
}

const reviewColumns = "building_id, review_id, account_id, recorded_at, kind, score, reasons, state, decision_id"

// ListReviews gives the reviews of a building, or of all with building 0, that are in a state; oldest first.
func ListReviews(ctx context.Context, tx *db.Tx, building int64, state string, limit int) ([]StoredReview, error) {
	where, args := " WHERE state = $1", []any{state}
	if building != 0 {
		where, args = where+" AND building_id = $2", append(args, building)
	}
	return scanReviews(ctx, tx, where+" ORDER BY review_id LIMIT "+strconv.Itoa(limit), args...)
}

// ListBuildingReviews gives every review a building ever had.
func ListBuildingReviews(ctx context.Context, tx *db.Tx, building int64) ([]StoredReview, error) {
	return scanReviews(ctx, tx, " WHERE building_id = $1 ORDER BY review_id", building)
}

// FindReview gives a review by number, or NotFound.
func FindReview(ctx context.Context, tx *db.Tx, id int64) (StoredReview, error) {
	list, err := scanReviews(ctx, tx, " WHERE review_id = $1", id)
	if err == nil && len(list) == 0 {
		err = fault.Newf(fault.NotFound, "review.unknown", "Сомнительного соединения № %d нет. Список: kvit review list.", id)
	}
	if err != nil {
		return StoredReview{}, err
	}
	return list[0], nil
}

func scanReviews(ctx context.Context, tx *db.Tx, where string, args ...any) ([]StoredReview, error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+reviewColumns+" FROM match_review"+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list reviews: %w", err)
	}
	defer rows.Close()
	var list []StoredReview
	for rows.Next() {
		var r StoredReview
		var text string
		if err := rows.Scan(&r.BuildingID, &r.ID, &r.AccountID, &r.RecordedAt, &r.Kind, &r.Score, &text, &r.State, &r.DecisionID); err != nil {
			return nil, err
		}
		var j reasonsJSON
		if err := json.Unmarshal([]byte(text), &j); err != nil {
			return nil, fmt.Errorf("review %d: %w", r.ID, err)
		}
		r.Reasons, r.Near = j.Reasons, j.Near
		list = append(list, r)
	}
	return list, rows.Err()
}

// CountOpen counts the reviews that wait for a person.
func CountOpen(ctx context.Context, tx *db.Tx) (n int, err error) {
	err = tx.QueryRowContext(ctx, "SELECT count(*) FROM match_review WHERE state = 'open'").Scan(&n)
	return n, err
}

// CloseReview marks a review decided, or gone.
func CloseReview(ctx context.Context, tx *db.Tx, r *StoredReview, state string, decision int64, at calendar.Micros) error {
	_, err := tx.ExecContext(ctx, "UPDATE match_review SET state = $3, decided_at = $4, decision_id = $5 WHERE building_id = $1 AND review_id = $2",
		r.BuildingID, r.ID, state, int64(at), decision)
	return err
}

// StoredDecision is what a person decided about accounts, named by supplier and number so that it outlives any
// intake and any move.
type StoredDecision struct {
	ID              int64
	SetID           int64 // of the judgement it is part of; a judgement is undone whole
	Kind            string
	SupplierID      int64
	Number          string
	OtherSupplierID int64
	OtherNumber     string
	BuildingID      int64
	Reason, Actor   string
	DecidedAt       calendar.Micros
	UndoneAt        calendar.Micros
	UndoneBy        string
}

// InsertDecision stores a decision.
func InsertDecision(ctx context.Context, tx *db.Tx, d *StoredDecision) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO match_decision (decision_id, set_id, kind, supplier_id, number, other_supplier_id, other_number, building_id, reason, actor, decided_at, undone_at, undone_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, '')`, d.ID, d.SetID, d.Kind, d.SupplierID, d.Number, d.OtherSupplierID, d.OtherNumber, d.BuildingID, d.Reason, d.Actor, int64(d.DecidedAt))
	return err
}

// UndoDecision marks a judgement undone and gives its building; NotFound when there is none in force.
func UndoDecision(ctx context.Context, tx *db.Tx, set int64, actor string, at calendar.Micros) (building int64, err error) {
	err = tx.QueryRowContext(ctx, "UPDATE match_decision SET undone_at = $2, undone_by = $3 WHERE set_id = $1 AND undone_at = 0 RETURNING building_id", set, int64(at), actor).Scan(&building)
	if err = db.Fold(err); fault.Is(err, fault.NotFound) {
		err = fault.Newf(fault.NotFound, "decision.unknown", "Решения № %d нет или оно уже отменено.", set).Because(err)
	}
	return building, err
}

// ReopenReview opens the doubt a judgement settled.
func ReopenReview(ctx context.Context, tx *db.Tx, building, set int64) error {
	_, err := tx.ExecContext(ctx, "UPDATE match_review SET state = $3, decided_at = 0, decision_id = 0 WHERE building_id = $1 AND decision_id = $2", building, set, ReviewOpen)
	return err
}

// ListDecisions gives the decisions in force that name one of the accounts, given as «supplier:number», oldest
// first: of two that contradict, the later holds.
func ListDecisions(ctx context.Context, tx *db.Tx, wanted map[string]bool) ([]StoredDecision, error) {
	rows, err := tx.QueryContext(ctx, `SELECT decision_id, set_id, kind, supplier_id, number, other_supplier_id, other_number, building_id, reason, actor, decided_at
		FROM match_decision WHERE undone_at = 0 ORDER BY decision_id`)
	if err != nil {
		return nil, fmt.Errorf("list decisions: %w", err)
	}
	defer rows.Close()
	var list []StoredDecision
	for rows.Next() {
		var d StoredDecision
		if err := rows.Scan(&d.ID, &d.SetID, &d.Kind, &d.SupplierID, &d.Number, &d.OtherSupplierID, &d.OtherNumber, &d.BuildingID, &d.Reason, &d.Actor, &d.DecidedAt); err != nil {
			return nil, err
		}
		if wanted == nil || wanted[AccountKey(d.SupplierID, d.Number)] || wanted[AccountKey(d.OtherSupplierID, d.OtherNumber)] {
			list = append(list, d)
		}
	}
	return list, rows.Err()
}

// AccountKey names an account by its supplier's id and number.
func AccountKey(supplierID int64, number string) string {
	var b strings.Builder
	b.WriteString(strconv.FormatInt(supplierID, 10))
	b.WriteByte(':')
	b.WriteString(number)
	return b.String()
}
