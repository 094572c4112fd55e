package conflict

import (
	"context"
	"io"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/db"
)

// LoadRules takes a file of rules in; they hold from their days on.
func (m *Module) LoadRules(ctx context.Context, actor access.Actor, r io.Reader) (int, error) {
	if err := actor.Require("conflict", "decide"); err != nil {
		return 0, err
	}
	rules, err := readRules(r)
	if err != nil {
		return 0, err
	}
	first, err := m.DB.NextIDs(ctx, len(rules))
	if err != nil {
		return 0, err
	}
	return len(rules), m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		for i := range rules {
			rules[i].ID = first + int64(i)
			if err := insertRule(ctx, tx, &rules[i], m.Now(), actor.String()); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, m.Now(), actor.String(), "conflict.rules", "conflict_rule", map[string]any{"rules": rules})
	})
}

// Rules gives the rules in force today, attribute by attribute.
func (m *Module) Rules(ctx context.Context, actor access.Actor) (list []Rule, err error) {
	if _, err := actor.Scope("conflict", "read"); err != nil {
		return nil, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		rules, err := listRules(ctx, tx, m.Today())
		list = []Rule{}
		for _, a := range Attributes {
			if r, ok := rules[a]; ok {
				list = append(list, r)
			}
		}
		return err
	})
	return list, err
}
