package app

import (
	"context"
	"io"
	"math"
	"os"
	"path/filepath"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/charge/record"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// LoadFacts takes files of facts of charging; "-" is what comes in.
func (a *App) LoadFacts(ctx context.Context, actor access.Actor, paths []string, in io.Reader, dryRun bool, progress func(stage string, done, total int64)) (*record.Report, error) {
	l := record.Load{DryRun: dryRun, By: "facts", Progress: progress}
	for _, path := range paths {
		if path == "-" {
			l.Sources = append(l.Sources, record.Source{Name: "-", Body: in})
			continue
		}
		f, err := os.Open(path)
		if err != nil {
			return nil, fault.Newf(fault.Invalid, "file.missing", "Файл %s не открывается. Проверьте путь и права.", path).Because(err)
		}
		defer f.Close()
		l.Sources = append(l.Sources, record.Source{Name: filepath.Base(path), Body: f})
	}
	return a.Records.Load(ctx, actor, l)
}

// ShowFacts gives what is known for charging of the household of an account; at 0 is now.
func (a *App) ShowFacts(ctx context.Context, actor access.Actor, supplierCode, number string, at calendar.Micros) (*record.Facts, error) {
	if at == 0 {
		at = math.MaxInt64
	}
	return a.Records.Show(ctx, actor, record.Addressee{Supplier: supplierCode, Account: number}, at)
}

// FactWithdrawal takes back a fact of an account's household or house, named by the reference it is shown with.
type FactWithdrawal struct {
	Supplier, Account, Ref, Reason string
	By                             string // who decided
	DryRun                         bool
}

// WithdrawnFact is a fact taken back, with what its month cost and costs without it; docs/schema/facts-withdraw.schema.json
// describes its JSON.
type WithdrawnFact struct {
	DryRun bool         `json:"dryRun"`
	Fact   record.Known `json:"fact"`
	Month  string       `json:"month"`
	Before money.Amount `json:"before"`
	After  money.Amount `json:"after"`
	Late   string       `json:"late,omitempty"`
}

// WithdrawFact shows what a month costs without a fact, and takes the fact back unless only asked.
func (a *App) WithdrawFact(ctx context.Context, actor access.Actor, x FactWithdrawal) (*WithdrawnFact, error) {
	to := record.Addressee{Supplier: x.Supplier, Account: x.Account}
	facts, err := a.ShowFacts(ctx, actor, x.Supplier, x.Account, 0)
	if err != nil {
		return nil, err
	}
	known, err := facts.Find(x.Ref)
	if err != nil {
		return nil, err
	}
	building, household, err := a.householdPlace(ctx, x.Supplier, x.Account)
	if err != nil {
		return nil, err
	}
	load := func() record.Load {
		return record.Load{By: "person:" + x.By, Sources: []record.Source{record.WithdrawalOf(to, x.Ref, x.Reason)}}
	}
	month := known.MonthOf(calendar.DateOf(a.now().Time().In(a.Zone)).Month())
	s, err := a.Records.Suppose(ctx, actor, load(), building, household, month)
	if err != nil {
		return nil, err
	}
	out := &WithdrawnFact{DryRun: x.DryRun, Fact: *known, Month: month.String(), Before: s.Before, After: s.After}
	report := s.Report
	if report.OK && !x.DryRun {
		if report, err = a.Records.Load(ctx, actor, load()); err != nil {
			return nil, err
		}
	}
	for _, v := range report.Records {
		if out.Late = v.Late; v.State == record.StateRefused {
			return nil, fault.New(fault.Invalid, v.Code, v.Says)
		}
	}
	return out, nil
}
