package reading

import (
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
}

type found struct {
	route account.Route
	err   error
}

// newPlaces knows the suppliers whose accounts the load may be about.
func (b *batch) newPlaces(ctx context.Context, tx *db.Tx) (*places, error) {
	list, err := supplier.List(ctx, tx)
	p := &places{tx: tx, seen: map[[2]string]found{}, codes: map[string]int64{}}
	for i := range list {
		if b.scope.Sees(list[i].ID) {
			p.codes[list[i].Code] = list[i].ID
		}
	}
	return p, err
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

// search looks for an account with its supplier, or, where none is named, with the only one who has such a number.
func (p *places) search(ctx context.Context, code, number string) (account.Route, error) {
	unknown := fault.Newf(fault.NotFound, "account.unknown", "Лицевого счёта %s у этого поставщика нет. Сверьте номер с квитанцией.", number)
	if code != "" {
		id, ok := p.codes[code]
		if !ok {
			return account.Route{}, unknown
		}
		return account.FindPrinted(ctx, p.tx, id, number)
	}
	var hits []account.Route
	for _, code := range slices.Sorted(maps.Keys(p.codes)) {
		r, err := account.FindPrinted(ctx, p.tx, p.codes[code], number)
		switch {
		case err == nil:
			hits = append(hits, r)
		case !fault.Is(err, fault.NotFound):
			return r, err
		}
	}
	switch len(hits) {
	case 0:
		return account.Route{}, unknown
	case 1:
		return hits[0], nil
	}
	return account.Route{}, invalid("reading.which_supplier", "Счёт с номером %s есть у нескольких поставщиков. Назовите поставщика: supplier.", number)
}
