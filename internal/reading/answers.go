package reading

import (
	"context"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
)

// answerKey is the figure an answer is about.
type answerKey struct {
	meter int64
	on    calendar.Date
	zone  calc.Zone
}

// AnswerTo is what the supplier answered to a figure; nil when he did not.
func (m *Meter) AnswerTo(r *fact.Reading) *Answer {
	a, ok := m.answers[answerKey{m.ID, r.On, r.Zone}]
	if !ok || a.Value != r.Value {
		return nil
	}
	return &a
}

// LastDeclined is the latest reading the supplier did not accept, while no later one holds; nil when there is none.
func (m *Meter) LastDeclined() *Answer {
	var last *Answer
	for _, a := range m.answers {
		if a.MeterID == m.ID && a.Answer == Declined && (last == nil || a.On > last.On) {
			last = &a
		}
	}
	if last == nil {
		return nil
	}
	if r := m.Last(last.Zone); r != nil && (r.On > last.On || r.RecordedAt > last.At) {
		return nil
	}
	return last
}

func (a *Answer) key() answerKey { return answerKey{a.MeterID, a.On, a.Zone} }

// listAnswers gives the latest answers to readings of some meters of a building, as known at a moment.
func listAnswers(ctx context.Context, tx *db.Tx, building int64, meters []int64, at calendar.Micros) (map[answerKey]Answer, error) {
	found := map[answerKey]Answer{}
	for first := 0; first < len(meters); first += metersMax {
		part := meters[first:min(first+metersMax, len(meters))]
		args := []any{building, int64(at)}
		of := db.In("meter_id", part, &args)
		rows, err := tx.QueryContext(ctx, `SELECT meter_id, on_day, zone, recorded_at, supplier_id, value_e7, answer, code, note FROM reading_answer
			WHERE building_id = $1 AND recorded_at <= $2 AND `+of+` ORDER BY meter_id, on_day, zone, recorded_at`, args...)
		if err != nil {
			return nil, fmt.Errorf("answers of building %d: %w", building, err)
		}
		defer rows.Close()
		for rows.Next() {
			var a Answer
			if err := rows.Scan(&a.MeterID, &a.On, &a.Zone, &a.At, &a.Supplier, &a.Value, &a.Answer, &a.Code, &a.Note); err != nil {
				return nil, err
			}
			found[a.key()] = a
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// metersMax is how many meters one query asks for.
const metersMax = 500

func insertAnswers(ctx context.Context, tx *db.Tx, building int64, list []Answer, at calendar.Micros) error {
	b := db.NewBulk("reading_answer", answerTable...)
	last := map[answerKey]Answer{}
	for i := range list {
		last[list[i].key()] = list[i]
	}
	for i := range list {
		a := &list[i]
		if last[a.key()] != *a {
			continue // told again in one load: the last one holds
		}
		delete(last, a.key())
		for _, n := range []int64{building, a.MeterID, int64(a.On), int64(a.Zone), int64(at), a.Supplier, int64(a.Value)} {
			b.Int(n)
		}
		for _, s := range []string{a.Answer, a.Code, a.Note} {
			b.Text(s)
		}
	}
	return tx.Load(ctx, b)
}

var answerTable = []db.Column{
	{Name: "building_id", Kind: db.Int8}, {Name: "meter_id", Kind: db.Int8}, {Name: "on_day", Kind: db.Int4}, {Name: "zone", Kind: db.Int2}, {Name: "recorded_at", Kind: db.Int8},
	{Name: "supplier_id", Kind: db.Int8}, {Name: "value_e7", Kind: db.Int8}, {Name: "answer", Kind: db.Text}, {Name: "code", Kind: db.Text}, {Name: "note", Kind: db.Text},
}
