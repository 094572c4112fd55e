package queue

import (
	"cmp"
	"context"
	"fmt"
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/decimal"
	"kvit/internal/exchange/gis"
	"kvit/internal/housing"
	"kvit/internal/money"
	"kvit/internal/supplier"
)

// Table is a filled template with what is known of its rows.
type Table struct {
	Pages   gis.Pages
	Without int // rows that lack the identifier the portal finds them by
}

// Export makes the rows of a template of a supplier, or of all who take part for ”; readings, payments and documents are
// those of a month.
func (m *Module) Export(ctx context.Context, table, code string, month calendar.Month) (*Table, error) {
	list, err := m.exporting(ctx, code)
	if err != nil {
		return nil, err
	}
	t := &Table{Pages: make(gis.Pages, len(gis.Layouts[table].Sheets))}
	for i := range list {
		var houses []housing.Building
		err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
			houses, err = housesOf(ctx, tx, list[i].ID)
			return err
		})
		for k := 0; k < len(houses) && err == nil; k++ {
			e := &export{m: m, s: &list[i], house: &houses[k], month: month, table: t}
			err = e.write(ctx, table)
		}
		if err != nil {
			return nil, err
		}
	}
	return t, nil
}

// exporting are the suppliers of an export: the one named, those who take part, or all when nobody does yet.
func (m *Module) exporting(ctx context.Context, code string) (list []supplier.Supplier, err error) {
	if code != "" {
		err = m.DB.Read(ctx, func(tx *db.Tx) error {
			s, err := supplier.Find(ctx, tx, code)
			list = []supplier.Supplier{s}
			return err
		})
		return list, err
	}
	if list, err = participants(ctx, m.DB); err != nil || len(list) > 0 {
		return list, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = supplier.List(ctx, tx)
		return err
	})
	return list, err
}

// export writes the rows of one house of a supplier.
type export struct {
	m     *Module
	s     *supplier.Supplier
	house *housing.Building
	month calendar.Month
	table *Table
}

func (e *export) write(ctx context.Context, table string) error {
	if table == gis.TableDocuments {
		return e.documents(ctx)
	}
	return e.m.DB.Read(ctx, func(tx *db.Tx) error {
		switch table {
		case gis.TableAccounts:
			return e.accounts(ctx, tx)
		case gis.TableMeters:
			return e.meters(ctx, tx)
		case gis.TableReadings:
			return e.readings(ctx, tx)
		}
		return e.payments(ctx, tx)
	})
}

// add adds a row; id is what the portal finds it by.
func (e *export) add(id string, cells ...string) {
	if id == "" {
		e.table.Without++
	}
	e.table.Pages[0] = append(e.table.Pages[0], cells)
}

// also adds a row of the second sheet.
func (e *export) also(cells ...string) { e.table.Pages[1] = append(e.table.Pages[1], cells) }

// next is the number of the next row.
func (e *export) next() string { return strconv.Itoa(len(e.table.Pages[0]) + 1) }

// roleWords are the kinds of accounts as templates write them.
var roleWords = map[string]string{gis.RoleUO: "ЛС УО", gis.RoleRSO: "ЛС РСО", gis.RoleCR: "ЛС КР", gis.RoleRC: "ЛС РЦ", gis.RoleOGV: "ЛС ОГВ/ОМС", gis.RoleTKO: "ЛС ТКО"}

func (e *export) accounts(ctx context.Context, tx *db.Tx) error {
	claims, err := claimsOf(ctx, tx, e.s.ID, e.house.ID)
	if err != nil || len(claims) == 0 {
		return err
	}
	keys := make([]string, len(claims))
	for i := range claims {
		keys[i] = accountKey(claims[i].id)
	}
	services, err := listAliases(ctx, tx, e.s.ID, aliasService, keys)
	if err != nil {
		return err
	}
	unified, err := listAliases(ctx, tx, e.s.ID, aliasUnified, keys)
	if err != nil {
		return err
	}
	flats, err := listAliases(ctx, tx, e.s.ID, aliasPremises, keys)
	role := ""
	if e.s.GIS != nil {
		role = roleWords[e.s.GIS.Role]
	}
	for i := range claims {
		c := &claims[i]
		area, persons := "", ""
		if c.said.Area > 0 {
			area = decimal.Decimal(c.said.Area).String()
		}
		if c.said.Residents != nil {
			persons = strconv.Itoa(*c.said.Residents)
		}
		no := e.next()
		e.add(c.number, no, c.number, services[keys[i]], role, "", "", "", "", "", "", "", "", "", "", "", "", "", area, "", "", persons, unified[keys[i]], "")
		e.also(no, e.house.Address(), e.house.GUID, premisesType(e.house, c), c.flat, c.room, flats[keys[i]], "")
	}
	return err
}

