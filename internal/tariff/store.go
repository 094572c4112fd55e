package tariff

import (
	"context"
	"fmt"
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// stored is a file of the catalogue in the database.
type stored struct {
	id         int64
	name       string
	body       string
	digest     string
	author     string
	recordedAt calendar.Micros
}

// inForce is the files in force at a moment $1: the latest of each name recorded by then, in the order of recording.
const inForce = ` FROM tariff_document d WHERE d.recorded_at <= $1 AND NOT EXISTS (SELECT 1 FROM tariff_document later
	WHERE later.name = d.name AND later.recorded_at <= $1 AND (later.recorded_at, later.document_id) > (d.recorded_at, d.document_id))
	ORDER BY d.recorded_at, d.document_id`

// keyInForce names the files in force: the same files, the same catalogue.
func (m *Module) keyInForce(ctx context.Context, at calendar.Micros) (key string, err error) {
	err = m.db.Ask(ctx, "SELECT d.document_id"+inForce, []any{int64(at)}, func(scan func(...any) error) error {
		var id int64
		if err := scan(&id); err != nil {
			return err
		}
		key += keyOf(id)
		return nil
	})
	if err != nil {
		return "", fmt.Errorf("list catalogue: %w", err)
	}
	return key, nil
}

func keyOf(document int64) string { return strconv.FormatInt(document, 10) + " " }

// listInForce gives the latest file of each name recorded by a moment, in the order they were recorded.
func listInForce(ctx context.Context, tx *db.Tx, at calendar.Micros) ([]stored, error) {
	rows, err := tx.QueryContext(ctx, "SELECT d.document_id, d.name, d.body, d.digest, d.author, d.recorded_at"+inForce, int64(at))
	if err != nil {
		return nil, fmt.Errorf("list catalogue: %w", err)
	}
	defer rows.Close()
	var list []stored
	for rows.Next() {
		var s stored
		if err := rows.Scan(&s.id, &s.name, &s.body, &s.digest, &s.author, &s.recordedAt); err != nil {
			return nil, fmt.Errorf("list catalogue: %w", err)
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

func insert(ctx context.Context, tx *db.Tx, s *stored) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO tariff_document (document_id, name, body, digest, author, recorded_at) VALUES ($1, $2, $3, $4, $5, $6)",
		s.id, s.name, s.body, s.digest, s.author, int64(s.recordedAt))
	return db.Fold(err)
}
