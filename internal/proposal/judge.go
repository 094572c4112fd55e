package proposal

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/match"
	"kvit/internal/supplier"
)

// house is what is known of the accounts of one house, seen from one home.
type house struct {
	mine, others []account.Member
	evidence     map[int64]account.Evidence
	doubts       map[int64]match.StoredReview // by account
	apart        map[string]bool              // accounts a person has parted from the home
}

func (m *Module) read(ctx context.Context, tx *db.Tx, building, household int64) (h *house, err error) {
	h = &house{evidence: map[int64]account.Evidence{}, doubts: map[int64]match.StoredReview{}, apart: map[string]bool{}}
	all, err := account.ListBuildingMembers(ctx, tx, building, building, m.Now())
	if err != nil {
		return nil, err
	}
	wanted := map[string]bool{}
	for i := range all {
		if h.evidence[all[i].AccountID], err = all[i].Claim.Decode(); err != nil {
			return nil, err
		}
		if all[i].Link.HouseholdID == household {
			h.mine = append(h.mine, all[i])
			wanted[keyOf(&all[i])] = true
		} else {
			h.others = append(h.others, all[i])
		}
	}
	reviews, err := match.ListReviews(ctx, tx, building, match.ReviewOpen, reviewsMax)
	if err != nil {
		return nil, err
	}
	for _, r := range reviews {
		h.doubts[r.AccountID] = r
	}
	decided, err := match.ListDecisions(ctx, tx, wanted)
	if err != nil {
		return nil, err
	}
	for _, d := range decided {
		if d.Kind == match.DecideApart {
			h.apart[match.AccountKey(d.SupplierID, d.Number)], h.apart[match.AccountKey(d.OtherSupplierID, d.OtherNumber)] = true, true
		}
	}
	return h, nil
}

func keyOf(a *account.Member) string { return match.AccountKey(a.SupplierID, a.Number) }

// judge gives the proposal of an account; nil when nothing speaks for it or a person has spoken against it.
func (h *house) judge(a *account.Member) *Proposal {
	if h.apart[keyOf(a)] {
		return nil
	}
	p := &Proposal{Account: a.AccountID, printed: a.Claim.Printed, number: a.Number, Tail: "…" + supplier.Ending(a.Claim.Printed)}
	e := h.evidence[a.AccountID]
	unified, flat, name, filed := h.compare(a, &e)
	if unified {
		p.Reasons = append(p.Reasons, "тот же единый лицевой счёт")
	}
	if flat {
		p.Reasons = append(p.Reasons, "тот же адрес и квартира")
	}
	if filed && !flat {
		p.Reasons = append(p.Reasons, "в файле поставщика указана ваша квартира")
	}
	doubt := h.doubted(a.AccountID)
	if len(p.Reasons) == 0 && doubt == nil {
		return nil
	}
	if name {
		p.Reasons = append(p.Reasons, "имя плательщика похоже на ваше")
	}
	if doubt != nil {
		p.Reasons = append(p.Reasons, "сами не решились: "+strings.Join(doubt.Reasons, "; "))
		if doubt.AccountID == a.AccountID {
			p.review = doubt.ID
		}
	}
	p.Sure = unified || name && (flat || filed)
	p.digest = digest(a, p.Reasons)
	return p
}

// compare tells what of an account is as it is with the home's own: the unified number, the flat it was placed in, the payer, and
// the flat its supplier's file names.
func (h *house) compare(a *account.Member, e *account.Evidence) (unified, flat, name, filed bool) {
	for i := range h.mine {
		x := &h.mine[i]
		own := h.evidence[x.AccountID]
		unified = unified || e.ELS != "" && base(e.ELS) == base(own.ELS)
		flat = flat || a.Claim.Flat != "" && a.Claim.Flat == x.Claim.Flat && (a.Claim.Room == x.Claim.Room || a.Claim.Room == "" || x.Claim.Room == "")
		name = name || e.FIO != "" && own.FIO != "" && match.SamePerson(e.FIO, own.FIO)
		filed = filed || e.Flat != "" && x.Claim.Flat != "" && strings.EqualFold(e.Flat, x.Claim.Flat)
	}
	return unified, flat, name, filed
}

// base is a unified number without the mark of a service.
func base(els string) string {
	s, _, _ := strings.Cut(els, "-")
	return match.FoldNumber(s)
}

// doubted is the doubt that waits between an account and the home: about the account beside one of the home's, or the other way
// round.
func (h *house) doubted(id int64) *match.StoredReview {
	own := func(x int64) bool {
		return slices.ContainsFunc(h.mine, func(a account.Member) bool { return a.AccountID == x })
	}
	if r, found := h.doubts[id]; found && slices.ContainsFunc(r.Near, own) {
		return &r
	}
	for i := range h.mine {
		if r, found := h.doubts[h.mine[i].AccountID]; found && slices.Contains(r.Near, id) {
			return &r
		}
	}
	return nil
}

// digest is what is known of an account, so that one refused comes back when that changes.
func digest(a *account.Member, reasons []string) string {
	h := sha256.New()
	fmt.Fprintf(h, "%d\x00%s\x00%s\x00%s\x00%s\x00%s", a.AccountID, a.Claim.Printed, a.Claim.Flat, a.Claim.Room, a.Claim.Evidence, strings.Join(reasons, "\x00"))
	return hex.EncodeToString(h.Sum(nil))
}
