package payment

import (
	"context"
	"fmt"
	"hash/maphash"
	"maps"

	"kvit/internal/db"
)

// Known tells whether the account of a line, which is not stored, would be there when the line is taken.
type Known func(ctx context.Context, tx *db.Tx, l *Line) (bool, error)

// Trial gives the verdicts that TakeLines would give to the lines of several registers one after another, and takes
// nothing.
type Trial struct {
	m     *Module
	known Known
	seed  maphash.Seed
	keys  map[uint64]struct{} // hashes, so that a trial of a million payments stays small
}

// NewTrial begins a trial.
func (m *Module) NewTrial(known Known) *Trial {
	return &Trial{m: m, known: known, seed: maphash.MakeSeed(), keys: map[uint64]struct{}{}}
}

// JudgeLines judges a few hundred lines of a register.
func (t *Trial) JudgeLines(ctx context.Context, s Source, lines []Line) (verdicts []Verdict, err error) {
	var fresh map[uint64]struct{}
	err = t.m.db.Read(ctx, func(tx *db.Tx) error {
		fresh = map[uint64]struct{}{}
		k := &taking{m: t.m, ctx: ctx, tx: tx, source: s, known: t.known, seen: func(key string) bool { return t.seen(key, fresh) }}
		verdicts, _, err = k.judge(lines, nil)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("judge payments: %w", err)
	}
	maps.Copy(t.keys, fresh)
	return verdicts, nil
}

func (t *Trial) seen(key string, fresh map[uint64]struct{}) bool {
	h := maphash.String(t.seed, key)
	_, before := t.keys[h]
	_, now := fresh[h]
	fresh[h] = struct{}{}
	return before || now
}
