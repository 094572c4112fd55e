package notice

import (
	"context"
	"fmt"

	"kvit/internal/db"
	"kvit/internal/fault"
)

// unread is the condition of messages a person was told and has not read: what went out, or stands on his page.
const unread = "person_id = $1 AND read_at = 0 AND text <> '' AND state <> 'skipped'"

// Unread counts the messages a person has not read. One that went by several ways is one.
func (m *Module) Unread(ctx context.Context, who int64) (n int, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(DISTINCT order_id) FROM notice WHERE "+unread, who).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("count unread messages: %w", err)
	}
	return n, nil
}

var errNone = fault.New(fault.NotFound, "notice.unknown", "Такого сообщения у вас нет.")

// Open gives a message of a person, by every way it went, and marks it as read. Another's is NotFound.
func (m *Module) Open(ctx context.Context, who, order int64) (list []Notice, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listNotices(ctx, tx, "person_id = $1 AND order_id = $2 AND text <> '' AND state <> 'skipped' ORDER BY notice_id DESC", who, order)
		return err
	})
	switch {
	case err != nil:
		return nil, err
	case len(list) == 0:
		return nil, errNone
	case list[0].ReadAt != 0:
		return list, nil
	}
	for i := range list {
		list[i].ReadAt = m.Now()
	}
	return list, m.MarkRead(ctx, who, order)
}

// MarkRead marks a message of a person as read; order 0: all of them. What is read already keeps its time.
func (m *Module) MarkRead(ctx context.Context, who, order int64) error {
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE notice SET read_at = $2 WHERE "+unread+" AND (order_id = $3 OR CAST($3 AS BIGINT) = 0)", who, int64(m.Now()), order)
		if err != nil {
			return fmt.Errorf("mark messages as read: %w", err)
		}
		return nil
	})
}
