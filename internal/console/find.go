package console

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"kvit/internal/account"
	"kvit/internal/console/view"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/money"
	"kvit/internal/supplier"
	"kvit/internal/web"
)

// findMin is the fewest signs a search takes; findMost bounds the houses it shows, flatsMost the flats of one.
const (
	findMin   = 3
	findMost  = 20
	flatsMost = 400
)

func (m *Module) find(w http.ResponseWriter, r *http.Request) error {
	v := view.Find{Page: m.page(r, "Найти"), Query: strings.TrimSpace(r.URL.Query().Get("q")), Action: "/c/find", Searched: []string{"лицевые счета", "дома и квартиры", "номера платежей", "номера счётчиков", "коды счетов"}}
	switch {
	case v.Query == "":
	case utf8.RuneCountInString(v.Query) < findMin:
		v.Error = "Нужно хотя бы 3 знака"
	default:
		err := m.DB.Read(r.Context(), func(tx *db.Tx) error {
			v.Groups = nil
			return m.search(r, tx, &v)
		})
		if err != nil {
			return err
		}
	}
	return web.Render(w, r, http.StatusOK, view.FindPage(v))
}

func (m *Module) search(r *http.Request, tx *db.Tx, v *view.Find) error {
	accounts, err := m.findAccounts(r, tx, v.Query)
	if err != nil {
		return err
	}
	homes, err := m.findHomes(r, tx, v.Query)
	if err != nil {
		return err
	}
	groups := append([]view.FindGroup{accounts}, homes...)
	for _, find := range []func(*http.Request, *db.Tx, string) (view.FindGroup, error){m.findPayments, m.findMeters, m.findCodes} {
		g, err := find(r, tx, v.Query)
		if err != nil {
			return err
		}
		groups = append(groups, g)
	}
	for _, g := range groups {
		if g.Total = len(g.Items); g.Total > 0 {
			v.Groups = append(v.Groups, g)
		}
	}
	return nil
}

// findAccounts looks for an account's number at every supplier.
func (m *Module) findAccounts(r *http.Request, tx *db.Tx, query string) (g view.FindGroup, err error) {
	g.Title = "Лицевые счета"
	suppliers, err := supplier.List(r.Context(), tx)
	if err != nil {
		return g, err
	}
	for _, s := range suppliers {
		route, err := account.FindRoute(r.Context(), tx, s.ID, query)
		if fault.Is(err, fault.NotFound) {
			continue
		}
		if err != nil {
			return g, err
		}
		item := view.FindItem{Title: query, Text: s.Name}
		if _, household, err := account.HouseholdOf(r.Context(), tx, route, m.Now()); err == nil && household != 0 {
			item.Href = "/c/account/" + account.HouseholdCode(household)
		}
		g.Items = append(g.Items, item)
	}
	return g, nil
}

// findHomes looks for a house; when its address is followed by one more number, that is the flat: «ленина 12 5».
// One house found shows its flats, several show themselves.
func (m *Module) findHomes(r *http.Request, tx *db.Tx, query string) ([]view.FindGroup, error) {
	list, err := housing.SearchBuildings(r.Context(), tx, query, findMost)
	if err != nil {
		return nil, err
	}
	flats := view.FindGroup{Title: "Квартиры"}
	if house, flat := flatOf(query); flat != "" {
		near, err := housing.SearchBuildings(r.Context(), tx, house, findMost)
		if err != nil {
			return nil, err
		}
		for i := range near {
			items, err := m.flats(r, tx, &near[i], flat)
			if err != nil {
				return nil, err
			}
			flats.Items = append(flats.Items, items...)
		}
	}
	if len(list) == 1 {
		items, err := m.flats(r, tx, &list[0], "")
		if err != nil {
			return nil, err
		}
		flats.Items = append(flats.Items, items...)
		return []view.FindGroup{flats}, nil
	}
	houses := view.FindGroup{Title: "Дома"}
	for i := range list {
		n, err := countFlats(r, tx, list[i].ID)
		if err != nil {
			return nil, err
		}
		item := view.FindItem{Title: list[i].Address(), Text: "нет абонентов"}
		if n > 0 {
			item.Text, item.Href = strconv.Itoa(n)+"\u00a0"+money.Plural(int64(n), "абонент", "абонента", "абонентов"), "/c/find?q="+queryOf(list[i].Address())
		}
		houses.Items = append(houses.Items, item)
	}
	return []view.FindGroup{flats, houses}, nil
}

// flatOf parts a query into the house and the flat named last.
func flatOf(query string) (house, flat string) {
	words := strings.Fields(housing.SearchKey(query))
	if len(words) < 3 {
		return "", ""
	}
	last := words[len(words)-1]
	if last[0] < '0' || last[0] > '9' {
		return "", ""
	}
	words = words[:len(words)-1]
	if end := words[len(words)-1]; end == "кв" || end == "квартира" {
		words = words[:len(words)-1]
	}
	return strings.Join(words, " "), last
}

// flats are the households of a house, or those of one flat, by the order of the doors.
func (m *Module) flats(r *http.Request, tx *db.Tx, b *housing.Building, flat string) (items []view.FindItem, err error) {
	rows, err := tx.QueryContext(r.Context(), `SELECT h.household_id, h.flat, h.room FROM household h
		WHERE h.building_id = $1 AND ($2 = '' OR h.flat = $2)
		AND h.recorded_at = (SELECT max(n.recorded_at) FROM household n WHERE n.building_id = h.building_id AND n.household_id = h.household_id)
		AND EXISTS (SELECT 1 FROM household_link l WHERE l.building_id = h.building_id AND l.household_id = h.household_id
			AND l.recorded_at = (SELECT max(x.recorded_at) FROM household_link x WHERE x.building_id = l.building_id AND x.account_id = l.account_id))
		ORDER BY h.household_id LIMIT $3`, b.ID, flat, flatsMost)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	type door struct {
		number int
		item   view.FindItem
	}
	var doors []door
	for rows.Next() {
		var id int64
		var number, room string
		if err := rows.Scan(&id, &number, &room); err != nil {
			return nil, err
		}
		n, _ := strconv.Atoi(number) // what is no number stands first
		code := account.HouseholdCode(id)
		doors = append(doors, door{n, view.FindItem{Title: housing.Premises(b.Address(), number, room), Text: "семья " + code, Href: "/c/account/" + code}})
	}
	slices.SortStableFunc(doors, func(x, y door) int { return cmp.Compare(x.number, y.number) })
	for _, d := range doors {
		items = append(items, d.item)
	}
	return items, rows.Err()
}

func countFlats(r *http.Request, tx *db.Tx, building int64) (n int, err error) {
	err = tx.QueryRowContext(r.Context(), "SELECT count(DISTINCT household_id) FROM household WHERE building_id = $1", building).Scan(&n)
	return n, err
}
