// Package proposal finds the other accounts of a home, for the people who live there to take into their bill or to refuse.
//
// Owns: why an account is proposed, in words, and what of it may be shown. Does not own: whose account it is (match decides,
// people's decisions before all), what was refused (person), how accounts are joined (exchange).
//
// Invariants: only accounts of the same house are proposed; none that somebody else lives with, that a person has already parted
// from this home, or that was refused while nothing new is known of it; of an account nothing is shown that is not on its paper:
// its supplier, the end of its number and why; what is not certain is taken only with the whole number from the paper.
package proposal

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/account"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/match"
	"kvit/internal/person"
	"kvit/internal/supplier"
)

// Proposal is an account that may be of the home.
type Proposal struct {
	Account  int64
	Supplier string
	Tail     string   // «…4417»: the end of its number
	Reasons  []string // in words, the strongest first
	Sure     bool     // may be taken without its whole number
	of       string   // «supplier:number», as people decide about it
	printed  string
	number   string
	review   int64 // the doubt about it that waits; 0: none
	digest   string
}

// Join is what becomes of an account that was taken: it is of the basket of another one.
type Join struct {
	Of, With string // «supplier:number»
	Review   int64  // the doubt it settles; 0: none
}

// Module finds proposals and has them decided.
type Module struct {
	DB     *db.DB
	People *person.Module
	Access *access.Module
	Now    func() calendar.Micros
	// Decide stores a person's decision and matches the house anew.
	Decide func(ctx context.Context, actor access.Actor, j Join) error
}

// reviewsMax bounds the doubts of a house that are looked at.
const reviewsMax = 1000

// List gives the accounts that may be of a home, the surest first.
func (m *Module) List(ctx context.Context, building, household int64) ([]Proposal, error) {
	list, _, err := m.list(ctx, building, household)
	return list, err
}

func (m *Module) list(ctx context.Context, building, household int64) (list []Proposal, mine []account.Member, err error) {
	if building <= 0 || household == 0 {
		return nil, nil, nil // a house nobody knows has no other accounts
	}
	refused, err := m.People.Refused(ctx, building, household)
	if err != nil {
		return nil, nil, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		h, err := m.read(ctx, tx, building, household)
		if err != nil {
			return err
		}
		mine = h.mine
		for i := range h.others {
			p := h.judge(&h.others[i])
			if p == nil || refused[p.Account] == p.digest {
				continue
			}
			s, err := supplier.FindByID(ctx, tx, h.others[i].SupplierID)
			if err != nil {
				return err
			}
			p.Supplier, p.of = s.Name, s.Code+":"+h.others[i].Claim.Printed
			list = append(list, *p)
		}
		return nil
	})
	if err != nil {
		return nil, nil, fmt.Errorf("proposals: %w", err)
	}
	list, err = m.free(ctx, building, household, list)
	slices.SortStableFunc(list, func(a, b Proposal) int { return rank(b) - rank(a) })
	return list, mine, err
}

func rank(p Proposal) int {
	if p.Sure {
		return 100 + len(p.Reasons)
	}
	return len(p.Reasons)
}

// free leaves out the accounts of baskets that somebody else lives with.
func (m *Module) free(ctx context.Context, building, household int64, list []Proposal) ([]Proposal, error) {
	if len(list) == 0 {
		return nil, nil
	}
	own, err := m.People.People(ctx, building, household)
	if err != nil {
		return nil, err
	}
	taken, err := m.People.Inhabited(ctx, building)
	if err != nil {
		return nil, err
	}
	baskets, err := m.basketsOf(ctx, building, list)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(list, func(p Proposal) bool {
		for _, who := range taken[baskets[p.Account]] {
			if !slices.ContainsFunc(own, func(h person.Home) bool { return h.PersonID == who }) {
				return true
			}
		}
		return false
	}), nil
}

func (m *Module) basketsOf(ctx context.Context, building int64, list []Proposal) (baskets map[int64]int64, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		links, err := account.ListLinks(ctx, tx, building, m.Now())
		baskets = map[int64]int64{}
		for i := range list {
			baskets[list[i].Account] = links[list[i].Account].HouseholdID
		}
		return err
	})
	return baskets, err
}

var errGone = fault.New(fault.NotFound, "proposal.gone", "Этого счёта в предложениях больше нет. Откройте страницу снова.")

func (m *Module) find(ctx context.Context, a access.Actor, id int64) (p Proposal, mine []account.Member, err error) {
	list, mine, err := m.list(ctx, a.BuildingID, a.HouseholdID)
	if err != nil {
		return p, nil, err
	}
	i := slices.IndexFunc(list, func(p Proposal) bool { return p.Account == id })
	if i < 0 || len(mine) == 0 {
		return p, nil, errGone
	}
	return list[i], mine, nil
}

// Take joins a proposed account to the home of its actor. One that is not certain wants its whole number from the paper; who is
// wrong often waits.
func (m *Module) Take(ctx context.Context, a access.Actor, id int64, number string) error {
	p, mine, err := m.find(ctx, a, id)
	if err != nil {
		return err
	}
	if err := m.prove(ctx, a, &p, number); err != nil {
		return err
	}
	with, err := m.named(ctx, &mine[0])
	if err != nil {
		return err
	}
	return m.Decide(ctx, a, Join{Of: p.of, With: with, Review: p.review})
}

func (m *Module) prove(ctx context.Context, a access.Actor, p *Proposal, number string) error {
	if p.Sure {
		return nil
	}
	subject := fmt.Sprintf("proposal:%d", a.UserID)
	if err := m.Access.MayTry(ctx, subject); err != nil {
		return err
	}
	typed := match.FoldNumber(strings.TrimSpace(number))
	if typed != "" && slices.Contains([]string{match.FoldNumber(p.printed), match.FoldNumber(p.number)}, typed) {
		return nil
	}
	if err := m.Access.MissedPaper(ctx, subject); err != nil {
		return err
	}
	return fault.New(fault.Invalid, "proposal.number", "Номер не совпал. Введите его целиком, как на квитанции этого поставщика.").WithField(fmt.Sprintf("number-%d", p.Account))
}

func (m *Module) named(ctx context.Context, x *account.Member) (text string, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		s, err := supplier.FindByID(ctx, tx, x.SupplierID)
		text = s.Code + ":" + x.Claim.Printed
		return err
	})
	return text, err
}

// Refuse leaves a proposed account out until something new is known of it.
func (m *Module) Refuse(ctx context.Context, a access.Actor, id int64) error {
	p, _, err := m.find(ctx, a, id)
	if err != nil {
		return err
	}
	return m.People.Refuse(ctx, a, id, p.digest)
}
