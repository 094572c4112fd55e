// Package sample makes up facts of charging for measurements and tests: households of ten services with eight
// suppliers, every figure following from the number of the household.
//
// Owns: nothing. Does not own: the made-up city with its files (package city).
package sample

import (
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/decimal"
	"kvit/internal/tariff"
)

// Flats is how many households live in a house.
const Flats = 100

// service is one of those every household takes.
type service struct {
	code      string
	supplier  int  // from 0
	registers int  // of a meter; 0 is no meter
	metered   bool // a household may have a meter
}

var services = []service{
	{"cold_water", 0, 1, true},
	{"hot_water", 1, 1, true},
	{"sewage", 0, 0, false},
	{"electricity", 2, 2, true},
	{"gas", 3, 1, true},
	{"heating", 4, 0, false},
	{"waste", 5, 0, false},
	{"maintenance", 6, 0, false},
	{"capital_repair", 7, 0, false},
	{"irrigation", 0, 0, false},
}

// Suppliers is how many suppliers there are, Services how many services each household takes.
const (
	Suppliers = 8
	Services  = 10
)

// SupplierOf tells whose service it is by its number.
func SupplierOf(n int) int { return services[n].supplier }

// CodeOf is the code of a service in the catalogue.
func CodeOf(n int) string { return services[n].code }

// SupplierCode is the code of a supplier by its number.
func SupplierCode(n int) string { return fmt.Sprintf("sup%d", n+1) }

// Catalog is the standard catalogue with made-up prices and normatives.
func Catalog() *tariff.Catalog { return tariff.Merge(tariff.Standard(), Figures()) }

// Figures are the made-up prices and normatives.
func Figures() *tariff.Catalog {
	c := &tariff.Catalog{}
	for _, r := range []struct {
		service, component, zone string
		value                    decimal.Decimal
	}{
		{"cold_water", "", "", 45_6100000},
		{"hot_water", "water", "", 45_6100000},
		{"hot_water", "heat", "", 2412_5800000},
		{"sewage", "", "", 38_2700000},
		{"electricity", "", "day", 6_1900000},
		{"electricity", "", "night", 3_1200000},
		{"electricity", "", "", 5_3800000},
		{"gas", "", "", 8_3600000},
		{"heating", "", "", 2412_5800000},
		{"waste", "", "", 701_9400000},
		{"capital_repair", "", "", 14_0100000},
		{"maintenance", "", "", 31_2000000},
		{"irrigation", "", "", 45_6100000},
	} {
		c.Rates = append(c.Rates, tariff.Rate{Service: r.service, Component: r.component, Zone: r.zone, Value: r.value})
	}
	for _, n := range []struct {
		service, purpose, unit string
		value                  decimal.Decimal
	}{
		{"cold_water", "", "m3/person/month", 4_2900000},
		{"hot_water", "", "m3/person/month", 3_1600000},
		{"hot_water", "heat_of_water", "Gcal/m3", 623000},
		{"electricity", "", "kWh/person/month", 91_0000000},
		{"gas", "", "m3/person/month", 12_0000000},
		{"heating", "", "Gcal/m2/month", 223000},
		{"waste", "", "m3/person/year", 2_4000000},
	} {
		c.Normatives = append(c.Normatives, tariff.Normative{Service: n.service, Purpose: n.purpose, Value: n.value, Unit: n.unit})
	}
	return c
}

// Ids are the numbers facts go by in an installation.
type Ids struct {
	Supplier [Suppliers]int64
	Service  [Services]int64
}

// House makes the facts of a house as they are recorded by the end of a month: readings of so many months of the meters
// whose history decides, of the other meters the last two.
func House(building int64, flats int, month calendar.Month, months int, ids *Ids) *fact.Set {
	return HouseRead(building, flats, month, months, 2, ids)
}

