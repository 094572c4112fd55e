package bot

import (
	"context"
	"encoding/json"
	"fmt"

	"kvit/internal/bot/chat"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
)

// place is a chat of a messenger.
type place struct {
	channel person.Kind
	chat    string
}

// keep stores updates, each once, to be answered from a moment on.
func keep(ctx context.Context, tx *db.Tx, k person.Kind, list []chat.Update, ready calendar.Micros) error {
	for i := range list {
		u := &list[i]
		body, err := json.Marshal(u)
		if err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `INSERT INTO bot_update (channel, update_key, chat, at, seq, body, ready_at, tries, done_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, 0)
			ON CONFLICT (channel, update_key) DO NOTHING`, string(k), u.Key, u.Chat, u.At, u.Seq, string(body), int64(ready))
		if err != nil {
			return fmt.Errorf("keep an update: %w", err)
		}
	}
	return nil
}

// waiting is an update to be answered.
type waiting struct {
	chat.Update
	tries int
}

// headsMax is how many chats are served in one turn.
const headsMax = 50

// listWaiting gives the first unanswered update of each chat, where it is time for it.
func listWaiting(ctx context.Context, tx *db.Tx, k person.Kind, now calendar.Micros) (list []waiting, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT u.body, u.tries FROM bot_update u WHERE u.channel = $1 AND u.done_at = 0 AND u.ready_at <= $2
		AND NOT EXISTS (SELECT 1 FROM bot_update e WHERE e.channel = u.channel AND e.chat = u.chat AND e.done_at = 0 AND (e.at, e.seq, e.update_key) < (u.at, u.seq, u.update_key))
		ORDER BY u.at, u.seq LIMIT $3`, string(k), int64(now), headsMax)
	if err != nil {
		return nil, fmt.Errorf("list updates: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var w waiting
		var body string
		if err := rows.Scan(&body, &w.tries); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(body), &w.Update); err != nil {
			return nil, fmt.Errorf("an update: %w", err)
		}
		list = append(list, w)
	}
	return list, rows.Err()
}

// isAnswered tells whether an update was answered.
func isAnswered(ctx context.Context, tx *db.Tx, k person.Kind, key string) (bool, error) {
	var at calendar.Micros
	err := tx.QueryRowContext(ctx, "SELECT done_at FROM bot_update WHERE channel = $1 AND update_key = $2", string(k), key).Scan(&at)
	return at != 0, err
}

// finish marks an update answered and forgets what it said; Conflict when another did.
func finish(ctx context.Context, tx *db.Tx, k person.Kind, key string, now calendar.Micros) error {
	res, err := tx.ExecContext(ctx, "UPDATE bot_update SET done_at = $3, body = '' WHERE channel = $1 AND update_key = $2 AND done_at = 0", string(k), key, int64(now))
	if err != nil {
		return fmt.Errorf("finish an update: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errAnswered
	}
	return nil
}

var errAnswered = fault.New(fault.Conflict, "bot.answered", "На это сообщение уже ответили.")

// putOff lets an update wait that could not be answered.
func putOff(ctx context.Context, tx *db.Tx, k person.Kind, key string, until calendar.Micros) error {
	_, err := tx.ExecContext(ctx, "UPDATE bot_update SET tries = tries + 1, ready_at = $3 WHERE channel = $1 AND update_key = $2", string(k), key, int64(until))
	return err
}

// findState gives where the dialog with a chat stands; a new chat stands at the beginning.
func findState(ctx context.Context, tx *db.Tx, p place) (s state, err error) {
	var text string
	err = tx.QueryRowContext(ctx, "SELECT home_id, step, state, quiet FROM bot_chat WHERE channel = $1 AND chat = $2", string(p.channel), p.chat).Scan(&s.Home, &s.Step, &text, &s.Quiet)
	if fault.Is(db.Fold(err), fault.NotFound) {
		return state{}, nil
	}
	if err != nil {
		return s, err
	}
	return s, json.Unmarshal([]byte(text), &s.asked)
}

func saveState(ctx context.Context, tx *db.Tx, p place, s *state, now calendar.Micros) error {
	text, err := json.Marshal(s.asked)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO bot_chat (channel, chat, home_id, step, state, quiet, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
		ON CONFLICT (channel, chat) DO UPDATE SET home_id = excluded.home_id, step = excluded.step, state = excluded.state, quiet = excluded.quiet, changed_at = excluded.changed_at`,
		string(p.channel), p.chat, s.Home, s.Step, string(text), s.Quiet, int64(now))
	if err != nil {
		return fmt.Errorf("keep the dialog: %w", err)
	}
	return nil
}

