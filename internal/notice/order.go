package notice

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
)

// Order is what somebody is to be told.
type Order struct {
	Key       string // of the event: ordered again it is one message
	Topic     Topic
	Template  string            // of a wording; '' is the topic's name
	Person    int64             // whom; 0: all people of the household who may see its bill
	Building  int64             // what it is about
	Household int64             //
	Words     map[string]string // figures of the event that do not change
	Secret    map[string]string // words for the receiver alone, of a message to an address: they are kept sealed and never shown
	Ask       string            // which figures are asked for when it is sent (Deps.Ask); '' none
	Wave      string            // of many at a measured pace: one name a wave; '' goes at once
	From      calendar.Micros   // not before
	Until     calendar.Micros   // later it says nothing any more; 0: no bound
	At        calendar.Micros   // of the event; 0: when it is planned
}

// Send orders a message in the transaction of the fact it is about: rolled back with it, sent once after it is committed,
// however often it is ordered under its key.
func Send(ctx context.Context, tx *db.Tx, o Order) error { return insert(ctx, tx, &o, "", []byte{}) }

// SendTo orders a message to an address that may be nobody's any more, as a telephone that was just replaced. With a Person it
// is one of his messages, else nobody's.
func (m *Module) SendTo(ctx context.Context, tx *db.Tx, o Order, k person.Kind, address string) error {
	text, err := json.Marshal(direct{address, o.Secret})
	if err != nil {
		return err
	}
	return insert(ctx, tx, &o, k, m.Access.Seal(sealOrder, text))
}

// direct is what an order to an address keeps sealed.
type direct struct {
	To     string            `json:"to"`
	Secret map[string]string `json:"secret,omitempty"`
}

// unseal opens what an order to an address keeps sealed. Earlier orders sealed the address alone.
func (m *Module) unseal(o *ordered) (d direct, err error) {
	text, err := m.Access.Unseal(sealOrder, o.contact)
	if err != nil {
		return d, fmt.Errorf("address of order %d: %w", o.id, err)
	}
	if len(text) == 0 || text[0] != '{' {
		return direct{To: string(text)}, nil
	}
	return d, json.Unmarshal(text, &d)
}

// LeaveWord is the secret word of a letter that its reader may end: the address that does it.
const LeaveWord = "отписка"

// sealOrder is the label of addresses in orders.
const sealOrder = "notice.order"

// idOf is a number of a text that names something once in the installation: 63 bits of its digest.
func idOf(name string) int64 {
	d := sha256.Sum256([]byte(name))
	return int64(binary.BigEndian.Uint64(d[:8]) >> 1)
}

func insert(ctx context.Context, tx *db.Tx, o *Order, k person.Kind, contact []byte) error {
	if o.Template == "" {
		o.Template = string(o.Topic)
	}
	if o.Key == "" || findBuiltin(o.Template) == nil || o.Person == 0 && o.Household == 0 && k == "" {
		return fault.Newf(fault.Internal, "notice.order", "Сообщение %q заказано не до конца.", o.Key)
	}
	words, err := json.Marshal(o.Words)
	if err != nil {
		return err
	}
	wave := int64(0)
	if o.Wave != "" {
		wave = idOf(o.Wave)
		if err := openWave(ctx, tx, wave, o.Wave, o.Template, o.At); err != nil {
			return err
		}
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO notice_order (order_id, client_key, topic, template, person_id, building_id, household_id, contact_kind, contact, words, ask, wave_id, not_before, not_after, created_at, planned_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0) ON CONFLICT DO NOTHING`,
		idOf(o.Key), o.Key, string(o.Topic), o.Template, o.Person, o.Building, o.Household, string(k), contact, string(words), o.Ask, wave, int64(o.From), int64(o.Until), int64(o.At))
	if err != nil {
		return fmt.Errorf("order a message: %w", err)
	}
	return nil
}

// ordered is an order as it is read back.
type ordered struct {
	Order
	id, wave int64
	kind     person.Kind // of a direct address
	contact  []byte
}

const orderColumns = "order_id, client_key, topic, template, person_id, building_id, household_id, contact_kind, contact, words, ask, wave_id, not_before, not_after, created_at"

func scanOrder(row interface{ Scan(...any) error }) (o ordered, err error) {
	var words string
	if err = row.Scan(&o.id, &o.Key, &o.Topic, &o.Template, &o.Person, &o.Building, &o.Household, &o.kind, &o.contact, &words, &o.Ask, &o.wave, &o.From, &o.Until, &o.At); err != nil {
		return o, err
	}
	return o, json.Unmarshal([]byte(words), &o.Words)
}

func listOrders(ctx context.Context, tx *db.Tx, where string, args ...any) (list []ordered, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+orderColumns+" FROM notice_order WHERE "+where, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		o, err := scanOrder(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, o)
	}
	return list, rows.Err()
}
