package reading

import (
	"cmp"
	"context"
	"strings"
	"unicode"

	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/housing"
	"kvit/internal/meter"
)

// houses are the buildings of the register by the names files use for them, and their own meters by number.
type houses struct {
	named   map[string]int64 // by code, ФИАС number, cadastral number and address, folded; 0 is more than one
	serials map[string]int64 // the building of a number, whole or its digits alone; 0 is more than one
}

// of finds where an entry belongs: the house it names, its account, or, where it has none that is known, the house whose
// own meter has the number told.
func (p *places) of(ctx context.Context, e *Entry, supplierCode string) (account.Route, error) {
	number := strings.TrimSpace(e.Account)
	if number != "" {
		route, err := p.find(ctx, cmp.Or(e.Supplier, supplierCode), number)
		if err == nil || fault.KindOf(err) == fault.Internal {
			return route, err
		}
		building, other := p.house(ctx, number, e.Meter)
		if building == 0 {
			return route, cmp.Or(other, err)
		}
		return account.Route{BuildingID: building}, nil
	}
	building, err := p.house(ctx, e.House, e.Meter)
	if err == nil && building == 0 {
		err = unknownHouse(e.House)
	}
	return account.Route{BuildingID: building}, err
}

func unknownHouse(name string) error {
	if name == "" {
		return invalid("reading.no_account", "Не сказано, чей это счётчик. Назовите лицевой счёт, а для общедомового – дом или номер счётчика.")
	}
	return fault.Newf(fault.NotFound, "house.unknown", "Дома %s с таким счётчиком нет. Сверьте код дома и номер счётчика.", name)
}

// house finds a building by a name of it, else by the number of its own meter; 0 when neither tells one.
func (p *places) house(ctx context.Context, name, serial string) (int64, error) {
	if p.houses == nil {
		var err error
		if p.houses, err = loadHouses(ctx, p.tx); err != nil {
			return 0, err
		}
	}
	if id := p.houses.named[foldAddress(name)]; id != 0 {
		return id, nil
	}
	for _, number := range []string{meter.FoldSerial(serial), meter.DigitsOf(serial)} {
		if id := p.houses.serials[number]; id != 0 && len(number) >= serialMin {
			return id, nil
		}
	}
	return 0, nil
}

func loadHouses(ctx context.Context, tx *db.Tx) (*houses, error) {
	h := &houses{named: map[string]int64{}, serials: map[string]int64{}}
	list, err := housing.ListBuildings(ctx, tx)
	if err != nil {
		return nil, err
	}
	for i := range list {
		b := &list[i]
		for _, name := range []string{b.Code, b.GUID, b.Cadastral, b.Address()} {
			once(h.named, foldAddress(name), b.ID)
		}
	}
	serials, err := fact.ListHouseSerials(ctx, tx)
	for _, s := range serials {
		once(h.serials, meter.FoldSerial(s.Serial), s.Building)
		once(h.serials, meter.DigitsOf(s.Serial), s.Building)
	}
	return h, err
}

// once notes the building of a name; a name of two is nobody's.
func once(names map[string]int64, name string, building int64) {
	was, known := names[name]
	switch {
	case name == "" || known && was == building:
	case known:
		names[name] = 0
	default:
		names[name] = building
	}
}

// addressWords are words of an address that some write and some do not.
var addressWords = map[string]bool{"г": true, "город": true, "ул": true, "улица": true, "д": true, "дом": true, "корп": true, "корпус": true, "к": true}

// foldAddress writes a code or an address as everybody's: letters and numbers alone.
func foldAddress(s string) string {
	words := strings.FieldsFunc(strings.ReplaceAll(strings.ToLower(s), "ё", "е"), func(c rune) bool { return !unicode.IsLetter(c) && !unicode.IsDigit(c) })
	kept := words[:0]
	for _, w := range words {
		if !addressWords[w] {
			kept = append(kept, w)
		}
	}
	return strings.Join(kept, "")
}

// record writes what was decided, and what the house's own meters make of it.
func (w *work) record(ctx context.Context, tx *db.Tx, d *decision, at calendar.Micros) error {
	if err := writeFacts(ctx, tx, &d.set, at); err != nil {
		return err
	}
	for i := range d.set.Readings {
		if m := d.stock.byID[d.set.Readings[i].MeterID]; m != nil && m.ofHouse() {
			return meter.Measure(ctx, tx, w.engine, d.stock.building, d.today, at)
		}
	}
	return nil
}

// ofHouse tells whether the meter is a house's own.
func (m *Meter) ofHouse() bool { return m.AccountID == 0 }
