package bot

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"kvit/internal/bot/chat"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Rates of messengers (Telegram Bot API FAQ; MAX asks for the same 30 a second).
const (
	everyMessage = time.Second / 30 // between messages of a bot
	everyOfChat  = time.Second      // between messages of a chat
)

// pace keeps a bot below what its messenger allows.
type pace struct {
	ofChat time.Duration
	mu     sync.Mutex
	next   time.Time            // no message before
	chats  map[string]time.Time // none to the chat before
}

func newPace(ofChat time.Duration) *pace {
	return &pace{ofChat: ofChat, chats: map[string]time.Time{}}
}

// wait is how long a message to a chat has to wait; at 0 its turn is taken.
func (p *pace) wait(to string, now time.Time) time.Duration {
	p.mu.Lock()
	defer p.mu.Unlock()
	for c, at := range p.chats {
		if at.Before(now) {
			delete(p.chats, c)
		}
	}
	at := p.next
	if own := p.chats[to]; own.After(at) {
		at = own
	}
	if d := at.Sub(now); d > 0 {
		return d
	}
	p.next, p.chats[to] = now.Add(everyMessage), now.Add(p.ofChat)
	return 0
}

// stop lets nothing through for a while.
func (p *pace) stop(until time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if until.After(p.next) {
		p.next = until
	}
}

// Times of sending.
const (
	leaseTime = 40 * time.Second // a message is one process's: longer than its calls take
	fileTimes = 5                // as long for one with a file
	sending   = 8                // messages at once
	retryMost = 5 * time.Minute
	retryWait = time.Second // before the second try, then twice as long each time
	triesOut  = 12          // then a message that nobody takes is given up
)

// send sends the first waiting message of each chat; more tells that one went.
func (m *Module) send(ctx context.Context, c *messenger) (more bool, err error) {
	var list []outgoing
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = listOut(ctx, tx, c.kind, m.Now())
		return err
	})
	if err != nil {
		return false, err
	}
	var mu sync.Mutex
	each(list, sending, func(o *outgoing) {
		sent, failed := m.sendOne(ctx, c, o)
		mu.Lock()
		defer mu.Unlock()
		more = more || sent
		err = errors.Join(err, failed)
	})
	return more, err
}

// sendOne sends a message, and removes it when it went or never will.
func (m *Module) sendOne(ctx context.Context, c *messenger, o *outgoing) (sent bool, err error) {
	if c.pace.wait(o.chat, time.Now()) > 0 {
		return false, nil // another turn
	}
	taken, held := false, c.lease
	if o.body.File != nil {
		held *= fileTimes
	}
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) (err error) {
		now := m.Now()
		taken, err = lease(ctx, tx, o.id, now, now+micros(held))
		return err
	})
	if err != nil || !taken {
		return false, err
	}
	o.body.Key, o.body.Again = fmt.Sprintf("bot:%d", o.id), o.tries > 0
	_, failed := c.client.Send(ctx, o.chat, o.body)
	if ctx.Err() != nil {
		ctx = context.WithoutCancel(ctx) // what became of it is written down before the program ends
	}
	return failed == nil, m.settle(ctx, c, o, failed)
}

// settle writes down what became of a message.
func (m *Module) settle(ctx context.Context, c *messenger, o *outgoing, failed error) error {
	final := fault.Is(failed, fault.Invalid) || o.tries >= triesOut
	pause := min(c.retry<<o.tries, retryMost)
	var often *chat.TooOften
	if errors.As(c.heed(failed), &often) {
		pause, final = often.After, false
	}
	if fault.CodeOf(failed) == chat.Blocked {
		return m.Unlink(ctx, c.kind, o.chat)
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		switch {
		case failed == nil:
			return deleteOut(ctx, tx, o.id)
		case final:
			m.Log.Error("bot: a message is given up", "channel", c.kind, "message", o.id, "error", failed)
			return deleteOut(ctx, tx, o.id)
		}
		return delayOut(ctx, tx, o.id, m.Now()+micros(pause))
	})
}

// heed keeps the bot silent for as long as its messenger asks.
func (c *messenger) heed(failed error) error {
	var often *chat.TooOften
	if errors.As(failed, &often) {
		c.pace.stop(time.Now().Add(often.After))
	}
	return failed
}

func micros(d time.Duration) calendar.Micros { return calendar.Micros(d / time.Microsecond) }
