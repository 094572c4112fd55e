package app

import (
	"context"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/exchange"
)

const monthsSuppliers = `
- code: voda
  mode: compared
  services:
    - {name: ХВС, catalog: cold_water, digits: 3}
    - {name: Полив, catalog: irrigation, included: true}
- {code: tko, mode: compared, services: [{title: вывоз мусора, catalog: waste}]}
`

const monthsCatalog = `tariffs:
  - {service: cold_water, value: 40.00, unit: RUB/m3}
  - {service: irrigation, value: 40.00, unit: RUB/m3}
  - {service: waste, value: 500.00, unit: RUB/m3}
normatives: [{service: waste, value: 0.2, unit: m3/person/month}]
`

// monthsOf are the registers of three months, account;flat;service;meter;before;now;used;people;charged, and the services
// that each month's comparison names. Flat 1: the meter passes its highest figure. Flat 2: it does while its row is missing.
// Flat 3: the meter is replaced inside a month. Flat 4: somebody moves in. Flat 5: the account is closed and opened again.
// Flat 6: a garden, whose season is over in the third month.
var monthsOf = []struct {
	month calendar.Month
	voda  string
	tko   string
	named []string
}{
	{202607, `
11;1;ХВС;A1;990;995;;;200.00
12;2;ХВС;A2;991;994;;;120.00
13;3;ХВС;A3;100;104;;;160.00
14;4;ХВС;A4;5;9;;;160.00
15;5;ХВС;A5;20;25;;;200.00
16;6;ХВС;A6;300;310;;;320.00
16;6;Полив;;;;2;;80.00`, `
24;4;;;;;;2;200.00`, nil},
	{202608, `
11;1;ХВС;A1;995;3;;;320.00
13;3;ХВС;A3;104;107;;;120.00
13;3;ХВС;B3;0;2;;;80.00
14;4;ХВС;A4;9;12;;;120.00
16;6;ХВС;A6;310;315;;;80.00
16;6;Полив;;;;3;;120.00`, `
24;4;;;;;;3;300.00`, []string{"voda 12 ХВС missing", "voda 15 ХВС missing"}},
	{202609, `
11;1;ХВС;A1;3;10;;;280.00
12;2;ХВС;A2;994;4;;;400.00
13;3;ХВС;B3;2;6;;;160.00
14;4;ХВС;A4;12;12;;;0.00
15;5;ХВС;A5;31;36;;;200.00
16;6;ХВС;A6;315;319;;;160.00`, `
24;4;;;;;;3;300.00`, nil},
}

// TestMonthsOfMeters: through three months of what happens to meters and accounts each line is its supplier's, only what he
// left out is named, and an intake cut off at any stage and gone on with ends in the same.
func TestMonthsOfMeters(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, err := build(d, Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		c := &setTown{t: t, ctx: context.Background(), a: a, dir: t.TempDir()}
		c.load(monthsCatalog, monthsSuppliers, "H1,,,,ул,Садовая,,1,,,1980,5,6,,mkd\n")
		for i, x := range monthsOf {
			stages := []string{"Чтение файлов", "Поиск домов", "Запись"}
			c.month = x.month
			formats := c.registers(map[string]string{"voda": x.voda, "tko": x.tko})
			c.cutOff(formats, stages[i%len(stages)])
			c.take(formats)
			r, err := a.ChargeMonth(c.ctx, "test", x.month, nil, nil)
			if err != nil || !r.OK() {
				t.Fatalf("%+v, %v", r, err)
			}
			list, err := a.CompareCharges(c.ctx, x.month)
			if err != nil {
				t.Fatal(err)
			}
			var named []string
			for _, x := range list {
				named = append(named, fmt.Sprint(x.Supplier, " ", x.Account, " ", x.Service, " ", x.Cause))
			}
			if slices.Sort(named); !slices.Equal(named, x.named) {
				t.Errorf("%s: named %q, want %q\n%+v", x.month, named, x.named, list)
			}
		}
		zero := 0
		if err := d.Handle().QueryRowContext(c.ctx, "SELECT count(*) FROM charge_line l JOIN account a ON a.account_id = l.account_id WHERE a.number = '14' AND l.month = 202609 AND l.amount_kop = 0 AND l.kind >= 64").Scan(&zero); err != nil || zero != 1 {
			t.Errorf("a meter that showed nothing has %d lines, %v", zero, err)
		}
	})
}

