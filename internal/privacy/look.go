package privacy

import (
	"context"
	"fmt"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
)

// LooksMost is how many homes one pair of eyes may open within an hour before somebody is told (reliability.md S14).
const LooksMost = 200

// Look is a staff view of a home.
type Look struct {
	Building, Household int64
	Actor               string // role and login
	What                string // the page, in words
	Why                 string // as he said; '' he was not asked
	At                  calendar.Micros
	Times               int
}

const hour = 3600 * 1_000_000

// Looked keeps that somebody of the staff opens a page of a home. The first home past LooksMost within an hour is told in the
// audit log.
func (m *Module) Looked(ctx context.Context, actor access.Actor, l Look) error {
	l.Actor, l.At = actor.String(), m.Now()
	return m.DB.WriteJoint(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `INSERT INTO privacy_look (building_id, household_id, hour, actor, what, why, looked_at, times) VALUES ($1, $2, $3, $4, $5, $6, $7, 1)
			ON CONFLICT (building_id, household_id, hour, actor, what) DO UPDATE SET times = privacy_look.times + 1, why = CASE WHEN excluded.why = '' THEN privacy_look.why ELSE excluded.why END`,
			l.Building, l.Household, int64(l.At)/hour, l.Actor, l.What, l.Why, int64(l.At))
		if err != nil {
			return fmt.Errorf("view of a home: %w", err)
		}
		return m.alarm(ctx, tx, &l)
	})
}

// alarm tells once an hour of who opens too many homes.
func (m *Module) alarm(ctx context.Context, tx *db.Tx, l *Look) error {
	homes, err := homesOf(ctx, tx, l.Actor, int64(l.At)/hour)
	if err != nil || homes <= LooksMost {
		return err
	}
	var told int
	err = tx.QueryRowContext(ctx, "SELECT count(*) FROM privacy_look WHERE actor = $1 AND hour = $2 AND what = $3", l.Actor, int64(l.At)/hour, massLook).Scan(&told)
	if err != nil || told > 0 {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO privacy_look (building_id, household_id, hour, actor, what, why, looked_at, times) VALUES (0, 0, $1, $2, $3, '', $4, $5)", int64(l.At)/hour, l.Actor, massLook, int64(l.At), int64(homes))
	if err != nil {
		return fmt.Errorf("alarm of views: %w", err)
	}
	return audit.Record(ctx, tx, l.At, l.Actor, "privacy.mass_reading", "privacy_look", map[string]any{"homes": homes, "hour": int64(l.At) / hour})
}

// massLook marks an hour in which one pair of eyes opened too many homes.
const massLook = "слишком много карточек за час"

// homesOf counts the homes somebody opened.
func homesOf(ctx context.Context, tx *db.Tx, actor string, at int64) (n int, err error) {
	err = tx.QueryRowContext(ctx, "SELECT count(*) FROM (SELECT DISTINCT building_id, household_id FROM privacy_look WHERE actor = $1 AND hour = $2 AND household_id <> 0) x", actor, at).Scan(&n)
	if err != nil {
		err = fmt.Errorf("count views: %w", err)
	}
	return n, err
}

// LooksAt are the staff views of a home since a moment, the latest first.
func (m *Module) LooksAt(ctx context.Context, building, household int64, since calendar.Micros, limit int) ([]Look, error) {
	return m.looks(ctx, "WHERE building_id = $1 AND household_id = $2 AND looked_at >= $3 ORDER BY looked_at DESC LIMIT $4", building, household, int64(since), int64(limit))
}

// LooksBy are the homes somebody opened within a period, for a leak drill: whose data a login touched.
func (m *Module) LooksBy(ctx context.Context, actor string, from, to calendar.Micros, limit int) ([]Look, error) {
	return m.looks(ctx, "WHERE actor = $1 AND hour BETWEEN $2 AND $3 AND household_id <> 0 ORDER BY looked_at DESC LIMIT $4", actor, int64(from)/hour, int64(to)/hour, int64(limit))
}

// Alarms are the hours of mass reading since a moment, the latest first.
func (m *Module) Alarms(ctx context.Context, since calendar.Micros) ([]Look, error) {
	return m.looks(ctx, "WHERE building_id = 0 AND household_id = 0 AND looked_at >= $1 ORDER BY looked_at DESC LIMIT 50", int64(since))
}

func (m *Module) looks(ctx context.Context, rest string, args ...any) (list []Look, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, "SELECT building_id, household_id, actor, what, why, looked_at, times FROM privacy_look "+rest, args...)
		if err != nil {
			return fmt.Errorf("list views: %w", err)
		}
		defer rows.Close()
		for rows.Next() {
			var l Look
			if err := rows.Scan(&l.Building, &l.Household, &l.Actor, &l.What, &l.Why, &l.At, &l.Times); err != nil {
				return err
			}
			list = append(list, l)
		}
		return rows.Err()
	})
	return list, err
}
