package view

import (
	"kvit/internal/calendar"
	"kvit/internal/web"
)

// City is P6: who serves a house, how to reach them, what they plan. No personal data.
type City struct {
	web.Page
	Finder
	Address     string // of the house; empty until one is found
	Street      bool   // the answer is for the street: one family lives in the house
	NotServed   bool
	Suppliers   []CitySupplier
	Works       []CityWork
	TariffsHref string
}

// CitySupplier is an organisation that serves the house.
type CitySupplier struct {
	Name, Services       string
	Phone, Hours         string
	Emergency            []string
	Email, Site, Address string
	Offices              []CityOffice
}

// CityOffice is where it receives people.
type CityOffice struct{ Address, Hours, Phone string }

// CityWork is something a supplier plans to do.
type CityWork struct {
	Title, Supplier string
	From, Until     calendar.Date // no Until is one day
}

// when are the days of a work: «1 декабря» or «1 декабря – 3 декабря».
func (w *CityWork) when(p *web.Page) string {
	if w.Until == 0 || w.Until == w.From {
		return web.Capital(p.Day(w.From))
	}
	return web.Capital(p.Day(w.From)) + " – " + p.Day(w.Until)
}

// emergencies are the suppliers that have numbers for accidents.
func (v *City) emergencies() (list []CitySupplier) {
	for _, s := range v.Suppliers {
		if len(s.Emergency) > 0 {
			list = append(list, s)
		}
	}
	return list
}
