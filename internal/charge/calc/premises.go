package calc

import (
	"kvit/internal/calendar"
	"kvit/internal/decimal"
	"kvit/internal/money"
)

// Premises is what is known of one flat, room or house whose services are charged together: one household's basket.
// All dates are civil; a zero Until is open. Slices are sorted by date. Facts of other months may be present.
type Premises struct {
	House    *House
	Area     decimal.Decimal // total, m²
	Heated   decimal.Decimal // m² heated where it differs from Area; zero is Area
	Rooms    int             // for normatives by rooms
	Stays    []Stay          // who lives here
	Owners   []Stay          // how many owners: counted where nobody lives (п. 56(2), 148(36))
	Parties  []Party         // who is charged, where it changes inside the month; none is one party
	Absences []Absence
	Communal *Communal // of a room in a communal flat
	OwnHeat  bool      // by design without heating devices, or lawfully on its own source
	Services []Subscription
	Benefits []Benefit
	Areas    []AreaFrom // where the area changes; none is Area and Heated all the time

	NormStays []Stay // who lived here as it was known when a month too old for a new social norm was charged …
	NormKept  bool   // … and that the norm goes by them
}

// NormMonths is how many months before the one charged a change of residents may still change a social norm of (ПП № 614).
const NormMonths = 3

// AreaFrom is an area that holds from a day on: the register's figure counts from the day it came (п. 36).
type AreaFrom struct {
	From         calendar.Date
	Area, Heated decimal.Decimal
}

// Stay is persons living here for a time.
type Stay struct {
	Term
	Persons   int32
	Temporary bool // counts only when longer than five days in a row (п. 56)
}

// Term is days from From to Until, both included.
type Term struct{ From, Until calendar.Date }

// Holds tells whether the day is in the term.
func (t Term) Holds(d calendar.Date) bool { return t.From <= d && (t.Until == 0 || d <= t.Until) }

// Days is how many days of from … until lie in the term.
func (t Term) Days(from, until calendar.Date) int32 {
	a, z := max(t.From, from), until
	if t.Until != 0 {
		z = min(z, t.Until)
	}
	if a > z {
		return 0
	}
	if a.Month() == z.Month() {
		return int32(z.Day() - a.Day() + 1)
	}
	return int32(z.Days(a) + 1)
}

// Party is an owner or account charged from a day on: the day the right is registered belongs to the new one (ЖК ст. 153).
type Party struct {
	From calendar.Date
	Name string
}

// Absence is persons away: the day of leaving and the day of return do not count (п. 86–91).
type Absence struct {
	Left, Returned calendar.Date
	Persons        int32
}

// Communal tells a room's share of its flat (section 2.6 of the charging rules; п. 50, 51 of Rules № 354).
type Communal struct {
	FlatPersons int32           // residents of the whole flat
	LivingArea  decimal.Decimal // of the room
	FlatLiving  decimal.Decimal // of all rooms
}

// Subscription is one service of the premises: who sells it, by which category, and its facts.
type Subscription struct {
	Term
	Service     Service
	Supplier    Supplier
	Category    Category
	MeterOK     bool // a meter is technically possible: without one the raising factor applies
	Meters      []Meter
	Past        []Past // months charged before, where they are known better than the readings tell
	Acts        []Act
	Events      []Event
	Objects     []Object        // of plots
	Quantity    decimal.Decimal // of per-unit services; zero is one
	Included    bool            // counted by the main meter already (a plot): not charged again, but taken off what is linked
	FlatRest    decimal.Decimal // of a room with a meter in a communal flat: the flat's volume less all rooms'
	Share       decimal.Decimal // part of a price charged, where a regulator sets one; zero is one
	Part        Fraction        // of an area, of co-owners with accounts of their own
	Given       *Given          // the supplier's own charge of the month, shown instead of computing
	Reported    []Reported      // volumes the supplier gives where he has no readings
	Withheld    string          // why nothing is computed: the code of an issue
	Instalments []Instalment
	Fines       []Fine
}

// Fraction is a share of ownership; zero is the whole.
type Fraction struct{ Num, Den int64 }

