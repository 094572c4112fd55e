package notice

import (
	"context"
	"fmt"

	"kvit/internal/db"
	"kvit/internal/fault"
)

const sealBrowser = "notice.browser"

// browsersMax is how many browsers of a person take pushes.
const browsersMax = 10

// AddBrowser lets a browser take pushes of a person: the subscription as the browser wrote it. One that took another
// person's takes his from now on.
func (m *Module) AddBrowser(ctx context.Context, who int64, raw string) error {
	plain, err := m.CheckBrowser(raw)
	if err != nil {
		return err
	}
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return err
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		now, mark := int64(m.Now()), m.Access.Mark(sealBrowser, plain)
		if _, err := tx.ExecContext(ctx, "UPDATE notice_browser SET closed_at = $2 WHERE mark = $1 AND closed_at = 0", mark, now); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM notice_browser WHERE person_id = $1 AND closed_at = 0", who).Scan(&n); err != nil {
			return err
		}
		if n >= browsersMax {
			return fault.Newf(fault.Conflict, "notice.browsers", "Уведомления уже включены в %d браузерах. Выключите их в лишних.", browsersMax)
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO notice_browser (browser_id, person_id, mark, sealed, added_at, closed_at) VALUES ($1, $2, $3, $4, $5, 0)", id, who, mark, m.Access.Seal(sealBrowser, []byte(plain)), now)
		return err
	})
}

// CloseBrowsers ends pushes to all browsers of a person.
func (m *Module) CloseBrowsers(ctx context.Context, who int64) error {
	return m.DB.Write(ctx, func(tx *db.Tx) error { return m.StopPush(ctx, tx, who) })
}

// StopPush ends pushes to all browsers of a person, in the transaction in which he took his consent back.
func (m *Module) StopPush(ctx context.Context, tx *db.Tx, who int64) error {
	_, err := tx.ExecContext(ctx, "UPDATE notice_browser SET closed_at = $2 WHERE person_id = $1 AND closed_at = 0", who, int64(m.Now()))
	return err
}

// closeBrowser forgets one that is gone.
func (m *Module) closeBrowser(ctx context.Context, plain string) error {
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE notice_browser SET closed_at = $2 WHERE mark = $1 AND closed_at = 0", m.Access.Mark(sealBrowser, plain), int64(m.Now()))
		return err
	})
}

// Browsers tells how many browsers of a person take pushes.
func (m *Module) Browsers(ctx context.Context, who int64) (int, error) {
	list, err := m.browsers(ctx, who)
	return len(list), err
}

func (m *Module) browsers(ctx context.Context, who int64) (list []string, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, "SELECT sealed FROM notice_browser WHERE person_id = $1 AND closed_at = 0 ORDER BY browser_id", who)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var sealed []byte
			if err := rows.Scan(&sealed); err != nil {
				return err
			}
			plain, err := m.Access.Unseal(sealBrowser, sealed)
			if err != nil {
				return fmt.Errorf("browser of person %d: %w", who, err)
			}
			list = append(list, string(plain))
		}
		return rows.Err()
	})
	return list, err
}
