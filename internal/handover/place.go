package handover

import (
	"cmp"
	"context"
	"fmt"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// places are what of a package is known here already.
type places struct {
	suppliers map[int64]*supplier.Supplier // ours, by the giver's id
	building  housing.Building             // ID 0: the house is to be added
	routes    map[int64]account.Route      // accounts that are here, by the giver's id
}

// findSupplier finds ours of a supplier: by ИНН, or by code where one of the two has no ИНН.
func findSupplier(all []supplier.Supplier, inn, code string) *supplier.Supplier {
	for i := range all {
		if inn != "" && all[i].INN == inn {
			return &all[i]
		}
	}
	for i := range all {
		if s := &all[i]; s.Code == code && (inn == "" || s.INN == "") {
			return s
		}
	}
	return nil
}

// placesOf finds what of a package is here.
func placesOf(ctx context.Context, tx *db.Tx, p *Package) (*places, error) {
	x := &places{suppliers: map[int64]*supplier.Supplier{}, routes: map[int64]account.Route{}}
	all, err := supplier.List(ctx, tx)
	if err != nil {
		return nil, err
	}
	for i := range p.Suppliers {
		if s := findSupplier(all, p.Suppliers[i].INN, p.Suppliers[i].Code); s != nil {
			x.suppliers[p.Suppliers[i].ID] = s
		}
	}
	if x.building, err = findHouse(ctx, tx, &p.House); err != nil {
		return nil, err
	}
	for i := range p.Accounts {
		a := &p.Accounts[i]
		s := x.suppliers[a.Supplier]
		if s == nil {
			continue
		}
		r, err := account.FindRoute(ctx, tx, s.ID, a.Number)
		if err == nil {
			x.routes[a.ID] = r
		} else if !fault.Is(err, fault.NotFound) {
			return nil, err
		}
	}
	return x, nil
}

// findHouse finds ours of a house: by ФИАС, else by its address; ID 0 when it is not here.
func findHouse(ctx context.Context, tx *db.Tx, h *House) (housing.Building, error) {
	list, err := housing.ListBuildings(ctx, tx)
	theirs := h.building()
	for i := range list {
		if h.GUID != "" && list[i].GUID == h.GUID {
			return list[i], err
		}
	}
	for i := range list {
		b := &list[i]
		if housing.SearchKey(b.Address()) == housing.SearchKey(theirs.Address()) && (b.GUID == "" || h.GUID == "") {
			return *b, err
		}
	}
	return housing.Building{}, err
}

func (h *House) building() housing.Building {
	return housing.Building{Code: h.Code, GUID: h.GUID, Postcode: h.Postcode, Locality: h.Locality, StreetType: h.StreetType, Street: h.Street, Alias: h.Alias, House: h.House, Letter: h.Letter, Korp: h.Korp,
		Year: h.Year, Floors: h.Floors, Flats: h.Flats, Cadastral: h.Cadastral, Kind: h.Kind}
}

// differences compares a package with what it is made of and with what we know, as of now.
func (m *Module) differences(ctx context.Context, p *Package) ([]Difference, error) {
	list := append([]Difference{}, p.count()...)
	catalog, err := m.catalogCodes(ctx)
	if err != nil {
		return nil, err
	}
	contracts, err := m.Doors.Contracts(ctx)
	if err != nil {
		return nil, err
	}
	counted := len(list)
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = list[:counted]
		x, err := placesOf(ctx, tx, p)
		if err != nil {
			return err
		}
		list = append(list, p.lackingSuppliers(x)...)
		list = append(list, p.lackingCatalog(catalog)...)
		list = append(list, p.lackingMeters(m.today())...)
		list = append(list, p.lackingContracts(x, contracts)...)
		more, err := p.comparedAccounts(ctx, tx, x)
		list = append(list, more...)
		return err
	})
	return list, err
}

// catalogCodes are the services of our catalogue.
func (m *Module) catalogCodes(ctx context.Context) (map[string]bool, error) {
	c, err := m.Catalog(ctx)
	if err != nil {
		return nil, err
	}
	codes := map[string]bool{}
	for i := range c.Services {
		codes[c.Services[i].Code] = true
	}
	return codes, nil
}

func (p *Package) lackingSuppliers(x *places) (list []Difference) {
	for i := range p.Suppliers {
		s := &p.Suppliers[i]
		if x.suppliers[s.ID] == nil {
			list = append(list, Difference{Kind: DiffSupplier, Blocking: true, Supplier: s.Code, Cause: fmt.Sprintf("Поставщика «%s» (ИНН %s) у нас нет.", s.Name, cmp.Or(s.INN, "не указан")), Do: "Заведите его: kvit suppliers load."})
		}
	}
	return list
}

