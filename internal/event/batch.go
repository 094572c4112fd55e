package event

import (
	"strconv"
	"strings"

	"kvit/internal/db"
)

// takeNumbers adds to the sequences of subjects and locks them; the moment of a subject does not go back.
const takeNumbers = ` ON CONFLICT (building_id, subject_id) DO UPDATE SET last_seq = event_subject.last_seq + excluded.last_seq,
	last_at = CASE WHEN event_subject.last_at > excluded.last_at THEN event_subject.last_at ELSE excluded.last_at END`

// Add puts what Write does at the end of a batch: the database itself numbers the events, so nothing is waited for. It
// locks the sequences of the subjects, so add it last.
func Add(b *db.Batch, list []Event) error {
	given, order, err := count(list)
	if err != nil {
		return err
	}
	rows := make([][]any, len(order))
	for i, s := range order {
		rows[i] = []any{s.building, s.id, given[s].count, given[s].at}
	}
	b.Insert("event_subject", []string{"building_id", "subject_id", "last_seq", "last_at"}, takeNumbers, rows)
	for len(list) > 0 {
		n := min(len(list), fewEvents)
		if err := addRows(b, list[:n], given); err != nil {
			return err
		}
		list = list[n:]
	}
	return nil
}

// numbered are the parameters of one event whose number and moment come from its subject.
const numbered = 9

// addRows inserts events counted back from the last number of their subjects.
func addRows(b *db.Batch, list []Event, given map[subject]*reserved) error {
	args := make([]any, 0, numbered*len(list))
	for i := range list {
		e, s := &list[i], list[i].subject()
		body, err := e.text()
		if err != nil {
			return err
		}
		given[s].used++
		args = append(args, s.building, s.id, given[s].count-given[s].used, e.AccountID, e.HouseholdID, e.FactID, string(e.Body.Kind()), e.Service, body)
	}
	b.Add(insertNumbered(len(list)), args...)
	return nil
}

// insertNumbered is the statement that inserts so many events.
func insertNumbered(rows int) string {
	var b strings.Builder
	b.WriteString("INSERT INTO event (" + strings.Join(columns, ", ") + ") VALUES ")
	for i := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		p := func(n int) string { return "$" + strconv.Itoa(i*numbered+n) }
		of := " FROM event_subject WHERE building_id = " + p(1) + " AND subject_id = " + p(2) + ")"
		b.WriteString("(" + p(1) + "," + p(2) + ",(SELECT last_seq - CAST(" + p(3) + " AS BIGINT)" + of + "," + p(4) + "," + p(5) + ",(SELECT last_at" + of + "," + p(6) + ",0," + p(7) + "," + p(8) + "," + p(9) + ")")
	}
	return b.String()
}
