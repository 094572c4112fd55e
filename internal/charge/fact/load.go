package fact

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Loader reads buildings for an engine. Its memory is used again: what Load gave lives until the next Load.
type Loader struct {
	Engine    *calc.Engine
	Suppliers map[int64]string // codes

	page      page
	buildings []Building
	meters    []placedMeter
	stale     []Sheet
}

// placedMeter is a meter of a building among those being loaded.
type placedMeter struct {
	building int64
	id       int64
	meter    *calc.Meter
}

// Sheet is a sheet made anew, to be stored by whoever writes next.
type Sheet struct {
	Building int64
	version  int64
	knownAt  calendar.Micros
	count    int
	body     []byte
}

// List gives the buildings that have facts, by id.
func List(ctx context.Context, tx *db.Tx) ([]int64, error) { return listBuildings(ctx, tx, "") }

// ListBetween gives the buildings first … last that have facts, by id.
func ListBetween(ctx context.Context, tx *db.Tx, first, last int64) ([]int64, error) {
	return listBuildings(ctx, tx, "WHERE building_id BETWEEN $1 AND $2 ", first, last)
}

// ListStale gives the buildings whose sheets must be built again, by id.
func ListStale(ctx context.Context, tx *db.Tx) ([]int64, error) {
	return listBuildings(ctx, tx, "WHERE length(body) = 0 ")
}

