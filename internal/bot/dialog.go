package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bot/chat"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
	"kvit/internal/reading"
)

// state is where the dialog with a chat stands.
type state struct {
	Home  int64 // that is looked at
	Step  int   // of the question asked last
	Quiet int   // 1: nothing but answers is sent
	asked
}

// What a chat may be asked for. Nothing: a command.
const (
	askCode   = "code"   // of a bill whose number was typed
	askFigure = "figure" // of a meter
	askDoubt  = "doubt"  // whether an odd figure is right
	askReason = "reason" // why a figure differs from a device's
)

// asked is a question and what was answered so far.
type asked struct {
	Ask    string   `json:"ask,omitempty"`
	Number string   `json:"number,omitempty"` // of the account, while its code is asked for
	Meter  int64    `json:"meter,omitempty"`  // whose figure or doubt it is
	Given  []figure `json:"given,omitempty"`  // not taken yet
	Reason string   `json:"reason,omitempty"`
	Value  string   `json:"value,omitempty"` // typed alone, while it is asked which meter it is of

	Choices []string `json:"choices,omitempty"` // of a line: what the numbers it may answer with mean
	Tries   int      `json:"tries,omitempty"`   // of a call: how often in a row nothing was understood
	Said    string   `json:"said,omitempty"`    // of a call: the question, to be asked again
}

// talk is one update being answered.
type talk struct {
	m *Module
	place
	*chat.Update
	person  int64 // 0: the chat is nobody's
	actor   access.Actor
	homes   []person.Home // that can be looked at
	state   state
	touched bool // the state is to be kept
	erase   bool // nothing is to be kept
	out     []chat.Message
	spoken  []string // of a call, in the place of messages
}

// begin finds whose the chat is, what he may at this moment, and where the dialog stands.
func (m *Module) begin(ctx context.Context, p place, u *chat.Update) (*talk, error) {
	t := &talk{m: m, place: p, Update: u}
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		t.state, err = findState(ctx, tx, p)
		return err
	})
	if err == nil {
		t.person, err = m.personOf(ctx, p)
	}
	if err != nil || t.person == 0 {
		return t, err
	}
	return t, t.enter(ctx)
}

// enter makes the chat act as its person in the home it looks at.
func (t *talk) enter(ctx context.Context) error {
	list, err := t.m.People.Homes(ctx, t.person)
	if err != nil {
		return err
	}
	t.homes = t.homes[:0]
	for _, h := range list {
		if h.Household != 0 {
			t.homes = append(t.homes, h)
		}
	}
	t.actor, err = t.m.People.Enter(ctx, access.Actor{Role: access.Resident, UserID: t.person, Name: "житель", HomeID: t.state.Home})
	if err != nil {
		return err
	}
	if t.state.Home != 0 && t.actor.HomeID != t.state.Home { // a question about a home that was taken away is none any more
		t.ask(asked{})
	}
	t.state.Home = t.actor.HomeID
	return nil
}

// ask changes the question; buttons of earlier ones are void.
func (t *talk) ask(q asked) {
	t.state.asked, t.touched = q, true
	t.state.Step++
}

// isAnswer tells the data of an answer from a command.
func isAnswer(data string) bool { return strings.Contains(data, ":") }

// button is an answer to the question asked now.
func (t *talk) button(text, action string, arg any) chat.Button {
	return chat.Button{Text: text, Data: fmt.Sprintf("%d:%s:%v", t.state.Step, action, arg)}
}

// command is a button that may be pressed at any time.
func command(text, name string) chat.Button { return chat.Button{Text: text, Data: name} }

func row(list ...chat.Button) []chat.Button { return list }

// menu are the commands of a linked chat.
func (t *talk) menu() [][]chat.Button {
	rows := [][]chat.Button{row(command("К оплате", "bill"), command("Показания", "readings"))}
	second := row(command("Оплатить", "pay"))
	if len(t.m.Documents) > 0 {
		second = append(second, command("Справки", "documents"))
	}
	rows = append(rows, second)
	if len(t.homes) > 1 {
		rows = append(rows, row(command("Другой адрес", "homes")))
	}
	return append(rows, row(command("Сообщения", "topics"), command("Помощь", "help")))
}