// registers writes the registers of a month and their sheet.
func (c *setTown) registers(rows map[string]string) (formats string) {
	c.t.Helper()
	var sheets []string
	for supplier, body := range rows {
		name := fmt.Sprintf("%s_%s.csv", supplier, c.month)
		text := "account;address;service;meter;before;now;used;people;charged\n"
		for _, row := range strings.Split(strings.TrimSpace(body), "\n") {
			account, rest, _ := strings.Cut(row, ";")
			flat, rest, _ := strings.Cut(rest, ";")
			text += account + ";ул Садовая, д 1, кв " + flat + ";" + rest + "\n"
		}
		c.write(name, text)
		sheets = append(sheets, fmt.Sprintf(`{"file": %q, "supplier": %q, "kind": "csv", "encoding": "utf-8", "delimiter": ";", "header_rows": 1, "money": "rub_dot", "period": %q, "columns": {"account": "account",
			"address": "address", "service": "service", "meter": "meter", "charge": "charged", "reading_prev": "before", "reading_cur": "now", "volume": "used", "residents": "people"}}`, name, supplier, c.month))
	}
	return c.write(fmt.Sprintf("formats_%s.json", c.month), fmt.Sprintf(`{"month": %q, "registers": [%s]}`, c.month, strings.Join(sheets, ",")))
}

// cutOff stops an intake at a stage; what it began is gone on with.
func (c *setTown) cutOff(formats, stage string) {
	c.t.Helper()
	ctx, stop := context.WithCancel(c.ctx)
	defer stop()
	_, err := c.a.Exchange.Intake(ctx, exchange.Request{Formats: formats, Paths: []string{c.dir}, Actor: "test", Progress: func(at string, _, _ int64) {
		if at == stage {
			stop()
		}
	}})
	if err == nil {
		c.t.Fatalf("not stopped at %q", stage)
	}
	if err := c.a.Exchange.Resume(c.ctx); err != nil {
		c.t.Fatal(err)
	}
}

// take takes the registers of a sheet in.
func (c *setTown) take(formats string) {
	c.t.Helper()
	r, err := c.a.Exchange.Intake(c.ctx, exchange.Request{Formats: formats, Paths: []string{c.dir}, Actor: "test"})
	if err != nil {
		c.t.Fatal(err)
	}
	for _, f := range r.Files {
		if f.Refusal != nil || f.Applied != f.Rows {
			c.t.Fatalf("%+v", f)
		}
	}
}

// load loads prices, suppliers and houses.
func (c *setTown) load(catalog, suppliers, houses string) {
	c.t.Helper()
	if r, err := c.a.LoadCatalog(c.ctx, "test", []string{c.write("catalog.yaml", catalog)}); err != nil || !r.OK {
		c.t.Fatalf("%+v, %v", r, err)
	}
	if _, err := c.a.Suppliers.Load(c.ctx, strings.NewReader(suppliers)); err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.a.Houses.Load(c.ctx, strings.NewReader("house_id,guid,postcode,locality,street_type,street,street_alias,house,letter,korp,year,floors,flats,cadastral,kind\n"+houses), "houses.csv"); err != nil {
		c.t.Fatal(err)
	}
}

// tell loads facts that no register carries.
func (c *setTown) tell(facts string) {
	c.t.Helper()
	r, err := c.a.LoadFacts(c.ctx, access.Actor{Role: access.System}, []string{c.write("facts.yaml", facts)}, nil, false, nil)
	if err != nil || !r.OK {
		c.t.Fatalf("%+v, %v", r, err)
	}
}

// TestOrderOfMonthsDoesNotMatter: registers of three months taken in in any order come to the same charges.
func TestOrderOfMonthsDoesNotMatter(t *testing.T) {
	if testing.Short() {
		t.Skip("whole months on SQLite: not under the race detector")
	}
	lines := func(order ...int) (list []string) {
		a, err := build(dbtest.SQLite(t), Settings{Data: t.TempDir(), Log: slog.New(slog.DiscardHandler)})
		if err != nil {
			t.Fatal(err)
		}
		c := &setTown{t: t, ctx: context.Background(), a: a, dir: t.TempDir()}
		c.load(monthsCatalog, monthsSuppliers, "H1,,,,ул,Садовая,,1,,,1980,5,6,,mkd\n")
		for _, i := range order {
			c.month = monthsOf[i].month
			c.take(c.registers(map[string]string{"voda": monthsOf[i].voda, "tko": monthsOf[i].tko}))
		}
		for _, x := range monthsOf {
			if r, err := a.ChargeMonth(c.ctx, "test", x.month, nil, nil); err != nil || !r.OK() {
				t.Fatalf("%+v, %v", r, err)
			}
		}
		rows, err := a.DB.Handle().QueryContext(c.ctx, `SELECT a.number, l.month, l.service_no, l.method, l.volume_e7, l.amount_kop FROM charge_line l JOIN account a ON a.account_id = l.account_id
			ORDER BY a.number, l.month, l.service_no, l.volume_e7`)
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		for rows.Next() {
			var number string
			var month, service, method, volume, amount int64
			if err := rows.Scan(&number, &month, &service, &method, &volume, &amount); err != nil {
				t.Fatal(err)
			}
			list = append(list, fmt.Sprint(number, month, service, method, volume, amount))
		}
		return list
	}
	want := lines(0, 1, 2)
	for _, order := range [][]int{{2, 1, 0}, {1, 2, 0}, {2, 0, 1}} {
		if got := lines(order...); !slices.Equal(got, want) {
			t.Errorf("in the order %v\n%s\nin their own\n%s", order, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}
