package exchange

import (
	"context"
	"errors"
	"fmt"
	"os"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/exchange/register"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// paymentChunk is how many lines of a payment register one transaction takes.
const paymentChunk = 300

// takePayments takes the registers of payments and the statements of the batch, after its accounts are known.
// Money that was waiting for one of these accounts is tried again.
func (b *batch) takePayments(ctx context.Context) error {
	for i, f := range b.files {
		if f.purpose == PurposeCharges || f.state != StateReceived {
			continue
		}
		b.req.progress("Платежи", int64(i), int64(len(b.files)))
		if err := b.takeFile(ctx, f, b.m.payments.TakeLines); err != nil {
			return fmt.Errorf("payments %s: %w", f.name, err)
		}
	}
	return b.m.payments.RetrySuspense(ctx, b.m.aliasOf)
}

// dryPayments judges the payment files without taking them.
func (b *batch) dryPayments(ctx context.Context) error {
	for _, f := range b.files {
		if f.purpose == PurposeCharges || f.state != StateReceived {
			continue
		}
		if err := b.takeFile(ctx, f, b.m.payments.JudgeLines); err != nil {
			return fmt.Errorf("payments %s: %w", f.name, err)
		}
	}
	return nil
}

// taker takes or judges a few hundred lines of one register.
type taker func(ctx context.Context, s payment.Source, lines []payment.Line) ([]payment.Verdict, error)

func (b *batch) takeFile(ctx context.Context, f *file, take taker) error {
	r, err := os.Open(f.path)
	if err != nil {
		return err
	}
	defer r.Close()
	t := &paymentTaking{b: b, f: f, take: take, source: payment.Source{FileID: f.id, Channel: channelOf(f.name)}, seen: map[string]bool{}}
	src := register.File{Name: f.name, Data: r, Size: f.size}
	if f.purpose == PurposeStatement {
		t.statement = true
	}
	f.summary, err = register.Read(ctx, src, f.profile, register.Options{}, func(row *register.Row) error { return t.add(ctx, row) })
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
	return f.control()
}

// paymentTaking gathers the lines of one file.
type paymentTaking struct {
	b          *batch
	f          *file
	take       taker
	source     payment.Source
	statement  bool
	lines      []payment.Line
	operations []payment.BankOperation
	seen       map[string]bool
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
	line, err := t.b.line(ctx, t.f, r)
	if err != nil {
		return err
	}
	t.lines = append(t.lines, line)
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

// line makes a payment line of a register's row. A number the supplier knows under another spelling is led to
// the account it means.
func (b *batch) line(ctx context.Context, f *file, r *register.Row) (payment.Line, error) {
	code := r.Supplier
	if code == "" {
		code = f.profile.Supplier
	}
	l := payment.Line{Row: r.Pos, Operation: r.Operation, SupplierCode: code, Number: r.Account, Date: r.Date, Amount: r.Amount, Commission: r.Commission}
	if l.Date == 0 {
		l.Date = f.month.Last()
	}
	if code == "" {
		return l, nil
	}
	var err error
	l.Number, err = b.m.aliasOf(ctx, code, r.Account)
	return l, err
}

// channelOf names a channel by its register: the first word of the file's name.
func channelOf(name string) string {
	return firstWord(name)
}

func operationOf(r *register.Row) payment.BankOperation {
	return payment.BankOperation{Row: r.Pos, Number: r.Number, Date: r.Date, Amount: r.Amount, Purpose: r.Purpose}
}

// aliasOf leads a number as a payer gives it to the number the account is kept under: folded letters, zeros lost
// by a spreadsheet, or a number whose check digit failed when it came and that differs in one sign.
func (m *Module) aliasOf(ctx context.Context, code, number string) (string, error) {
	out := number
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		s, err := supplier.Find(ctx, tx, code)
		if err != nil {
			return nil //nolint:nilerr // an unknown supplier's money goes to suspense as it is
		}
		if _, err := account.FindRoute(ctx, tx, s.ID, number); err == nil {
			return nil
		}
		out, err = m.findSpelling(ctx, tx, s.ID, number)
		return err
	})
	return out, err
}
