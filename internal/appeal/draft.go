package appeal

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"unicode/utf8"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/charge/why"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/reading/photo"
)

// Plea is what a resident says about a line of his bill.
type Plea struct {
	Line   int    // its place on the bill, from 1
	Reason string // one of Fit
	Words  string
	Aside  bool         // leave the sum out of «pay all»
	Photo  *photo.Image // nil: none
}

// Look explains a line of the resident's live bill, for the form of a dispute.
func (m *Module) Look(ctx context.Context, actor access.Actor, line int) (*bill.Bill, *why.Explanation, error) {
	if err := actor.Require("appeal", "own"); err != nil {
		return nil, nil, err
	}
	b, err := m.Bills.At(ctx, bill.Ref{Building: actor.BuildingID, Household: actor.HouseholdID}, 0)
	if err != nil {
		return nil, nil, err
	}
	x, err := m.Bills.Explain(ctx, b, line)
	return b, x, err
}

// Begin keeps a plea as a draft with the calculation attached: nobody sees it until it is sent. The same key again gives the
// first one; a line that is being checked already is Conflict.
func (m *Module) Begin(ctx context.Context, actor access.Actor, key string, p Plea) (*Appeal, error) {
	b, x, err := m.Look(ctx, actor, p.Line)
	if err != nil {
		return nil, err
	}
	if err := p.check(x); err != nil {
		return nil, err
	}
	a, err := m.draft(actor, b, x, &p)
	if err != nil {
		return nil, err
	}
	if a.ID, err = m.DB.NextIDs(ctx, 1); err != nil {
		return nil, err
	}
	digest, thumb, err := m.keepPicture(ctx, p.Photo)
	if err != nil {
		return nil, err
	}
	kept := a
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		kept = a
		old, err := byKey(ctx, tx, key, actor)
		if err != nil || old != nil {
			kept = old
			return err
		}
		if err := noOther(ctx, tx, a); err != nil {
			return err
		}
		if err := insertAppeal(ctx, tx, key, a); err != nil || digest == "" {
			return err
		}
		return insertPhoto(ctx, tx, a, digest, thumb, m.Now())
	})
	if kept != a || err != nil {
		m.dropPicture(ctx, digest, thumb)
	}
	return kept, err
}

// check refuses a plea nobody could look into.
func (p *Plea) check(x *why.Explanation) error {
	p.Words = strings.TrimSpace(p.Words)
	switch {
	case !slices.ContainsFunc(Fit(x), func(r Reason) bool { return r.Code == p.Reason }):
		return fault.New(fault.Invalid, "appeal.reason", "Отметьте, что не так.").WithField("reason")
	case p.Words == "" && slices.Contains(wordsNeeded, p.Reason):
		return fault.New(fault.Invalid, "appeal.words", "Напишите, что не так: без этого проверить нечего.").WithField("words")
	case utf8.RuneCountInString(p.Words) > wordsMax:
		return errLong("words")
	}
	return nil
}

// disputed is how much of a line a plea is about: its penalty, or what the month came to.
func disputed(x *why.Explanation, reason string) money.Amount {
	if reason == ReasonPenalty {
		return x.Penalty
	}
	return max(0, x.Charge+x.Recalc)
}

func (m *Module) draft(actor access.Actor, b *bill.Bill, x *why.Explanation, p *Plea) (*Appeal, error) {
	text, err := json.Marshal(x)
	if err != nil {
		return nil, fmt.Errorf("calculation of line %d: %w", p.Line, err)
	}
	number, err := newNumber()
	if err != nil {
		return nil, err
	}
	l, sum, now := &b.Lines[p.Line-1], sha256.Sum256(text), m.Now()
	a := &Appeal{
		Building: b.BuildingID, Number: number, Kind: Dispute, Household: b.HouseholdID, Person: actor.UserID, AccountID: l.AccountID, SupplierID: l.SupplierID, ServiceID: l.ServiceID, Service: x.Title,
		Account: l.Account, Month: l.BillMonth, Line: p.Line, Penalty: p.Reason == ReasonPenalty, Reason: p.Reason, Words: p.Words, Sum: disputed(x, p.Reason), Aside: p.Aside, State: Draft,
		DraftedAt: now, ChangedAt: now, calculation: string(text), digests: hex.EncodeToString(sum[:]),
	}
	a.Aside = a.Aside && a.Sum > 0
	return a, nil
}

