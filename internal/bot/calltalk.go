package bot

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/bill"
	"kvit/internal/bot/chat"
	"kvit/internal/fault"
	"kvit/internal/reading"
	"kvit/internal/supplier"
)

// What a caller is asked for. A caller's number may be forged, so nothing is said of an address, a sum or an earlier figure.
const (
	callNumber = "call_number" // of an account
	callCode   = "call_code"   // of its bill, as keys
	callHome   = "call_home"
	callMeter  = "call_meter"
	callFigure = "call_figure"
	callCheck  = "call_check" // whether the figure was heard right
	callDoubt  = "call_doubt"
)

// callTries is how often in a row a caller may press nothing that is understood.
const callTries = 3

// keysMost is how many answers have a key: 0 ends the call.
const keysMost = 9

// hear answers a turn of a call.
func (t *talk) hear(ctx context.Context) error {
	switch {
	case t.Kind == chat.Stopped:
		t.erase = true
		return nil
	case t.Kind == chat.Started && len(t.homes) == 0:
		t.ask(asked{Ask: callNumber})
		t.say("Здравствуйте. Это расчётный центр, приём показаний. Наберите номер лицевого счёта с квитанции и нажмите решётку.")
		return nil
	case t.Kind == chat.Started:
		t.say("Здравствуйте. Это расчётный центр, приём показаний.")
		return t.callHomes(ctx)
	}
	switch t.state.Ask {
	case callNumber:
		return t.callNumbered()
	case callCode:
		return t.callCoded(ctx)
	case callFigure:
		return t.callFigured(ctx)
	}
	return t.callChosen(ctx)
}

// unheard asks the same again, a few times.
func (t *talk) unheard(again string) error {
	t.state.Tries, t.touched = t.state.Tries+1, true
	if t.state.Tries >= callTries {
		t.erase = true
		t.say("Показания можно передать и на сайте.")
		return nil
	}
	t.say(again)
	return nil
}

func (t *talk) callNumbered() error {
	if !isNumber(t.Text) || strings.Trim(t.Text, "0123456789") != "" {
		return t.unheard("Наберите номер лицевого счёта цифрами и нажмите решётку.")
	}
	t.ask(asked{Ask: callCode, Number: t.Text})
	t.say("Теперь код с квитанции: восемь знаков под номером счёта. Вместо буквы один раз нажмите клавишу, на которой она написана. В конце решётка.")
	return nil
}

func (t *talk) callCoded(ctx context.Context) error {
	home, err := t.m.prove(ctx, t.place, t.state.Number, t.Text)
	switch {
	case fault.Is(err, fault.Limited):
		t.erase = true
		t.say("Слишком много попыток. Позвоните через пятнадцать минут.")
		return nil
	case fault.CodeOf(err) == fault.CodeOf(errProof):
		tries := t.state.Tries
		t.ask(asked{Ask: callNumber, Tries: tries})
		return t.unheard("По этим данным ничего не нашли. Сверьте номер и код с последней квитанцией. Наберите номер лицевого счёта и нажмите решётку.")
	case err != nil:
		return err
	}
	if t.person, err = t.m.personOf(ctx, t.place); err != nil {
		return err
	}
	t.state.Home = home
	if err := t.enter(ctx); err != nil {
		return err
	}
	return t.callMeters(ctx, "")
}

// callHomes asks which home the figures are of, where there are several: by the end of an account's number.
func (t *talk) callHomes(ctx context.Context) error {
	var answers []chat.Button
	for _, h := range t.homes {
		if len(answers) == keysMost {
			break
		}
		b, err := t.m.Bills.At(ctx, bill.Ref{Building: h.Building, Household: h.Household}, 0)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if err == nil && len(b.Suppliers) > 0 {
			end := spell(supplier.Ending(b.Suppliers[0].Account))
			answers = append(answers, t.answerNow("счёт, который кончается на "+end, "home", h.ID))
		}
	}
	if len(answers) < 2 {
		return t.callMeters(ctx, "")
	}
	t.choose(asked{Ask: callHome}, "Для какого счёта показания?", answers...)
	return nil
}

// callMeters asks for the meter, or at once for the figure of the only one. Those that tell by themselves are left out.
func (t *talk) callMeters(ctx context.Context, before string) error {
	sheet, err := t.sheet(ctx)
	if f := fault.As(err); err != nil && f.Kind == fault.Forbidden {
		t.erase = true
		t.say("По этому счёту показания передаёт другой человек.")
		return nil
	}
	if err != nil {
		return err
	}
	var waits []*reading.Card
	for i := range sheet.Cards {
		if c := &sheet.Cards[i]; c.Automatic() == 0 && (before == "" || len(c.Sent) == 0) && len(waits) < keysMost {
			waits = append(waits, c)
		}
	}
	switch {
	case len(waits) == 0 && before == "":
		before = "На этом счёте нет счётчиков, по которым нужны показания."
		fallthrough
	case len(waits) == 0:
		t.erase = true
		t.say(before)
		return nil
	case len(waits) == 1 && before == "":
		t.callFigure(waits[0], nil)
		return nil
	}
	t.chooseMeter(before, waits)
	return nil
}

