package exchange

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"

	"kvit/internal/calendar"
	"kvit/internal/exchange/register"
	"kvit/internal/payment"
)

// paymentChunk is how many lines of a payment register one transaction takes.
const paymentChunk = 300

// takePayments takes the registers of payments and the statements of the batch, after its accounts are known.
// Money that was waiting for one of these accounts is tried again.
func (b *batch) takePayments(ctx context.Context) error {
	err := b.eachPayments(func(f *file) error {
		return b.takeFile(ctx, f, func(ctx context.Context, s payment.Source, lines []payment.Line) ([]payment.Verdict, error) {
			return b.m.payments.TakeLines(ctx, s, lines, findSpelling)
		})
	})
	if err != nil {
		return err
	}
	return b.m.payments.RetrySuspense(ctx, findSpelling)
}

// eachPayments shows the registers of payments and the statements of the batch to fn.
func (b *batch) eachPayments(fn func(f *file) error) error {
	for i, f := range b.files {
		if f.purpose == PurposeCharges || f.state != StateReceived {
			continue
		}
		b.req.progress("Платежи", int64(i), int64(len(b.files)))
		if err := fn(f); err != nil {
			return fmt.Errorf("payments %s: %w", f.name, err)
		}
	}
	return nil
}

// taker takes or judges a few hundred lines of one register.
type taker func(ctx context.Context, s payment.Source, lines []payment.Line) ([]payment.Verdict, error)

// takeFile reads a file twice: what breaks off in the middle is refused before anything of it is taken.
func (b *batch) takeFile(ctx context.Context, f *file, take taker) error {
	t := &paymentTaking{b: b, f: f, take: take, source: payment.Source{FileID: f.id, Channel: f.channel()}}
	var err error
	if !b.req.DryRun {
		_, err = f.read(ctx, func(*register.Row) error { return nil })
	}
	if err == nil {
		f.summary, err = f.read(ctx, func(row *register.Row) error { return t.add(ctx, row) })
	}
	if err == nil {
		err = t.flush(ctx)
	}
	if err == nil && !b.req.DryRun && b.m.OnMoney != nil {
		err = b.m.OnMoney(ctx, f.money())
	}
	if err != nil {
		if refused := f.refuse(err); refused != nil {
			return errors.Join(err, refused)
		}
		return nil
	}
	f.state = StateJudged
	f.control()
	return nil
}

// read reads the rows of the file.
func (f *file) read(ctx context.Context, fn func(*register.Row) error) (register.Summary, error) {
	r, err := os.Open(f.path)
	if err != nil {
		return register.Summary{}, err
	}
	defer r.Close()
	return register.Read(ctx, register.File{Name: f.name, Data: r, Size: f.size}, f.profile, register.Options{}, fn)
}

// paymentTaking gathers the lines of one file.
type paymentTaking struct {
	b      *batch
	f      *file
	take   taker
	source payment.Source
	lines  []payment.Line
}

func (t *paymentTaking) add(ctx context.Context, r *register.Row) error {
	t.f.tally.Rows++
	for i := range r.Findings {
		t.f.note(fromFinding(r, &r.Findings[i]))
	}
	if r.Quarantined() {
		t.f.tally.Quarantined++
		return nil
	}
	if t.f.purpose != PurposePayments { // what moved on our account, or was taken by another door: reconciled, not credited
		t.f.tally.Applied++
		return nil
	}
	t.lines = append(t.lines, lineOf(t.f, r))
	if len(t.lines) >= paymentChunk {
		return t.flush(ctx)
	}
	return nil
}

func (t *paymentTaking) flush(ctx context.Context) error {
	if len(t.lines) == 0 {
		return nil
	}
	verdicts, err := t.take(ctx, t.source, t.lines)
	if err != nil {
		return err
	}
	for i := range t.lines {
		t.judge(&t.lines[i], verdicts[i])
	}
	t.lines = t.lines[:0]
	return nil
}

// judge turns the payment module's verdict into the file's.
func (t *paymentTaking) judge(l *payment.Line, v payment.Verdict) {
	x := finding{Pos: l.Row, Account: l.Number, Field: "account", Value: l.Number, Verdict: VerdictApplied}
	switch {
	case v == payment.Duplicate:
		x.Code, x.Type, x.Verdict = "payment.duplicate", "pay_dup", VerdictIgnored
		x.Field, x.Value, x.Hint = "operation", l.Operation, "Эта операция уже учтена, второй раз не зачислена."
		t.f.find(x)
		return
	case v == payment.Suspense:
		x.Code, x.Type = "payment.unknown_account", "pay_unknown_account"
		x.Hint = "Такого лицевого счёта нет. Деньги отложены в невыясненные: найдите счёт и отнесите их."
		t.f.note(x)
	case l.Amount < 0:
		x.Code, x.Type, x.Field, x.Value = "payment.reversal", "pay_reversal", "amount", l.Amount.String()
		x.Hint = "Возврат: сумма вычтена из принятых платежей."
		t.f.note(x)
	}
	t.f.tally.Applied++
}

// lineOf makes a payment line of a register's row.
func lineOf(f *file, r *register.Row) payment.Line {
	code := r.Supplier
	if code == "" {
		code = f.profile.Supplier
	}
	l := payment.Line{Row: r.Pos, Operation: r.Operation, SupplierCode: code, Number: r.Account, Date: r.Date, Amount: r.Amount, Commission: r.Commission, Payer: r.FIO, Address: r.Address}
	if l.Number == "" {
		l.Number = register.AccountIn(r.Purpose)
	}
	if l.Date == 0 {
		l.Date = f.month.Last()
	}
	return l
}

// MoneyFile is a register of payments or a statement that was taken in, for those who compare them.
type MoneyFile struct {
	ID        int64
	Name      string
	Path      string // where the bytes are
	Digest    string
	Size      int64
	Channel   string // under which its payments were credited
	Booked    bool   // its payments were credited by the intake
	Statement bool
	Day       calendar.Date // of rows that tell none
	Profile   register.Profile
}

func (f *file) money() MoneyFile {
	m := MoneyFile{ID: f.id, Name: f.name, Path: f.path, Digest: f.digest, Size: f.size, Channel: f.channel(), Booked: f.purpose == PurposePayments, Statement: f.purpose == PurposeStatement, Profile: f.profile}
	if f.month.Valid() {
		m.Day = f.month.Last()
	}
	return m
}

// channel names the channel of a register's payments: what its profile says, or the letters its name begins with.
func (f *file) channel() string {
	if r := f.profile.Reconcile; r != nil {
		if channel := cmp.Or(r.Channel, r.Partner); channel != "" {
			return channel
		}
	}
	return register.ChannelOf(f.name)
}
