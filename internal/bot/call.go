package bot

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"kvit/internal/bot/chat"
	"kvit/internal/bot/voice"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
	"kvit/internal/web"
)

// Exchange is a telephone exchange that may ask us what to say to callers.
type Exchange struct {
	Secret string // by which it is known; '' there is none
	voice.Speech
}

// CallPath is where an exchange asks.
const CallPath = "/hooks/voice"

// callRoutes is the door of the exchange: the secret it was given is the right.
func (m *Module) callRoutes() []web.Route {
	return []web.Route{{Method: http.MethodPost, Pattern: CallPath, Resource: "notification", Action: "receive", Machine: true, Handler: m.called}}
}

func (m *Module) called(w http.ResponseWriter, r *http.Request) error {
	if err := voice.Known(r, m.Exchange.Secret); err != nil {
		return err
	}
	if err := r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, "voice.request", "Запрос телефонной станции не разобран.").Because(err)
	}
	q, err := voice.Read(r.Form)
	if err != nil {
		return err
	}
	say, err := m.Call(r.Context(), q)
	if err != nil {
		return err
	}
	body, err := voice.Write(say, m.Exchange.Speech)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", voice.ContentType)
	_, err = w.Write(body)
	return err
}

// farewell ends every call.
const farewell = " До свидания."

// Call is one turn of a call: what to say next. A turn told twice is answered by the question that stands now.
func (m *Module) Call(ctx context.Context, q voice.Request) (voice.Say, error) {
	number, err := person.Normal(person.Phone, q.From)
	if err != nil {
		return voice.Say{Text: "Здравствуйте. Ваш номер не определился, поэтому показания здесь принять нельзя. Передайте их на сайте или позвоните с открытым номером." + farewell}, nil
	}
	u := &waiting{Update: chat.Update{Key: fmt.Sprintf("%s:%d", q.Call, q.Turn), Chat: m.Access.Mark(sealLine, "call:"+q.Call), Kind: chat.Text, Text: q.Keys}}
	switch {
	case q.Exited:
		u.Kind, u.Key = chat.Stopped, q.Call+":end"
	case q.Turn == 0:
		u.Kind = chat.Started
	}
	answered := false
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		if err := m.keepLine(ctx, tx, u.Chat, number); err != nil {
			return err
		}
		if err := keep(ctx, tx, Voice, []chat.Update{u.Update}, m.Now()); err != nil {
			return err
		}
		answered, err = isAnswered(ctx, tx, Voice, u.Key)
		return err
	})
	if err != nil {
		return voice.Say{}, err
	}
	if answered {
		return m.repeat(ctx, u, q.Turn+1)
	}
	return m.converse(ctx, u, q.Turn+1)
}

// repeat says the question that stands again: the exchange did not get it, or asks twice.
func (m *Module) repeat(ctx context.Context, u *waiting, turn int) (voice.Say, error) {
	t, err := m.begin(ctx, place{Voice, u.Chat}, &u.Update)
	if err != nil {
		return voice.Say{}, err
	}
	t.erase = t.state.Said == ""
	return t.aloud(turn), nil
}

// converse answers a turn at once: nobody waits on the line for a loop.
func (m *Module) converse(ctx context.Context, u *waiting, turn int) (voice.Say, error) {
	t, err := m.begin(ctx, place{Voice, u.Chat}, &u.Update)
	if err == nil {
		err = t.hear(ctx)
	}
	if err == nil {
		t.state.Said, t.touched = spokenText(strings.Join(t.spoken, " ")), true
		err = m.conclude(ctx, t)
	}
	switch {
	case fault.CodeOf(err) == fault.CodeOf(errAnswered): // the exchange asks twice at once
		return m.repeat(ctx, u, turn)
	case err != nil && ctx.Err() == nil:
		m.Log.Error("bot: a call is not answered", "key", u.Key, "error", err)
		return voice.Say{Text: "Не получилось – поломка у нас. Показания, которые вы уже передали, сохранены. Позвоните через несколько минут." + farewell}, nil
	case err != nil:
		return voice.Say{}, err
	}
	return t.aloud(turn), nil
}

// aloud is what a turn says: the questions that wait for figures end in #, choices are one key.
func (t *talk) aloud(turn int) voice.Say {
	s := voice.Say{Text: t.state.Said, Turn: turn}
	switch {
	case t.erase:
		s.Text = strings.TrimSpace(s.Text + farewell)
	case slices.Contains([]string{callNumber, callCode, callFigure}, t.state.Ask):
		s.Expect = voice.Number
	default:
		s.Expect = voice.Key
	}
	return s
}

// spokenText drops signs that a voice would read or stumble over.
func spokenText(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer(joiner, "", "\u00a0", " ", "•", "", "№", "номер", "–", ", ", "«", "", "»", "").Replace(text)), " ")
}

// choose asks for one key: each answer by its number.
func (t *talk) choose(q asked, text string, answers ...chat.Button) {
	t.ask(q)
	for i, b := range answers {
		t.state.Choices = append(t.state.Choices, b.Data)
		text += fmt.Sprintf(" Нажмите %d, %s.", i+1, b.Text)
	}
	t.say(text)
}
