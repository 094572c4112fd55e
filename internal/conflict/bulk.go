package conflict

import (
	"context"

	"kvit/internal/access"
	"kvit/internal/money"
)

// Bulk is what the rule of an attribute decides about all its open cases.
type Bulk struct {
	Attribute Attribute    `json:"attribute"`
	DryRun    bool         `json:"dryRun"`
	Open      int          `json:"open"`
	Decided   int          `json:"decided"`   // or would be
	Undecided int          `json:"undecided"` // the rule does not tell
	Change    money.Amount `json:"change"`    // of a month's charges together
	Cases     []BulkCase   `json:"cases"`
}

// BulkCase is one case of them.
type BulkCase struct {
	ID     string       `json:"id"`
	House  string       `json:"house"`
	By     string       `json:"by"`
	Value  string       `json:"value"`
	Change money.Amount `json:"change"`

	Address string       `json:"-"`
	Claims  []ShownClaim `json:"-"` // what they say
}

// DecideByRule decides all open cases of an attribute by the rule in force, or with dryRun says what that would change.
func (m *Module) DecideByRule(ctx context.Context, actor access.Actor, a Attribute, reason string, dryRun bool) (*Bulk, error) {
	if err := actor.Require("conflict", "decide"); err != nil {
		return nil, err
	}
	list, err := m.List(ctx, actor, Filter{Attribute: a})
	if err != nil {
		return nil, err
	}
	rules, err := m.Rules(ctx, actor)
	if err != nil {
		return nil, err
	}
	b := &Bulk{Attribute: a, DryRun: dryRun, Open: len(list), Cases: []BulkCase{}}
	for i := range list {
		x := &list[i]
		if x.Suggested == "" {
			b.Undecided++
			continue
		}
		j := Judgement{ID: x.Case.ID, Value: x.Suggested, Reason: reason, DryRun: dryRun}
		for _, r := range rules {
			if r.Attribute == a {
				j.rule = r.ID
			}
		}
		if j.Reason == "" {
			j.Reason = ruleReason(&Claim{Who: x.By})
		}
		out, err := m.decide(ctx, actor, j)
		if err != nil {
			return b, err
		}
		change := out.Effect.After - out.Effect.Before
		b.Decided++
		b.Change += change
		b.Cases = append(b.Cases, BulkCase{ID: x.ID, House: x.House, By: x.By, Value: x.Suggested, Change: change, Address: x.Address, Claims: x.Claims})
	}
	return b, nil
}
