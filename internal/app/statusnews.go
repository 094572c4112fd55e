package app

import (
	"context"
	"strings"

	"kvit/internal/db"
	"kvit/internal/notice"
	"kvit/internal/person"
	"kvit/internal/status"
)

// connectStatus lets people subscribe to news of the service where there is mail.
func (a *App) connectStatus() {
	a.Status.Secrets = status.Secrets{Mark: a.Access.Mark, Seal: a.Access.Seal, Unseal: a.Access.Unseal}
	if a.outside.ways.Mail != nil {
		a.Status.Write = a.tellSubscriber
	}
}

// tellSubscriber orders a letter to who subscribed; the addresses in it are kept sealed until it goes.
func (a *App) tellSubscriber(ctx context.Context, tx *db.Tx, x status.Letter) error {
	page := strings.TrimRight(a.Bills.BaseURL, "/") + "/status/"
	o := notice.Order{Key: "service:" + x.Key, Topic: notice.Service, Template: "service_confirm", At: a.now(), Secret: map[string]string{"ссылка": page + "confirm/" + x.Confirm}}
	if x.Confirm == "" {
		o.Template, o.Wave = "service_news", "Новости сервиса"
		o.Words = map[string]string{"итог": x.Title, "причина": x.Text}
		if x.NextAt != 0 {
			o.Words["срок"] = x.NextAt.Time().In(a.Zone).Format("02.01 в 15:04")
		}
		o.Secret = map[string]string{notice.LeaveWord: page + "leave/" + x.Leave}
	}
	return a.Notices.SendTo(ctx, tx, o, person.Email, x.To)
}

// forgetSubscriptions drops the subscriptions to news of the addresses of a person who is erased.
func (a *App) forgetSubscriptions(ctx context.Context, tx *db.Tx, contacts []person.Contact) error {
	for _, c := range contacts {
		if c.Kind != person.Email {
			continue
		}
		if err := a.Status.ForgetAddress(ctx, tx, c.Value); err != nil {
			return err
		}
	}
	return nil
}

// Bounds of what makes a way to people worse than «works».
const (
	messagesLook  = 15 * 60 * 1_000_000 // microseconds looked back
	messagesLeast = 3                   // fewer stuck messages say nothing
)

// messageSamples are the ways to people, by what became of their messages lately.
func (a *App) messageSamples(ctx context.Context) ([]status.Sample, error) {
	list, err := a.Notices.Health(ctx, a.now()-messagesLook)
	samples := make([]status.Sample, 0, len(list))
	for _, h := range list {
		s := status.Sample{Component: status.Messages + "-" + string(h.Channel), Title: "Сообщения: " + wayTitles[h.Channel], State: status.OK}
		switch {
		case h.Stuck < messagesLeast:
		case h.Went == 0:
			s.State, s.Note = status.Stopped, "Сообщения сейчас не уходят. Отправим, когда служба ответит, или другим способом."
		default:
			s.State, s.Note = status.Degraded, "Часть сообщений придёт позже."
		}
		samples = append(samples, s)
	}
	return samples, err
}

// wayTitles are the ways to people as everybody knows them.
var wayTitles = map[notice.Channel]string{notice.SMS: "SMS", notice.Voice: "звонки", notice.Mail: "письма", notice.Push: "уведомления в браузере", notice.Telegram: "Telegram", notice.Max: "MAX"}