// HouseRead makes a house as House does; the other meters have readings of the last usual months.
func HouseRead(building int64, flats int, month calendar.Month, months, usual int, ids *Ids) *fact.Set {
	s := &fact.Set{Building: building}
	s.Houses = []fact.House{{House: calc.House{Area: decimal.FromInt(int64(54 * flats)), CommonArea: decimal.FromInt(int64(6 * flats))}}}
	for k := range months {
		s.Resources = append(s.Resources, fact.Resource{Service: "heating", Resource: calc.Resource{Month: month.Add(-k), HasMeter: true, Volume: decimal.Decimal(int64(flats) * 1_3170000)}})
	}
	for flat := range flats {
		household(s, building*1000+int64(flat), month, months, usual, ids)
	}
	return s
}

// household adds one household. Of ten 7 have meters; of these one in twenty is past its verification, and one in
// twenty did not give the last readings.
func household(s *fact.Set, id int64, month calendar.Month, months, usual int, ids *Ids) {
	n := id * 2_654_435_761 >> 7 & 0xffff
	s.Premises = append(s.Premises, fact.Premises{Household: id, Area: decimal.Decimal(30_0000000 + n%500*1000000), Rooms: 1 + int(n%3)})
	persons := int32(1)
	if n%10 >= 6 {
		persons = 2 + int32(n%10/9)
	}
	s.Stays = append(s.Stays, fact.Stay{Household: id, ID: id, Kind: fact.Resident, Persons: persons})
	for i := range services {
		v := &services[i]
		account := accountOf(id, v.supplier)
		x := fact.Subscription{Household: id, AccountID: account, Service: v.code, SupplierID: ids.Supplier[v.supplier], ServiceID: ids.Service[i], Mode: fact.Computed}
		x.Included = v.code == "irrigation"
		x.MeterOK = v.metered
		s.Subscriptions = append(s.Subscriptions, x)
		if v.metered && n%10 < 7 {
			meter(s, v, id*10+int64(i), account, n, month, months, usual)
		}
	}
}

func meter(s *fact.Set, v *service, id, account, n int64, month calendar.Month, months, usual int) {
	m := fact.Meter{ID: id, AccountID: account, Service: v.code, Registers: uint8(v.registers), VerifiedBy: 20311231}
	if n%20 == 3 {
		m.VerifiedBy = month.Add(-2).First()
	}
	s.Meters = append(s.Meters, m)
	missed := n%20 == 5
	if n%20 != 3 && !missed {
		months = min(months, usual)
	}
	for k := months - 1; k >= 0; k-- {
		if missed && k == 0 {
			continue // the last reading did not come
		}
		for zone := range v.registers {
			z := calc.AllDay
			if v.registers > 1 {
				z = calc.Zone(zone + 1)
			}
			value := decimal.Decimal((1000 - int64(k)*(3+n%7)) * decimal.Scale)
			s.Readings = append(s.Readings, fact.Reading{MeterID: id, ID: id*1000 + int64(k*4+zone), On: month.Add(-k).First().AddDays(23), Zone: z, Value: value, Accepted: true})
		}
	}
}

// Late makes facts of a house about a month, known after it was charged, of one household in twenty: in turn, one resident
// more from the tenth day on, and another figure of its cold water meter, where it has one.
func Late(building int64, flats int, month calendar.Month) *fact.Set {
	s := &fact.Set{Building: building}
	for flat := int64(0); flat < int64(flats); flat += 20 {
		id := building*1000 + flat + building%20
		if flat/20%2 == 0 {
			s.Stays = append(s.Stays, fact.Stay{Household: id, ID: id + 500, Kind: fact.Resident, Persons: 1, Term: calc.Term{From: month.First().AddDays(9)}})
			continue
		}
		s.Readings = append(s.Readings, fact.Reading{MeterID: id * 10, ID: id*10_000 + 999, On: month.First().AddDays(23), Value: 991 * decimal.Scale, Accepted: true})
	}
	return s
}

// accountOf is the account of a household with a supplier.
func accountOf(household int64, supplier int) int64 { return household*10 + int64(supplier) }

// AccountsOf are the accounts of a household, one with each supplier.
func AccountsOf(household int64) (list []int64) {
	for i := range Suppliers {
		list = append(list, accountOf(household, i))
	}
	return list
}
