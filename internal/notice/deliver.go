package notice

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/notice/channel"
)

// Bounds of sending.
const (
	batchMax    = 400 // messages one step takes
	sendersMax  = 16  // at a time
	triesFirst  = 3   // before the next way is tried
	triesMax    = 12  // by the last way
	lease       = 5 * minute
	pauseAway   = minute // a way that was away is left alone for so long: reliability.md F16
	askFirst    = minute / 2
	askDays     = 3 // how long the other side is asked what became of a message
	minute      = calendar.Micros(time.Minute / time.Microsecond)
	day         = 24 * 60 * minute
	backoffMost = 60 * minute
)

// Deliver sends what is due and asks about what was sent, and tells how many messages it took. It may be killed at any
// moment and run again, or by two at once: a message is claimed before it is sent.
func (m *Module) Deliver(ctx context.Context) (total int, err error) {
	if m.Held != nil {
		if held, err := m.Held(ctx); err != nil || held {
			return 0, err
		}
	}
	for ctx.Err() == nil {
		list, err := m.claim(ctx)
		if err != nil || len(list) == 0 {
			return total, err
		}
		total += len(list)
		if err := m.work(ctx, list); err != nil {
			return total, err
		}
	}
	return total, ctx.Err()
}

// claimed is a message in work: as it was before it was claimed.
type claimed struct {
	Notice
	was   State
	said  string   // the text with words that are not kept; '' is the text itself
	leave string   // address that ends such letters
	after []Notice // further messages that follow from it
}

// claim takes what is due: messages of no wave, as many of each wave as its pace allows, and those whose fate is open.
func (m *Module) claim(ctx context.Context) (list []claimed, err error) {
	now := m.Now()
	var waves []int64
	waits := false
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		waves, waits = []int64{0}, false
		if err := tx.Scan(ctx, "SELECT wave_id FROM notice_wave ORDER BY created_at DESC, wave_id LIMIT 50", nil, func(v []int64, _ []byte) error {
			waves = append(waves, v[0])
			return nil
		}); err != nil {
			return err
		}
		for i := 0; i < len(waves) && !waits; i++ {
			if err := tx.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM notice WHERE wave_id = $1 AND next_at > 0 AND next_at <= $2)", waves[i], int64(now)).Scan(&waits); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil || !waits {
		return nil, err
	}
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		list = nil
		for _, wave := range waves {
			if err := m.claimOf(ctx, tx, wave, now, &list); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

func (m *Module) claimOf(ctx context.Context, tx *db.Tx, wave int64, now calendar.Micros, list *[]claimed) error {
	open, err := listNotices(ctx, tx, "wave_id = $1 AND next_at > 0 AND next_at <= $2 AND state <> 'waiting' ORDER BY next_at, notice_id LIMIT $3", wave, int64(now), batchMax)
	if err != nil {
		return err
	}
	args := []any{wave, int64(now), batchMax}
	fresh, err := listNotices(ctx, tx, "wave_id = $1 AND next_at > 0 AND next_at <= $2 AND state = 'waiting' AND NOT "+db.In("channel", m.resting(now), &args)+" ORDER BY next_at, notice_id LIMIT $3", args...)
	if err == nil && wave != 0 && len(fresh) > 0 {
		var n int
		n, err = pace(ctx, tx, wave, now, len(fresh))
		fresh = fresh[:n]
	}
	if err != nil {
		return err
	}
	var b db.Batch
	for _, n := range append(open, fresh...) {
		c := claimed{Notice: n, was: n.State}
		if c.NextAt = now + lease; c.was == Waiting {
			c.State, c.Tries, c.OutsideID = Sending, n.Tries+1, m.OwnID(n.Channel, n.key())
		}
		b.Add("UPDATE notice SET state = $2, tries = $3, next_at = $4, outside_id = $5 WHERE notice_id = $1", n.ID, string(c.State), c.Tries, int64(c.NextAt), c.OutsideID)
		*list = append(*list, c)
	}
	return tx.Send(ctx, &b)
}

// key is the message's own: the same however often it is handed over.
func (n *Notice) key() string { return fmt.Sprintf("notice:%d", n.ID) }

// resting are the ways left alone now.
func (m *Module) resting(now calendar.Micros) (list []string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for c, until := range m.paused {
		if until > now {
			list = append(list, string(c))
		}
	}
	return list
}

func (m *Module) rest(c Channel, until calendar.Micros) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.paused[c] = until
}

