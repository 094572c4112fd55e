package reading

import (
	"cmp"
	"context"
	"encoding/json"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/calc"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/meter"
	"kvit/internal/supplier"
)

// Meter is a meter as those see it who read it.
type Meter struct {
	ID        int64
	AccountID int64
	Household int64
	Supplier  string // code
	Service   string // of the catalogue
	Name      string // of the service
	Unit      string // for people
	Serial    string
	Digits    uint8
	Term      calc.Term
	Zones     []calc.Zone
	Named     []meter.Register // the zones by the names on the device, where they are known
	Verified  calendar.Date    // until; 0 is not known
	Failed    calendar.Date
	Factor    decimal.Decimal // of a house's own: units of the service in one of the dial
	Computed  bool            // Kvit's figure is on the bill
	Readings  []fact.Reading  // those that hold, by day and zone
	History   []fact.Reading  // every row, by day, zone and time

	measure string // the unit of the catalogue
	service calc.Service
	sold    int64 // as the supplier names the service
	seller  calc.Supplier
	twins   []*Meter             // the same device under other accounts
	answers map[answerKey]Answer // of suppliers, where they were read
	photos  map[photoKey][]Photo // where they were read
}

// Expired tells whether the verification has ended by a day.
func (m *Meter) Expired(on calendar.Date) bool { return m.Verified != 0 && m.Verified < on }

// Last is the latest reading of a register; nil when there is none.
func (m *Meter) Last(zone calc.Zone) *fact.Reading {
	for i := len(m.Readings) - 1; i >= 0; i-- {
		if m.Readings[i].Zone == zone {
			return &m.Readings[i]
		}
	}
	return nil
}

// stock is the meters of some households of a building, or of all.
type stock struct {
	building  int64
	engine    *calc.Engine
	suppliers map[int64]*supplier.Supplier
	charged   []calendar.Month
	list      []*Meter // by household, service and id
	byID      map[int64]*Meter

	households map[int64]int64    // of accounts
	byAccount  map[int64][]*Meter // in the order of list
}

// loadStock reads meters with their readings as they were known at a moment; of a scope, or with nil of all.
func (w *work) loadStock(ctx context.Context, tx *db.Tx, building int64, of *fact.Scope, at calendar.Micros) (*stock, error) {
	known, err := meter.Gather(ctx, tx, building, of, at)
	if err != nil {
		return nil, err
	}
	s := &stock{building: building, engine: w.engine, suppliers: w.suppliers, byID: map[int64]*Meter{}, households: map[int64]int64{}}
	if s.charged, err = charge.Charged(ctx, tx, building); err != nil {
		return nil, err
	}
	set := known.Set
	latest := map[taken]*fact.Subscription{}
	for i := range set.Subscriptions {
		sub := &set.Subscriptions[i]
		s.households[sub.AccountID] = sub.Household
		if k := (taken{sub.AccountID, sub.Service}); latest[k] == nil || sub.From >= latest[k].From {
			latest[k] = sub
		}
	}
	for i := range set.Meters {
		x := &set.Meters[i]
		s.add(known.Named[x.ID], x, latest[taken{x.AccountID, x.Service}])
	}
	for i := range set.Rare {
		s.verify(&set.Rare[i])
	}
	slices.SortFunc(s.list, func(a, b *Meter) int {
		return cmp.Or(cmp.Compare(a.Household, b.Household), cmp.Compare(a.service, b.service), cmp.Compare(a.Serial, b.Serial), cmp.Compare(a.ID, b.ID))
	})
	s.byAccount = map[int64][]*Meter{}
	for _, m := range s.list {
		s.byAccount[m.AccountID] = append(s.byAccount[m.AccountID], m)
	}
	if err := s.readings(ctx, tx, of != nil, at); err != nil {
		return nil, err
	}
	s.pair(known)
	return s, nil
}

// taken is a service as an account takes it.
type taken struct {
	account int64
	service string
}

// add takes a meter whose service somebody takes.
func (s *stock) add(named []meter.Register, x *fact.Meter, sub *fact.Subscription) {
	service, known := s.engine.Service(x.Service)
	if x.OfHouse() {
		sub = &fact.Subscription{}
	}
	if sub == nil || !known {
		return
	}
	m := &Meter{
		ID: x.ID, AccountID: x.AccountID, Household: sub.Household, Supplier: s.supplierOf(sub.SupplierID).Code, Service: x.Service, Name: s.engine.Of(service).Name,
		Serial: x.Serial, Digits: x.Digits, Term: x.Term, Verified: x.VerifiedBy, Failed: x.FailedOn, Computed: sub.Mode == fact.Computed, service: service, sold: sub.ServiceID,
	}
	m.measure = string(s.engine.Of(service).Unit)
	m.Unit, m.seller = calc.UnitName(m.measure), s.engine.Supplier(m.Supplier)
	if m.Factor = x.Factor; m.Digits == 0 && !x.OfHouse() { // of a house's nothing is usual
		m.Digits = uint8(s.engine.Of(service).Dial)
	}
	m.Zones = meter.ZonesOf(named, x.Registers)
	if m.Named = named; len(named) == 0 {
		m.Named = s.namesOf(sub.SupplierID, m)
	}
	s.list, s.byID[m.ID] = append(s.list, m), m
}

