package statement

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

const selectDocument = `SELECT d.building_id, d.household_id, d.number, d.request_key, d.version, d.kind, d.supplier_id, d.from_month, d.to_month, d.sum_kop, d.made_at, d.made_by, d.facts, d.digest,
	coalesce(e.state, 'live'), coalesce(e.newer, ''), coalesce(e.reason, ''), coalesce(e.ended_at, 0), coalesce(e.ended_by, '')`

const joinEnd = ` LEFT JOIN statement_end e ON e.building_id = d.building_id AND e.household_id = d.household_id AND e.number = d.number `

func (d *Document) targets() []any {
	return []any{&d.Ref.Building, &d.Ref.Household, &d.Number, &d.key, &d.version, &d.Kind, &d.Supplier, &d.From, &d.To, &d.Sum, &d.MadeAt, &d.MadeBy, &d.facts, &d.Digest, &d.State, &d.Newer, &d.Reason, &d.EndedAt, &d.EndedBy}
}

// findDocument gives a document by its folded number, wherever it is.
func findDocument(ctx context.Context, tx *db.Tx, number string) (*Document, error) {
	var d Document
	err := tx.QueryRowContext(ctx, selectDocument+`, d.body FROM statement_number n JOIN statement_document d ON d.building_id = n.building_id AND d.household_id = n.household_id AND d.number = n.number`+joinEnd+
		`WHERE n.number = $1`, number).Scan(append(d.targets(), &d.body)...)
	if err = db.Fold(err); fault.Is(err, fault.NotFound) {
		return nil, errUnknown.Because(err)
	}
	return &d, err
}

// findNewest gives the newest document of a request; nil when there is none.
func findNewest(ctx context.Context, tx *db.Tx, ref bill.Ref, key string) (*Document, error) {
	var d Document
	err := tx.QueryRowContext(ctx, selectDocument+`, d.body FROM statement_document d`+joinEnd+`WHERE d.building_id = $1 AND d.household_id = $2 AND d.request_key = $3 ORDER BY d.version DESC LIMIT 1`,
		ref.Building, ref.Household, key).Scan(append(d.targets(), &d.body)...)
	if err = db.Fold(err); fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("newest document of %s: %w", key, err)
	}
	return &d, d.open()
}

// listDocuments gives documents without their bodies, the newest first; where is a condition on statement_number n.
func listDocuments(ctx context.Context, tx *db.Tx, where string, limit int, arg int64) ([]Document, error) {
	rows, err := tx.QueryContext(ctx, selectDocument+` FROM statement_number n JOIN statement_document d ON d.building_id = n.building_id AND d.household_id = n.household_id AND d.number = n.number`+joinEnd+
		`WHERE `+where+` ORDER BY n.made_at DESC, n.number LIMIT $2`, arg, limit)
	if err != nil {
		return nil, fmt.Errorf("list documents: %w", err)
	}
	defer rows.Close()
	list := []Document{}
	for rows.Next() {
		var d Document
		if err := rows.Scan(d.targets()...); err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, rows.Err()
}

func insertDocument(ctx context.Context, tx *db.Tx, d *Document) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO statement_document (building_id, household_id, number, request_key, version, kind, supplier_id, from_month, to_month, sum_kop, made_at, made_by, facts, digest, body)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`, d.Ref.Building, d.Ref.Household, d.Number, d.key, d.version, string(d.Kind), d.Supplier, int64(d.From), int64(d.To), int64(d.Sum),
		int64(d.MadeAt), d.MadeBy, d.facts, d.Digest, d.body)
	if err != nil {
		return fmt.Errorf("insert document: %w", err)
	}
	if _, err = tx.ExecContext(ctx, "INSERT INTO statement_number (number, building_id, household_id, made_at) VALUES ($1, $2, $3, $4)", d.Number, d.Ref.Building, d.Ref.Household, int64(d.MadeAt)); err != nil {
		return fmt.Errorf("insert number of a document: %w", err)
	}
	return nil
}

// ending is what ends a document.
type ending struct {
	state             State
	newer, reason, by string
	at                calendar.Micros
}

func insertEnd(ctx context.Context, tx *db.Tx, d *Document, e ending) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO statement_end (building_id, household_id, number, state, newer, reason, ended_by, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		d.Ref.Building, d.Ref.Household, d.Number, string(e.state), e.newer, e.reason, e.by, int64(e.at))
	if err != nil {
		return fmt.Errorf("end document: %w", err)
	}
	return nil
}

// insertRequest keeps a request that waits; one that waits already keeps its day.
func insertRequest(ctx context.Context, tx *db.Tx, c *composing, answerBy calendar.Date) (day calendar.Date, err error) {
	ref := c.req.Ref
	_, err = tx.ExecContext(ctx, `INSERT INTO statement_request (building_id, household_id, request_key, kind, supplier_id, from_month, to_month, waits_for, asked_at, answer_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`, ref.Building, ref.Household, c.key(), string(c.req.Kind), c.supplier.ID, int64(c.req.From), int64(c.req.To), c.waitsFor, int64(c.at), int64(answerBy))
	if err != nil {
		return 0, fmt.Errorf("keep request: %w", err)
	}
	err = tx.QueryRowContext(ctx, "SELECT answer_by FROM statement_request WHERE building_id = $1 AND household_id = $2 AND request_key = $3", ref.Building, ref.Household, c.key()).Scan(&day)
	return day, err
}

func dropRequest(ctx context.Context, tx *db.Tx, ref bill.Ref, key string) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM statement_request WHERE building_id = $1 AND household_id = $2 AND request_key = $3", ref.Building, ref.Household, key)
	return err
}

func listRequests(ctx context.Context, tx *db.Tx, household int64, limit int) ([]Waiting, error) {
	rows, err := tx.QueryContext(ctx, `SELECT r.building_id, r.household_id, r.kind, r.from_month, r.to_month, s.name, s.phone, r.asked_at, r.answer_by FROM statement_request r JOIN supplier s ON s.supplier_id = r.waits_for
		WHERE r.household_id = $1 OR CAST($1 AS BIGINT) = 0 ORDER BY r.answer_by, r.asked_at LIMIT $2`, household, limit)
	if err != nil {
		return nil, fmt.Errorf("list requests: %w", err)
	}
	defer rows.Close()
	list := []Waiting{}
	for rows.Next() {
		var w Waiting
		if err := rows.Scan(&w.Ref.Building, &w.Ref.Household, &w.Kind, &w.From, &w.To, &w.Supplier, &w.Phone, &w.AskedAt, &w.AnswerBy); err != nil {
			return nil, err
		}
		list = append(list, w)
	}
	return list, rows.Err()
}

// open reads what the document says.
func (d *Document) open() error {
	d.Content = &Content{}
	if err := json.Unmarshal(d.body, d.Content); err != nil {
		return fmt.Errorf("document %s: %w", d.Number, err)
	}
	return nil
}

// seal writes what the document says into its body, with the digest of it; facts is the digest without number and moment.
func (d *Document) seal(c *Content) error {
	bare := *c
	bare.Number, bare.Made = "", 0
	text, err := json.Marshal(bare)
	if err != nil {
		return fmt.Errorf("document: %w", err)
	}
	d.facts = digestOf(text)
	if d.body, err = json.Marshal(c); err != nil {
		return fmt.Errorf("document: %w", err)
	}
	d.Digest, d.Content = digestOf(d.body), c
	return nil
}

func digestOf(text []byte) string {
	h := sha256.Sum256(text)
	return hex.EncodeToString(h[:])
}