func (m *Module) rests(c Channel, now calendar.Micros) bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.paused[c] > now
}

// work brings claimed messages on, some at a time, and writes down what became of them.
func (m *Module) work(ctx context.Context, list []claimed) error {
	orders, err := m.ordersOf(ctx, list)
	if err != nil {
		return err
	}
	var group errgroup.Group
	group.SetLimit(sendersMax)
	faults := make([]error, len(list))
	for i := range list {
		group.Go(func() error {
			c := &list[i]
			if faults[i] = m.step(ctx, c, orders[c.OrderID]); faults[i] != nil && c.was == Waiting && c.State == Sending {
				c.State, c.Tries, c.NextAt = Waiting, c.Tries-1, m.Now()+pauseAway // nothing was handed over: what it asks for is away
			}
			return nil
		})
	}
	group.Wait() //nolint:errcheck // faults are kept one by one
	return errors.Join(m.record(context.WithoutCancel(ctx), list), errors.Join(faults...))
}

func (m *Module) ordersOf(ctx context.Context, list []claimed) (found map[int64]*ordered, err error) {
	ids := make([]int64, len(list))
	for i := range list {
		ids[i] = list[i].OrderID
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		var args []any
		where := db.In("order_id", ids, &args)
		orders, err := listOrders(ctx, tx, where, args...)
		found = map[int64]*ordered{}
		for i := range orders {
			found[orders[i].id] = &orders[i]
		}
		return err
	})
	return found, err
}

// step brings one message on. What it leaves in the message is written afterwards.
func (m *Module) step(ctx context.Context, c *claimed, o *ordered) error {
	now := m.Now()
	switch c.was {
	case Waiting:
		ready, err := m.ready(ctx, c, o, now)
		if err != nil || !ready {
			return err
		}
		return m.send(ctx, c, o, now)
	case Sending, Unknown: // cut short by a crash, or the answer was lost
		return m.resolve(ctx, c, o, now)
	case Sent:
		return m.ask(ctx, c, o, now)
	}
	return nil
}

// ready tells whether a message still is to be sent, and puts its words in.
func (m *Module) ready(ctx context.Context, c *claimed, o *ordered, now calendar.Micros) (bool, error) {
	if o.Until != 0 && now > o.Until {
		c.skip(BecauseLate)
		return false, nil
	}
	if c.Channel != Page && c.PersonID != 0 {
		wishes, err := m.Find(ctx, c.PersonID)
		if err != nil {
			return false, err
		}
		if reason := wishes.refuses(c.Topic); reason != "" {
			c.skip(reason)
			return false, nil
		}
		if at := m.loud(now, &wishes, c.Topic); at > now {
			c.State, c.Tries, c.NextAt = Waiting, c.Tries-1, at
			return false, nil
		}
	}
	words := map[string]string{"телефон": m.Phone}
	if o.Ask != "" {
		a, err := m.Ask(ctx, Question{o.Ask, c.PersonID, o.Building, o.Household, o.Words})
		if err != nil {
			return false, err
		}
		if a.Done {
			c.skip(BecauseDone)
			return false, nil
		}
		add(words, a.Words)
	}
	add(words, o.Words)
	t, err := m.template(ctx, o.Template, calendar.DateOf(now.Time().In(m.Zone)))
	if err != nil {
		return false, err
	}
	secret := map[string]string{}
	if o.kind != "" {
		d, err := m.unseal(o)
		if err != nil {
			return false, err
		}
		secret = d.Secret
	}
	if err := c.fill(t, words, secret); err != nil {
		c.skip(BecauseText)
	}
	return c.State != Skipped, nil
}