// supplierOf is a supplier of an id; nobody in particular when he is not known.
func (s *stock) supplierOf(id int64) *supplier.Supplier {
	if x := s.suppliers[id]; x != nil {
		return x
	}
	return &supplier.Supplier{}
}

func (s *stock) verify(x *fact.Rare) {
	var v fact.Verification
	if x.Kind != fact.KindVerification || json.Unmarshal([]byte(x.Body), &v) != nil {
		return
	}
	if m := s.byID[v.Meter]; m != nil {
		m.Verified = max(m.Verified, v.Until)
	}
}

// historyDays is how far back readings are read for all meters of a building at once.
const historyDays = 500

func (s *stock) readings(ctx context.Context, tx *db.Tx, whole bool, at calendar.Micros) error {
	if len(s.list) == 0 {
		return nil
	}
	from, ids := calendar.DateOf(at.Time()).AddDays(-historyDays), []int64(nil)
	if whole {
		from = 0
		for _, m := range s.list {
			ids = append(ids, m.ID)
		}
	}
	rows, err := fact.ListReadingRows(ctx, tx, s.building, ids, from, at)
	if err != nil {
		return err
	}
	for i := range rows {
		if m := s.byID[rows[i].MeterID]; m != nil {
			m.History = append(m.History, rows[i])
			m.hold(rows[i])
		}
	}
	for _, m := range s.list {
		m.learnZones()
	}
	return nil
}

// hold puts a row in the place of the one of the same day and register; one not accepted takes it away.
func (m *Meter) hold(r fact.Reading) {
	at, found := slices.BinarySearchFunc(m.Readings, r, func(a, b fact.Reading) int { return cmp.Or(cmp.Compare(a.On, b.On), cmp.Compare(a.Zone, b.Zone)) })
	switch {
	case found && r.Accepted:
		m.Readings[at] = r
	case found:
		m.Readings = slices.Delete(m.Readings, at, at+1)
	case r.Accepted:
		m.Readings = slices.Insert(m.Readings, at, r)
	}
}

// learnZones takes the registers from the readings where the facts of the meter do not tell them.
func (m *Meter) learnZones() {
	if len(m.Named) > 0 || len(m.Zones) > 1 || len(m.Readings) == 0 {
		return
	}
	last := m.Readings[len(m.Readings)-1].On
	var zones []calc.Zone
	for i := range m.Readings {
		if m.Readings[i].On == last {
			zones = append(zones, m.Readings[i].Zone)
		}
	}
	if len(zones) > 1 {
		m.Zones = zones
	}
}

// serialMin is how long a number must be to tell one device from all others.
const serialMin = 4

// pair finds devices that stand under several accounts: those said to be one, and those with one number, one unit, one
// household, and one service or one last figure.
func (s *stock) pair(known *meter.Known) {
	for _, a := range s.list {
		for _, id := range known.Linked(a.ID) {
			if b := s.byID[id]; b != nil {
				a.twins = append(a.twins, b)
			}
		}
	}
	for i, a := range s.list {
		for k := i + 1; k < len(s.list) && s.list[k].Household == a.Household; k++ {
			if b := s.list[k]; a.sameDevice(b) && !slices.Contains(a.twins, b) {
				a.twins, b.twins = append(a.twins, b), append(b.twins, a)
			}
		}
	}
}

func (m *Meter) sameDevice(b *Meter) bool {
	if m.AccountID == b.AccountID || m.measure != b.measure || len(m.Serial) < serialMin || meter.FoldSerial(m.Serial) != meter.FoldSerial(b.Serial) {
		return false
	}
	x, y := m.Last(m.Zones[0]), b.Last(b.Zones[0])
	return m.Service == b.Service || x != nil && y != nil && x.Value == y.Value
}

// cutoff is the day of a month up to which readings count in its bill; 0 is the last one.
func (s *stock) cutoff(m *Meter, month calendar.Month) int {
	return s.engine.Month(month).CutoffDay(m.service, m.seller)
}

// cutoffDefault is the day corrections end where the catalogue does not say (policy cutoff_day).
const cutoffDefault = 25

// countsIn is the month whose bill a reading of a day counts in; late tells that its own month's has passed.
func (s *stock) countsIn(m *Meter, on calendar.Date) (month calendar.Month, late bool) {
	month = on.Month()
	if c := s.cutoff(m, month); c != 0 && on.Day() > c {
		month = month.Add(1)
	}
	if m.ofHouse() {
		return month, false // what was charged already is corrected
	}
	for _, charged := range s.charged {
		if charged >= month {
			month = charged.Add(1)
		}
	}
	return month, month != on.Month()
}

// correctUntil is the last day on which the author of a reading may correct it.
func (s *stock) correctUntil(m *Meter, on calendar.Date) calendar.Date {
	month, _ := s.countsIn(m, on)
	day := s.cutoff(m, month)
	if day == 0 {
		day = cutoffDefault
	}
	last := month.Last()
	until := calendar.NewDate(month.Year(), month.Number(), min(day, last.Day()))
	if until < on {
		return last
	}
	return until
}
