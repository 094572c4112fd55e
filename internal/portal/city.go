package portal

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/housing"
	"kvit/internal/portal/view"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// houseHref is a public page about a house.
func houseHref(page string, b *housing.Building) string {
	return page + "?house=" + url.QueryEscape(b.Code)
}

// city is P6: who serves a house.
func (m *Module) city(w http.ResponseWriter, r *http.Request) error {
	v := view.City{Page: m.publicPage(w, r, "Кто обслуживает дом")}
	house, finder, err := m.findHouse(r, "/city")
	if err != nil {
		return err
	}
	v.Finder = finder
	if house == nil {
		return web.Render(w, r, http.StatusOK, view.CityPage(v))
	}
	list, street, err := m.servedBy(r.Context(), house)
	if err != nil {
		return err
	}
	v.Address, v.Street, v.NotServed, v.TariffsHref = house.Address(), street, len(list) == 0, houseHref("/tariffs", house)
	for i := range list {
		v.Suppliers = append(v.Suppliers, citySupplier(&list[i]))
		v.Works = append(v.Works, m.works(&list[i], house)...)
	}
	slices.SortStableFunc(v.Works, func(a, b view.CityWork) int { return int(a.From) - int(b.From) })
	return web.Render(w, r, http.StatusOK, view.CityPage(v))
}

// servedBy gives the suppliers that have accounts in a house, by name; street tells that they are those of its street.
func (m *Module) servedBy(ctx context.Context, house *housing.Building) (list []supplier.Supplier, street bool, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		var around []int64
		if around, street, err = housing.Around(ctx, tx, house); err != nil {
			return err
		}
		ids, err := account.ListSuppliersOf(ctx, tx, around)
		for _, id := range ids {
			s, err := supplier.FindByID(ctx, tx, id)
			if err != nil {
				return err
			}
			list = append(list, s)
		}
		return err
	})
	slices.SortStableFunc(list, func(a, b supplier.Supplier) int { return strings.Compare(a.Name, b.Name) })
	return list, street, err
}

func citySupplier(s *supplier.Supplier) view.CitySupplier {
	x := view.CitySupplier{Name: s.Name, Phone: s.Phone, Hours: s.Reach.Hours, Emergency: s.Reach.Emergency, Email: s.Reach.Email, Site: s.Reach.Site, Address: s.Address}
	var names []string
	for _, name := range s.Services {
		names = append(names, strings.ToLower(supplier.ServiceTitle(name, nil)))
	}
	x.Services = web.Capital(strings.Join(names, ", "))
	for _, o := range s.Reach.Offices {
		x.Offices = append(x.Offices, view.CityOffice(o))
	}
	return x
}

// works are what a supplier plans in a house and has not finished.
func (m *Module) works(s *supplier.Supplier, house *housing.Building) (list []view.CityWork) {
	for i := range s.Reach.Works {
		if w := &s.Reach.Works[i]; !w.Over(m.today()) && w.Concerns(house.Code) {
			list = append(list, view.CityWork{Title: w.Title, Supplier: s.Name, From: w.From, Until: w.Until})
		}
	}
	return list
}