// hidden stands in what is kept of a message for a word that only its receiver may read.
const hidden = "••••"

// fill puts the words in: what is handed over has the secret ones, what is kept does not.
func (c *claimed) fill(t *Template, words, secret map[string]string) (err error) {
	if len(secret) > 0 {
		add(words, secret)
		c.leave = secret[LeaveWord]
		if _, c.said, err = t.Fill(words); err != nil {
			return err
		}
		for k := range secret {
			words[k] = hidden
		}
	}
	c.Subject, c.Text, err = t.Fill(words)
	return err
}

func add(to, from map[string]string) {
	for k, v := range from {
		to[k] = v
	}
}

// send hands a message over.
func (m *Module) send(ctx context.Context, c *claimed, o *ordered, now calendar.Micros) error {
	if c.Channel == Page {
		c.State, c.SentAt, c.NextAt = Delivered, now, 0
		return nil
	}
	way := m.Ways.of(c.Channel)
	to, err := m.addresses(ctx, c, o)
	switch {
	case err != nil:
		return err
	case way == nil || len(to) == 0:
		m.fail(c, BecauseNoWay, now)
		return nil
	case m.rests(c.Channel, now):
		c.State, c.Tries, c.NextAt = Waiting, c.Tries-1, now+pauseAway
		return nil
	}
	id, err := m.hand(ctx, way, to, c)
	if id != "" {
		c.OutsideID = id
	}
	m.told(c, err, now)
	return nil
}

// hand hands a message to every address there is: browsers of a person may be several. One that took it is enough.
func (m *Module) hand(ctx context.Context, way Sender, to []string, c *claimed) (id string, err error) {
	took, last := false, error(nil)
	for _, address := range to {
		got, err := way.Send(ctx, address, Message{Key: c.key(), Subject: c.Subject, Text: cmp.Or(c.said, c.Text), Open: fmt.Sprintf("/notices/%d", c.OrderID), Leave: c.leave})
		if got != "" {
			id = got
		}
		switch {
		case err == nil:
			took = true
		case c.Channel == Push && fault.Is(err, fault.Invalid):
			if e := m.closeBrowser(ctx, address); e != nil {
				return id, e
			}
			last = err
		default:
			last = err
		}
	}
	if took {
		return id, nil
	}
	return id, last
}

// told draws what the other side said.
func (m *Module) told(c *claimed, err error, now calendar.Micros) {
	switch {
	case err == nil:
		c.State, c.SentAt, c.NextAt = Sent, now, 0
		if m.asker(c.Channel) != nil && c.OutsideID != "" {
			c.NextAt = now + askFirst
		}
	case channel.IsUnsure(err):
		c.State, c.SentAt, c.NextAt = Unknown, now, now+askFirst
	case fault.Is(err, fault.Invalid):
		m.fail(c, BecauseRefused, now)
	default: // away, busy, our contract: the way rests for everybody
		m.rest(c.Channel, now+pauseAway)
		m.later(c, now)
	}
}

// later puts a message off, or gives its way up.
func (m *Module) later(c *claimed, now calendar.Micros) {
	if c.Tries >= triesMax || c.Tries >= triesFirst && len(c.Others) > 0 {
		m.fail(c, BecauseTries, now)
		return
	}
	c.State, c.NextAt = Waiting, now+min(backoffMost, minute<<min(c.Tries, 10)/2)
}

// fail ends a way: the next one gets the message.
func (m *Module) fail(c *claimed, reason string, now calendar.Micros) {
	c.State, c.Reason, c.NextAt = Failed, reason, 0
	if len(c.Others) > 0 {
		next := c.Notice
		next.Channel, next.Others, next.Address, next.State, next.Reason, next.Tries, next.NextAt, next.OutsideID, next.SentAt = c.Others[0], c.Others[1:], "", Waiting, "", 0, now, "", 0
		c.after = append(c.after, next)
	}
}

// asker is a way that can tell what became of a message; nil when it cannot.
func (m *Module) asker(c Channel) channel.Asker {
	a, _ := m.Ways.of(c).(channel.Asker)
	return a
}