// Given is a charge as the supplier gives it.
type Given struct {
	Volume decimal.Decimal
	Amount money.Amount
	Heat   *Given // the heat of the same service, where he gives it apart
}

// Reported is the volume of a month as the supplier gives it: what is charged by where no reading tells.
type Reported struct {
	Month  calendar.Month
	Zone   Zone
	Volume decimal.Decimal
}

// Meter is an individual meter (ИПУ) of one service.
type Meter struct {
	ID         int64
	Term                       // commissioned … removed
	Digits     uint8           // of the dial before the point; zero is the service's usual one
	Verified   []Term          // when it is verified, by date; none is unknown and not asked
	Registers  uint8           // how many zones it tells apart; zero is not known
	FailedOn   calendar.Date   // failed or lost
	GasFactor  decimal.Decimal // coefficient to standard conditions; zero is one
	GasFactors []GasFactor     // where it is approved month by month
	Readings   []Reading       // accepted ones, by date
}

// GasFactor is the approved coefficient of a month.
type GasFactor struct {
	Month calendar.Month
	Value decimal.Decimal
}

// Reading is an accepted figure of one register.
type Reading struct {
	On      calendar.Date
	Zone    Zone
	Initial bool // the figure at installation
	Control bool // read by the supplier's inspector
	Value   decimal.Decimal
	Ref     int64 // its id, for the explanation
}

// Past is one month charged before.
type Past struct {
	Month  calendar.Month
	Zone   Zone
	Method Method
	Volume decimal.Decimal
	Amount money.Amount
}

// ActKind is what an act about a meter says.
type ActKind uint8

// Acts.
const (
	ActRefusal      ActKind = iota + 1 // access refused
	ActRepeat                          // access refused again
	ActCheck                           // checked: ends a refusal
	ActUnauthorised                    // unauthorised connection: by the volume, the power or the normative
	ActImpossible                      // a meter cannot be installed
	ActTampering                       // the meter was interfered with: ten normatives
)

// Act is an act drawn on a day.
type Act struct {
	On     calendar.Date   `json:"on"`
	Kind   ActKind         `json:"kind"`
	Volume decimal.Decimal `json:"volume,omitempty"` // of ActUnauthorised: the volume computed by the act, in the service's units
	Power  decimal.Decimal `json:"power,omitempty"`  // kW of the equipment, where the volume follows from it: × 24 hours × days
	Days   int32           `json:"days,omitempty"`   // that the act charges
	Since  calendar.Date   `json:"since,omitempty"`  // the last check: what the act charges begins here, at most three months before it
	Factor decimal.Decimal `json:"factor,omitempty"` // zero is one; of tampering ten
}

// Event is a breach of quality.
type Event struct {
	Kind     string          `json:"kind"`              // as in the catalogue: outage, temperature, pressure, delay …
	Hours    decimal.Decimal `json:"hours,omitempty"`   // how long, in all when Count is more than one
	Longest  decimal.Decimal `json:"longest,omitempty"` // the longest single one; zero is Hours
	Value    decimal.Decimal `json:"value,omitempty"`   // measured: °C, MPa, V
	HasValue bool            `json:"hasValue,omitempty"`
	Norm     decimal.Decimal `json:"norm,omitempty"`   // the value due in this room where it is not the rule's: 20 °C where winters are below −31
	Night    bool            `json:"night,omitempty"`  // between 00:00 and 05:00
	Corner   bool            `json:"corner,omitempty"` // a corner room
	Case     string          `json:"case,omitempty"`   // circumstance of the allowance: dead_end, one_feed …
	From     calendar.Date   `json:"from,omitempty"`   // of one interruption …
	Month    calendar.Month  `json:"month,omitempty"`  // … or only the month is known
	Days     int32           `json:"days,omitempty"`   // whole days of non-conformity, where the rule counts days
}

// Object is something watered, kept or heated on a plot.
type Object struct {
	Name  string          `json:"name"`
	Count decimal.Decimal `json:"count"`
}

