package reading

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// Receipt is what a person or a program was told of figures given at once.
type Receipt struct {
	Number    string          `json:"number,omitempty"`
	Building  int64           `json:"-"`
	Household int64           `json:"-"`
	At        calendar.Micros `json:"at"`
	Channel   Channel         `json:"channel"`
	Author    string          `json:"author"`
	Device    string          `json:"device,omitempty"`
	Lines     []Line          `json:"lines"`
	Effect    *Effect         `json:"effect,omitempty"`
	Repeated  bool            `json:"repeated,omitempty"`
}

// Asks tells whether a figure waits for an answer.
func (r *Receipt) Asks() bool { return r.has(Asked) }

// Refuses tells whether a figure cannot be a reading.
func (r *Receipt) Refuses() bool { return r.has(Refused) }

func (r *Receipt) has(s State) bool {
	for i := range r.Lines {
		if r.Lines[i].State == s {
			return true
		}
	}
	return false
}

// Effect is what figures make of a month that is not charged yet.
type Effect struct {
	Month  string       `json:"month"`
	Before money.Amount `json:"before"`
	After  money.Amount `json:"after"`
	Lines  []Made       `json:"lines"` // services whose sum changes, those of other suppliers included
}

// Made is what a service comes to without and with the figures.
type Made struct {
	Service string       `json:"service"`
	Unit    string       `json:"unit,omitempty"`
	Volume  string       `json:"volume,omitempty"`
	Before  money.Amount `json:"before"`
	After   money.Amount `json:"after"`
}

// body is what a receipt keeps.
type body struct {
	Lines  []Line  `json:"lines"`
	Effect *Effect `json:"effect,omitempty"`
}

// Signs of a receipt's number: nobody confuses them when read aloud.
const (
	numberSigns  = "2456789АВЕКМНРСТХ"
	numberLength = 5
)

// receiptNumber writes an id, unique for ever, as people read it; neighbours do not look alike.
func receiptNumber(id int64) string {
	const modulus, multiplier = 1419857, 618033 // 17⁵ and a number without a common factor
	signs, base := []rune(numberSigns), int64(17)
	n := id%modulus*multiplier%modulus + id/modulus*modulus
	var b []rune
	for len(b) < numberLength || n > 0 {
		b = append(b, signs[n%base])
		n /= base
	}
	return "П-" + string(b)
}

const receiptColumns = `SELECT building_id, household_id, receipt_no, recorded_at, channel, author, device, body FROM reading_receipt `

func scanReceipt(scan func(...any) error) (*Receipt, error) {
	r := &Receipt{}
	var text string
	if err := scan(&r.Building, &r.Household, &r.Number, &r.At, &r.Channel, &r.Author, &r.Device, &text); err != nil {
		return nil, db.Fold(err)
	}
	var b body
	if err := json.Unmarshal([]byte(text), &b); err != nil {
		return nil, fmt.Errorf("receipt %s: %w", r.Number, err)
	}
	r.Lines, r.Effect = b.Lines, b.Effect
	return r, nil
}

// findByKey gives the receipt of an earlier request with a key; nil when there is none.
func findByKey(ctx context.Context, tx *db.Tx, building, household int64, key string) (*Receipt, error) {
	if key == "" {
		return nil, nil
	}
	r, err := scanReceipt(tx.QueryRowContext(ctx, receiptColumns+"WHERE building_id = $1 AND household_id = $2 AND client_key = $3", building, household, key).Scan)
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	return r, err
}

// find gives a receipt of a household by its number.
func find(ctx context.Context, tx *db.Tx, building, household int64, number string) (*Receipt, error) {
	return scanReceipt(tx.QueryRowContext(ctx, receiptColumns+"WHERE building_id = $1 AND household_id = $2 AND receipt_no = $3", building, household, strings.ToUpper(number)).Scan)
}

// findNumbered gives a receipt of a building by its number.
func findNumbered(ctx context.Context, tx *db.Tx, building int64, number string) (*Receipt, error) {
	r, err := scanReceipt(tx.QueryRowContext(ctx, receiptColumns+"WHERE building_id = $1 AND receipt_no = $2", building, strings.ToUpper(number)).Scan)
	if fault.Is(err, fault.NotFound) {
		err = fault.Newf(fault.NotFound, "receipt.unknown", "Показаний под номером %s по этому счёту нет. Сверьте номер.", number)
	}
	return r, err
}

// receiptsMost is how many receipts a page lists.
const receiptsMost = 20

// list gives the latest receipts of a household, but for those of devices, which give figures every day.
func list(ctx context.Context, tx *db.Tx, building, household int64) (all []*Receipt, err error) {
	rows, err := tx.QueryContext(ctx, receiptColumns+"WHERE building_id = $1 AND household_id = $2 AND recorded_at < $3 AND channel <> $4 ORDER BY recorded_at DESC LIMIT $5",
		building, household, int64(math.MaxInt64), string(Device), receiptsMost)
	if err != nil {
		return nil, fmt.Errorf("receipts of household %d: %w", household, err)
	}
	defer rows.Close()
	for rows.Next() {
		r, err := scanReceipt(rows.Scan)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// insert writes receipts, each of which has something to tell.
func insert(ctx context.Context, tx *db.Tx, all []*Receipt, key string) error {
	b := db.NewBulk("reading_receipt", receiptTable...)
	for _, r := range all {
		text, err := json.Marshal(body{r.Lines, r.Effect})
		if err != nil {
			return err
		}
		own := key
		if own == "" {
			own = r.Number
		}
		b.Int(r.Building)
		b.Text(r.Number)
		b.Int(r.Household)
		b.Int(int64(r.At))
		for _, s := range []string{string(r.Channel), r.Author, r.Device, own, string(text)} {
			b.Text(s)
		}
	}
	return tx.Load(ctx, b)
}

var receiptTable = []db.Column{
	{Name: "building_id", Kind: db.Int8}, {Name: "receipt_no", Kind: db.Text}, {Name: "household_id", Kind: db.Int8}, {Name: "recorded_at", Kind: db.Int8},
	{Name: "channel", Kind: db.Text}, {Name: "author", Kind: db.Text}, {Name: "device", Kind: db.Text}, {Name: "client_key", Kind: db.Text}, {Name: "body", Kind: db.Text},
}
