package bot

import (
	"context"
	"errors"
	"time"

	"kvit/internal/bot/chat"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/notice/channel"
	"kvit/internal/person"
)

// sender tells linked chats of a messenger things (notice.Sender): «to» is a chat.
type sender struct {
	m *Module
	c *messenger
}

// Sender is the way to chats of a messenger; nil when there is no bot in it.
func (m *Module) Sender(k person.Kind) channel.Sender {
	if c := m.channels[k]; c != nil {
		return &sender{m, c}
	}
	return nil
}

// Why a message is not for a chat: another way is needed.
var (
	errNotLinked = fault.New(fault.NotFound, "bot.not_linked", "Этот чат ни к кому не подключён.")
	errQuiet     = fault.New(fault.Forbidden, "bot.quiet", "Человек просил сюда не писать.")
)

// Send sends a message in its turn among all of the bot, and gives its id in the messenger.
func (s *sender) Send(ctx context.Context, to string, msg channel.Message) (id string, err error) {
	if err := channel.WithoutLinks(msg.Text); err != nil {
		return "", err
	}
	if err := s.m.mayTell(ctx, place{s.c.kind, to}); err != nil {
		return "", err
	}
	if err := s.c.turn(ctx, to); err != nil {
		return "", channel.Away(err)
	}
	id, err = s.c.client.Send(ctx, to, chat.Message{Text: parts(channel.Lines(msg.Text), chat.TextMax)[0]})
	if fault.CodeOf(err) == chat.Blocked {
		if gone := s.m.Unlink(ctx, s.c.kind, to); gone != nil {
			return "", gone
		}
	}
	return id, faultOf(s.c.heed(err))
}

// mayTell tells whether a chat wants to be told: it is linked, and nobody asked for silence.
func (m *Module) mayTell(ctx context.Context, p place) error {
	who, err := m.personOf(ctx, p)
	if err != nil {
		return channel.Away(err)
	}
	if who == 0 {
		return channel.Refused(errNotLinked)
	}
	var s state
	err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		s, err = findState(ctx, tx, p)
		return err
	})
	switch {
	case err != nil:
		return channel.Away(err)
	case s.Quiet != 0:
		return channel.Refused(errQuiet)
	}
	return nil
}

// faultOf is a fault of a messenger in the words of all ways to tell people.
func faultOf(err error) error {
	var often *chat.TooOften
	switch {
	case err == nil:
		return nil
	case errors.As(err, &often):
		return channel.Busy(err)
	case fault.CodeOf(err) == chat.Lost:
		return channel.Unsure(err)
	case fault.Is(err, fault.Invalid), fault.CodeOf(err) == chat.Blocked:
		return channel.Refused(err)
	}
	return channel.Away(err)
}

// turn waits until a message to a chat may go.
func (c *messenger) turn(ctx context.Context, to string) error {
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