// resolve finds out about a message that may have been taken. One the other side can tell about is asked about; letters and
// pushes are known by their key and may be handed over again; any other stays unknown.
func (m *Module) resolve(ctx context.Context, c *claimed, o *ordered, now calendar.Micros) error {
	if m.asker(c.Channel) != nil && c.OutsideID != "" {
		return m.ask(ctx, c, o, now)
	}
	if c.Channel == Mail || c.Channel == Push || c.Channel == Page {
		m.later(c, now)
		return nil
	}
	c.State, c.NextAt = Unknown, 0
	return nil
}

// ask asks what became of a message.
func (m *Module) ask(ctx context.Context, c *claimed, o *ordered, now calendar.Micros) error {
	a := m.asker(c.Channel)
	if a == nil {
		c.NextAt = 0
		return nil
	}
	to, err := m.addresses(ctx, c, o)
	if err != nil {
		return err
	}
	if len(to) == 0 {
		to = []string{""} // the contact is gone; the id is enough for many
	}
	r, err := a.Ask(ctx, to[0], c.OutsideID)
	switch {
	case err != nil:
		c.NextAt = now + max(pauseAway, (now-c.ChangedAt)/2)
	case r.State == channel.Delivered:
		c.State, c.NextAt, c.SentAt = Delivered, 0, max(c.SentAt, 1)
	case r.State == channel.Failed:
		m.fail(c, BecauseUndeliver, now)
	case r.State == channel.Missing && c.was != Sent:
		m.later(c, now)
	default:
		c.State, c.NextAt = Sent, now+max(askFirst, (now-c.ChangedAt)/2)
	}
	if c.NextAt != 0 && c.State != Waiting && now-c.CreatedAt > askDays*day {
		c.NextAt = 0 // it will not tell any more
	}
	return nil
}

// addresses are where a message goes: a person's as they are now.
func (m *Module) addresses(ctx context.Context, c *claimed, o *ordered) ([]string, error) {
	if o.kind != "" {
		d, err := m.unseal(o)
		return []string{d.To}, err
	}
	found, err := m.reaches(ctx, c.PersonID)
	r := found[c.Channel]
	if r.shown != "" {
		c.Address = r.shown
	}
	return r.to, err
}

// record writes down what became of claimed messages, and those that follow from them.
func (m *Module) record(ctx context.Context, list []claimed) error {
	var next []Notice
	for i := range list {
		next = append(next, list[i].after...)
	}
	first, err := m.DB.NextIDs(ctx, max(1, len(next)))
	if err != nil {
		return err
	}
	now := m.Now()
	for i := range next {
		next[i].ID, next[i].ChangedAt = first+int64(i), now
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		var b db.Batch
		for i := range list {
			c := &list[i]
			at := c.ChangedAt
			if c.State != c.was {
				at = now
			}
			b.Add(`UPDATE notice SET state = $2, reason = $3, subject = $4, text = $5, tries = $6, next_at = $7, outside_id = $8, sent_at = $9, changed_at = $10, address = $11 WHERE notice_id = $1`,
				c.ID, string(c.State), c.Reason, c.Subject, c.Text, c.Tries, int64(c.NextAt), c.OutsideID, int64(c.SentAt), int64(at), c.Address)
		}
		if err := tx.Send(ctx, &b); err != nil {
			return fmt.Errorf("record messages: %w", err)
		}
		return insertNotices(ctx, tx, next)
	})
}

// Hint notes that the other side has news of messages: they are asked about at once. Nothing of a call-back is believed.
func (m *Module) Hint(ctx context.Context, ids []string) error {
	if len(ids) == 0 {
		return nil
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		args := []any{int64(m.Now())}
		_, err := tx.ExecContext(ctx, "UPDATE notice SET next_at = $1 WHERE state IN ('sent', 'unknown') AND next_at > 0 AND "+db.In("outside_id", ids[:min(len(ids), batchMax)], &args), args...)
		return err
	})
}
