package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
)

// Tariffs is P5: what things cost here, by address or by supplier, with history, what is known ahead, and two days compared.
type Tariffs struct {
	web.Page
	Finder
	Subject   string       // the address or the supplier; empty until one is chosen
	Suppliers []web.Choice // to choose from
	Hidden    []HiddenField
	Groups    []TariffGroup
	Day, With string // of the comparison, as typed
	Errors    web.Errors
	Compared  bool
	DayOn     calendar.Date
	WithOn    calendar.Date
	CSVHref   string
	CityHref  string
	AllHref   string // of the same prices without a comparison
}

// TariffGroup are the prices of one supplier.
type TariffGroup struct {
	Supplier string
	Phone    string
	Services []TariffService
}

// TariffService are the prices of one service.
type TariffService struct {
	Name string
	Unit string // «₽ за м³»
	Rows []TariffRow
}

// TariffRow is one price: for what, now, since when, by which document, what follows, what was.
type TariffRow struct {
	What     string
	Now      string // empty: no price holds today
	Since    calendar.Date
	Document string
	Mark     string // what a doubtful figure is
	Next     *TariffPrice
	Past     []TariffPrice
	Was, Is  string // of the comparison
	Change   string // «на 11,2 % больше»
}

// TariffPrice is a price and when it holds.
type TariffPrice struct {
	Value, Document, Mark string
	From, Until           calendar.Date
}

// span are the days of a price.
func (t *TariffPrice) span() string {
	if t.Until == 0 {
		return "с " + t.From.Dotted()
	}
	return t.From.Dotted() + " – " + t.Until.Dotted()
}
