package bot

import (
	"context"
	"io"
	"net/http"
	"time"

	"kvit/internal/bot/chat"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
	"kvit/internal/web"
)

// HookPath is where a messenger calls us.
func HookPath(k person.Kind) string { return "/hooks/bot/" + string(k) }

// Routes are the doors of messengers: the secret that each was given is the right.
func (m *Module) Routes() []web.Route {
	return append(m.callRoutes(), web.Route{Method: http.MethodPost, Pattern: "/hooks/bot/{channel}", Resource: "notification", Action: "receive", Machine: true, Handler: m.heard})
}

// Bounds of what messengers tell.
const (
	callMax = 1 << 20 // bytes of a call to us
	textMax = 1000    // signs of what was typed: no answer of a dialog is longer
)

// rest is how long an update told by a call waits before it is answered, in microseconds: calls may overtake each other.
const rest = calendar.Micros(300_000)

// heard keeps what a messenger tells by a call, then says that we have it.
func (m *Module) heard(w http.ResponseWriter, r *http.Request) error {
	c := m.channels[person.Kind(r.PathValue("channel"))]
	if c == nil {
		return fault.New(fault.NotFound, "bot.unknown", "Такого бота здесь нет.")
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, callMax))
	if err != nil {
		return fault.New(fault.Invalid, "bot.update", "Сообщение мессенджера не разобрано.").Because(err)
	}
	list, err := c.client.Heard(r.Header, body)
	if err != nil {
		return err
	}
	if err := m.take(r.Context(), c, list, rest, nil); err != nil {
		return err
	}
	w.WriteHeader(http.StatusOK)
	return nil
}

// take keeps updates and, with them, how far the messenger was polled.
func (m *Module) take(ctx context.Context, c *messenger, list []chat.Update, rest calendar.Micros, marker *string) error {
	for i := range list {
		if text := []rune(list[i].Text); len(text) > textMax {
			list[i].Text = string(text[:textMax])
		}
	}
	numbers := map[string]string(nil)
	if isLine(c.kind) {
		list, numbers = m.cover(list)
	}
	err := m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		for to, number := range numbers {
			if err := m.keepLine(ctx, tx, to, number); err != nil {
				return err
			}
		}
		if err := keep(ctx, tx, c.kind, list, m.Now()+rest); err != nil || marker == nil {
			return err
		}
		return saveMarker(ctx, tx, c.kind, *marker)
	})
	if err == nil && len(list) > 0 {
		nudge(c.wake)
	}
	return err
}

// pollPause is how long polling rests after a failure.
const pollPause = 3 * time.Second

// poll asks a messenger for updates until the context ends. Asking for the next ones tells it that we have those before, so
// it is done only when they are kept.
func (m *Module) poll(ctx context.Context, c *messenger) {
	said := ""
	for ctx.Err() == nil {
		err := m.pollOnce(ctx, c)
		if err == nil {
			said = ""
			continue
		}
		if ctx.Err() == nil && err.Error() != said {
			m.Log.Error("bot: updates", "channel", c.kind, "error", err)
		}
		said = err.Error()
		sleep(ctx, pollPause)
	}
}

func (m *Module) pollOnce(ctx context.Context, c *messenger) error {
	var marker string
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		marker, err = findMarker(ctx, tx, c.kind)
		return err
	})
	if err != nil {
		return err
	}
	list, next, err := c.client.Poll(ctx, marker)
	if err != nil || len(list) == 0 && next == marker {
		return err
	}
	return m.take(ctx, c, list, 0, &next)
}

func sleep(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
