package exchange

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/audit"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/match"
	"kvit/internal/supplier"
)

// What a person may decide about baskets.
const (
	Join  = "join"  // the account belongs to the basket of the other one
	Apart = "apart" // the account is not of the household of the others
	Merge = "merge" // the two baskets are one household
	Split = "split" // the account, with those named, is a household of its own
)

// Judgement is a person's decision: about a doubt of the review queue, or about any account.
type Judgement struct {
	Kind   string
	Review int64    // 0: no doubt was filed
	Of     string   // «supplier:number» as printed, when no review is given
	Note   string   // why, for those who come later
	With   []string // the other accounts, «supplier:number»; empty: those the review names, or the basket the account is in
}

// decisionsMax bounds the pairs of accounts one judgement settles.
const decisionsMax = 64

// Decide stores a judgement as facts about pairs of accounts, which hold in every later intake until undone, and
// matches the building anew at once. It gives the number by which the whole judgement is undone.
func (m *Module) Decide(ctx context.Context, actor access.Actor, j Judgement) (decision int64, err error) {
	if !slices.Contains([]string{Join, Apart, Merge, Split}, j.Kind) {
		return 0, fault.Newf(fault.Invalid, "review.kind", "Решение %q неизвестно: бывает join, apart, merge и split.", j.Kind).WithField("decision")
	}
	unlock, err := m.lock()
	if err != nil {
		return 0, err
	}
	defer unlock()
	decision, err = m.db.NextIDs(ctx, decisionsMax)
	if err != nil {
		return 0, err
	}
	var building int64
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		g := judging{m: m, ctx: ctx, tx: tx, wish: &j}
		if err := g.read(); err != nil {
			return err
		}
		building = g.own.BuildingID
		if err := g.store(decision, actor); err != nil {
			return err
		}
		if g.review.ID != 0 {
			if err := match.CloseReview(ctx, tx, &g.review, match.ReviewDecided, decision, m.now()); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, m.now(), actor.String(), "review.decided", fmt.Sprintf("account:%d", g.own.AccountID), map[string]any{"kind": j.Kind, "decision": decision, "review": j.Review})
	})
	if err != nil {
		return 0, err
	}
	return decision, m.regroupNow(ctx, building)
}

// judging is a judgement on its way inside one transaction.
type judging struct {
	m      *Module
	ctx    context.Context //nolint:containedctx // it lives no longer than the call it serves
	tx     *db.Tx
	wish   *Judgement
	review match.StoredReview
	own    account.Member
	mates  []account.Member // the others of the basket the account is in
	others []account.Member // whom the judgement names
}

func (g *judging) read() (err error) {
	if g.wish.Review != 0 {
		if g.review, err = match.FindReview(g.ctx, g.tx, g.wish.Review); err != nil {
			return err
		}
		if g.review.State != match.ReviewOpen {
			return fault.Newf(fault.Conflict, "review.decided", "По соединению № %d уже решили. Отмените то решение, чтобы решить иначе.", g.wish.Review)
		}
		g.own, err = account.FindMember(g.ctx, g.tx, g.review.BuildingID, g.review.AccountID, g.m.now())
	} else {
		g.own, err = g.named(g.wish.Of)
	}
	if err != nil {
		return err
	}
	if g.own.Link.HouseholdID != 0 {
		if g.mates, err = g.basket(&g.own); err != nil {
			return err
		}
	}
	return g.readOthers()
}

// basket lists the other accounts of the basket an account is in.
func (g *judging) basket(of *account.Member) ([]account.Member, error) {
	list, err := account.ListMembers(g.ctx, g.tx, of.BuildingID, of.Link.HouseholdID, g.m.now())
	return slices.DeleteFunc(list, func(x account.Member) bool { return x.AccountID == of.AccountID }), err
}

// named finds an account written as «supplier:number».
func (g *judging) named(text string) (account.Member, error) {
	code, number, ok := strings.Cut(text, ":")
	if !ok {
		return account.Member{}, fault.New(fault.Invalid, "review.with", "Счёт пишется как поставщик:номер.").WithField("with")
	}
	s, err := supplier.Find(g.ctx, g.tx, code)
	if err != nil {
		return account.Member{}, err
	}
	route, err := account.FindPrinted(g.ctx, g.tx, s.ID, number)
	if err != nil {
		return account.Member{}, err
	}
	return account.FindMember(g.ctx, g.tx, route.BuildingID, route.AccountID, g.m.now())
}

