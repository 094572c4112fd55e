package bot

import (
	"context"
	"strings"
	"time"

	"kvit/internal/bot/chat"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
)

// Deliver tells a linked chat something at once, in its turn among all messages, and gives its id in the messenger. The
// caller keeps it from being sent twice. Faults: bot.not_linked and bot.blocked and bot.quiet are final; Unavailable is
// worth another try, and what became of it may be unknown.
func (m *Module) Deliver(ctx context.Context, k person.Kind, to, text string) (id string, err error) {
	c, p := m.channels[k], place{k, to}
	if c == nil {
		return "", fault.New(fault.Unavailable, "bot.unknown", "Такого бота здесь нет.")
	}
	if strings.Contains(text, "://") {
		return "", fault.New(fault.Invalid, "bot.link", "В сообщениях мессенджера не бывает ссылок.")
	}
	who, err := m.personOf(ctx, p)
	if err != nil {
		return "", err
	}
	if who == 0 {
		return "", fault.New(fault.NotFound, "bot.not_linked", "Этот чат ни к кому не подключён.")
	}
	var s state
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		s, err = findState(ctx, tx, p)
		return err
	})
	switch {
	case err != nil:
		return "", err
	case s.Quiet != 0:
		return "", fault.New(fault.Forbidden, "bot.quiet", "Человек просил сюда не писать.")
	}
	if err := c.turn(ctx, to); err != nil {
		return "", err
	}
	id, err = c.client.Send(ctx, to, chat.Message{Text: parts(text, chat.TextMax)[0]})
	if fault.CodeOf(err) == chat.Blocked {
		if gone := m.Unlink(ctx, k, to); gone != nil {
			return "", gone
		}
	}
	return id, c.heed(err)
}

// turn waits until a message to a chat may go.
func (c *channel) turn(ctx context.Context, to string) error {
	for {
		d := c.pace.wait(to, time.Now())
		if d == 0 {
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(d):
		}
	}
}
