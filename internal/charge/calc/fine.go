package calc

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Fine is what a supplier owes for a charge found too high (ЖК РФ ст. 157 ч. 6, ст. 156 ч. 11): half of the excess, taken
// off the bill of a month. The excess itself is returned by a recalculation.
type Fine struct {
	Month     calendar.Month `json:"month"` // whose bill it is taken off
	Excess    money.Amount   `json:"excess"`
	Applied   calendar.Date  `json:"applied,omitempty"`   // the resident applied …
	Corrected calendar.Date  `json:"corrected,omitempty"` // … and the charge was corrected; zero is not yet
}

const (
	finePercent       = 50
	fineDaysToCorrect = 30 // a charge corrected within so many days of the application costs no fine
)

// due tells whether the supplier was too late.
func (f *Fine) due() bool {
	return f.Applied == 0 || f.Corrected == 0 || f.Corrected.Days(f.Applied) > fineDaysToCorrect
}

// fines takes the fines of the month off the service's charge.
func (c *charging) fines() {
	for i := range c.sub.Fines {
		f := &c.sub.Fines[i]
		if f.Month != c.month || !f.due() {
			continue
		}
		l := c.line(Fined, ByGiven, FormulaFine)
		l.Party, l.Factor, l.Inputs[0] = c.party(uint8(c.days)), decimal.FromInt(finePercent), InRoubles(f.Excess)
		l.Exact = decimal.Int(int64(f.Excess)).OverInt(100).TimesInt(finePercent).OverInt(100).Neg()
		c.round(l)
	}
}
