package handover

import (
	"cmp"
	"context"
	"fmt"
	"strings"

	"kvit/internal/account"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/ledger"
	"kvit/internal/money"
)

// answerDone tells the giver what came and where each bill is now. Told before, it changes nothing.
func (m *Module) answerDone(ctx context.Context, h *Handover) error {
	var p *Package
	var ours map[string]bill.Ref
	told := false
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err := listMessages(ctx, tx, "WHERE handover_id = $1 AND direction = $2 AND kind = $3", h.ID, sent, kindDone)
		if told = len(list) > 0; err != nil || told {
			return err
		}
		if p, err = m.offered(ctx, tx, h); err != nil {
			return err
		}
		ours, err = refsOf(ctx, tx, h, p)
		return err
	})
	if err != nil || told {
		return err
	}
	a := arrival{Party: m.party(), Links: map[string]string{}}
	for code, ref := range ours {
		c, err := m.Bills.CodeOf(ctx, ref)
		if err != nil {
			return err
		}
		a.Links[code] = "/pay/" + c.Token
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		if a.Book, a.BookDigest, err = cameDigest(ctx, tx, h); err != nil {
			return err
		}
		return m.sayJSON(ctx, tx, h, kindDone, a)
	})
}

// refsOf leads the old codes of households to ours, by an account of theirs.
func refsOf(ctx context.Context, tx *db.Tx, h *Handover, p *Package) (map[string]bill.Ref, error) {
	x, err := placesOf(ctx, tx, p)
	if err != nil {
		return nil, err
	}
	links, err := account.ListLinks(ctx, tx, h.BuildingID, forever)
	if err != nil {
		return nil, err
	}
	ours := map[int64]int64{}
	for i := range p.Accounts {
		a := &p.Accounts[i]
		if r, known := x.routes[a.ID]; known && a.Household != 0 && r.BuildingID == h.BuildingID {
			ours[a.Household] = links[r.AccountID].HouseholdID
		}
	}
	refs := map[string]bill.Ref{}
	for _, x := range p.Households {
		if ours[x.ID] != 0 {
			refs[x.Code] = bill.Ref{Building: h.BuildingID, Household: ours[x.ID]}
		}
	}
	return refs, nil
}

// cameDigest is the sum and the digest of what came into our book.
func cameDigest(ctx context.Context, tx *db.Tx, h *Handover) (sum money.Amount, digest string, err error) {
	entries, err := ledger.ListEntries(ctx, tx, h.BuildingID, h.key("in"))
	if err != nil {
		return 0, "", err
	}
	n, err := namesOf(ctx, tx, h.BuildingID)
	for _, e := range entries {
		if e.AccountID != 0 {
			sum += e.Amount
		}
	}
	return sum, bookDigest(entries, 1, n.accounts, n.services), err
}

// keepLinks notes where the bills of households that left are now: on the pages of the other centre as it tells them, else where
// its program is.
func keepLinks(ctx context.Context, tx *db.Tx, h *Handover, a *arrival) error {
	peer, err := peerOf(ctx, tx, h.Peer)
	if err != nil {
		return err
	}
	base := strings.TrimRight(cmp.Or(a.Party.Pages, peer.URL), "/")
	if !strings.HasPrefix(base, "https://") && !strings.HasPrefix(base, "http://") {
		return nil // nobody knows its pages: residents are told its name
	}
	for code, path := range a.Links {
		id, err := account.ParseHouseholdCode(code)
		if err != nil || !strings.HasPrefix(path, "/pay/") {
			continue // a code that is none of ours, or no page of a bill
		}
		if _, err := tx.ExecContext(ctx, "UPDATE handover_household SET link = $4 WHERE building_id = $1 AND household_id = $2 AND number = $3", h.BuildingID, id, h.Number, base+path); err != nil {
			return fmt.Errorf("link of household %d: %w", id, err)
		}
	}
	return nil
}
