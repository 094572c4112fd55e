package exchange

import (
	"context"
	"errors"
	"fmt"
	"os"

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
	t := &paymentTaking{b: b, f: f, take: take, source: payment.Source{FileID: f.id, Channel: channelOf(f.name)}}
	t.statement = f.purpose == PurposeStatement
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
	b          *batch
	f          *file
	take       taker
	source     payment.Source
	statement  bool
	lines      []payment.Line
	operations []payment.Operation
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
	if t.statement {
		t.operations = append(t.operations, operationOf(r))
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
	if len(t.operations) > 0 && !t.b.req.DryRun {
		if err := t.b.m.payments.TakeStatement(ctx, t.f.id, t.operations); err != nil {
			return err
		}
		t.operations = t.operations[:0]
	}
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
	l := payment.Line{Row: r.Pos, Operation: r.Operation, SupplierCode: code, Number: r.Account, Date: r.Date, Amount: r.Amount, Commission: r.Commission}
	if l.Number == "" {
		l.Number = register.AccountIn(r.Purpose)
	}
	if l.Date == 0 {
		l.Date = f.month.Last()
	}
	return l
}

func operationOf(r *register.Row) payment.Operation {
	return payment.Operation{Row: r.Pos, Number: r.Number, Date: r.Date, Amount: r.Amount, Purpose: r.Purpose}
}