func (t *talk) chooseMeter(before string, waits []*reading.Card) {
	answers := make([]chat.Button, 0, len(waits))
	for _, c := range waits {
		answers = append(answers, t.answerNow(spokenMeter(c, waits), "meter", c.ID))
	}
	question := "Чьё показание?"
	if before != "" {
		question = before + " Передать ещё?"
	}
	t.choose(asked{Ask: callMeter}, question, answers...)
	t.say("Чтобы закончить, нажмите 0.")
}

// callFigure asks for the next register of a meter.
func (t *talk) callFigure(c *reading.Card, given []figure) {
	t.ask(asked{Ask: callFigure, Meter: c.ID, Given: given})
	name := strings.ToLower(c.Name)
	if title := c.ZoneTitle(nextZone(c, given)); title != "" {
		name += ", " + title
	}
	t.say(name + ". Наберите цифры до запятой и нажмите решётку.")
}

// callFigured reads a figure back, register by register, before anything is done with it.
func (t *talk) callFigured(ctx context.Context) error {
	value, ok := parseFigure(t.Text)
	if !ok || strings.Contains(t.Text, "*") {
		return t.unheard("Наберите цифры со счётчика до запятой и нажмите решётку.")
	}
	sheet, err := t.sheet(ctx)
	if err != nil {
		return err
	}
	c := cardOf(sheet, t.state.Meter)
	if c == nil {
		return t.callMeters(ctx, "Этого счётчика на счёте больше нет.")
	}
	given := append(slices.Clone(t.state.Given), figure{Meter: c.ID, Zone: nextZone(c, t.state.Given), Value: value})
	if len(given) < len(c.Zones) {
		t.callFigure(c, given)
		return nil
	}
	t.checkFigures(c, given)
	return nil
}

func (t *talk) checkFigures(c *reading.Card, given []figure) {
	said := strings.ToLower(c.Name) + ":"
	for _, f := range given {
		if title := c.ZoneTitle(f.Zone); title != "" {
			said += " " + title
		}
		said += " " + spell(f.Value.String()) + ","
	}
	t.choose(asked{Ask: callCheck, Meter: c.ID, Given: given}, "Вы набрали. "+strings.TrimSuffix(said, ",")+".", t.answerNow("верно", "check", "yes"), t.answerNow("исправить", "check", "no"))
}

// answerNow is an answer to the question that is asked next.
func (t *talk) answerNow(text, action string, arg any) chat.Button {
	return chat.Button{Text: text, Data: fmt.Sprintf("%d:%s:%v", t.state.Step+1, action, arg)}
}

// callChosen goes on by the key pressed.
func (t *talk) callChosen(ctx context.Context) error {
	n, err := strconv.Atoi(t.Text)
	if err == nil && n == 0 && t.state.Ask == callMeter {
		t.erase = true
		t.say("Спасибо.")
		return nil
	}
	if err != nil || n < 1 || n > len(t.state.Choices) {
		return t.unheard(fmt.Sprintf("Нажмите цифру от 1 до %d.", max(1, len(t.state.Choices))))
	}
	_, rest, _ := strings.Cut(t.state.Choices[n-1], ":")
	action, arg, _ := strings.Cut(rest, ":")
	id, _ := strconv.ParseInt(arg, 10, 64) // of homes and meters
	switch action {
	case "home":
		t.state.Home = id
		if err := t.enter(ctx); err != nil {
			return err
		}
		return t.callMeters(ctx, "")
	case "meter":
		return t.callAgain(ctx, id)
	case "check":
		if arg == "no" {
			return t.callAgain(ctx, t.state.Meter)
		}
		return t.callGive(ctx, reading.Unasked)
	}
	if reading.Confirm(arg) == fix {
		return t.callAgain(ctx, t.state.Meter)
	}
	return t.callGive(ctx, reading.Confirm(arg))
}

// callAgain asks for the figures of a meter from the first.
func (t *talk) callAgain(ctx context.Context, meter int64) error {
	sheet, err := t.sheet(ctx)
	if err != nil {
		return err
	}
	if c := cardOf(sheet, meter); c != nil {
		t.callFigure(c, nil)
		return nil
	}
	return t.callMeters(ctx, "Этого счётчика на счёте больше нет.")
}

// callGive hands the figures of a meter over: they are taken, asked about, or cannot be.
func (t *talk) callGive(ctx context.Context, confirm reading.Confirm) error {
	given := slices.Clone(t.state.Given)
	for i := range given {
		given[i].Confirm = confirm
	}
	r, err := t.hand(ctx, given)
	if err != nil {
		return err
	}
	switch {
	case r.Refuses():
		t.say("Такое показание на этом счётчике не может быть.")
		return t.callAgain(ctx, t.state.Meter)
	case r.Asks():
		t.callDoubt(r, given)
		return nil
	}
	said := "Показания приняты."
	if r.Number != "" {
		said += " Номер " + spell(strings.TrimPrefix(r.Number, "П-")) + "."
	}
	counts, _ := r.Lines[0].CountsWords()
	return t.callMeters(ctx, strings.TrimSpace(said+" "+counts))
}