func (g *judging) readOthers() error {
	for _, text := range g.wish.With {
		o, err := g.named(text)
		if err != nil {
			return err
		}
		if o.BuildingID != g.own.BuildingID {
			return fault.New(fault.Invalid, "review.other_house", "Этот счёт в другом доме. Решать можно о счетах одного дома; сначала перенесите счёт.").WithField("with")
		}
		if o.AccountID != g.own.AccountID {
			g.others = append(g.others, o)
		}
	}
	if len(g.others) > 0 || g.wish.Kind == Split {
		return nil
	}
	for _, id := range g.review.Near {
		o, err := account.FindMember(g.ctx, g.tx, g.own.BuildingID, id, g.m.now())
		if err != nil {
			return err
		}
		g.others = append(g.others, o)
	}
	if len(g.others) == 0 && g.wish.Kind == Apart {
		g.others = g.mates
	}
	if len(g.others) == 0 {
		return fault.New(fault.Invalid, "review.with", "Укажите, с каким счётом: --with поставщик:номер.").WithField("with")
	}
	return nil
}

// pair is one fact of a judgement: the first account joins the basket of the second, or leaves it.
type pair struct {
	join bool
	a, b *account.Member
}

// pairs are the facts in the order the matcher follows them.
func (g *judging) pairs() (list []pair) {
	switch g.wish.Kind {
	case Join:
		list = append(list, pair{true, &g.own, &g.others[0]})
	case Merge:
		list = append(list, pair{true, &g.own, &g.others[0]})
		for i := range g.mates {
			if g.mates[i].AccountID != g.others[0].AccountID {
				list = append(list, pair{true, &g.mates[i], &g.others[0]})
			}
		}
	case Apart:
		for i := range g.others {
			list = append(list, pair{false, &g.own, &g.others[i]})
		}
	case Split:
		leaves := func(id int64) bool {
			return slices.ContainsFunc(g.others, func(o account.Member) bool { return o.AccountID == id })
		}
		for i := range g.mates {
			if !leaves(g.mates[i].AccountID) {
				list = append(list, pair{false, &g.own, &g.mates[i]})
			}
		}
		for i := range g.others {
			list = append(list, pair{true, &g.others[i], &g.own})
		}
	}
	return list
}

func (g *judging) store(set int64, actor access.Actor) error {
	pairs := g.pairs()
	switch {
	case len(pairs) == 0:
		return fault.New(fault.Invalid, "review.alone", "Счёт и так в корзине один: разделять нечего.")
	case len(pairs) > decisionsMax:
		return fault.Newf(fault.Limited, "review.too_many", "За один раз можно решить не больше чем о %d счетах.", decisionsMax)
	}
	for i, p := range pairs {
		kind := match.DecideApart
		if p.join {
			kind = match.DecideJoin
		}
		d := match.StoredDecision{ID: set + int64(i), SetID: set, Kind: kind, SupplierID: p.a.SupplierID, Number: p.a.Number, OtherSupplierID: p.b.SupplierID, OtherNumber: p.b.Number,
			BuildingID: g.own.BuildingID, Reason: g.reason(), Actor: actor.String(), DecidedAt: g.m.now()}
		if err := match.InsertDecision(g.ctx, g.tx, &d); err != nil {
			return err
		}
	}
	return nil
}

func (g *judging) reason() string {
	text := g.wish.Kind
	if g.review.ID != 0 {
		text += fmt.Sprintf(", review %d", g.review.ID)
	}
	if g.wish.Note != "" {
		text += ": " + g.wish.Note
	}
	return text
}

// Undo takes a judgement back whole; the building is matched as if it had never been made, and its doubt is open
// again.
func (m *Module) Undo(ctx context.Context, actor access.Actor, decision int64) error {
	unlock, err := m.lock()
	if err != nil {
		return err
	}
	defer unlock()
	var building int64
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		if building, err = match.UndoDecision(ctx, tx, decision, actor.String(), m.now()); err != nil {
			return err
		}
		if err := match.ReopenReview(ctx, tx, building, decision); err != nil {
			return err
		}
		return audit.Record(ctx, tx, m.now(), actor.String(), "review.undone", fmt.Sprintf("decision:%d", decision), struct{}{})
	})
	if err != nil {
		return err
	}
	return m.regroupNow(ctx, building)
}

// regroupNow matches one building anew with the decisions in force and writes the links that changed.
func (m *Module) regroupNow(ctx context.Context, building int64) error {
	b := &batch{m: m, req: &Request{}, codes: map[int64]string{}, recorded: m.now()}
	if err := m.db.Read(ctx, func(tx *db.Tx) error { return b.loadCodes(ctx, tx) }); err != nil {
		return err
	}
	var err error
	if b.houses, err = m.houses.Register(ctx); err != nil {
		return err
	}
	st, err := b.load(ctx, building, nil)
	if err != nil {
		return err
	}
	c := &chunk{}
	if err := b.regroup(ctx, c, st, nil); err != nil {
		return err
	}
	if err := b.chargeFacts(ctx, c, st, nil); err != nil {
		return err
	}
	return m.db.WriteLocal(ctx, func(tx *db.Tx) error {
		if err := c.accounts.Write(ctx, tx); err != nil {
			return err
		}
		if err := writeFacts(ctx, tx, c.facts); err != nil {
			return err
		}
		return match.WriteReviews(ctx, tx, c.reviews)
	})
}
