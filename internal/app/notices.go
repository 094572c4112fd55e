package app

import (
	"context"
	"errors"
	"net/url"
	"path/filepath"
	"time"

	"kvit/internal/notice"
	"kvit/internal/notice/mail"
	"kvit/internal/notice/push"
	"kvit/internal/notice/sms"
	"kvit/internal/restore"
)

// Messaging is how people are told things: the ways that are set up.
type Messaging struct {
	SMS         sms.Access  // without a profile there are no text messages and calls
	Mail        mail.Server // without a URL there are no letters
	PushContact string      // where push services may write to us: an e-mail address
	PushHosts   []string    // push services besides those of browsers: «host:port»
}

// outside are the clients of messages.
type outside struct {
	ways notice.Ways
	sms  *sms.Client  // nil: no gateway
	push *push.Client // pushes need nothing but our own keys
}

// hint reads call-backs of the gateway; nil without one.
func (o *outside) hint() func(url.Values) ([]string, string) {
	if o.sms == nil {
		return nil
	}
	return o.sms.Hint
}

// messengers make the clients of what is set up.
func messengers(m Messaging, keys, baseURL string) (*outside, error) {
	pair, err := push.LoadKeys(filepath.Join(keys, "push.key"))
	if err != nil {
		return nil, err
	}
	o := &outside{push: push.New(pair, m.PushContact, m.PushHosts...)}
	o.ways.Push = o.push
	if m.SMS.Profile != "" {
		if o.sms, err = sms.New(m.SMS); err != nil {
			return nil, err
		}
		o.ways.SMS, o.ways.Voice = o.sms, o.sms.Voice()
	}
	if m.Mail.URL != "" {
		if m.Mail.Start == "" {
			m.Mail.Start = baseURL
		}
		letters, err := mail.New(m.Mail)
		if err != nil {
			return nil, err
		}
		o.ways.Mail = letters
	}
	return o, nil
}

// noticePause is how soon what was ordered is sent.
const noticePause = 2 * time.Second

// tellPeople sends people their messages until the context ends. Several servers may do it: a message is claimed.
func (a *App) tellPeople(ctx context.Context) {
	a.every(ctx, noticePause, "messages", func() error { return a.Tell(ctx) })
}

// Tell orders what the calendar has for this hour, plans what was ordered and sends what is due.
func (a *App) Tell(ctx context.Context) error {
	dated := errors.Join(a.Notices.Remind(ctx), a.remindVerification(ctx))
	_, plan := a.Notices.Plan(ctx)
	_, sent := a.Notices.Deliver(ctx)
	return errors.Join(dated, plan, sent)
}

// buildNotices connects messages with the ways to people, with what they say, and with the events they tell of.
func (a *App) buildNotices() {
	a.Notices = notice.New(notice.Deps{
		DB: a.DB, Access: a.Access, People: a.People, Ways: a.outside.ways, CheckBrowser: a.outside.push.Check, Ask: a.askNotice, Phone: a.Settings.Centre.Phone, Zone: a.Zone, Now: a.now, Log: a.Log,
		OwnID: func(c notice.Channel, key string) string {
			if a.outside.sms == nil || c != notice.SMS && c != notice.Voice {
				return ""
			}
			return a.outside.sms.OwnID(key)
		},
		Held: func(ctx context.Context) (bool, error) { return restore.HeldNow(ctx, a.DB, restore.StepReconcile) },
	})
	a.Feed.OnFed = a.tellEvents
}