// lackingCatalog tells of services that are to be computed here and are not in our catalogue.
func (p *Package) lackingCatalog(codes map[string]bool) (list []Difference) {
	told := map[string]bool{}
	for i := range p.Facts.Subscriptions {
		x := &p.Facts.Subscriptions[i]
		if x.Mode == fact.Issued || codes[x.Service] || told[x.Service] || x.Until != 0 && x.Until < p.Month.Add(1).First() {
			continue
		}
		told[x.Service] = true
		list = append(list, Difference{Kind: DiffCatalog, Blocking: true, Service: x.Service, Cause: fmt.Sprintf("Услугу %s начислял прежний центр, а в нашем каталоге её нет.", x.Service), Do: "Загрузите тарифы: kvit catalog load."})
	}
	return list
}

// lackingMeters tells of meters whose verification has ended: their readings will not be taken.
func (p *Package) lackingMeters(today calendar.Date) (list []Difference) {
	for i := range p.Facts.Meters {
		x := &p.Facts.Meters[i]
		if x.VerifiedBy == 0 || x.VerifiedBy >= today || x.Until != 0 && x.Until < today {
			continue
		}
		number := ""
		for k := range p.Accounts {
			if p.Accounts[k].ID == x.AccountID {
				number = p.Accounts[k].Printed
			}
		}
		list = append(list, Difference{Kind: DiffMeter, Account: number, Service: x.Service, Cause: fmt.Sprintf("У счётчика %s поверка кончилась %s.", x.Serial, x.VerifiedBy.Dotted()), Do: "Предупредите жителя: до поверки начисляют по среднему и нормативу."})
	}
	return list
}

// comparedAccounts compares accounts that are here already: where they live, and what their suppliers told us. One whose house
// nobody knew here finds it with the package.
func (p *Package) comparedAccounts(ctx context.Context, tx *db.Tx, x *places) (list []Difference, err error) {
	for i := range p.Accounts {
		a := &p.Accounts[i]
		r, known := x.routes[a.ID]
		if !known {
			continue
		}
		d := Difference{Account: a.Printed, Supplier: x.suppliers[a.Supplier].Code}
		if r.BuildingID != x.building.ID && r.BuildingID > 0 {
			d.Kind, d.Blocking, d.Cause, d.Do = DiffAccount, true, "Этот счёт у нас уже есть, но не в этом доме.", "Загрузите дом в реестр и перенесите счёт: kvit accounts move."
			list = append(list, d)
			continue
		}
		ours, told, err := toldDue(ctx, tx, &r, a.LastMonth)
		if err != nil {
			return nil, err
		}
		if theirs := a.registerDue(); told && ours != theirs {
			d.Kind, d.Ours, d.Theirs, d.Cause, d.Do = DiffRegister, ours, theirs, fmt.Sprintf("Поставщик прислал нам за %s другую сумму, чем передаёт прежний центр.", a.LastMonth), "Спросите поставщика, какая верна. После приёма будет действовать сумма прежнего центра."
			list = append(list, d)
		}
	}
	return list, nil
}

// registerDue is what the account's registers say is due, payments since left out.
func (a *Account) registerDue() (sum money.Amount) {
	for i := range a.Lines {
		sum += a.Lines[i].Due + a.Lines[i].PaidSince
	}
	return sum
}

// toldDue is what the supplier's rows of a month told us; told is false without any.
func toldDue(ctx context.Context, tx *db.Tx, r *account.Route, month calendar.Month) (sum money.Amount, told bool, err error) {
	lines, err := charge.ListMonth(ctx, tx, r.BuildingID, []int64{r.AccountID}, month, forever)
	for i := range lines {
		sum, told = sum+lines[i].Due, true
	}
	return sum, told, err
}

// lackingContracts tells of suppliers we have no contract with; contracts are the codes of those we have.
func (p *Package) lackingContracts(x *places, contracts map[string]bool) (list []Difference) {
	for i := range p.Suppliers {
		if s := x.suppliers[p.Suppliers[i].ID]; s != nil && !contracts[s.Code] {
			list = append(list, Difference{Kind: DiffContract, Supplier: s.Code, Cause: fmt.Sprintf("С поставщиком «%s» у нас нет договора.", s.Name), Do: "Загрузите договор: kvit contracts load. Без него деньги перечисляют на следующий рабочий день без комиссии."})
		}
	}
	return list
}