// premisesType is what an account is of, as templates write it.
func premisesType(house *housing.Building, c *claim) string {
	if house.Private() && c.flat == "" {
		return "Жилой дом"
	}
	return "Жилое помещение"
}

// units are the units of meters' figures, by their services.
var units = map[string]string{"cold_water": "Кубический метр", "hot_water": "Кубический метр", "sewage": "Кубический метр", "gas": "Кубический метр", electricity: "Киловатт-час", "heating": "Гигакалория"}

// meters are those that stand; one that ГИС ЖКХ has already is left out: loaded again it would be there twice.
func (e *export) meters(ctx context.Context, tx *db.Tx) error {
	all, err := standingOf(ctx, tx, e.s.ID, e.house.ID)
	if err != nil || len(all) == 0 {
		return err
	}
	keys, accounts := make([]string, len(all)), make([]string, len(all))
	for i := range all {
		keys[i], accounts[i] = strconv.FormatInt(all[i].id, 10), accountKey(all[i].account)
	}
	known, err := listAliases(ctx, tx, e.s.ID, aliasMeter, keys)
	if err != nil {
		return err
	}
	services, err := listAliases(ctx, tx, e.s.ID, aliasService, accounts)
	if err != nil {
		return err
	}
	former, err := e.m.formerNumbers(ctx, tx, e.s.ID, e.house.ID, all)
	for i := range all {
		if x := &all[i]; resources[x.service] != "" && known[keys[i]] == "" {
			e.add(x.serial, e.meterRow(x, services[accounts[i]], former[x.id])...)
		}
	}
	return err
}

// replacedColumn is the number ГИС ЖКХ gave the meter a row's meter was put in the place of.
const replacedColumn = 32

func (e *export) meterRow(x *standing, service, former string) []string {
	row := make([]string, len(gis.Layouts[gis.TableMeters].Sheets[0].Columns))
	copy(row, []string{e.next(), x.serial, "Индивидуальный", "", "", e.house.Address(), "", x.flat, x.room, cmp.Or(service, x.number), "Нет", "", "Нет", "", "",
		resources[x.service], units[x.service], gis.TariffCounts[min(max(x.registers, 1), 3)-1], x.first[0], x.first[1], x.first[2], "", dotted(int64(x.from))})
	row[replacedColumn] = former
	return row
}

// dotted writes a day as people do; 0 is not known.
func dotted(day int64) string {
	if day == 0 {
		return ""
	}
	return calendar.Date(day).Dotted()
}

func (e *export) readings(ctx context.Context, tx *db.Tx) error {
	days, err := daysOf(ctx, tx, e.s.ID, e.house.ID, -1, e.month.First(), e.month.Last())
	if err != nil || len(days) == 0 {
		return err
	}
	keys := make([]string, len(days))
	for i := range days {
		keys[i] = strconv.FormatInt(days[i].meter, 10)
	}
	numbers, err := listAliases(ctx, tx, e.s.ID, aliasMeterNumber, keys)
	for i := range days {
		d := &days[i]
		if resources[d.service] != "" {
			number := cmp.Or(numbers[keys[i]], d.serial)
			e.add(number, e.house.Address(), number, resources[d.service], d.values[0], d.values[1], d.values[2], d.on.Dotted())
		}
	}
	return err
}

// period writes a month as templates do.
func period(m calendar.Month) string { return fmt.Sprintf("%02d.%04d", m.Number(), m.Year()) }

func (e *export) payments(ctx context.Context, tx *db.Tx) error {
	type paid struct{ account, on, sum int64 }
	var list []paid
	err := tx.Scan(ctx, `SELECT account_id, min(paid_on), sum(amount_kop) FROM v_payment_account WHERE building_id = $1 AND supplier_id = $2 AND paid_on BETWEEN $3 AND $4
		GROUP BY order_id, account_id HAVING sum(amount_kop) > 0 ORDER BY min(paid_on), order_id, account_id`, []any{e.house.ID, e.s.ID, int64(e.month.First()), int64(e.month.Last())}, func(v []int64, _ []byte) error {
		list = append(list, paid{v[0], v[1], v[2]})
		return nil
	})
	if err != nil || len(list) == 0 {
		return err
	}
	keys := make([]string, len(list))
	for i := range list {
		keys[i] = accountKey(list[i].account)
	}
	services, err := listAliases(ctx, tx, e.s.ID, aliasService, keys)
	for i, p := range list {
		service := services[keys[i]]
		e.add(service, e.next(), money.Amount(p.sum).String(), dotted(p.on), period(e.month), "", service, "")
	}
	return err
}