// numberDigits is how long a number is: nine digits are read over a telephone, and a guess hits nobody's.
const numberDigits = 9

// newNumber makes the number of an appeal. Its uniqueness is a constraint.
func newNumber() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(900_000_000))
	if err != nil {
		return "", fmt.Errorf("number of an appeal: %w", err)
	}
	return fmt.Sprint(100_000_000 + n.Int64()), nil
}

// byKey is the appeal an earlier press of the form began.
func byKey(ctx context.Context, tx *db.Tx, key string, actor access.Actor) (*Appeal, error) {
	var number string
	err := db.Fold(tx.QueryRowContext(ctx, "SELECT number FROM appeal_route WHERE client_key = $1", key).Scan(&number))
	if fault.Is(err, fault.NotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("appeal by its key: %w", err)
	}
	a, err := find(ctx, tx, homeOf(actor), number)
	return &a, err
}

// noOther refuses to dispute what is being checked already.
func noOther(ctx context.Context, tx *db.Tx, a *Appeal) error {
	open, err := openOf(ctx, tx, a)
	if err != nil || open == nil {
		return err
	}
	return fault.Newf(fault.Conflict, "appeal.open", "Эту строку уже проверяют: обращение № %s.", ShowNumber(open.Number))
}

// openOf is the open dispute of the same line and month; nil when there is none.
func openOf(ctx context.Context, tx *db.Tx, a *Appeal) (*Appeal, error) {
	list, err := listAppeals(ctx, tx, `WHERE building_id = $1 AND household_id = $2 AND account_id = $3 AND service_id = $4 AND month = $5 AND penalty = $6 AND state IN ('sent', 'accepted', 'reopened')`,
		a.Building, a.Household, a.AccountID, a.ServiceID, int64(a.Month), a.Penalty)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	return &list[0], nil
}

// draftLife is DraftHours in microseconds.
const draftLife = DraftHours * 3600 * 1_000_000

// ForgetDrafts removes drafts older than DraftHours with their pictures.
func (m *Module) ForgetDrafts(ctx context.Context) error {
	return m.forget(ctx, "state = 'draft' AND drafted_at < $1", int64(m.Now())-draftLife)
}

// forget removes drafts of a condition, and then the pictures nobody holds any more.
func (m *Module) forget(ctx context.Context, where string, args ...any) error {
	var gone []picture
	err := m.DB.Write(ctx, func(tx *db.Tx) error {
		gone = nil
		list, err := listAppeals(ctx, tx, "WHERE "+where, args...)
		for i := range list {
			if err == nil {
				var of []picture
				of, err = listPhotos(ctx, tx, list[i].Building, list[i].ID)
				gone = append(gone, of...)
			}
			for _, table := range []string{"appeal_photo", "appeal_route", "appeal"} {
				if err == nil {
					_, err = tx.ExecContext(ctx, "DELETE FROM "+table+" WHERE building_id = $1 AND appeal_id = $2", list[i].Building, list[i].ID)
				}
			}
		}
		return err
	})
	if err != nil {
		return fmt.Errorf("forget drafts of appeals: %w", err)
	}
	for _, p := range gone {
		m.dropPicture(ctx, p.digest, p.thumb)
	}
	return nil
}

// keepPicture stores a picture; without one it gives none.
func (m *Module) keepPicture(ctx context.Context, img *photo.Image) (digest, thumb string, err error) {
	if img == nil {
		return "", "", nil
	}
	if digest, _, err = m.Photos.Put(ctx, bytes.NewReader(img.Full), photo.Max); err == nil {
		thumb, _, err = m.Photos.Put(ctx, bytes.NewReader(img.Thumb), photo.Max)
	}
	return digest, thumb, err
}

// DraftUntil is when a draft is forgotten.
func (a *Appeal) DraftUntil() calendar.Micros {
	return a.DraftedAt + draftLife
}
