package handover

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/handover/seal"
	"kvit/internal/money"
)

// Kinds of messages.
const (
	kindOffer       = "offer"       // giver: Package
	kindAccept      = "accept"      // taker: agreement
	kindDecline     = "decline"     // taker: refusal
	kindCancel      = "cancel"      // giver: refusal
	kindConfirm     = "confirm"     // giver: agreement
	kindDone        = "done"        // taker: arrival
	kindPayments    = "payments"    // giver: money that came late
	kindTaken       = "taken"       // taker: what became of it
	kindCorrections = "corrections" // giver: what suppliers told late of months before
	kindAsk         = "ask"         // both: is there anything for us; changes nothing and is not kept
)

// agreement is what both sides sign: the package and the act, what they come to, two persons.
type agreement struct {
	PackageDigest string       `json:"packageDigest"`
	ActDigest     string       `json:"actDigest"`
	Due           money.Amount `json:"due"`
	Book          money.Amount `json:"book"`
	Persons       [2]string    `json:"persons"`
}

// refusal ends a hand-over.
type refusal struct {
	Reason      string       `json:"reason"`
	Differences []Difference `json:"differences,omitempty"`
}

// arrival is what came into the taker's book, and where each household's bill is now.
type arrival struct {
	Book       money.Amount      `json:"book"`
	BookDigest string            `json:"bookDigest"`
	Party      Party             `json:"party"`
	Links      map[string]string `json:"links"` // path of the bill on its pages by the household's old code
}

// direction of a message.
const (
	sent = "out"
	came = "in"
)

// stored is a message as it is kept.
type stored struct {
	Handover string
	Number   int
	Kind     string
	Digest   string
	Body     []byte // the closed message, JSON
	MadeAt   calendar.Micros
	TakenAt  calendar.Micros
	Attempts int
	Trouble  string
}

func digestOf(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}

// say writes a message to the other centre; it goes out once the transaction is committed.
func (m *Module) say(ctx context.Context, tx *db.Tx, h *Handover, kind string, body []byte) error {
	peer, err := peerOf(ctx, tx, h.Peer)
	if err != nil {
		return err
	}
	now := m.Now()
	msg := seal.Message{Handover: h.ID, Kind: kind, MadeAt: now.Time().UTC().Format(time.RFC3339)}
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(number), 0) + 1 FROM handover_message WHERE handover_id = $1 AND direction = $2", h.ID, sent).Scan(&msg.Number); err != nil {
		return err
	}
	if msg.Have, err = worked(ctx, tx, h.ID); err != nil {
		return err
	}
	if err := m.Keys.Close(&msg, peer.public, body); err != nil {
		return err
	}
	return keep(ctx, tx, sent, &msg, now, 0)
}

// worked is the number of the last message of the other centre about a hand-over.
func worked(ctx context.Context, tx *db.Tx, id string) (number int, err error) {
	err = tx.QueryRowContext(ctx, "SELECT coalesce(max(number), 0) FROM handover_message WHERE handover_id = $1 AND direction = $2", id, came).Scan(&number)
	return number, err
}

// noteHave marks messages that the other centre has worked, as its own words show.
func (m *Module) noteHave(ctx context.Context, peer *Peer, msg *seal.Message) error {
	if msg.Have == 0 {
		return nil
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE handover_message SET taken_at = $4, trouble = '' WHERE handover_id = $1 AND direction = $2 AND number <= $3 AND taken_at = 0
			AND handover_id IN (SELECT handover_id FROM handover WHERE peer = $5)`, msg.Handover, sent, int64(msg.Have), int64(m.Now()), peer.Code)
		return err
	})
}

// sayJSON is say of a body that is made into JSON.
func (m *Module) sayJSON(ctx context.Context, tx *db.Tx, h *Handover, kind string, body any) error {
	text, err := json.Marshal(body)
	if err != nil {
		return err
	}
	return m.say(ctx, tx, h, kind, text)
}

func keep(ctx context.Context, tx *db.Tx, direction string, msg *seal.Message, at, taken calendar.Micros) error {
	text, err := json.Marshal(msg)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO handover_message (handover_id, direction, number, kind, digest, body, made_at, taken_at, attempts, trouble) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, '')`,
		msg.Handover, direction, int64(msg.Number), msg.Kind, msg.Digest(), text, int64(at), int64(taken))
	if err != nil {
		return fmt.Errorf("keep message %d: %w", msg.Number, err)
	}
	return nil
}

func listMessages(ctx context.Context, tx *db.Tx, where string, args ...any) (list []stored, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT handover_id, number, kind, digest, body, made_at, taken_at, attempts, trouble FROM handover_message "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list messages: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var s stored
		if err := rows.Scan(&s.Handover, &s.Number, &s.Kind, &s.Digest, &s.Body, &s.MadeAt, &s.TakenAt, &s.Attempts, &s.Trouble); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, rows.Err()
}

