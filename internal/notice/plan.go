package notice

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/person"
)

// planMax is how many orders one step of planning takes.
const planMax = 200

// Plan makes messages of what was ordered, and tells how many orders it took. It may be killed at any moment and run again,
// or by two at once: an order is planned in one transaction with its messages.
func (m *Module) Plan(ctx context.Context) (total int, err error) {
	for {
		n, err := m.plan(ctx)
		total += n
		if err != nil || n < planMax {
			return total, err
		}
	}
}

// planning is what one step knows while it plans.
type planning struct {
	now    calendar.Micros
	counts map[countKey]int // messages of a topic to a person this month
}

type countKey struct {
	who, household int64
	topic          Topic
}

func (m *Module) plan(ctx context.Context) (int, error) {
	var orders []ordered
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		orders, err = listOrders(ctx, tx, "planned_at = 0 ORDER BY order_id LIMIT $1", planMax)
		return err
	})
	if err != nil || len(orders) == 0 {
		return 0, err
	}
	p := &planning{now: m.Now(), counts: map[countKey]int{}}
	made := make([][]Notice, len(orders))
	for i := range orders {
		if made[i], err = m.messages(ctx, p, &orders[i]); err != nil {
			return 0, fmt.Errorf("plan order %d: %w", orders[i].id, err)
		}
	}
	first, err := m.DB.NextIDs(ctx, max(1, len(slices.Concat(made...))))
	if err != nil {
		return 0, err
	}
	return len(orders), m.DB.WriteLocal(ctx, func(tx *db.Tx) error { return m.writePlan(ctx, tx, p.now, orders, made, first) })
}

// writePlan writes the messages of those orders nobody else has planned meanwhile.
func (m *Module) writePlan(ctx context.Context, tx *db.Tx, now calendar.Micros, orders []ordered, made [][]Notice, id int64) error {
	args := []any{int64(now)}
	ids := make([]int64, len(orders))
	for i := range orders {
		ids[i] = orders[i].id
	}
	rows, err := tx.QueryContext(ctx, "UPDATE notice_order SET planned_at = $1 WHERE planned_at = 0 AND "+db.In("order_id", ids, &args)+" RETURNING order_id", args...)
	if err != nil {
		return err
	}
	taken := map[int64]bool{}
	for rows.Next() {
		var id int64
		if err := rows.Scan(&id); err != nil {
			rows.Close()
			return err
		}
		taken[id] = true
	}
	if err := rows.Err(); err != nil {
		return err
	}
	rows.Close()
	var list []Notice
	for i := range orders {
		for _, n := range made[i] {
			if n.ID = id; taken[n.OrderID] {
				list = append(list, n)
			}
			id++
		}
	}
	return insertNotices(ctx, tx, list)
}

// messages are the messages of an order: one to each person it concerns, by the first way he wants; of some topics by every.
func (m *Module) messages(ctx context.Context, p *planning, o *ordered) (list []Notice, err error) {
	if o.kind != "" {
		return m.direct(p, o)
	}
	people, err := m.concerns(ctx, o)
	for _, who := range people {
		if err != nil {
			break
		}
		var more []Notice
		more, err = m.toPerson(ctx, p, o, who)
		list = append(list, more...)
	}
	return list, err
}

// concerns are the people an order is for: the one named, or those who may see the household's bill today.
func (m *Module) concerns(ctx context.Context, o *ordered) (list []int64, err error) {
	if o.Person != 0 {
		return []int64{o.Person}, nil
	}
	homes, err := m.People.People(ctx, o.Building, o.Household)
	today := calendar.DateOf(m.Now().Time().In(m.Zone))
	for _, h := range homes {
		if h.Rights.Has(access.See) && (h.From == 0 || h.From <= today) && (h.To == 0 || today <= h.To) && !slices.Contains(list, h.PersonID) {
			list = append(list, h.PersonID)
		}
	}
	return list, err
}

func (p *planning) notice(o *ordered, who int64) Notice {
	at := o.At
	if at == 0 {
		at = p.now
	}
	return Notice{OrderID: o.id, PersonID: who, BuildingID: o.Building, HouseholdID: o.Household, WaveID: o.wave, Topic: o.Topic, Channel: Page, State: Waiting, CreatedAt: at, ChangedAt: p.now}
}

// direct is the message to an address.
func (m *Module) direct(p *planning, o *ordered) ([]Notice, error) {
	d, err := m.unseal(o)
	if err != nil {
		return nil, err
	}
	n := p.notice(o, o.Person)
	for c, kind := range kinds {
		if kind == o.kind && c != Voice {
			n.Channel, n.Address = c, person.Mask(kind, d.To)
		}
	}
	n.NextAt = max(o.From, p.now)
	if m.Ways.of(n.Channel) == nil {
		n.skip(BecauseNoWay)
	}
	return []Notice{n}, nil
}

