package charge

import (
	"context"
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

func sameAbsent(t *testing.T, d *db.DB, homes []home, want []string) {
	ctx := context.Background()
	exec := func(query string, args ...any) {
		t.Helper()
		if _, err := d.Handle().ExecContext(ctx, query, args...); err != nil {
			t.Fatalf("%v in %s", err, query)
		}
	}
	services := map[rune]string{'c': "cold_water", 'e': "electricity", 'h': "hot_water"}
	for i, letter := range []rune{'c', 'e', 'h'} {
		exec("INSERT INTO charge_service (service_no, code) VALUES ($1, $2)", i+1, services[letter])
	}
	exec("INSERT INTO charge_building (building_id, month, part, run_id, facts_at, recorded_at, households, lines, issues, amount_kop) VALUES (1, 202610, 0, 1, 1, 1, 0, 0, 0, 0)")
	account := int64(0)
	for i, h := range homes {
		id := int64(100 + i)
		exec("INSERT INTO household (building_id, household_id, recorded_at, flat, room) VALUES (1, $1, 1, $2, $3)", id, h.flat, h.room)
		for k := range h.accounts {
			account++
			exec("INSERT INTO household_link (building_id, account_id, recorded_at, household_id, rule, score, evidence) VALUES (1, $1, 1, $2, '', 100, '')", account, id)
			if k >= len(h.takes) {
				continue
			}
			letter := rune(h.takes[k])
			exec(`INSERT INTO charge_subscription (building_id, account_id, service, valid_from, recorded_at, source, household_id, supplier_id, service_id, category, valid_to, mode, meter_possible, included,
				quantity_e7, share_e7, part_num, part_den, flat_rest_e7) VALUES (1, $1, $2, 20260101, 1, '', $3, $4, $4, '', 0, 'compared', FALSE, FALSE, 0, 0, 0, 0, 0)`, account, services[letter], id, int64(letter))
		}
	}
	var got []string
	err := d.Read(ctx, func(tx *db.Tx) error {
		got = nil
		list, err := listAbsent(ctx, tx, calendar.NewMonth(2026, 10))
		for _, x := range list {
			if x.Cause != CauseAbsent || !x.Missing || x.Building != 1 || x.Supplier != x.Service {
				t.Errorf("%+v", x)
			}
			got = append(got, fmt.Sprint(homes[x.Household-100].flat, " ", services[rune(x.Service)]))
		}
		return err
	})
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("absent %q, want %q, %v", got, want, err)
	}
}