// Benefit is a relief (льгота): Percent of the charge on what is within the standards.
type Benefit struct {
	Term
	Name       string
	Services   []Service       // none is all
	Percent    decimal.Decimal // of the charge
	Area       decimal.Decimal // m² within the social standard; zero is no limit
	Persons    int32           // who are entitled: of normatives and of a charge per person; zero is everybody
	WithinNorm bool            // at most the normative volume counts
	Netted     bool            // taken off the bill; else shown and paid apart
	Fund       string          // who pays it
}

// Instalment is a part of an earlier sum put off (п. 72–75).
type Instalment struct {
	Month    calendar.Month `json:"month"`
	Amount   money.Amount   `json:"amount"`
	Interest money.Amount   `json:"interest,omitempty"`
}

// House is what is known of the building in a month. Sums over all premises are ready made: a batch makes them once.
type House struct {
	Area       decimal.Decimal // S_об: all premises living and not, m²
	OwnHeat    decimal.Decimal // S_инд: premises without central heating, m²
	CommonArea decimal.Decimal // S_ои for heating and where a resource has no area of its own, m²
	Persons    int32           // residents of the house
	Resources  []Resource      // by service
	Heating    []HeatingMode   // by day; none is in the season the normatives or the meter tell
	Private    bool            // a private house: its own meter is the house's
	Direct     bool            // managed by the owners themselves: common electricity counts within the household's norm
}

// HeatingMode is how a house pays for heat (п. 42(1)).
type HeatingMode struct {
	From         calendar.Date
	Even         bool  // through the year
	SeasonMonths []int // months heated, incomplete ones included
}

// Resource is what the house used of one service in a month.
type Resource struct {
	Service        Service         `json:"-"`
	Month          calendar.Month  `json:"-"`
	HasMeter       bool            `json:"hasMeter,omitempty"`       // a house meter (ОДПУ) in order
	Volume         decimal.Decimal `json:"volume,omitempty"`         // by the house meter
	NonResidential decimal.Decimal `json:"nonResidential,omitempty"` // ΣV of non-residential premises
	Unmetered      decimal.Decimal `json:"unmetered,omitempty"`      // ΣV of flats by normative or average
	Metered        decimal.Decimal `json:"metered,omitempty"`        // ΣV of flats by their meters
	OwnUse         decimal.Decimal `json:"ownUse,omitempty"`         // V_cr: used to make heat or hot water
	MeteredArea    decimal.Decimal `json:"meteredArea,omitempty"`    // of heating: ΣS of premises with meters
	AllMetered     bool            `json:"allMetered,omitempty"`     // of heating: every premises has one
	LastYear       decimal.Decimal `json:"lastYear,omitempty"`       // of even payment: the house's volume of the year before; zero is unknown
	CommonArea     decimal.Decimal `json:"commonArea,omitempty"`     // S_ои for this resource; zero is the house's
	Method         CommonMethod    `json:"method,omitempty"`
	Actual         bool            `json:"actual,omitempty"`        // the meeting decided to share the actual volume: no cap at the normative (п. 44)
	AverageCommon  decimal.Decimal `json:"averageCommon,omitempty"` // monthly average of last year's common volume
	Fuel           []Fuel          `json:"fuel,omitempty"`          // of in-building services: what was burnt or heated
	HotVolume      decimal.Decimal `json:"hotVolume,omitempty"`     // ΣV of hot water of the house
	MetersMissing  int             `json:"metersMissing,omitempty"` // which month in a row the house meter is out of order
	Chosen         bool            `json:"chosen,omitempty"`        // the house said Method itself: a volume does not change it
	Correction     bool            `json:"correction,omitempty"`    // this month the year before is corrected to the house meter
}

// Fuel is a resource used to make hot water or heat in the building.
type Fuel struct {
	Name   string          `json:"name"`
	Volume decimal.Decimal `json:"volume"`
	Price  decimal.Decimal `json:"price"`
}

// CommonMethod is how a managed house pays for common property resources (ПП № 491 п. 29(2)).
type CommonMethod uint8

// Methods.
const (
	CommonNormative CommonMethod = iota // by the normative, corrected to the house meter once a year
	CommonAverage                       // by last year's monthly average
	CommonActual                        // by the house meter
)
