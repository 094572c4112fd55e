package app

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/appeal"
	"kvit/internal/bill"
	"kvit/internal/bot"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/notice"
	"kvit/internal/person"
	"kvit/internal/statement"
)

// connectPeople connects what happens to people with the messages that tell of it, and chats with both.
func (a *App) connectPeople() {
	a.outside.ways.Telegram, a.outside.ways.Max = a.Bots.Sender(person.Telegram), a.Bots.Sender(person.Max)
	a.buildNotices()
	a.SignIn.Tell = a.tellWarning
	a.connectStatus()
	a.People.Tell = a.tellOfHome
	a.Appeals.OnStep = a.tellOfAppeal
	if a.outside.ways.Mail != nil {
		a.Documents.Tell = a.tellOfDocument
	}
	a.Bots.Topics, a.Bots.SetTopic = a.chatTopics, a.setChatTopic
}

// tellOfHome tells a person, or a telephone that may be nobody's yet, what happens to a home he has or is let into.
func (a *App) tellOfHome(ctx context.Context, tx *db.Tx, x person.Message) error {
	o := notice.Order{Key: "home:" + x.Key, Topic: notice.Security, Person: x.Person, Words: map[string]string{"итог": strings.TrimSuffix(x.Text, ".")}, At: a.now()}
	if x.Phone != "" {
		return a.Notices.SendTo(ctx, tx, o, person.Phone, x.Phone)
	}
	return notice.Send(ctx, tx, o)
}

// tellOfAppeal tells who asked for a check of each step others make.
func (a *App) tellOfAppeal(ctx context.Context, tx *db.Tx, x *appeal.Appeal, s appeal.Step) error {
	_, text := x.Message(s, a.Zone)
	if text == "" || x.Person == 0 {
		return nil
	}
	return notice.Send(ctx, tx, notice.Order{
		Key: fmt.Sprintf("appeal:%d:%s:%d", x.ID, s.Kind, s.At), Topic: notice.Appeal, Person: x.Person, Building: x.Building, Household: x.Household,
		Words: map[string]string{"номер": appeal.ShowNumber(x.Number), "итог": strings.TrimSuffix(text, ".")}, At: s.At,
	})
}

// tellOfDocument tells the people of a household that a document is ready; the letter carries its number and no figure.
func (a *App) tellOfDocument(ctx context.Context, tx *db.Tx, d *statement.Document) error {
	return notice.Send(ctx, tx, notice.Order{
		Key: fmt.Sprintf("document:%s:%d", d.Number, a.now()/calendar.Micros(time.Hour/time.Microsecond)), Topic: notice.Document, Building: d.Ref.Building, Household: d.Ref.Household,
		Words: map[string]string{"номер": d.Number, "итог": strings.ToLower(statement.Titles[d.Kind])}, At: a.now(),
	})
}

// chatTopics are what a person hears of in a messenger.
func (a *App) chatTopics(ctx context.Context, who int64, k person.Kind) (list []bot.Topic, err error) {
	wishes, err := a.Notices.Find(ctx, who)
	for _, t := range notice.Topics() {
		list = append(list, bot.Topic{Code: string(t), Title: t.Title(), On: t.Always() || !wishes.Off(t, notice.Channel(k)), Fixed: t.Always()})
	}
	return list, err
}

// setChatTopic switches one of them.
func (a *App) setChatTopic(ctx context.Context, who int64, k person.Kind, code string, on bool) error {
	wishes, err := a.Notices.Find(ctx, who)
	if err != nil {
		return err
	}
	wishes.Switch(notice.Topic(code), notice.Channel(k), on)
	return a.Notices.Keep(ctx, who, wishes)
}

// chatDocuments are the papers a chat may ask for.
func chatDocuments() (list []bot.Document) {
	for _, k := range statement.Kinds {
		list = append(list, bot.Document{Kind: string(k), Title: statement.Titles[k], Period: k != statement.Bill && k != statement.NoDebt})
	}
	return list
}

// paperForChat makes a document a chat asked for: the same one its page makes.
func (a *App) paperForChat(ctx context.Context, actor access.Actor, kind, period string) (name string, pdf []byte, err error) {
	req := statement.Request{Ref: bill.Ref{Building: actor.BuildingID, Household: actor.HouseholdID}, Kind: statement.Kind(kind), Actor: actor.String()}
	if from, to, found := strings.Cut(period, ".."); found {
		if req.From, err = calendar.ParseMonth(from); err == nil {
			req.To, err = calendar.ParseMonth(to)
		}
		if err != nil {
			return "", nil, err
		}
	}
	d, refused, err := a.Documents.Make(ctx, req)
	if err != nil {
		return "", nil, err
	}
	if refused != nil {
		return "", nil, fault.New(fault.Conflict, "paper.refused", refused.Why)
	}
	var out bytes.Buffer
	if err := a.Documents.PDF(&out, d, false); err != nil {
		return "", nil, err
	}
	return d.Number + ".pdf", out.Bytes(), nil
}
