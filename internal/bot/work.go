package bot

import (
	"context"
	"sync"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Run works the messengers until the context ends: hears, answers and sends. The address is where messengers reach us; an
// empty one means that they are polled.
func (m *Module) Run(ctx context.Context, address string) {
	var all sync.WaitGroup
	for _, c := range m.channels {
		all.Go(func() { m.listen(ctx, c, address) })
		all.Go(func() { m.loop(ctx, c.wake, func() (bool, error) { return m.answerAll(ctx, c) }) })
		all.Go(func() { m.loop(ctx, c.ring, func() (bool, error) { return m.send(ctx, c) }) })
	}
	if len(m.channels) > 0 {
		all.Go(func() { m.forget(ctx) })
	}
	all.Wait()
}

// listen tells the messenger how its updates reach us, and polls them where they do not come by themselves.
func (m *Module) listen(ctx context.Context, c *messenger, address string) {
	if isLine(c.kind) {
		address = "" // a gateway is asked, whatever else calls us
	}
	if address != "" {
		address += HookPath(c.kind)
	}
	for {
		err := c.client.Listen(ctx, address)
		if err == nil {
			break
		}
		if ctx.Err() != nil {
			return
		}
		m.Log.Error("bot: the messenger was not told how to reach us", "channel", c.kind, "error", err)
		sleep(ctx, pollPause)
	}
	if address == "" {
		m.poll(ctx, c)
	}
}

// loopPause is how long a loop sleeps when nothing wakes it: other processes write too, and what was put off gets its time.
const loopPause = 500 * time.Millisecond

// loop works while there is work, and sleeps until it is woken.
func (m *Module) loop(ctx context.Context, wake <-chan struct{}, do func() (more bool, err error)) {
	for ctx.Err() == nil {
		more, err := do()
		if err != nil && ctx.Err() == nil {
			m.Log.Error("bot", "error", err)
		}
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-wake:
		case <-time.After(loopPause):
		}
	}
}

// answering is how many chats are answered at once.
const answering = 4

// answerAll answers the first waiting update of each chat; more tells that there were some.
func (m *Module) answerAll(ctx context.Context, c *messenger) (more bool, err error) {
	var list []waiting
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = listWaiting(ctx, tx, c.kind, m.Now())
		return err
	})
	if err != nil {
		return false, err
	}
	each(list, answering, func(u *waiting) {
		if err := m.answer(ctx, c, u); err != nil && ctx.Err() == nil && fault.CodeOf(err) != fault.CodeOf(errAnswered) {
			m.Log.Error("bot: an update is not answered", "channel", c.kind, "key", u.Key, "error", err)
		}
	})
	return len(list) > 0, nil
}

// each does something with every item, some at once.
func each[T any](list []T, most int, do func(*T)) {
	var all sync.WaitGroup
	free := make(chan struct{}, most)
	for i := range list {
		free <- struct{}{}
		all.Go(func() {
			do(&list[i])
			<-free
		})
	}
	all.Wait()
}

// triesMax is how often an update is tried before the person is told that it failed.
const triesMax = 4

// answer finds what to say to an update, then commits it with the mark that it was said. One that fails is tried again
// later; at the end the person is told, so that the chat goes on.
func (m *Module) answer(ctx context.Context, c *messenger, u *waiting) error {
	t, err := m.begin(ctx, place{c.kind, u.Chat}, &u.Update)
	if err == nil {
		err = t.reply(ctx)
	}
	if err != nil && u.tries < triesMax {
		pause := calendar.Micros(time.Second/time.Microsecond) << u.tries
		later := m.DB.WriteLocal(ctx, func(tx *db.Tx) error { return putOff(ctx, tx, c.kind, u.Key, m.Now()+pause) })
		if later != nil {
			return later
		}
		return err
	}
	if err != nil {
		m.Log.Error("bot: given up", "channel", c.kind, "key", u.Key, "error", err)
		t = &talk{m: m, place: place{c.kind, u.Chat}, Update: &u.Update}
		t.say(sorry)
	}
	if err := m.conclude(ctx, t); err != nil {
		return err
	}
	nudge(c.ring)
	return nil
}

// sorry is said when something broke on our side.
const sorry = "Не получилось – поломка у нас. Показания и платежи сохранены. Попробуйте ещё раз через несколько минут или позвоните в расчётный центр."

// conclude commits an answer: what it says, where the dialog stands, and that the update was answered.
func (m *Module) conclude(ctx context.Context, t *talk) error {
	first := int64(0)
	if len(t.out) > 0 {
		var err error
		if first, err = m.DB.NextIDs(ctx, len(t.out)); err != nil {
			return err
		}
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		now := m.Now()
		if err := finish(ctx, tx, t.channel, t.Key, now); err != nil {
			return err
		}
		var err error
		switch {
		case t.erase:
			err = erase(ctx, tx, t.place)
		case t.touched:
			err = saveState(ctx, tx, t.place, &t.state, now)
		}
		if err != nil {
			return err
		}
		return insertOut(ctx, tx, t.place, first, t.out, now)
	})
}

// Terms after which what is left is forgotten, and how often that is looked at.
const (
	forgetPause = time.Hour
	keysDays    = 7 // messengers tell updates of a day again
	strayDays   = 1 // the dialog of a chat that was never linked
)

// forget removes what is of no use any more.
func (m *Module) forget(ctx context.Context) {
	for ctx.Err() == nil {
		if err := m.Forget(ctx); err != nil && ctx.Err() == nil {
			m.Log.Error("bot: forgetting", "error", err)
		}
		sleep(ctx, forgetPause)
	}
}

// Forget removes keys of old updates, codes whose time is over, and dialogs that led nowhere.
func (m *Module) Forget(ctx context.Context) error {
	const day = calendar.Micros(24 * 3600 * 1_000_000)
	now := m.Now()
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM bot_update WHERE done_at <> 0 AND done_at < $1", int64(now-keysDays*day)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM bot_code WHERE expires_at < $1", int64(now-day)); err != nil {
			return err
		}
		if _, err := tx.ExecContext(ctx, "DELETE FROM bot_chat WHERE home_id = 0 AND changed_at < $1", int64(now-strayDays*day)); err != nil {
			return err
		}
		return forgetLines(ctx, tx, now, day)
	})
}
