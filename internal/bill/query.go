package bill

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/housing"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// Module holds the operations on bills.
type Module struct {
	db        *db.DB
	suppliers *supplier.Module
	zone      *time.Location
	now       func() calendar.Micros
	cache     cache

	secretOnce sync.Mutex
	secretKey  []byte

	Centre  Centre
	BaseURL string // of the pages: links and codes on paper
	// IntakeRuns tells whether files are being taken in; bills are not issued meanwhile.
	IntakeRuns func(ctx context.Context, tx *db.Tx) (bool, error)
}

// Centre is the settlement centre as a bill names it.
type Centre struct{ Name, Phone, Hours string }

// New makes the module.
func New(d *db.DB, suppliers *supplier.Module, zone *time.Location, now func() calendar.Micros) *Module {
	return &Module{db: d, suppliers: suppliers, zone: zone, now: now}
}

// Ref names a household.
type Ref struct{ Building, Household int64 }

// FindByAccount gives the household of a supplier's account at a moment (zero: now). Household 0 means the
// account is in nobody's basket: then it is a bill of its own. NotFound when there is no such account.
func (m *Module) FindByAccount(ctx context.Context, code, number string, at calendar.Micros) (ref Ref, accountID int64, err error) {
	if at == 0 {
		at = m.now()
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		s, err := supplier.Find(ctx, tx, code)
		if err != nil {
			return err
		}
		route, err := account.FindPrinted(ctx, tx, s.ID, number)
		if err != nil {
			return err
		}
		accountID = route.AccountID
		ref.Building, ref.Household, err = account.HouseholdOf(ctx, tx, route, at)
		return err
	})
	return ref, accountID, err
}

// At computes the bill of a household as it was true and known at a moment; zero is now.
func (m *Module) At(ctx context.Context, ref Ref, at calendar.Micros) (*Bill, error) {
	return m.compute(ctx, ref, 0, at)
}

// AtAccount computes the bill of one account that is in nobody's basket.
func (m *Module) AtAccount(ctx context.Context, building, accountID int64, at calendar.Micros) (*Bill, error) {
	return m.compute(ctx, Ref{Building: building}, accountID, at)
}

func (m *Module) compute(ctx context.Context, ref Ref, only int64, at calendar.Micros) (*Bill, error) {
	b := &Bill{Status: StatusLive, BuildingID: ref.Building, HouseholdID: ref.Household, Moment: m.now()}
	if at != 0 {
		b.Status, b.Moment = StatusAsOf, at
	}
	b.At = m.stamp(b.Moment)
	err := m.db.Read(ctx, func(tx *db.Tx) error { return m.read(ctx, tx, b, only) })
	if err != nil {
		return nil, fmt.Errorf("bill: %w", err)
	}
	return b, nil
}

func (m *Module) read(ctx context.Context, tx *db.Tx, b *Bill, only int64) error {
	members, err := m.members(ctx, tx, b, only)
	if err != nil {
		return err
	}
	if err := b.describe(ctx, tx, members); err != nil {
		return err
	}
	if err := m.house(ctx, tx, b); err != nil {
		return err
	}
	ids := make([]int64, len(members))
	for i := range members {
		ids[i] = members[i].AccountID
	}
	lines, err := b.latest(ctx, tx, ids)
	if err != nil {
		return err
	}
	parts, err := m.parts(ctx, tx, b.shelf, members, b.Moment)
	if err != nil {
		return err
	}
	if err := m.addLines(ctx, tx, b, members, lines); err != nil {
		return err
	}
	if err := m.addPayments(ctx, tx, b, members, parts); err != nil {
		return err
	}
	b.settle()
	if len(lines) == 0 && b.Status == StatusLive {
		b.Status = StatusEmpty
	}
	b.setDueDate()
	return nil
}

func (m *Module) members(ctx context.Context, tx *db.Tx, b *Bill, only int64) ([]account.Member, error) {
	if b.shelf != nil {
		return b.shelf.members[Ref{b.BuildingID, b.HouseholdID}], nil
	}
	if only == 0 {
		return account.ListMembers(ctx, tx, b.BuildingID, b.HouseholdID, b.Moment)
	}
	one, err := account.FindMember(ctx, tx, b.BuildingID, only, b.Moment)
	if err != nil {
		return nil, err
	}
	return []account.Member{one}, nil
}

