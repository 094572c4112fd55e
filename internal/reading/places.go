package reading

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/supplier"
)

// places finds accounts, each once.
type places struct {
	tx    *db.Tx
	seen  map[[2]string]found
	codes map[string]int64
	asked map[printedKey]account.Route // of an account that is not there the empty one

	houses *houses // once they were asked for
}

// printedKey is a number as a supplier prints it.
type printedKey struct {
	supplier int64
	number   string
}

type found struct {
	route account.Route
	err   error
}

// newPlaces knows the suppliers whose accounts the load may be about.
func (b *batch) newPlaces(ctx context.Context, tx *db.Tx) (*places, error) {
	list, err := supplier.List(ctx, tx)
	p := &places{tx: tx, seen: map[[2]string]found{}, codes: map[string]int64{}, asked: map[printedKey]account.Route{}}
	for i := range list {
		if b.scope.Sees(list[i].ID) {
			p.codes[list[i].Code] = list[i].ID
		}
	}
	return p, err
}

// learn looks the accounts of many entries up at once: one by one they cost as much as writing their figures.
func (p *places) learn(ctx context.Context, entries []Entry, supplierCode string) error {
	numbers := map[int64][]string{}
	want := func(x printedKey) {
		if _, known := p.asked[x]; !known {
			p.asked[x] = account.Route{}
			numbers[x.supplier] = append(numbers[x.supplier], x.number)
		}
	}
	for i := range entries {
		code := cmp.Or(entries[i].Supplier, supplierCode)
		if id, known := p.codes[code]; known {
			want(printedKey{id, entries[i].Account})
		}
		if code != "" {
			continue
		}
		for _, id := range p.codes {
			want(printedKey{id, entries[i].Account})
		}
	}
	for id, list := range numbers {
		routes, err := account.FindAllPrinted(ctx, p.tx, id, list)
		if err != nil {
			return err
		}
		for number, route := range routes {
			p.asked[printedKey{id, number}] = route
		}
	}
	return nil
}

func (p *places) find(ctx context.Context, code, number string) (account.Route, error) {
	key := [2]string{code, number}
	f, ok := p.seen[key]
	if !ok {
		f.route, f.err = p.search(ctx, code, number)
		p.seen[key] = f
	}
	return f.route, f.err
}

// printed finds an account of a supplier, among those learned or by itself.
func (p *places) printed(ctx context.Context, supplierID int64, number string) (account.Route, error) {
	route, learned := p.asked[printedKey{supplierID, number}]
	switch {
	case !learned:
		return account.FindPrinted(ctx, p.tx, supplierID, number)
	case route.AccountID == 0:
		return route, unknownAccount(number)
	}
	return route, nil
}

func unknownAccount(number string) error {
	return fault.Newf(fault.NotFound, "account.unknown", "Лицевого счёта %s у этого поставщика нет. Сверьте номер с квитанцией.", number)
}

// search looks for an account with its supplier, or, where none is named, with the only one who has such a number.
func (p *places) search(ctx context.Context, code, number string) (account.Route, error) {
	if code != "" {
		id, ok := p.codes[code]
		if !ok {
			return account.Route{}, unknownAccount(number)
		}
		return p.printed(ctx, id, number)
	}
	var hits []account.Route
	for _, code := range slices.Sorted(maps.Keys(p.codes)) {
		r, err := p.printed(ctx, p.codes[code], number)
		switch {
		case err == nil:
			hits = append(hits, r)
		case !fault.Is(err, fault.NotFound):
			return r, err
		}
	}
	switch len(hits) {
	case 0:
		return account.Route{}, unknownAccount(number)
	case 1:
		return hits[0], nil
	}
	return account.Route{}, invalid("reading.which_supplier", "Счёт с номером %s есть у нескольких поставщиков. Назовите поставщика: supplier.", number)
}
