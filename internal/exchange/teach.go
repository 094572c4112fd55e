package exchange

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/match"
)

// lessons keep what stored accounts teach between intakes: reading an address anew for every account of the city is nine tenths
// of taking in a small file. A claim is a fact: what it teaches never changes.
type lessons struct {
	mu   sync.RWMutex
	kept map[claimKey]match.Lesson
}

// claimKey names a claim.
type claimKey struct{ building, account, recorded int64 }

// lessonsMax bounds what is kept, some 20 MB: the accounts beyond are read anew.
const lessonsMax = 200_000

func (l *lessons) find(k claimKey) (x match.Lesson, ok bool) {
	l.mu.RLock()
	defer l.mu.RUnlock()
	x, ok = l.kept[k]
	return x, ok
}

func (l *lessons) keep(k claimKey, x match.Lesson) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.kept == nil {
		l.kept = map[claimKey]match.Lesson{}
	}
	if len(l.kept) < lessonsMax {
		l.kept[k] = x
	}
}

// teachStretch is how many houses are shown to the locator in one go.
const teachStretch = 256

// teach shows the locator what is stored, house by house.
func (b *batch) teach(ctx context.Context, l *match.Locator) error {
	return b.m.db.Read(ctx, func(tx *db.Tx) error {
		for houses := range slices.Chunk(b.houses.IDs(), teachStretch) {
			if err := b.teachHouses(ctx, tx, l, houses[0], houses[len(houses)-1]); err != nil {
				return fmt.Errorf("stored accounts of buildings %d to %d: %w", houses[0], houses[len(houses)-1], err)
			}
		}
		return nil
	})
}

// storedClaims are the claims that hold, of a stretch of buildings.
const storedClaims = ` FROM account_claim c JOIN account a ON a.building_id = c.building_id AND a.account_id = c.account_id AND a.closed_at = 0
	WHERE c.building_id BETWEEN $1 AND $2 AND c.recorded_at = (SELECT max(n.recorded_at) FROM account_claim n WHERE n.building_id = c.building_id AND n.account_id = c.account_id)
	ORDER BY c.building_id, c.account_id`

func (b *batch) teachHouses(ctx context.Context, tx *db.Tx, l *match.Locator, first, last int64) error {
	var keys []claimKey
	var found []match.Lesson
	err := tx.Scan(ctx, "SELECT c.building_id, c.account_id, c.recorded_at"+storedClaims, []any{first, last}, func(v []int64, _ []byte) error {
		k := claimKey{v[0], v[1], v[2]}
		if x, ok := b.m.lessons.find(k); ok {
			found = append(found, x)
		}
		keys = append(keys, k)
		return nil
	})
	if err == nil && len(found) < len(keys) {
		found, err = b.readLessons(ctx, tx, first, last)
	}
	if err != nil {
		return err
	}
	for i, k := range keys {
		l.Known(k.building, found[i])
	}
	return nil
}

// readLessons reads what the accounts of a stretch of buildings teach, in the order of their keys.
func (b *batch) readLessons(ctx context.Context, tx *db.Tx, first, last int64) (list []match.Lesson, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT c.building_id, c.account_id, c.recorded_at, a.supplier_id, a.number, c.printed, c.evidence"+storedClaims, first, last)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var k claimKey
		var supplierID int64
		var number, evidence string
		claim := account.Claim{}
		if err := rows.Scan(&k.building, &k.account, &k.recorded, &supplierID, &number, &claim.Printed, &evidence); err != nil {
			return nil, err
		}
		x, known := b.m.lessons.find(k)
		if !known {
			claim.Evidence = []byte(evidence)
			e, err := decodeEvidence(b.code(supplierID), number, &claim)
			if err != nil {
				return nil, err
			}
			x = match.LessonOf(b.houses, &e)
			b.m.lessons.keep(k, x)
		}
		list = append(list, x)
	}
	return list, rows.Err()
}