// erase removes all there is of a chat; keys of its updates stay, so that one told again is known.
func erase(ctx context.Context, tx *db.Tx, p place) error {
	for _, q := range []string{
		"DELETE FROM bot_chat WHERE channel = $1 AND chat = $2",
		"DELETE FROM bot_out WHERE channel = $1 AND chat = $2",
		"UPDATE bot_code SET channel = '', chat = 'erased' WHERE channel = $1 AND chat = $2",
	} {
		if _, err := tx.ExecContext(ctx, q, string(p.channel), p.chat); err != nil {
			return fmt.Errorf("erase a chat: %w", err)
		}
	}
	_, err := tx.ExecContext(ctx, "UPDATE bot_update SET chat = '' WHERE channel = $1 AND chat = $2 AND done_at <> 0", string(p.channel), p.chat)
	return err
}

// outgoing is a message that waits.
type outgoing struct {
	id    int64
	chat  string
	body  chat.Message
	tries int
}

func insertOut(ctx context.Context, tx *db.Tx, p place, first int64, list []chat.Message, now calendar.Micros) error {
	for i := range list {
		body, err := json.Marshal(&list[i])
		if err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO bot_out (out_id, channel, chat, body, next_at, tries) VALUES ($1, $2, $3, $4, $5, 0)", first+int64(i), string(p.channel), p.chat, string(body), int64(now)); err != nil {
			return fmt.Errorf("keep a message: %w", err)
		}
	}
	return nil
}

// listOut gives the first waiting message of each chat, where it is time for it.
func listOut(ctx context.Context, tx *db.Tx, k person.Kind, now calendar.Micros) (list []outgoing, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT o.out_id, o.chat, o.body, o.tries FROM bot_out o WHERE o.channel = $1 AND o.next_at <= $2
		AND NOT EXISTS (SELECT 1 FROM bot_out e WHERE e.channel = o.channel AND e.chat = o.chat AND e.out_id < o.out_id) ORDER BY o.out_id LIMIT $3`, string(k), int64(now), headsMax)
	if err != nil {
		return nil, fmt.Errorf("list messages: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var o outgoing
		var body string
		if err := rows.Scan(&o.id, &o.chat, &body, &o.tries); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(body), &o.body); err != nil {
			return nil, fmt.Errorf("message %d: %w", o.id, err)
		}
		list = append(list, o)
	}
	return list, rows.Err()
}

// lease takes a message to send it: false when another did.
func lease(ctx context.Context, tx *db.Tx, id int64, now, until calendar.Micros) (taken bool, err error) {
	res, err := tx.ExecContext(ctx, "UPDATE bot_out SET next_at = $3, tries = tries + 1 WHERE out_id = $1 AND next_at <= $2", id, int64(now), int64(until))
	if err != nil {
		return false, fmt.Errorf("take a message: %w", err)
	}
	n, err := res.RowsAffected()
	return n > 0, err
}

func delayOut(ctx context.Context, tx *db.Tx, id int64, until calendar.Micros) error {
	_, err := tx.ExecContext(ctx, "UPDATE bot_out SET next_at = $2 WHERE out_id = $1", id, int64(until))
	return err
}

func deleteOut(ctx context.Context, tx *db.Tx, id int64) error {
	_, err := tx.ExecContext(ctx, "DELETE FROM bot_out WHERE out_id = $1", id)
	return err
}

// findMarker gives how far a messenger was polled.
func findMarker(ctx context.Context, tx *db.Tx, k person.Kind) (marker string, err error) {
	err = tx.QueryRowContext(ctx, "SELECT marker FROM bot_marker WHERE channel = $1", string(k)).Scan(&marker)
	if fault.Is(db.Fold(err), fault.NotFound) {
		return "", nil
	}
	return marker, err
}

func saveMarker(ctx context.Context, tx *db.Tx, k person.Kind, marker string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO bot_marker (channel, marker) VALUES ($1, $2) ON CONFLICT (channel) DO UPDATE SET marker = excluded.marker", string(k), marker)
	return err
}
