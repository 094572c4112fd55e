// Package privacy keeps what people agreed to, who of the staff looked at a home, and gives a person his data or removes them.
//
// Owns: tables privacy_consent, privacy_look, privacy_export; the folder of exports. Does not own: the data themselves: their
// owners gather and forget them (Deps.Gather, Deps.Forget); the list of personal data (docs/privacy).
//
// Invariants: a consent is apart from any other, has the version of its text, is given by the person and taken back in one
// press, at once; every staff view of a home is kept before its page is sent; an export is the person's alone and lasts a week;
// after an erasure nothing that leads to the person is left but a number, which accounting rows keep for their legal term
// (152-ФЗ ст. 6, 9, 14, 21).
package privacy

import (
	"context"
	"time"

	"kvit/internal/blob"
	"kvit/internal/calendar"
	"kvit/internal/db"
)

// Deps are what the module stands on.
type Deps struct {
	DB    *db.DB
	Files *blob.Store // of exports
	Zone  *time.Location
	Now   func() calendar.Micros
	// Stop prepares the end of what stood on a consent that is taken back, in the same transaction; nil: nothing but Allowed ends.
	Stop func(ctx context.Context, person int64, c Consent) (func(ctx context.Context, tx *db.Tx) error, error)
	// Gather gives everything that is kept about a person, by names of its parts, as JSON writes it.
	Gather func(ctx context.Context, person int64) (map[string]any, error)
	// Forget prepares the removal of what leads to a person, by the owners of the tables.
	Forget func(ctx context.Context, person int64) (Forgetting, error)
}

// Forgetting is a prepared removal.
type Forgetting struct {
	Rows  func(ctx context.Context, tx *db.Tx) error // in the transaction of the erasure
	Files func(ctx context.Context) error            // after it
}

// Module holds the operations on privacy.
type Module struct{ Deps }

// New makes the module.
func New(d Deps) *Module { return &Module{d} }
