package bill

import (
	"context"
	"fmt"
	"time"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/housing"
	"kvit/internal/payment"
	"kvit/internal/person"
	"kvit/internal/qr"
	"kvit/internal/supplier"
)

// Module holds the operations on bills.
type Module struct {
	db        *db.DB
	suppliers *supplier.Module
	charges   *charge.Module
	zone      *time.Location
	now       func() calendar.Micros
	cache     cache

	secret db.Secret // of codes

	Centre  Centre
	BaseURL string // of the pages: links and codes on paper
	// Payee is the account the centre collects to, for the payment code of a whole bill; NotFound when it was never told.
	Payee func(ctx context.Context) (qr.Payment, error)
	// Disputed gives what of a household's bill is being checked; nil: nothing ever is.
	Disputed func(ctx context.Context, tx *db.Tx, ref Ref) ([]Dispute, error)
	// People tell who pays what of a home that is shared; nil: nobody shares.
	People *person.Module
	// IntakeRuns tells whether files are being taken in; bills are not issued meanwhile.
	IntakeRuns func(ctx context.Context, tx *db.Tx) (bool, error)
}

// Centre is the settlement centre as a bill names it.
type Centre struct{ Name, Phone, Hours string }

// New makes the module.
func New(d *db.DB, suppliers *supplier.Module, charges *charge.Module, zone *time.Location, now func() calendar.Micros) *Module {
	return &Module{db: d, suppliers: suppliers, charges: charges, zone: zone, now: now, secret: db.Secret{Name: "bill_secret"}}
}

// Ref names a household.
type Ref struct{ Building, Household int64 }

// RefText names a household in the audit log.
func RefText(r Ref) string { return fmt.Sprintf("%d/%d", r.Building, r.Household) }

// FindByAccount gives the household of a supplier's account at a moment (zero: now). Household 0 means the
// account is in nobody's basket: then it is a bill of its own. NotFound when there is no such account.
func (m *Module) FindByAccount(ctx context.Context, code, number string, at calendar.Micros) (ref Ref, accountID int64, err error) {
	if at == 0 {
		if ref, accountID, err = m.findNow(ctx, code, number); err != nil || accountID != 0 {
			return ref, accountID, err
		}
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

// findNow finds an account whose number is written as it is kept, as most are, in one query; account 0: not so.
func (m *Module) findNow(ctx context.Context, code, number string) (ref Ref, accountID int64, err error) {
	err = m.db.Ask(ctx, `SELECT r.account_id, r.building_id, coalesce((SELECT l.household_id FROM household_link l
			WHERE l.building_id = r.building_id AND l.account_id = r.account_id ORDER BY l.recorded_at DESC LIMIT 1), 0)
		FROM supplier s JOIN account_route r ON r.supplier_id = s.supplier_id AND r.number = $2 WHERE s.code = $1`, []any{code, number},
		func(scan func(...any) error) error { return scan(&accountID, &ref.Building, &ref.Household) })
	return ref, accountID, err
}

// FindByCode gives the household of a public code; an unknown or mistyped code is NotFound.
func (m *Module) FindByCode(ctx context.Context, code string) (ref Ref, err error) {
	if ref.Household, err = account.ParseHouseholdCode(code); err != nil {
		return ref, err
	}
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		ref.Building, err = account.BuildingOf(ctx, tx, ref.Household)
		return err
	})
	return ref, err
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
	var err error
	if b.reader, err = m.charges.Reader(ctx, b.Moment); err == nil {
		err = m.db.Read(ctx, func(tx *db.Tx) error { return m.read(ctx, tx, b, b.reader, only) })
	}
	if err != nil {
		return nil, fmt.Errorf("bill: %w", err)
	}
	return b, nil
}

func (m *Module) read(ctx context.Context, tx *db.Tx, b *Bill, reader *charge.Reader, only int64) error {
	members, err := m.members(ctx, tx, b, only)
	if err != nil {
		return err
	}
	b.members = members
	if err := b.describe(ctx, tx, members); err != nil {
		return err
	}
	if err := m.house(ctx, tx, b); err != nil {
		return err
	}
	if b.formers, err = formersOf(ctx, tx, members); err != nil {
		return err
	}
	parts, err := parts(ctx, tx, b.shelf, members, b.formers, b.Moment)
	if err != nil {
		return err
	}
	if err := m.addCharges(ctx, tx, b, reader, members); err != nil {
		return err
	}
	if len(b.Lines) == 0 && b.Status == StatusLive {
		b.Status = StatusEmpty
	}
	if err := m.addPayments(ctx, tx, b, members, parts); err != nil {
		return err
	}
	b.prune()
	b.settle()
	if b.hasPlan() {
		if err := b.addPlans(ctx, tx); err != nil {
			return err
		}
	}
	b.setDueDate()
	if err := m.tellDisputes(ctx, tx, b); err != nil {
		return err
	}
	return m.tellOnline(ctx, tx, b)
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
	b.House, b.locality, b.Address = building.Code, building.Locality, housing.Premises(building.Address(), b.Flat, b.Room)
	return nil
}

// parts reads the payments of the accounts, also from the buildings they moved here from.
func parts(ctx context.Context, tx *db.Tx, shelf *shelf, members []account.Member, formers []charge.Lived, at calendar.Micros) ([]payment.Part, error) {
	if shelf != nil && len(formers) == 0 {
		return shelf.partsOf(members), nil
	}
	byBuilding := map[int64][]int64{}
	for i := range members {
		a := &members[i].Account
		byBuilding[a.BuildingID] = append(byBuilding[a.BuildingID], a.AccountID)
	}
	for i := range formers {
		byBuilding[formers[i].Building] = append(byBuilding[formers[i].Building], formers[i].Accounts...)
	}
	var list []payment.Part
	for building, ids := range byBuilding {
		more, err := payment.ListParts(ctx, tx, building, ids, at)
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
	return list, nil
}

// addLines adds the lines of suppliers.
func (m *Module) addLines(ctx context.Context, tx *db.Tx, b *Bill, byID map[int64]*account.Member, lines []charge.Line) error {
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
		out.Origin, out.BillMonth, out.Month = why.BySupplier, l.Month, l.Month.String()
		out.base = charge.Register{Month: l.Month, File: l.FileID}
		out.Opening, out.Charge, out.Recalc, out.Penalty, out.Claimed = l.Opening, l.Charge, l.Recalc, l.Penalty, l.Paid
		out.Due = l.Due
		if l.Given&(charge.GivenOpening|charge.GivenCharge) != charge.GivenOpening|charge.GivenCharge {
			out.Opening += l.Due - l.Opening - l.Charge - l.Recalc - l.Penalty + l.Paid // only the sum due is given: what is not charged this month stood before
		}
		out.Volume, out.Rate = l.Volume, l.Rate
		out.tell()
		out.Source = Source{fileID: l.FileID, File: file.Name, Pos: l.RowNo, Unit: file.Unit, RecordedAt: m.stamp(l.RecordedAt), Recorded: l.RecordedAt}
		b.Lines = append(b.Lines, out)
		b.Month = max(b.Month, out.Month)
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
	b.DueOn = DueDay(month)
	b.DueOnText = b.DueOn.String()
}
