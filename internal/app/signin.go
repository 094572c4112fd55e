package app

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/notice"
	"kvit/internal/notice/channel"
	"kvit/internal/person/esia"
	"kvit/internal/signin"
)

// ESIA is how the installation is known to Госуслуги.
type ESIA struct {
	URL             string
	ClientID        string
	Signer          string // a program, or the address of a service, that signs and verifies
	Certificate     string // file of the certificate of ЕСИА, PEM, for stands that sign tokens with RSA; '': the signer verifies
	CertificateHash string
}

// buildSignIn makes the module that proves who people are.
func (a *App) buildSignIn() error {
	d := signin.Deps{DB: a.DB, Access: a.Access, People: a.People, Zone: a.Zone, Now: a.now, Alert: a.tellPumping, BaseURL: func() string { return strings.TrimRight(a.Settings.BaseURL, "/") }}
	if a.Settings.ESIA.URL != "" {
		c, err := a.esiaConfig(a.Settings.ESIA)
		if err != nil {
			return err
		}
		d.ESIA = esia.New(c)
	}
	d.Deliver = a.deliverNow
	a.SignIn = signin.New(d)
	return nil
}

// deliverNow sends a message now, by the way asked for. A message whose answer was lost may have gone: the person looks at his
// telephone, and asks for another when there is none.
func (a *App) deliverNow(ctx context.Context, d signin.Delivery) error {
	sender := map[signin.Channel]notice.Sender{signin.SMS: a.outside.ways.SMS, signin.Call: a.outside.ways.Voice, signin.Mail: a.outside.ways.Mail}[d.Channel]
	if sender == nil {
		return fmt.Errorf("no way is set up for %s", d.Channel)
	}
	_, err := sender.Send(ctx, d.To, notice.Message{Key: d.Key, Subject: d.Subject, Text: d.Text})
	if channel.IsUnsure(err) {
		return nil
	}
	return err
}

// tellWarning orders a warning of signing in at one of the person's contacts; its code is kept sealed until it goes.
func (a *App) tellWarning(ctx context.Context, tx *db.Tx, w signin.Warning) error {
	return a.Notices.SendTo(ctx, tx, notice.Order{
		Key: "signin:" + w.Key, Topic: notice.Security, Template: "signin_" + w.Case, Person: w.Person,
		Words: map[string]string{"итог": w.What}, Secret: map[string]string{"код": w.Code}, At: a.now(),
	}, w.Kind, w.To)
}

func (a *App) esiaConfig(s ESIA) (c esia.Config, err error) {
	if s.ClientID == "" || s.Signer == "" {
		return c, fault.New(fault.Invalid, "esia.config", "Для входа через Госуслуги нужны мнемоника системы и программа или служба подписи.")
	}
	c = esia.Config{
		URL: s.URL, ClientID: s.ClientID, CertificateHash: s.CertificateHash, Now: func() time.Time { return a.now().Time().In(a.Zone) },
		RedirectURL: func() string { return strings.TrimRight(a.Settings.BaseURL, "/") + "/signin/esia/back" },
	}
	if strings.HasPrefix(s.Signer, "http://") || strings.HasPrefix(s.Signer, "https://") {
		tool := esia.Service{URL: s.Signer}
		c.Signer, c.Verifier = tool, tool
	} else {
		tool := esia.Command{Path: s.Signer}
		c.Signer, c.Verifier = tool, tool
	}
	if s.Certificate == "" {
		return c, nil
	}
	text, err := os.ReadFile(s.Certificate)
	if err == nil {
		c.Verifier, err = esia.ReadCertificate(text)
	}
	if err != nil {
		return c, fault.Newf(fault.Invalid, "esia.certificate", "Сертификат ЕСИА %s не читается: нужен PEM с ключом RSA. Для ГОСТ оставьте проверку программе подписи.", s.Certificate).Because(err)
	}
	return c, nil
}

// tellPumping tells the operators that somebody may be pumping codes (reliability.md S3).
func (a *App) tellPumping(_ context.Context, prefix string, today, usual int64) {
	a.Log.Error("codes to numbers of one prefix are far more than usual", "prefix", prefix, "today", today, "usual", usual)
}
