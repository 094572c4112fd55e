package bot

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/decimal"
	"kvit/internal/person"
	"kvit/internal/reading"
)

// figure is what a register showed, not taken yet.
type figure struct {
	Meter   int64           `json:"meter"`
	Zone    calc.Zone       `json:"zone"`
	Value   decimal.Decimal `json:"value"`
	Confirm reading.Confirm `json:"confirm,omitempty"`
}

// doors are the channels of readings by messenger and by telephone.
var doors = map[person.Kind]reading.Channel{person.Telegram: reading.Telegram, person.Max: reading.Max, SMS: reading.SMS, Voice: reading.Robot}

func (t *talk) home() reading.Home {
	return reading.Home{Building: t.actor.BuildingID, Household: t.actor.HouseholdID}
}

func (t *talk) sheet(ctx context.Context) (*reading.Sheet, error) {
	if err := t.actor.Require("reading", "write"); err != nil {
		return nil, err
	}
	return t.m.Readings.Sheet(ctx, t.actor, t.home())
}

// readings asks for the meter, or at once for the figure of the only one.
func (t *talk) readings(ctx context.Context) error {
	sheet, err := t.sheet(ctx)
	if err != nil {
		return err
	}
	switch len(sheet.Cards) {
	case 0:
		t.say("На этом счёте нет счётчиков, по которым нужны показания.", t.menu()...)
		return nil
	case 1:
		t.askFigure(&sheet.Cards[0], nil)
		return nil
	}
	t.say(windowWords(&sheet.Cards[0])+" Выберите счётчик. Или напишите все сразу: ХВС 123, ГВС 45.", t.meters(sheet)...)
	return nil
}

func windowWords(c *reading.Card) string {
	if c.Late {
		return "В счёт за этот месяц уже не успеет: учтём в счёте за " + c.Month.Word() + "."
	}
	return "Передайте до " + c.Until.Words() + " – попадут в счёт за " + c.Month.Word() + "."
}

// cardTitle names a meter: its service and the end of its number.
func cardTitle(c *reading.Card) string {
	if c.Serial == "" {
		return inert(c.Name)
	}
	return inert(c.Name) + ", № " + inert(c.Serial)
}

func sentWord(c *reading.Card) string {
	if len(c.Sent) > 0 {
		return " – уже передано"
	}
	return ""
}

func cardOf(s *reading.Sheet, id int64) *reading.Card {
	for i := range s.Cards {
		if s.Cards[i].ID == id {
			return &s.Cards[i]
		}
	}
	return nil
}

// meterChosen asks for the figure of a meter.
func (t *talk) meterChosen(ctx context.Context, arg string) error {
	sheet, err := t.sheet(ctx)
	if err != nil {
		return t.refusable(err)
	}
	id, _ := strconv.ParseInt(arg, 10, 64)
	if c := cardOf(sheet, id); c != nil {
		value, known := parseFigure(t.state.Value)
		t.askFigure(c, t.state.Given)
		if known {
			t.out = nil // nobody is asked for what he has said
			return t.figureOf(ctx, sheet, value)
		}
		return nil
	}
	t.say("Этого счётчика на счёте больше нет.", t.menu()...)
	return nil
}

// askFigure asks for the next register of a meter that has none yet; given are the figures so far.
func (t *talk) askFigure(c *reading.Card, given []figure) {
	zone := c.Zones[0]
	for _, z := range c.Zones {
		if !slices.ContainsFunc(given, func(f figure) bool { return f.Meter == c.ID && f.Zone == z }) {
			zone = z
			break
		}
	}
	t.ask(asked{Ask: askFigure, Meter: c.ID, Given: given})
	said := cardTitle(c) + "."
	if title := c.ZoneTitle(zone); title != "" {
		said += " " + inert(title) + "."
	}
	if last := c.Last(zone); last != nil {
		said += " Прошлое: " + reading.Figure(last.Value) + ", " + last.On.Words() + "."
	}
	t.say(said+" Напишите чёрные цифры, красные после запятой можно пропустить.", row(command("Отмена", "help")))
}

// figureTyped takes a figure of the meter chosen, register by register.
func (t *talk) figureTyped(ctx context.Context) error {
	sheet, err := t.sheet(ctx)
	if err != nil {
		return t.refusable(err)
	}
	value, ok := parseFigure(t.Text)
	if !ok {
		if list, named := parseFigures(t.Text); named {
			return t.figuresTyped(ctx, list)
		}
		t.say("Нужно число со счётчика, например 251 или 251,904.", row(command("Отмена", "help")))
		return nil
	}
	return t.figureOf(ctx, sheet, value)
}