// reply finds the answer to an update.
func (t *talk) reply(ctx context.Context) error {
	if t.channel == SMS && t.person == 0 {
		if may, err := t.mayGreet(ctx); err != nil || !may {
			return err
		}
	}
	switch {
	case t.Kind == chat.Stopped:
		t.erase = true
		return t.m.closeContact(ctx, t.place)
	case t.Kind == chat.Contact:
		return t.shared(ctx)
	case t.Kind == chat.Started && t.Text != "":
		return t.link(ctx, "", t.Text)
	case t.Kind == chat.Started && t.person == 0:
		t.greet()
		return nil
	case t.Kind == chat.Press:
		return t.pressed(ctx)
	case t.Kind == chat.Started:
		return t.do(ctx, "bill")
	}
	return t.typed(ctx)
}

// typed answers what was typed: a command wherever the dialog stands, else what was asked for, else what it looks like.
func (t *talk) typed(ctx context.Context) error {
	if t.channel == SMS && t.chosen() {
		return t.pressed(ctx)
	}
	if name := commandOf(t.Text); name != "" && (t.person != 0 || name == "help" || name == "stop") {
		return t.do(ctx, name)
	}
	if t.person == 0 || t.state.Ask == askCode {
		return t.proof(ctx)
	}
	switch t.state.Ask {
	case askFigure:
		return t.figureTyped(ctx)
	case askReason:
		return t.reasonTyped(ctx)
	}
	if value, ok := parseFigure(t.Text); ok {
		return t.bareFigure(ctx, value)
	}
	if list, ok := parseFigures(t.Text); ok {
		return t.figuresTyped(ctx, list)
	}
	if number, code, ok := parseProof(t.Text); ok && number != "" {
		return t.link(ctx, number, code)
	}
	t.say("Не поняли. Нажмите кнопку или напишите показания так: ХВС 123, ГВС 45.", t.menu()...)
	return nil
}

// pressed answers a button: a command, or an answer to a question if that is still the one asked.
func (t *talk) pressed(ctx context.Context) error {
	step, rest, isAnswer := strings.Cut(t.Text, ":")
	switch {
	case t.person == 0 && rest == stopPress: // the program was killed while it did that
		return t.stop(ctx)
	case t.person == 0:
		t.greet()
		return nil
	case !isAnswer:
		return t.do(ctx, t.Text)
	case step != strconv.Itoa(t.state.Step):
		t.say("Этот вопрос уже закрыт. Что сделаем?", t.menu()...)
		return nil
	}
	action, arg, _ := strings.Cut(rest, ":")
	switch action {
	case "meter":
		return t.meterChosen(ctx, arg)
	case "doubt":
		return t.doubtAnswered(ctx, reading.Confirm(arg))
	case "home":
		return t.homeChosen(ctx, arg)
	case "paper":
		return t.paperChosen(arg)
	case "send":
		return t.paperSent(ctx, arg)
	case "topic":
		return t.topicSwitched(ctx, arg)
	case "stop":
		return t.stop(ctx)
	}
	t.say("Этой кнопки больше нет. Что сделаем?", t.menu()...)
	return nil
}

// do is a command.
func (t *talk) do(ctx context.Context, name string) error {
	t.ask(asked{})
	if t.channel == SMS {
		if done, err := t.onLine(ctx, name); done || err != nil {
			return err
		}
	}
	if t.person != 0 && t.actor.HomeID == 0 && name != "help" && name != "stop" {
		t.say("Доступа к адресу больше нет. Чтобы добавить адрес, пришлите номер лицевого счёта и код с квитанции.", row(command("Помощь", "help")))
		return nil
	}
	switch name {
	case "bill":
		return t.refusable(t.bill(ctx))
	case "readings":
		return t.refusable(t.readings(ctx))
	case "pay":
		t.pay()
	case "documents":
		t.documents()
	case "homes":
		return t.chooseHome(ctx)
	case "topics":
		return t.topics(ctx)
	case "stop":
		t.stopAsk()
	default:
		t.help()
	}
	return nil
}

// notAnswers are faults of the database: they say nothing about what was asked.
var notAnswers = []string{"not_found", "duplicate", "db.busy"}

// refusable turns the fault of what may not be, or is not there, into an answer.
func (t *talk) refusable(err error) error {
	f := fault.As(err)
	if err == nil || f.Kind == fault.Internal || f.Kind == fault.Unavailable || slices.Contains(notAnswers, f.Code) {
		return err
	}
	t.say(f.Message, t.menu()...)
	return nil
}