func (m *Module) house(ctx context.Context, tx *db.Tx, b *Bill) error {
	if b.HouseholdID != 0 {
		b.Household = account.HouseholdCode(b.HouseholdID)
	}
	if b.BuildingID <= 0 {
		b.Address = "адрес уточняется"
		return nil
	}
	building, err := m.buildingOf(ctx, tx, b.BuildingID)
	if err != nil {
		return err
	}
	b.House, b.Address = building.Code, housing.Premises(building.Address(), b.Flat, b.Room)
	return nil
}

// parts reads the payments of the accounts, also from the buildings they moved here from.
func (m *Module) parts(ctx context.Context, tx *db.Tx, shelf *shelf, members []account.Member, at calendar.Micros) ([]payment.Part, error) {
	if shelf != nil && !moved(members) {
		return shelf.partsOf(members), nil
	}
	byBuilding := map[int64][]int64{}
	for i := range members {
		a := &members[i].Account
		byBuilding[a.BuildingID] = append(byBuilding[a.BuildingID], a.AccountID)
		earlier, err := account.ListBuildings(ctx, tx, a)
		if err != nil {
			return nil, err
		}
		for _, building := range earlier {
			byBuilding[building] = append(byBuilding[building], a.AccountID)
		}
	}
	var parts []payment.Part
	for building, ids := range byBuilding {
		more, err := payment.ListParts(ctx, tx, building, ids, at)
		if err != nil {
			return nil, err
		}
		parts = append(parts, more...)
	}
	return parts, nil
}

func (m *Module) addLines(ctx context.Context, tx *db.Tx, b *Bill, members []account.Member, lines []charge.Line) error {
	byID := map[int64]*account.Member{}
	for i := range members {
		byID[members[i].AccountID] = &members[i]
	}
	for i := range lines {
		l := &lines[i]
		out, err := m.line(ctx, tx, byID[l.AccountID], l.ServiceID)
		if err != nil {
			return err
		}
		file, err := m.fileOf(ctx, tx, l.FileID)
		if err != nil {
			return err
		}
		out.BillMonth, out.Month = l.Month, l.Month.String()
		out.Opening, out.Charge, out.Recalc, out.Penalty, out.Claimed = l.Opening, l.Charge, l.Recalc, l.Penalty, l.Paid
		out.Due = l.Due
		if l.Given&(charge.GivenOpening|charge.GivenCharge) != charge.GivenOpening|charge.GivenCharge {
			out.Opening += l.Due - l.Opening - l.Charge - l.Recalc - l.Penalty + l.Paid // only the sum due is given: what is not charged this month stood before
		}
		out.Volume, out.Rate = l.Volume, l.Rate
		if l.Volume != 0 {
			out.VolumeText = l.Volume.String()
		}
		if l.Rate != 0 {
			out.RateText = l.Rate.String()
		}
		out.Source = Source{fileID: l.FileID, File: file.Name, Pos: l.RowNo, Unit: file.Unit, RecordedAt: m.stamp(l.RecordedAt), Recorded: l.RecordedAt}
		b.Lines = append(b.Lines, out)
		if out.Month > b.Month {
			b.Month = out.Month
		}
	}
	return nil
}

func (m *Module) line(ctx context.Context, tx *db.Tx, member *account.Member, serviceID int64) (Line, error) {
	s, err := m.supplierOf(ctx, tx, member.SupplierID)
	if err != nil {
		return Line{}, err
	}
	l := Line{Supplier: s.Code, SupplierName: s.Name, Account: member.Claim.Printed, AccountID: member.AccountID, SupplierID: s.ID, ServiceID: serviceID}
	if serviceID != 0 {
		l.Service, err = m.suppliers.ServiceName(ctx, tx, serviceID)
	}
	return l, err
}

