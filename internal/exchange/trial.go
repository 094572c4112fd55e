package exchange

import (
	"context"
	"hash/maphash"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// trialNumbers is where the numbers of a dry run begin, which stores none of them: above all that are stored, as new
// ones are, and far enough from the end for pseudo-buildings of its suppliers.
const trialNumbers = 1 << 48

// ids gives new numbers. A dry run takes none from the database.
func (b *batch) ids(ctx context.Context, n int) (first int64, err error) {
	if !b.req.DryRun {
		return b.m.db.NextIDs(ctx, n)
	}
	first = trialNumbers + b.trial
	b.trial += int64(n)
	return first, nil
}

// trialSupplier finds a supplier for a dry run; an unknown code gets a number for the length of the run.
func (b *batch) trialSupplier(ctx context.Context, code string) (s supplier.Supplier, err error) {
	err = b.m.db.Read(ctx, func(tx *db.Tx) error {
		s, err = supplier.Find(ctx, tx, code)
		return err
	})
	if !fault.Is(err, fault.NotFound) {
		return s, err
	}
	s = supplier.Supplier{ID: b.supplierID(code), Code: code, Name: code}
	if s.ID == 0 {
		s.ID, err = b.ids(ctx, 1)
		return s, err
	}
	return s, nil
}

// supplierID is the number of a supplier the batch has met, or 0.
func (b *batch) supplierID(code string) int64 {
	for id, known := range b.codes {
		if known == code {
			return id
		}
	}
	return 0
}

// try does what follows the placing of accounts as the real run does, and writes nothing: buildings are matched for
// their findings, payments are judged against the accounts stored and those of the batch.
func (b *batch) try(ctx context.Context) error {
	done := 0
	for items := range b.buildings() {
		if err := b.building(ctx, &chunk{}, items); err != nil {
			return err
		}
		done += len(items)
		b.req.progress("Проверка файлов", int64(done), int64(len(b.located)))
	}
	var trial *payment.Trial // made when there are payments: few batches of registers have any
	return b.eachPayments(func(f *file) error {
		if trial == nil {
			expected, err := b.expect()
			if err != nil {
				return err
			}
			trial = b.m.payments.NewTrial(expected.knows)
		}
		return b.takeFile(ctx, f, trial.JudgeLines)
	})
}

// expected are the accounts a dry run would bring: hashes of code and number, for there may be millions.
type expected struct {
	b       *batch
	seed    maphash.Seed
	numbers map[uint64]struct{}
}

func (b *batch) expect() (*expected, error) {
	x := &expected{b: b, seed: maphash.MakeSeed(), numbers: map[uint64]struct{}{}}
	err := b.eachJudged(func(f *file, j *judged) { x.numbers[x.hash(b.codes[f.supplier], j.Number)] = struct{}{} })
	return x, err
}

func (x *expected) hash(code, number string) uint64 { return maphash.String(x.seed, code+":"+number) }

// eachJudged shows the accounts that came with the batch to fn.
func (b *batch) eachJudged(fn func(f *file, j *judged)) error {
	for _, f := range b.files {
		if f.judged == nil || f.state == StateRefused {
			continue
		}
		err := f.judged.each(func(_ int64, record []byte) error {
			j, err := decodeJudged(record)
			fn(f, &j)
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// knows tells whether the account of a payment would be there: under its number, or as findSpelling would find it.
func (x *expected) knows(ctx context.Context, tx *db.Tx, l *payment.Line) (bool, error) {
	if _, ok := x.numbers[x.hash(l.SupplierCode, l.Number)]; ok {
		return true, nil
	}
	id := x.b.supplierID(l.SupplierCode)
	if id == 0 {
		return false, nil
	}
	s := newSpelling(l.Number, l.Amount)
	if err := s.seeStored(ctx, tx, id); err != nil {
		return false, err
	}
	for _, f := range x.b.files {
		if f.supplier == id {
			s.suspect(f)
		}
	}
	err := x.b.eachJudged(func(f *file, j *judged) {
		if f.supplier == id {
			s.see(j.Number, j.paidLatest(f))
		}
	})
	return s.found() != "", err
}

// suspect takes the numbers of a file that failed their check digit.
func (s *spelling) suspect(f *file) {
	for i := range f.findings {
		if f.findings[i].Type == "acc_typo" {
			s.suspects[f.findings[i].Account] = true
		}
	}
}

// paidLatest is what the supplier says was paid in the latest month of an account.
func (j *judged) paidLatest(f *file) (sum money.Amount) {
	latest := calendar.Month(0)
	for i := range j.Lines {
		switch month := j.Lines[i].month(f); {
		case month > latest:
			latest, sum = month, j.Lines[i].Paid
		case month == latest:
			sum += j.Lines[i].Paid
		}
	}
	return sum
}
