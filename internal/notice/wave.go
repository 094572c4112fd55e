package notice

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// usualPace is how many messages of a wave go in a minute until somebody says otherwise: a region's bills in a day.
const usualPace = 600

// paceMax is the most a wave may go at.
const paceMax = 100_000

// Wave is many messages of one kind at a measured pace.
type Wave struct {
	ID        int64
	Title     string
	Template  string
	PerMinute int
	State     string // running, paused
	Waiting   int    // not sent yet
	Done      int
	CreatedAt calendar.Micros
	ChangedBy string
}

// States of a wave.
const (
	WaveRunning = "running"
	WavePaused  = "paused"
)

func openWave(ctx context.Context, tx *db.Tx, id int64, name, template string, at calendar.Micros) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO notice_wave (wave_id, name, title, per_minute, state, minute_at, taken, created_at, changed_by) VALUES ($1, $2, $3, $4, 'running', 0, 0, $5, '') ON CONFLICT DO NOTHING`,
		id, name, template, usualPace, int64(at))
	if err != nil {
		return fmt.Errorf("open a wave: %w", err)
	}
	return nil
}

// Waves lists waves, the latest first, with what is left of each.
func (m *Module) Waves(ctx context.Context) (list []Wave, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		rows, err := tx.QueryContext(ctx, `SELECT w.wave_id, w.name, w.title, w.per_minute, w.state, w.created_at, w.changed_by,
			(SELECT count(*) FROM notice n WHERE n.wave_id = w.wave_id AND n.next_at > 0 AND n.state = 'waiting'), (SELECT count(*) FROM notice n WHERE n.wave_id = w.wave_id AND n.state <> 'waiting')
			FROM notice_wave w ORDER BY w.created_at DESC, w.wave_id LIMIT 50`)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			var w Wave
			if err := rows.Scan(&w.ID, &w.Title, &w.Template, &w.PerMinute, &w.State, &w.CreatedAt, &w.ChangedBy, &w.Waiting, &w.Done); err != nil {
				return err
			}
			list = append(list, w)
		}
		return rows.Err()
	})
	return list, err
}

// SetWave pauses a wave, lets it go on, or changes its pace; what is under way is not called back.
func (m *Module) SetWave(ctx context.Context, actor string, id int64, state string, perMinute int) error {
	if state != WaveRunning && state != WavePaused || perMinute < 1 || perMinute > paceMax {
		return fault.Newf(fault.Invalid, "wave.pace", "Темп рассылки – от 1 до %d сообщений в минуту.", paceMax).WithField("pace")
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		res, err := tx.ExecContext(ctx, "UPDATE notice_wave SET state = $2, per_minute = $3, changed_by = $4 WHERE wave_id = $1", id, state, perMinute, actor)
		if err != nil {
			return err
		}
		if n, err := res.RowsAffected(); err != nil || n == 0 {
			return fault.New(fault.NotFound, "wave.unknown", "Такой рассылки нет.")
		}
		return audit.Record(ctx, tx, m.Now(), actor, "notice.wave."+state, "wave:"+strconv.FormatInt(id, 10), map[string]int{"perMinute": perMinute})
	})
}

// pace is how many messages of a wave may go now, and takes them: the count of the minute is kept with the wave, so that a
// crash or a second server does not send them faster.
func pace(ctx context.Context, tx *db.Tx, id int64, now calendar.Micros, want int) (int, error) {
	const minute = calendar.Micros(time.Minute / time.Microsecond)
	var per, taken int
	var begun calendar.Micros
	if err := tx.QueryRowContext(ctx, "SELECT per_minute, minute_at, taken FROM notice_wave WHERE wave_id = $1 AND state = 'running'", id).Scan(&per, &begun, &taken); err != nil {
		if err = db.Fold(err); fault.Is(err, fault.NotFound) {
			return 0, nil // paused
		}
		return 0, err
	}
	if now >= begun+minute {
		begun, taken = now, 0
	}
	n := max(0, min(want, per-taken))
	if n == 0 {
		return 0, nil
	}
	_, err := tx.ExecContext(ctx, "UPDATE notice_wave SET minute_at = $2, taken = $3 WHERE wave_id = $1", id, int64(begun), taken+n)
	return n, err
}