// addPayments subtracts the payments that the register the account's latest figures come from has not counted. A payment that names a service meets its line, any other
// the first line of the account; an account without charges gets a line of its own.
func (m *Module) addPayments(ctx context.Context, tx *db.Tx, b *Bill, members []account.Member, parts []payment.Part) error {
	for i := range members {
		a := &members[i]
		counted, err := m.counted(ctx, tx, b, a.AccountID)
		if err != nil {
			return err
		}
		for k := range parts {
			p := &parts[k]
			if p.AccountID != a.AccountID || counted(p) {
				continue
			}
			l := b.lineFor(p)
			if l == nil {
				fresh, err := m.line(ctx, tx, a, 0)
				if err != nil {
					return err
				}
				b.Lines = append(b.Lines, fresh)
				l = &b.Lines[len(b.Lines)-1]
			}
			l.PaidSince += p.Amount
			l.Due -= p.Amount
		}
	}
	return nil
}

// counted tells which payments the account's latest register has counted; none when nothing was charged.
func (m *Module) counted(ctx context.Context, tx *db.Tx, b *Bill, accountID int64) (func(*payment.Part) bool, error) {
	for i := range b.Lines {
		if l := &b.Lines[i]; l.AccountID == accountID && l.BillMonth.Valid() {
			file, err := m.fileOf(ctx, tx, l.Source.fileID)
			return func(p *payment.Part) bool { return file.counts(p, l.BillMonth) }, err
		}
	}
	return func(*payment.Part) bool { return false }, nil
}

func (b *Bill) lineFor(p *payment.Part) *Line {
	var first *Line
	for i := range b.Lines {
		l := &b.Lines[i]
		if l.AccountID != p.AccountID {
			continue
		}
		if l.ServiceID == p.ServiceID {
			return l
		}
		if first == nil {
			first = l
		}
	}
	return first
}

func (m *Module) stamp(at calendar.Micros) string {
	return at.Time().In(m.zone).Format(time.RFC3339)
}

// setDueDate is the day to pay by: the 15th of the month after the one billed, moved from a day off to the next
// working day (ЖК РФ ст. 155 ч. 1 in force from 01.03.2026; ГК РФ ст. 193).
func (b *Bill) setDueDate() {
	month, err := calendar.ParseMonth(b.Month)
	if err != nil {
		return
	}
	b.DueOn = calendar.NextWorkday(month.Add(1).First().AddDays(14))
	b.DueOnText = b.DueOn.String()
}

// describe takes from the claims what a bill says of the premises: flat, area, residents, the unified number, the
// payer. Where suppliers differ, most of them are right; of equals the one recorded last.
func (b *Bill) describe(ctx context.Context, tx *db.Tx, members []account.Member) error {
	if b.HouseholdID != 0 {
		h, err := b.premises(ctx, tx)
		if err != nil {
			return err
		}
		b.Flat, b.Room = h.Flat, h.Room
	}
	var areas, payers, residents, numbers votes
	for i := range members {
		e, err := members[i].Claim.Decode()
		if err != nil {
			return err
		}
		numbers.add(strings.SplitN(e.ELS, "-", 2)[0])
		if e.Share == "" || e.Share == "1/1" {
			payers.add(e.FIO)
		}
		if e.Area > 0 {
			areas.add(decimal.Decimal(e.Area).String())
		}
		if e.Residents != nil {
			residents.add(strconv.Itoa(*e.Residents))
		}
	}
	b.Area, b.Payer, b.ELS = areas.best(), payers.longest(), numbers.best()
	b.Residents, _ = strconv.Atoi(residents.best()) // written by us just above; empty is zero
	return nil
}

// votes counts what suppliers say of one thing.
type votes struct {
	order []string
	count map[string]int
}

func (v *votes) add(s string) {
	if s == "" {
		return
	}
	if v.count == nil {
		v.count = map[string]int{}
	}
	if v.count[s] == 0 {
		v.order = append(v.order, s)
	}
	v.count[s]++
}

func (v *votes) best() (best string) {
	for _, s := range v.order {
		if v.count[s] > v.count[best] {
			best = s
		}
	}
	return best
}

// longest is the fullest way the most named surname is written.
func (v *votes) longest() (best string) {
	surnames := map[string]int{}
	word := func(s string) string { return strings.ToUpper(strings.SplitN(s, " ", 2)[0]) }
	for _, s := range v.order {
		surnames[word(s)] += v.count[s]
	}
	for _, s := range v.order {
		n, m := surnames[word(s)], surnames[word(best)]
		if n > m || n == m && len(s) > len(best) {
			best = s
		}
	}
	return best
}
