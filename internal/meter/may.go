package meter

import (
	"context"

	"kvit/internal/access"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
)

// MayHouse tells of which services the own meters of a house are open to somebody: all to the centre, to a supplier those
// of what he sells in the house. An empty code asks whether there are any.
func MayHouse(ctx context.Context, tx *db.Tx, scope access.Scope, building int64) (func(service string) bool, error) {
	if scope.All {
		return func(string) bool { return true }, nil
	}
	sold, err := fact.ListSold(ctx, tx, building, building)
	own := map[string]bool{}
	for _, s := range sold {
		if scope.Sees(s.Supplier) {
			own[s.Service], own[""] = true, true
		}
	}
	return func(service string) bool { return own[service] }, err
}
