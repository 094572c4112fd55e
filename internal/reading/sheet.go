package reading

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/money"
)

// Sheet is the meters of a household as the page of readings shows them.
type Sheet struct {
	Cards    []Card
	Receipts []*Receipt
}

// Card is one meter with the bill a figure given today counts in.
type Card struct {
	*Meter
	Month   calendar.Month
	Late    bool          // not the bill of this month any more
	Until   calendar.Date // the last day of that bill, or of corrections
	Sent    []fact.Reading
	Control *fact.Reading // the latest an inspector read
	Missing *Missing
}

// Missing is what a service costs while no reading of the month has come.
type Missing struct {
	Method calc.Method
	Sum    money.Amount
	Volume string
	Unit   string

	HasUsual bool           // the own average is known
	More     money.Amount   // than it
	Then     calendar.Month // first month by normative if no reading comes
	ThenSum  money.Amount
	ThenMore money.Amount // than the own average
}

// Words tell what no reading costs.
func (x *Missing) Words() string {
	how := "по нормативу"
	if x.Method == calc.ByAverage {
		how = "по среднему"
	}
	says := fmt.Sprintf("Без показаний посчитаем %s: %s, %s", how, x.Volume+"\u00a0"+x.Unit, x.Sum.Format())
	if x.HasUsual && x.More > 0 {
		says += ", на " + x.More.Format() + " больше вашего среднего"
	}
	if x.Then != 0 {
		says += ". За " + x.Then.Word() + " уже по нормативу: " + x.ThenSum.Format()
		if x.HasUsual && x.ThenMore > 0 {
			says += ", на " + x.ThenMore.Format() + " больше вашего среднего"
		}
	}
	return says
}

// Automatic is the day of the latest figure that a device told, while nobody has given a later one; 0 when no device does.
func (c *Card) Automatic() calendar.Date {
	last := c.Last(c.Zones[0])
	if last == nil || !strings.HasPrefix(last.Source, "reading:"+string(Device)+":") {
		return 0
	}
	return last.On
}

// WarnsVerification tells whether a card must speak of the verification: it ended or ends within sixty days.
func (c *Card) WarnsVerification(today calendar.Date) bool {
	const ahead = 60
	return c.Verified != 0 && c.Verified < today.AddDays(ahead)
}

// Sheet gives the meters of a household in use today, each device once.
func (m *Module) Sheet(ctx context.Context, actor access.Actor, h Home) (*Sheet, error) {
	if err := may(actor, "read", h); err != nil {
		return nil, err
	}
	w, err := m.look(ctx)
	if err != nil {
		return nil, err
	}
	s := &Sheet{}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		*s = Sheet{}
		at, today := m.Now(), m.Today()
		stock, err := w.stockOf(ctx, tx, h, at)
		if err != nil {
			return err
		}
		held, err := listAnswers(ctx, tx, h.Building, stock.ids(), at)
		if err != nil {
			return err
		}
		photos, err := listPhotos(ctx, tx, h.Building, stock.ids())
		if err != nil {
			return err
		}
		ownPhotos(photos, h.Household)
		for _, x := range stock.list {
			x.answers, x.photos = held, photos
		}
		s.fill(stock, today)
		if s.Receipts, err = list(ctx, tx, h.Building, h.Household); err != nil || len(s.Cards) == 0 {
			return err
		}
		services, err := w.month(ctx, tx, h, s.Cards[0].Month, at)
		s.miss(services)
		return err
	})
	if err == nil && s.misses() {
		var found []charge.Missed
		found, err = m.Charges.Missing(ctx, h.Building, &fact.Scope{Households: []int64{h.Household}}, s.Cards[0].Month)
		s.warn(found)
	}
	if err != nil {
		return nil, fmt.Errorf("readings of household %d: %w", h.Household, err)
	}
	return s, nil
}

// ownPhotos leaves the photos of a household: its meters may have been in others before.
func ownPhotos(photos map[photoKey][]Photo, household int64) {
	for key, list := range photos {
		photos[key] = slices.DeleteFunc(list, func(p Photo) bool { return p.Household != household })
	}
}

func (s *Sheet) fill(stock *stock, today calendar.Date) {
	shown := map[*Meter]bool{}
	for _, x := range stock.list {
		if !x.Term.Holds(today) || shown[x] {
			continue
		}
		for _, twin := range x.twins {
			shown[twin] = true
		}
		c := Card{Meter: x, Until: stock.correctUntil(x, today)}
		c.Month, c.Late = stock.countsIn(x, today)
		for i := range x.Readings {
			r := &x.Readings[i]
			month, _ := stock.countsIn(x, r.On)
			if r.Control && (c.Control == nil || c.Control.On <= r.On) {
				c.Control = r
			}
			if month == c.Month && !r.Control && strings.HasPrefix(r.Source, "reading:") && (len(c.Sent) == 0 || c.Sent[0].On <= r.On) {
				if len(c.Sent) > 0 && c.Sent[0].On < r.On {
					c.Sent = c.Sent[:0]
				}
				c.Sent = append(c.Sent, *r)
			}
		}
		s.Cards = append(s.Cards, c)
	}
}

// misses tells whether a card has no reading and its service is charged without one.
func (s *Sheet) misses() bool {
	return slices.ContainsFunc(s.Cards, func(c Card) bool { return c.Missing != nil })
}

// miss says of cards without a reading of the month what their service comes to without one.
func (s *Sheet) miss(services []charge.Service) {
	for i := range s.Cards {
		c := &s.Cards[i]
		for k := range services {
			x := &services[k]
			if x.AccountID == c.AccountID && x.ServiceID == c.sold && x.Charge > 0 && (x.Method == calc.ByAverage || x.Method == calc.ByNormative) {
				c.Missing = &Missing{Method: x.Method, Sum: x.Charge, Volume: Figure(x.Volume), Unit: x.Unit}
			}
		}
	}
}

// FindReceipt gives a receipt of a household by its number.
func (m *Module) FindReceipt(ctx context.Context, actor access.Actor, h Home, number string) (r *Receipt, err error) {
	if err := may(actor, "read", h); err != nil {
		return nil, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		r, err = find(ctx, tx, h.Building, h.Household, number)
		return err
	})
	return r, err
}