func listBuildings(ctx context.Context, tx *db.Tx, where string, args ...any) (list []int64, err error) {
	err = tx.Scan(ctx, "SELECT building_id FROM charge_sheet "+where+"ORDER BY building_id", args, func(v []int64, _ []byte) error {
		list = append(list, v[0])
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list buildings with facts: %w", err)
	}
	return list, nil
}

// Load reads buildings first … last by id as they were known at a moment, ready for a month: readings of the month and
// of the one before, and all earlier ones of meters for which these are not enough.
func (l *Loader) Load(ctx context.Context, tx *db.Tx, first, last int64, month calendar.Month, at calendar.Micros) ([]Building, error) {
	if err := l.loadSheets(ctx, tx, first, last, nil, at); err != nil {
		return nil, err
	}
	for i := range l.buildings {
		l.buildings[i].In(l.Engine, month)
	}
	err := l.loadReadings(ctx, tx, `WHERE building_id BETWEEN $1 AND $2 AND on_day BETWEEN $3 AND $4 AND recorded_at <= $5`,
		first, last, int64(month.Add(-1).First()), int64(month.Last()), int64(at))
	if err != nil {
		return nil, err
	}
	if err := l.loadVolumes(ctx, tx, `WHERE building_id BETWEEN $1 AND $2 AND month = $3 AND recorded_at <= $4`, first, last, int64(month), int64(at)); err != nil {
		return nil, err
	}
	return l.buildings, l.loadHistories(ctx, tx, l.Engine.Month(month), at)
}

// LoadSome reads some households of a building with all their readings as they were known at a moment. In must be called
// for each month.
func (l *Loader) LoadSome(ctx context.Context, tx *db.Tx, building int64, of *Scope, at calendar.Micros) (*Building, error) {
	l.page.arenas.reset()
	l.buildings, l.meters, l.stale = l.buildings[:0], l.meters[:0], nil
	b := l.another()
	b.ID = building
	if err := l.gatherInto(ctx, tx, b, of, at); err != nil {
		return nil, err
	}
	b.Households = slices.DeleteFunc(b.Households, func(h Household) bool { return !slices.Contains(of.Households, h.ID) })
	b.resolve(l.Engine, l.Suppliers)
	l.indexMeters()
	if err := l.readingsOf(ctx, tx, building, l.meters, "AND recorded_at <= $2", int64(at)); err != nil {
		return nil, err
	}
	return b, l.loadVolumes(ctx, tx, volumesSoFar, building, int64(at))
}

// LoadAll reads one building with all its readings as they were known at a moment. In must be called for each month.
func (l *Loader) LoadAll(ctx context.Context, tx *db.Tx, building int64, at calendar.Micros) (*Building, error) {
	if err := l.loadSheets(ctx, tx, building, building, nil, at); err != nil {
		return nil, err
	}
	if err := l.loadReadings(ctx, tx, `WHERE building_id = $1 AND recorded_at <= $2`, building, int64(at)); err != nil || len(l.buildings) == 0 {
		return nil, err
	}
	return &l.buildings[0], l.loadVolumes(ctx, tx, volumesSoFar, building, int64(at))
}

// Stale gives the sheets that had to be made anew by the last Load.
func (l *Loader) Stale() []Sheet { return l.stale }

// Store keeps sheets made anew, unless facts were written meanwhile.
func Store(ctx context.Context, tx *db.Tx, sheets []Sheet) error {
	for _, s := range sheets {
		if _, err := tx.ExecContext(ctx, "UPDATE charge_sheet SET known_at = $1, households = $2, body = $3 WHERE building_id = $4 AND version = $5",
			int64(s.knownAt), s.count, s.body, s.Building, s.version); err != nil {
			return fmt.Errorf("store sheet of building %d: %w", s.Building, err)
		}
	}
	return nil
}

// loadSheets reads the sheets of buildings, of all their households or of some.
func (l *Loader) loadSheets(ctx context.Context, tx *db.Tx, first, last int64, of *Scope, at calendar.Micros) error {
	l.page.arenas.reset()
	l.page.only = of.single()
	l.buildings, l.meters, l.stale = l.buildings[:0], l.meters[:0], nil
	var anew []int // places of buildings whose sheets do not serve
	err := tx.Scan(ctx, "SELECT building_id, version, known_at, body FROM charge_sheet WHERE building_id BETWEEN $1 AND $2 ORDER BY building_id", []any{first, last},
		func(v []int64, body []byte) error {
			b := l.another()
			b.ID = v[0]
			if len(body) == 0 || calendar.Micros(v[2]) > at || l.page.decode(b, body) != nil {
				anew = append(anew, len(l.buildings)-1)
				l.stale = append(l.stale, Sheet{Building: v[0], version: v[1]})
			}
			return nil
		})
	if err != nil {
		return fmt.Errorf("load sheets: %w", err)
	}
	kept := l.stale[:0]
	for n, i := range anew {
		if of != nil {
			if err := l.gatherInto(ctx, tx, &l.buildings[i], &Scope{Households: slices.Clone(of.Households), Accounts: slices.Clone(of.Accounts)}, at); err != nil {
				return err
			}
			continue
		}
		sheet, current, err := l.build(ctx, tx, &l.buildings[i], l.stale[n], at)
		if err != nil {
			return err
		}
		if current {
			kept = append(kept, sheet)
		}
	}
	l.stale = kept
	for i := range l.buildings {
		b := &l.buildings[i]
		if of != nil {
			b.Households = slices.DeleteFunc(b.Households, func(h Household) bool { return !of.has(&h) })
		}
		b.resolve(l.Engine, l.Suppliers)
	}
	l.indexMeters()
	return nil
}

// another gives the next building to fill, with the memory it had before.
func (l *Loader) another() *Building {
	if n := len(l.buildings); n < cap(l.buildings) {
		l.buildings = l.buildings[:n+1]
	} else {
		l.buildings = append(l.buildings, Building{})
	}
	return &l.buildings[len(l.buildings)-1]
}

// build makes a building of its rows. The sheet is current when no fact was recorded after the moment.
func (l *Loader) build(ctx context.Context, tx *db.Tx, b *Building, s Sheet, at calendar.Micros) (Sheet, bool, error) {
	set, err := Gather(ctx, tx, b.ID, at)
	if err != nil {
		return s, false, err
	}
	made, err := set.compose()
	if err != nil {
		return s, false, err
	}
	newest, err := Newest(ctx, tx, b.ID)
	if err != nil {
		return s, false, err
	}
	*b = *made
	s.knownAt, s.count, s.body = newest, len(b.Households), encode(b)
	return s, s.knownAt <= at, nil
}

func (l *Loader) indexMeters() {
	for i := range l.buildings {
		b := &l.buildings[i]
		for k := range b.Households {
			list := b.Households[k].Premises.Services
			for j := range list {
				for m := range list[j].Meters {
					l.meters = append(l.meters, placedMeter{b.ID, list[j].Meters[m].ID, &list[j].Meters[m]})
				}
			}
		}
	}
	if !slices.IsSortedFunc(l.meters, comparePlaced) {
		slices.SortFunc(l.meters, comparePlaced)
	}
}

func comparePlaced(a, b placedMeter) int {
	return cmp.Or(cmp.Compare(a.building, b.building), cmp.Compare(a.id, b.id))
}

// Rebuild gives the sheet of a building made anew, if it is stale.
func (l *Loader) Rebuild(ctx context.Context, tx *db.Tx, building int64, at calendar.Micros) ([]Sheet, error) {
	err := l.loadSheets(ctx, tx, building, building, nil, at)
	return l.stale, err
}

// HouseholdOf tells which household an account's services are charged with.
func HouseholdOf(ctx context.Context, tx *db.Tx, building, account int64) (household int64, err error) {
	household, err = FindHousehold(ctx, tx, building, account, math.MaxInt64)
	if err == nil && household == 0 {
		return 0, fault.New(fault.NotFound, "charge.no_facts", "Для этого счёта нет данных начисления: услуг, жильцов, счётчиков.")
	}
	return household, err
}
