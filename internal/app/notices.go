package app

import (
	"path/filepath"

	"kvit/internal/notice"
	"kvit/internal/notice/mail"
	"kvit/internal/notice/push"
	"kvit/internal/notice/sms"
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
