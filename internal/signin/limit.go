package signin

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
)

// rule is how often something may be done in any stretch of time.
type rule struct {
	most   int
	within time.Duration
}

// Limits of sending codes (reliability.md S2, S3).
var (
	perContact = []rule{{3, 15 * time.Minute}, {10, 24 * time.Hour}}
	perNetwork = []rule{{50, time.Hour}}
)

// Daily budgets of prefixes.
const (
	budgetUsual = 2000
	alertTimes  = 3  // so many times the usual is told
	usualLeast  = 20 // codes a day below which nothing is unusual
	usualDays   = 7
)

// Wait is the fault of asking too often; it knows when to come again.
type Wait struct {
	cause *fault.Error
	wait  time.Duration
}

// Error says why.
func (w *Wait) Error() string { return w.cause.Error() }

// RetryAfter is how long to wait.
func (w *Wait) RetryAfter() time.Duration { return w.wait }

// Unwrap gives the fault.
func (w *Wait) Unwrap() error { return w.cause }

func (m *Module) tooMany(at calendar.Micros) error {
	now := m.Now()
	return &Wait{fault.Newf(fault.Limited, "proof.often", "Слишком много попыток. Новый код можно запросить %s.", m.clock(at)), time.Duration(at-now) * time.Microsecond}
}

// clock says a moment soon: «в 14:20», «завтра в 09:05». A minute that has begun counts as not over.
func (m *Module) clock(at calendar.Micros) string {
	then, now := at.Time().In(m.Zone).Add(59*time.Second), m.Now().Time().In(m.Zone)
	if then.YearDay() != now.YearDay() {
		return "завтра в " + then.Format("15:04")
	}
	return "в " + then.Format("15:04")
}

// admitSending counts one more code and is Limited when that is one too many: then nothing is counted.
func (m *Module) admitSending(ctx context.Context, tx *db.Tx, kind person.Kind, value string, channel Channel, network string) (alert func(), err error) {
	if err := m.count(ctx, tx, m.Access.Mark("proof:"+string(kind), value), perContact); err != nil {
		return nil, err
	}
	if err := m.count(ctx, tx, m.Access.Mark("proof:network", network), perNetwork); err != nil {
		return nil, err
	}
	if kind != person.Phone {
		return nil, nil
	}
	return m.countPrefix(ctx, tx, string(channel)+":"+prefixOf(value))
}

// prefixOf is what numbers of one operator's range begin with: +7900.
func prefixOf(phone string) string { return phone[:5] }

// count adds one to what a subject did lately. The row is locked first, so of fifty at once as many pass as may.
func (m *Module) count(ctx context.Context, tx *db.Tx, subject string, rules []rule) error {
	now, longest := m.Now(), rules[len(rules)-1].within
	var text string
	err := tx.QueryRowContext(ctx, "INSERT INTO proof_limit (subject, sent, last_at) VALUES ($1, '', $2) ON CONFLICT (subject) DO UPDATE SET last_at = excluded.last_at RETURNING sent", subject, int64(now)).Scan(&text)
	if err != nil {
		return fmt.Errorf("count codes: %w", err)
	}
	sent := recent(text, now-calendar.Micros(longest.Microseconds()))
	for _, r := range rules {
		if len(sent) < r.most {
			continue
		}
		if free := calendar.Micros(after(sent[len(sent)-r.most], r.within)); free > now {
			return m.tooMany(free)
		}
	}
	if _, err := tx.ExecContext(ctx, "UPDATE proof_limit SET sent = $2 WHERE subject = $1", subject, written(append(sent, now))); err != nil {
		return fmt.Errorf("count codes: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM proof_limit WHERE last_at < $1", int64(now)-(24*time.Hour).Microseconds()); err != nil {
		return fmt.Errorf("forget codes: %w", err)
	}
	return nil
}

// recent reads moments after a bound.
func recent(text string, bound calendar.Micros) (list []calendar.Micros) {
	for _, word := range strings.Fields(text) {
		if n, err := strconv.ParseInt(word, 10, 64); err == nil && calendar.Micros(n) > bound {
			list = append(list, calendar.Micros(n))
		}
	}
	return list
}

func written(list []calendar.Micros) string {
	var b strings.Builder
	for _, at := range list {
		b.WriteString(strconv.FormatInt(int64(at), 10))
		b.WriteByte(' ')
	}
	return b.String()
}

// countPrefix adds one to a prefix's day; alert is to be called once the transaction is there.
func (m *Module) countPrefix(ctx context.Context, tx *db.Tx, prefix string) (alert func(), err error) {
	day := calendar.DateOf(m.Now().Time().In(m.Zone))
	var sent, alerted, usual int64
	err = tx.QueryRowContext(ctx, `INSERT INTO proof_day (prefix, day, sent, alerted) VALUES ($1, $2, 1, 0)
		ON CONFLICT (prefix, day) DO UPDATE SET sent = proof_day.sent + 1 RETURNING sent, alerted`, prefix, int64(day)).Scan(&sent, &alerted)
	if err != nil {
		return nil, fmt.Errorf("count codes of a prefix: %w", err)
	}
	if sent > m.Budget {
		return nil, fault.New(fault.Limited, "proof.budget", "На такие номера сегодня ушло слишком много кодов. Попросите код звонком или почтой, или попробуйте завтра.")
	}
	err = tx.QueryRowContext(ctx, "SELECT CAST(COALESCE(sum(sent), 0) AS BIGINT) FROM proof_day WHERE prefix = $1 AND day < $2 AND day >= $3", prefix, int64(day), int64(day.AddDays(-usualDays))).Scan(&usual)
	if err != nil {
		return nil, fmt.Errorf("usual codes of a prefix: %w", err)
	}
	usual = max(usual/usualDays, usualLeast)
	if alerted != 0 || sent <= alertTimes*usual {
		return nil, nil
	}
	if _, err := tx.ExecContext(ctx, "UPDATE proof_day SET alerted = 1 WHERE prefix = $1 AND day = $2", prefix, int64(day)); err != nil {
		return nil, fmt.Errorf("note an alert: %w", err)
	}
	return func() {
		if m.Alert != nil {
			m.Alert(ctx, prefix, sent, usual)
		}
	}, nil
}
