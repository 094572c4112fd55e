package charge

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"testing"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// home is a household of a house whose services are told by letters: c cold water, e electricity, h hot water.
type home struct {
	flat, room, takes string
	accounts          int
}

// TestAbsentIsWhatNeighboursTake: a household lacks a service only where nearly all of its house take it, somebody surely
// lives there, and nobody of its flat pays for it.
func TestAbsentIsWhatNeighboursTake(t *testing.T) {
	four := []home{{"1", "", "ceh", 3}, {"2", "", "ceh", 3}, {"3", "", "ceh", 3}, {"4", "", "ceh", 3}}
	for name, c := range map[string]struct {
		homes []home
		want  []string
	}{
		"one of five lacks electricity":              {append(slices.Clone(four), home{"5", "", "ch", 2}), []string{"5 electricity"}},
		"two of six lack it: no rule":                {append(slices.Clone(four), home{"5", "", "ch", 2}, home{"6", "", "ch", 2}), nil},
		"three neighbours are too few":               {append(slices.Clone(four[:3]), home{"5", "", "ch", 2}), nil},
		"one account is no proof that anybody lives": {append(slices.Clone(four), home{"5", "", "c", 1}), nil},
		"another room of the flat pays":              {append(slices.Clone(four), home{"5", "2", "e", 2}, home{"5", "", "ch", 2}), nil},
		"a room is not judged":                       {append(slices.Clone(four), home{"5", "1", "ch", 2}), nil},
		"nothing is lacking":                         {four, nil},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) { sameAbsent(t, d, c.homes, c.want) })
		})
	}
}

// TestAbsentInASmallHouse: a house of one or two households has no neighbours, but there are many such houses: what nearly
// none of them lacks is absent where it lacks, what some do without is not, and of few houses nothing is known.
func TestAbsentInASmallHouse(t *testing.T) {
	for name, c := range map[string]struct{ houses, dry, dark, want int }{ // without water, without electricity
		"one lacks electricity, some have a well": {160, 8, 1, 1},
		"three lack electricity":                  {160, 0, 3, 0},
		"too few houses":                          {140, 0, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, d *db.DB) {
				w := newHomes(t, d)
				for i := range c.houses {
					takes := "ceh"
					switch {
					case i < c.dry:
						takes = "eh"
					case i < c.dry+c.dark:
						takes = "ch"
					}
					building := int64(i + 1)
					w.exec(`INSERT INTO building (building_id, code, guid, postcode, locality, street_type, street, street_alias, house, letter, korp, year, floors, flats, cadastral, kind, search_key, recorded_at)
						VALUES ($1, $2, '', '', '', '', '', '', '', '', '', 2000, 1, 1, '', 'private', '', 1)`, building, fmt.Sprint(building))
					w.add(building, home{"", "", takes, 2})
				}
				if got := w.absent(); len(got) != c.want || c.want == 1 && got[0] != " electricity" {
					t.Errorf("absent %q, want %d", got, c.want)
				}
			})
		})
	}
}

func sameAbsent(t *testing.T, d *db.DB, homes []home, want []string) {
	w := newHomes(t, d)
	for _, h := range homes {
		w.add(1, h)
	}
	if got := w.absent(); !slices.Equal(got, want) {
		t.Errorf("absent %q, want %q", got, want)
	}
}

// homes are households written as rows, in one transaction.
type homes struct {
	t       *testing.T
	d       *db.DB
	tx      *sql.Tx
	list    []home
	account int64
}

// homeServices are services by their letters, which are the numbers of their supplier and of his service too.
var homeServices = map[rune]string{'c': "cold_water", 'e': "electricity", 'h': "hot_water"}

func newHomes(t *testing.T, d *db.DB) *homes {
	w := &homes{t: t, d: d}
	var err error
	if w.tx, err = d.Handle().BeginTx(context.Background(), nil); err != nil {
		t.Fatal(err)
	}
	for letter, code := range homeServices {
		w.exec("INSERT INTO charge_service (service_no, code) VALUES ($1, $2)", int64(letter), code)
	}
	return w
}

func (w *homes) exec(query string, args ...any) {
	w.t.Helper()
	if _, err := w.tx.ExecContext(context.Background(), query, args...); err != nil {
		w.t.Fatalf("%v in %s", err, query)
	}
}

func (w *homes) add(building int64, h home) {
	w.t.Helper()
	id := int64(100 + len(w.list))
	w.list = append(w.list, h)
	w.exec(`INSERT INTO charge_building (building_id, month, part, run_id, facts_at, recorded_at, households, lines, issues, amount_kop) VALUES ($1, 202610, 0, 1, 1, 1, 0, 0, 0, 0)
		ON CONFLICT DO NOTHING`, building)
	w.exec("INSERT INTO household (building_id, household_id, recorded_at, flat, room) VALUES ($1, $2, 1, $3, $4)", building, id, h.flat, h.room)
	for k := range max(h.accounts, len(h.takes)) {
		w.account++
		if k < h.accounts {
			w.exec("INSERT INTO household_link (building_id, account_id, recorded_at, household_id, rule, score, evidence) VALUES ($1, $2, 1, $3, '', 100, '')", building, w.account, id)
		}
		if k < len(h.takes) {
			letter := rune(h.takes[k])
			w.exec(`INSERT INTO charge_subscription (building_id, account_id, service, valid_from, recorded_at, source, household_id, supplier_id, service_id, category, valid_to, mode, meter_possible, included,
				quantity_e7, share_e7, part_num, part_den, flat_rest_e7) VALUES ($1, $2, $3, 20260101, 1, '', $4, $5, $5, '', 0, 'compared', FALSE, FALSE, 0, 0, 0, 0, 0)`, building, w.account, homeServices[letter], id, int64(letter))
		}
	}
}

// absent says what is found: flat and service.
func (w *homes) absent() (got []string) {
	w.t.Helper()
	if err := w.tx.Commit(); err != nil {
		w.t.Fatal(err)
	}
	err := w.d.Read(context.Background(), func(tx *db.Tx) error {
		got = nil
		list, err := listAbsent(context.Background(), tx, calendar.NewMonth(2026, 10))
		for _, x := range list {
			if x.Cause != CauseAbsent || !x.Missing || x.Supplier != x.Service || x.number != x.Service {
				w.t.Errorf("%+v", x)
			}
			got = append(got, fmt.Sprint(w.list[x.Household-100].flat, " ", homeServices[rune(x.Service)]))
		}
		return err
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}