func (n *Notice) skip(reason string) { n.State, n.Reason, n.NextAt = Skipped, reason, 0 }

// toPerson are the messages of an order to one person; one that is not sent has its row with the reason.
func (m *Module) toPerson(ctx context.Context, p *planning, o *ordered, who int64) ([]Notice, error) {
	wishes, err := m.Find(ctx, who)
	if err != nil {
		return nil, err
	}
	n := p.notice(o, who)
	if reason := wishes.refuses(o.Topic); reason != "" {
		n.skip(reason)
		return []Notice{n}, nil
	}
	if full, err := m.full(ctx, p, &n); err != nil || full {
		n.skip(BecauseLimit)
		return []Notice{n}, err
	}
	found, err := m.reaches(ctx, who)
	if err != nil {
		return nil, err
	}
	n.NextAt = m.loud(max(o.From, p.now), &wishes, o.Topic)
	ways := m.chain(&wishes, o.Topic, found)
	if len(ways) == 0 {
		n.Reason, n.NextAt = BecauseNoWay, max(o.From, p.now) // a page wakes nobody
		return []Notice{n}, nil
	}
	if !o.Topic.about().everyWay {
		n.Channel, n.Address, n.Others = ways[0], found[ways[0]].shown, ways[1:]
		return []Notice{n}, nil
	}
	list := make([]Notice, len(ways))
	for i, c := range ways {
		list[i] = n
		list[i].Channel, list[i].Address = c, found[c].shown
	}
	return list, nil
}

// full tells whether a person was told as often of a topic this month as he may be, and counts this one.
func (m *Module) full(ctx context.Context, p *planning, n *Notice) (bool, error) {
	most := n.Topic.about().monthly
	if most == 0 {
		return false, nil
	}
	key := countKey{n.PersonID, n.HouseholdID, n.Topic}
	if _, ok := p.counts[key]; !ok {
		local := p.now.Time().In(m.Zone)
		begun := calendar.MicrosOf(time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, m.Zone))
		err := m.DB.Read(ctx, func(tx *db.Tx) error {
			var count int
			err := tx.QueryRowContext(ctx, "SELECT count(DISTINCT order_id) FROM notice WHERE person_id = $1 AND created_at >= $2 AND household_id = $3 AND topic = $4 AND state <> 'skipped'", n.PersonID, int64(begun), n.HouseholdID, string(n.Topic)).Scan(&count)
			p.counts[key] = count
			return err
		})
		if err != nil {
			return false, err
		}
	}
	p.counts[key]++
	return p.counts[key] > most, nil
}

const noticeColumns = "notice_id, order_id, person_id, building_id, household_id, wave_id, topic, channel, others, address, state, reason, subject, text, tries, next_at, outside_id, created_at, sent_at, changed_at"

func insertNotices(ctx context.Context, tx *db.Tx, list []Notice) error {
	for chunk := range slices.Chunk(list, planMax) {
		args := make([]any, 0, 20*len(chunk))
		for i := range chunk {
			n := &chunk[i]
			args = append(args, n.ID, n.OrderID, n.PersonID, n.BuildingID, n.HouseholdID, n.WaveID, string(n.Topic), string(n.Channel), joined(n.Others), n.Address, string(n.State), n.Reason, n.Subject, n.Text,
				n.Tries, int64(n.NextAt), n.OutsideID, int64(n.CreatedAt), int64(n.SentAt), int64(n.ChangedAt))
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO notice ("+noticeColumns+") VALUES "+db.Placeholders(len(chunk), 20)+" ON CONFLICT DO NOTHING", args...); err != nil {
			return fmt.Errorf("write messages: %w", err)
		}
	}
	return nil
}

func joined(list []Channel) string {
	words := make([]string, len(list))
	for i, c := range list {
		words[i] = string(c)
	}
	return strings.Join(words, ",")
}

func scanNotice(row interface{ Scan(...any) error }) (n Notice, err error) {
	var others string
	err = row.Scan(&n.ID, &n.OrderID, &n.PersonID, &n.BuildingID, &n.HouseholdID, &n.WaveID, &n.Topic, &n.Channel, &others, &n.Address, &n.State, &n.Reason, &n.Subject, &n.Text, &n.Tries, &n.NextAt, &n.OutsideID, &n.CreatedAt, &n.SentAt, &n.ChangedAt, &n.ReadAt)
	for c := range strings.FieldsFuncSeq(others, func(r rune) bool { return r == ',' }) {
		n.Others = append(n.Others, Channel(c))
	}
	return n, err
}

func listNotices(ctx context.Context, tx *db.Tx, where string, args ...any) (list []Notice, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+noticeColumns+", read_at FROM notice WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("list messages: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		n, err := scanNotice(rows)
		if err != nil {
			return nil, err
		}
		list = append(list, n)
	}
	return list, rows.Err()
}
