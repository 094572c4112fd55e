package device

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// forgetAtOnce is how many messages one transaction removes: nobody at the doors waits long behind it.
const forgetAtOnce = 2000

// Forget removes the messages that came before a moment and tells how many. What they told – figures, readings – stays.
// Messages that nobody has looked into yet are kept, however old.
func (m *Module) Forget(ctx context.Context, before calendar.Micros) (gone int, err error) {
	for {
		var n int64
		err := m.write(ctx, func(tx *db.Tx) error {
			if _, err := tx.ExecContext(ctx, "UPDATE device_round SET kept_from = $1 WHERE round_id = 1 AND kept_from < $1", int64(before)); err != nil {
				return err
			}
			res, err := tx.ExecContext(ctx, `DELETE FROM device_message WHERE message_id IN
				(SELECT message_id FROM device_message WHERE received_at < $1 AND state <> 'waiting' ORDER BY received_at LIMIT $2)`, int64(before), forgetAtOnce)
			if err != nil {
				return err
			}
			n, err = res.RowsAffected()
			return err
		})
		if err != nil {
			return gone, fmt.Errorf("forget messages of devices: %w", err)
		}
		if gone += int(n); n < forgetAtOnce {
			return gone, nil
		}
	}
}