// openKept opens a message that came and is kept.
func (m *Module) openKept(ctx context.Context, tx *db.Tx, h *Handover, kind string) (body []byte, found *stored, err error) {
	list, err := listMessages(ctx, tx, "WHERE handover_id = $1 AND direction = $2 AND kind = $3 ORDER BY number DESC LIMIT 1", h.ID, came, kind)
	if err != nil || len(list) == 0 {
		return nil, nil, err
	}
	peer, err := peerOf(ctx, tx, h.Peer)
	if err != nil {
		return nil, nil, err
	}
	var msg seal.Message
	if err := json.Unmarshal(list[0].Body, &msg); err != nil {
		return nil, nil, err
	}
	body, err = m.Keys.Open(&msg, peer.public)
	return body, &list[0], err
}

// Taken is what became of a message that was taken.
type Taken struct {
	Handover string `json:"handover"`
	Kind     string `json:"kind"`
	Peer     string `json:"peer"`
	Repeated bool   `json:"repeated"` // it had come before: nothing changed
}

// Take works a message of another centre, whatever way it came. The same message again changes nothing. Forbidden when it is of
// a stranger, changed on the way or not for us; Conflict when it is not its turn, or another one came under its number.
func (m *Module) Take(ctx context.Context, raw []byte) (*Taken, error) {
	var msg seal.Message
	if err := json.Unmarshal(raw, &msg); err != nil {
		return nil, fault.New(fault.Invalid, "handover.unreadable", "Это не сообщение о передаче дома: файл не читается.").Because(err)
	}
	var peer *Peer
	var repeated bool
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if peer, err = peerOf(ctx, tx, msg.From); err != nil {
			return err
		}
		repeated, err = seen(ctx, tx, &msg)
		return err
	})
	if err != nil {
		return nil, err
	}
	body, err := m.Keys.Open(&msg, peer.public)
	if err != nil {
		return nil, err
	}
	t := &Taken{Handover: msg.Handover, Kind: msg.Kind, Peer: peer.Code, Repeated: repeated}
	if err := m.noteHave(ctx, peer, &msg); err != nil || repeated || msg.Kind == kindAsk {
		return t, err
	}
	return t, m.work(ctx, peer, &msg, body)
}

// seen tells whether a message came before; another under its number is a Conflict.
func seen(ctx context.Context, tx *db.Tx, msg *seal.Message) (bool, error) {
	list, err := listMessages(ctx, tx, "WHERE handover_id = $1 AND direction = $2 AND number = $3", msg.Handover, came, int64(msg.Number))
	if err != nil || len(list) == 0 || msg.Kind == kindAsk {
		return false, err
	}
	if list[0].Digest != msg.Digest() {
		return false, fault.Newf(fault.Conflict, "handover.forked", "Под номером %d уже пришло другое сообщение этой передачи. Её состояние у другого центра, видимо, возвращено из копии: свяжитесь с ним.", msg.Number)
	}
	return true, nil
}

// work does what a message asks.
func (m *Module) work(ctx context.Context, peer *Peer, msg *seal.Message, body []byte) error {
	if msg.Kind == kindOffer {
		return m.takeOffer(ctx, peer, msg, body)
	}
	if msg.Kind == kindPayments {
		return m.takePayments(ctx, peer, msg, body)
	}
	steps := map[string]func(context.Context, *db.Tx, *Handover, []byte) error{
		kindAccept: m.takeAccept, kindDecline: m.takeDecline, kindCancel: m.takeCancel, kindConfirm: m.takeConfirm, kindDone: m.takeDone, kindTaken: m.takeTaken, kindCorrections: m.takeCorrections,
	}
	step := steps[msg.Kind]
	if step == nil {
		return fault.Newf(fault.Invalid, "handover.kind", "Сообщение вида %q этой версии программы неизвестно.", msg.Kind)
	}
	err := m.DB.Write(ctx, func(tx *db.Tx) error {
		h, err := ofPeer(ctx, tx, msg.Handover, peer)
		if err != nil {
			return err
		}
		if again, err := seen(ctx, tx, msg); err != nil || again {
			return err
		}
		if err := step(ctx, tx, h, body); err != nil {
			return err
		}
		return keep(ctx, tx, came, msg, m.Now(), m.Now())
	})
	if err == nil && msg.Kind == kindConfirm {
		m.tryComplete(ctx, msg.Handover)
	}
	return err
}

// ofPeer gives a hand-over with the centre that speaks of it; with another it is not found.
func ofPeer(ctx context.Context, tx *db.Tx, id string, peer *Peer) (*Handover, error) {
	list, err := listWhere(ctx, tx, "WHERE handover_id = $1 AND peer = $2", id, peer.Code)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, fault.New(fault.NotFound, "handover.not_offered", "О такой передаче мы ещё не знаем: сначала нужен сам пакет дома.")
	}
	return &list[0], nil
}
