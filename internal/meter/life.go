package meter

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
)

// live fills the timeline of a meter: its steps, and what suppliers' files and records told without one.
func (c *Card) live(ctx context.Context, tx *db.Tx, v *viewer, x *fact.Meter, steps []stored) error {
	told := map[calendar.Micros]bool{}
	for i := range steps {
		s := &steps[i]
		told[s.at] = true
		var b body
		if err := json.Unmarshal([]byte(s.body), &b); err != nil {
			return fmt.Errorf("step %d: %w", s.id, err)
		}
		c.take(s, &b)
		source, err := v.words.Say(ctx, tx, s.source)
		if err != nil {
			return err
		}
		c.Life = append(c.Life, Event{On: s.on.String(), Kind: s.kind, Words: s.kind.says(&b), Reason: s.reason, Source: source, At: s.at})
	}
	rows, err := fact.ListMeterRows(ctx, tx, v.q.Building, x.ID, v.q.At)
	if err != nil {
		return err
	}
	if err := c.infer(ctx, tx, v, rows, told); err != nil {
		return err
	}
	slices.SortStableFunc(c.Life, func(a, b Event) int { return cmp.Or(strings.Compare(a.On, b.On), cmp.Compare(a.At, b.At)) })
	if c.Life == nil {
		c.Life = []Event{}
	}
	return nil
}

// take keeps what a step says of the device as it is now; steps come by id, so their days decide.
func (c *Card) take(s *stored, b *body) {
	switch s.kind {
	case Described, Installed:
		c.Scope, c.Place = cmp.Or(b.Scope, c.Scope), cmp.Or(b.Place, c.Place)
	case Sealed, SealBroken:
		if on := s.on.String(); on >= c.sealDay() {
			c.Seal, c.SealOff = cmp.Or(b.Seal, c.Seal), s.kind == SealBroken
		}
	}
}

// sealDay is the day of the latest step with the seal that was taken so far.
func (c *Card) sealDay() (on string) {
	for i := range c.Life {
		if e := &c.Life[i]; e.Kind == Sealed || e.Kind == SealBroken {
			on = max(on, e.On)
		}
	}
	return on
}

// infer tells of what changed from row to row of a meter where no step tells it.
func (c *Card) infer(ctx context.Context, tx *db.Tx, v *viewer, rows []fact.Meter, told map[calendar.Micros]bool) error {
	var was fact.Meter
	for i := range rows {
		x := &rows[i]
		before := was
		was = *x
		if told[x.RecordedAt] {
			continue
		}
		source, err := v.words.Say(ctx, tx, x.Source)
		if err != nil {
			return err
		}
		add := func(kind Kind, on calendar.Date, words string) {
			c.Life = append(c.Life, Event{On: dayText(on), Kind: kind, Words: words, Source: source, At: x.RecordedAt})
		}
		if words := "Считаем по нему"; x.From != before.From || i == 0 {
			if i > 0 {
				words = "Уточнено: считаем с этого дня"
			}
			add(Installed, x.From, words)
		}
		if x.VerifiedBy != before.VerifiedBy && x.VerifiedBy != 0 {
			add(Verified, x.From, "Поверен до "+x.VerifiedBy.Dotted())
		}
		if x.FailedOn != before.FailedOn && x.FailedOn != 0 {
			add(Failed, x.FailedOn, Failed.Words())
		}
		if x.Until != before.Until && x.Until != 0 {
			add(Removed, x.Until, Removed.Words())
		}
	}
	return nil
}

// says a step in a few words.
func (k Kind) says(b *body) string {
	words := k.Words()
	var more []string
	switch k {
	case Installed:
		if b.Serial != "" {
			more = append(more, "вместо № "+b.Serial)
		}
		more = append(more, figuresText("начальное", b.Figures)...)
	case Replaced, Removed:
		if b.Serial != "" {
			more = append(more, "теперь № "+b.Serial)
		}
		more = append(more, figuresText("последнее", b.Figures)...)
	case Sealed, SealBroken:
		if b.Seal != "" {
			more = append(more, "пломба № "+b.Seal)
		}
	case Verified:
		if b.Unfit {
			return "Поверку не прошёл"
		}
		if until, err := calendar.ParseDate(b.Until); err == nil {
			more = append(more, "до "+until.Dotted())
		}
	case Described:
		more = append(more, ScopeWords(b.Scope))
		if b.Place != "" {
			more = append(more, b.Place)
		}
		for _, r := range b.Registers {
			if z, ok := ParseZone(r.Zone); ok {
				more = append(more, r.Name+" – "+cmp.Or(z.Words(), "сутки"))
			}
		}
	}
	return strings.Join(append([]string{words}, more...), ", ")
}

func figuresText(word string, figures []Figure) (list []string) {
	for _, f := range figures {
		text := word + " показание " + strings.Replace(f.Value, ".", ",", 1)
		if z, ok := ParseZone(f.Register); ok && z.Words() != "" {
			text += " (" + z.Words() + ")"
		}
		list = append(list, text)
	}
	return list
}
