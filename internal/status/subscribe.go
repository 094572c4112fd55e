package status

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Secrets keep addresses of subscribers: marks that find one again, and seals.
type Secrets struct {
	Mark   func(label, value string) string
	Seal   func(label string, secret []byte) []byte
	Unseal func(label string, sealed []byte) ([]byte, error)
}

// Letter is what a subscriber is sent. Confirm is the code of the letter that asks whether the address is his; ” it is news.
type Letter struct {
	Key, To     string
	Confirm     string
	Title, Text string
	NextAt      calendar.Micros // of the next news; 0 is not promised
	Leave       string          // code that ends the letters
}

// Terms of a subscription that was not confirmed: how long its code works, and how soon another letter may go there.
const (
	confirmLife  = 3 * 24 * time.Hour
	confirmPause = time.Hour
)

// Labels of what is kept of a subscriber.
const (
	labelAddress = "status.subscriber"
	labelConfirm = "status.confirm"
	labelLeave   = "status.leave"
	labelLeft    = "status.left"
)

func micros(d time.Duration) calendar.Micros { return calendar.Micros(d / time.Microsecond) }

// leaveCode ends the letters to an address: the same in every letter.
func (m *Module) leaveCode(address string) string { return m.Secrets.Mark(labelLeave, address)[:40] }

// Subscribe asks an address, in its normal form, whether news are to go there. Whether it is subscribed already is not told: one
// that is gets no letter, one that was asked gets another after an hour.
func (m *Module) Subscribe(ctx context.Context, address string) error {
	code := make([]byte, 20)
	if _, err := rand.Read(code); err != nil {
		return err
	}
	confirm, now := hex.EncodeToString(code), m.Now()
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return err
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		done, err := tx.ExecContext(ctx, `INSERT INTO status_subscriber (subscriber_id, mark, sealed, confirm, leave, asked_at, confirmed_at) VALUES ($1, $2, $3, $4, $5, $6, 0)
			ON CONFLICT (mark) DO UPDATE SET confirm = excluded.confirm, asked_at = excluded.asked_at WHERE status_subscriber.confirmed_at = 0 AND status_subscriber.asked_at <= $7`,
			id, m.Secrets.Mark(labelAddress, address), m.Secrets.Seal(labelAddress, []byte(address)), m.Secrets.Mark(labelConfirm, confirm), m.Secrets.Mark(labelLeft, m.leaveCode(address)), int64(now), int64(now-micros(confirmPause)))
		if err != nil {
			return fmt.Errorf("subscribe to news of the service: %w", err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return err
		}
		return m.Write(ctx, tx, Letter{Key: "confirm:" + m.Secrets.Mark(labelConfirm, confirm)[:24], To: address, Confirm: confirm})
	})
}

var errConfirm = fault.New(fault.NotFound, "status.confirm", "Ссылка больше не действует. Подпишитесь на странице «Состояние сервиса» ещё раз.")

// Confirm ends the question of Subscribe; the same code again is answered the same. NotFound for every code that is none.
func (m *Module) Confirm(ctx context.Context, code string) error {
	now := m.Now()
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		done, err := tx.ExecContext(ctx, "UPDATE status_subscriber SET confirmed_at = CASE WHEN confirmed_at = 0 THEN $2 ELSE confirmed_at END WHERE confirm = $1 AND asked_at > $3",
			m.Secrets.Mark(labelConfirm, code), int64(now), int64(now-micros(confirmLife)))
		if err != nil {
			return fmt.Errorf("confirm a subscription: %w", err)
		}
		if n, err := done.RowsAffected(); err != nil || n == 0 {
			return errConfirm
		}
		return nil
	})
}

// Leave ends the letters of a code and forgets the address; one that ended stays so.
func (m *Module) Leave(ctx context.Context, code string) error {
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM status_subscriber WHERE leave = $1", m.Secrets.Mark(labelLeft, code))
		if err != nil {
			return fmt.Errorf("end a subscription: %w", err)
		}
		return nil
	})
}

// ForgetAddress drops the subscription of an address whose person is erased.
func (m *Module) ForgetAddress(ctx context.Context, tx *db.Tx, address string) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM status_subscriber WHERE mark = $1", m.Secrets.Mark(labelAddress, address))
	if err != nil {
		return fmt.Errorf("forget a subscription: %w", err)
	}
	return nil
}

// spread sends news of an incident to all who asked for it, in the transaction that tells it.
func (m *Module) spread(ctx context.Context, tx *db.Tx, key string, x Letter) error {
	if m.Write == nil {
		return nil
	}
	rows, err := tx.QueryContext(ctx, "SELECT subscriber_id, sealed FROM status_subscriber WHERE confirmed_at <> 0 ORDER BY subscriber_id")
	if err != nil {
		return fmt.Errorf("list subscribers: %w", err)
	}
	var letters []Letter
	for rows.Next() {
		var id int64
		var sealed []byte
		if err = rows.Scan(&id, &sealed); err != nil {
			break
		}
		var address []byte
		if address, err = m.Secrets.Unseal(labelAddress, sealed); err != nil {
			break
		}
		x.Key, x.To, x.Leave = fmt.Sprintf("%s:%d", key, id), string(address), m.leaveCode(string(address))
		letters = append(letters, x)
	}
	if err == nil {
		err = rows.Err()
	}
	rows.Close()
	for i := 0; i < len(letters) && err == nil; i++ {
		err = m.Write(ctx, tx, letters[i])
	}
	return err
}

// forgetUnconfirmed drops addresses that never answered.
func forgetUnconfirmed(ctx context.Context, tx *db.Tx, now calendar.Micros) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM status_subscriber WHERE confirmed_at = 0 AND asked_at < $1", int64(now-micros(confirmLife)))
	return err
}