// figureOf takes a figure as that of the next register of the meter asked about.
func (t *talk) figureOf(ctx context.Context, sheet *reading.Sheet, value decimal.Decimal) error {
	c := cardOf(sheet, t.state.Meter)
	if c == nil {
		t.say("Этого счётчика на счёте больше нет.", t.menu()...)
		return nil
	}
	given := t.state.Given
	for _, z := range c.Zones {
		if !slices.ContainsFunc(given, func(f figure) bool { return f.Meter == c.ID && f.Zone == z }) {
			given = append(given, figure{Meter: c.ID, Zone: z, Value: value})
			break
		}
	}
	if t.lacks(sheet, given) {
		return nil
	}
	return t.give(ctx, sheet, given)
}

// lacks asks for the next figure of a meter some of whose registers have theirs.
func (t *talk) lacks(s *reading.Sheet, given []figure) bool {
	for i := range s.Cards {
		c := &s.Cards[i]
		n := 0
		for _, f := range given {
			if f.Meter == c.ID {
				n++
			}
		}
		if n > 0 && n < len(c.Zones) {
			t.askFigure(c, given)
			return true
		}
	}
	return false
}

// figuresTyped takes figures with their names. One that is not understood stops them all: half of a message is not taken.
func (t *talk) figuresTyped(ctx context.Context, typed []typedFigure) error {
	sheet, err := t.sheet(ctx)
	if err != nil {
		return t.refusable(err)
	}
	var given []figure
	for _, x := range typed {
		f, says := registerOf(sheet, x)
		if says == "" && slices.ContainsFunc(given, func(g figure) bool { return g.Meter == f.Meter && g.Zone == f.Zone }) {
			says = fmt.Sprintf("«%s» написано дважды. Оставьте одно показание.", inert(x.Name))
		}
		if says != "" {
			t.say(says+" Ничего не записали.", t.menu()...)
			return nil
		}
		given = append(given, f)
	}
	if t.lacks(sheet, given) {
		return nil
	}
	return t.give(ctx, sheet, given)
}

// registerOf finds the register a typed figure is of, or says why there is no telling.
func registerOf(s *reading.Sheet, x typedFigure) (f figure, says string) {
	var found []*reading.Card
	for i := range s.Cards {
		if s.Cards[i].IsCalled(x.Name) {
			found = append(found, &s.Cards[i])
		}
	}
	switch len(found) {
	case 0:
		return f, fmt.Sprintf("Счётчика «%s» на этом счёте нет.", inert(x.Name))
	case 1:
	default:
		names := make([]string, 0, len(found))
		for _, c := range found {
			names = append(names, "№ "+inert(c.Serial))
		}
		return f, fmt.Sprintf("«%s» – это %d счётчика: %s. Напишите номер, например «№ %s 123».", inert(x.Name), len(found), strings.Join(names, ", "), inert(found[0].Serial))
	}
	zone, err := found[0].ZoneCalled(x.Zone)
	if err != nil {
		return f, cardTitle(found[0]) + ": напишите день и ночь, например «свет день 8450, ночь 3120»."
	}
	return figure{Meter: found[0].ID, Zone: zone, Value: x.Value}, ""
}

// give hands the figures to the door of readings: they are taken, asked about, or cannot be.
func (t *talk) give(ctx context.Context, s *reading.Sheet, given []figure) error {
	if t.state.Reason == "" && t.asksReason(s, given) {
		return nil
	}
	r, err := t.hand(ctx, given)
	if err != nil {
		return t.refusable(err)
	}
	switch {
	case r.Refuses():
		t.refused(s, r, given)
	case r.Asks():
		t.doubt(s, r, given)
	default:
		t.ask(asked{})
		return t.taken(ctx, receiptWords(r, t.m))
	}
	return nil
}

// hand hands the figures over under the key of the update.
func (t *talk) hand(ctx context.Context, given []figure) (*reading.Receipt, error) {
	return t.m.Readings.Give(ctx, t.actor, reading.Request{Home: t.home(), Given: together(given, t.m.Today()), Origin: reading.Origin{
		Channel: doors[t.channel], Author: "житель", Device: t.state.Reason, Key: "bot:" + string(t.channel) + ":" + t.Key,
	}})
}

// together puts the registers of each meter into one.
func together(given []figure, on calendar.Date) (list []reading.Given) {
	for _, f := range given {
		i := slices.IndexFunc(list, func(g reading.Given) bool { return g.Meter == f.Meter })
		if i < 0 {
			i, list = len(list), append(list, reading.Given{Meter: f.Meter, On: on})
		}
		list[i].Values = append(list[i].Values, reading.Value{Zone: f.Zone, Value: f.Value})
		list[i].Confirm = cmp.Or(list[i].Confirm, f.Confirm)
	}
	return list
}
