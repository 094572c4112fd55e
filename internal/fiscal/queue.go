package fiscal

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/fiscal/atol"
	"kvit/internal/restore"
)

// Bounds of sending.
const (
	roundMax   = 200         // receipts of one round
	lease      = time.Minute // how long others leave a receipt alone that one is at
	askFirst   = time.Second // when a receipt the register has is asked about first
	askLast    = time.Hour   // the longest pause
	triesMax   = 6           // refusals that may pass by themselves before a person is asked
	troubleMax = 300         // signs of a reason kept
)

// Done counts what a round came to.
type Done struct {
	Made    int `json:"made"`
	Offset  int `json:"offset"`
	Sent    int `json:"sent"`
	Printed int `json:"printed"`
	Refused int `json:"refused"`
	Open    int `json:"open"`
	Late    int `json:"late"`
}

// Run makes the receipts there are to make and brings those under way on. One that fails does not hold up the others.
func (m *Module) Run(ctx context.Context) (d Done, err error) {
	if d.Made, err = m.Gather(ctx); err != nil {
		m.Log.Error("receipts are not made", "error", err)
	}
	offset, offsetErr := m.Offset(ctx)
	d.Offset = offset
	sendErr := m.Send(ctx, &d)
	return d, errors.Join(err, offsetErr, sendErr, m.count(ctx, &d))
}

// Send brings the receipts that are due one step on: to the register, or asks it what became of them.
func (m *Module) Send(ctx context.Context, d *Done) error {
	if m.client == nil {
		return nil
	}
	if held, err := restore.HeldNow(ctx, m.DB, restore.StepReceipts); err != nil || held {
		return err
	}
	var due []Receipt
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		due, err = listReceipts(ctx, tx, `WHERE state IN ('waiting', 'asked', 'sent') AND next_at <= $1
			AND (after_id = 0 OR EXISTS (SELECT 1 FROM fiscal_receipt b WHERE b.receipt_id = fiscal_receipt.after_id AND b.state IN ('done', 'replaced'))) ORDER BY next_at LIMIT $2`,
			int64(m.Now()), int64(roundMax))
		return err
	})
	for i := range due {
		if err != nil || ctx.Err() != nil {
			break
		}
		err = m.step(ctx, &due[i], d)
	}
	return err
}

// step does what a receipt's state asks for, unless another is at it.
func (m *Module) step(ctx context.Context, r *Receipt, d *Done) error {
	mine, err := m.claim(ctx, r)
	if err != nil || !mine {
		return err
	}
	if r.State == StateSent {
		return m.ask(ctx, r, d)
	}
	return m.send(ctx, r, d)
}

// claim takes a receipt for a while: its intention to be sent is written down before the register is called.
func (m *Module) claim(ctx context.Context, r *Receipt) (mine bool, err error) {
	was := r.NextAt
	r.NextAt = m.later(lease)
	if r.State == StateWaiting {
		r.State, r.SentAt = StateAsked, m.Now()
	}
	r.Attempts++
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		res, err := tx.ExecContext(ctx, "UPDATE fiscal_receipt SET state = $3, next_at = $4, attempts = $5, sent_at = $6, changed_at = $7 WHERE receipt_id = $1 AND next_at = $2 AND state IN ('waiting', 'asked', 'sent')",
			r.ID, int64(was), r.State, int64(r.NextAt), int64(r.Attempts), int64(r.SentAt), int64(m.Now()))
		if err != nil {
			return err
		}
		n, err := res.RowsAffected()
		mine = n == 1
		return err
	})
	if err == nil && mine {
		err = m.DB.Read(ctx, func(tx *db.Tx) (err error) {
			r.Lines, err = listLines(ctx, tx, r.ID)
			return err
		})
	}
	return mine, err
}

func (m *Module) later(d time.Duration) calendar.Micros {
	return m.Now() + calendar.Micros(d/time.Microsecond)
}

// pause grows with the tries, up to an hour.
func pause(tries int) time.Duration {
	return min(askFirst<<min(tries, 12), askLast)
}

// send hands a receipt over. Sent before without an answer, it is handed over again under the same id: the register prints
// it once and says that it has it.
func (m *Module) send(ctx context.Context, r *Receipt, d *Done) error {
	doc := m.document(r)
	if wrong := atol.Validate(r.Kind, doc); len(wrong) > 0 {
		d.Refused++
		return m.refuse(ctx, r, "format", wrong[0].String())
	}
	id, err := m.client.Register(ctx, r.Kind, doc)
	switch {
	case fault.Is(err, fault.Invalid):
		return m.failed(ctx, r, troubleOf(err), d)
	case err != nil:
		return m.wait(ctx, r, err)
	}
	d.Sent++
	r.UUID, r.State, r.NextAt, r.Attempts = id, StateSent, m.later(askFirst), 0
	r.TroubleCode, r.Trouble = "", ""
	return m.update(ctx, r)
}

// wait leaves a receipt whose outcome is not known for later.
func (m *Module) wait(ctx context.Context, r *Receipt, err error) error {
	f := fault.As(err)
	r.TroubleCode, r.Trouble, r.NextAt = f.Code, cut(f.Message, troubleMax), m.later(pause(r.Attempts))
	return m.update(ctx, r)
}

// ask asks the register what became of a receipt it has.
func (m *Module) ask(ctx context.Context, r *Receipt, d *Done) error {
	report, err := m.client.Report(ctx, r.UUID)
	switch {
	case fault.Is(err, fault.NotFound): // it lost the document: handed over again under the same id
		r.State, r.NextAt = StateAsked, m.Now()
		return m.update(ctx, r)
	case err != nil:
		return m.wait(ctx, r, err)
	case report.Status == atol.StatusDone && report.Payload.Total != atol.Roubles(r.Sum):
		r.TroubleCode, r.Trouble, r.NextAt = "foreign", "Касса напечатала чек на другую сумму.", m.later(askLast)
		return m.update(ctx, r)
	case report.Status == atol.StatusDone:
		d.Printed++
		return m.printed(ctx, r, report.Payload)
	case report.Status == atol.StatusFail:
		return m.failed(ctx, r, report.Error, d)
	}
	r.NextAt = m.later(pause(r.Attempts))
	return m.update(ctx, r)
}

// printed keeps what the till printed.
func (m *Module) printed(ctx context.Context, r *Receipt, p *atol.Printed) error {
	r.State, r.TroubleCode, r.Trouble = StateDone, "", ""
	r.FN, r.FD, r.FP, r.Till = p.FN, strconv.FormatInt(p.FD, 10), strconv.FormatInt(p.FP, 10), p.Register
	r.Shift, r.Number, r.PrintedAt, r.URL = strconv.Itoa(p.Shift), strconv.Itoa(p.Number), p.DateTime, p.OFDReceiptURL
	return m.update(ctx, r)
}

// failed deals with a receipt the register has not printed and will not: what passes by itself is sent again later under a
// new id, the rest waits for a person.
func (m *Module) failed(ctx context.Context, r *Receipt, t *atol.Trouble, d *Done) error {
	if t == nil {
		t = &atol.Trouble{Type: "unknown", Text: "Касса не сказала, почему."}
	}
	code := t.Type + " " + strconv.Itoa(t.Code)
	if !passes(t) || r.Attempts >= triesMax && !closedDrive(t) {
		d.Refused++
		return m.refuse(ctx, r, code, t.Text)
	}
	r.State, r.ExternalID, r.UUID = StateWaiting, uuid.Must(uuid.NewV7()).String(), ""
	r.TroubleCode, r.Trouble, r.NextAt = code, cut(t.Text, troubleMax), m.later(max(pause(r.Attempts), 10*time.Second))
	return m.update(ctx, r)
}

func (m *Module) refuse(ctx context.Context, r *Receipt, code, why string) error {
	r.State, r.TroubleCode, r.Trouble = StateRefused, code, cut(why, troubleMax)
	return m.update(ctx, r)
}

// passes tells of troubles of the till and its link, not of the document: they pass, or a person mends the till.
func passes(t *atol.Trouble) bool { return t.Type == "timeout" || t.Type == "agent" || closedDrive(t) }

// closedDrive: the fiscal drive is full or closed; nothing is printed until it is changed, and no receipt is at fault.
func closedDrive(t *atol.Trouble) bool {
	text := strings.ToLower(t.Text)
	return strings.Contains(text, "фискальный накопитель") || strings.Contains(text, "архив фн") || strings.Contains(text, "ресурс фн")
}

func troubleOf(err error) *atol.Trouble {
	var t *atol.Trouble
	if errors.As(err, &t) {
		return t
	}
	return nil
}

func (m *Module) update(ctx context.Context, r *Receipt) error {
	r.ChangedAt = m.Now()
	err := m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, `UPDATE fiscal_receipt SET external_id = $2, state = $3, attempts = $4, next_at = $5, trouble_code = $6, trouble = $7, uuid = $8, fn = $9, fd = $10, fp = $11,
			register = $12, shift = $13, number = $14, printed_at = $15, url = $16, changed_at = $17 WHERE receipt_id = $1 AND state NOT IN ('done', 'replaced')`,
			r.ID, r.ExternalID, r.State, int64(r.Attempts), int64(r.NextAt), r.TroubleCode, r.Trouble, r.UUID, r.FN, r.FD, r.FP, r.Till, r.Shift, r.Number, r.PrintedAt, r.URL, int64(r.ChangedAt))
		return err
	})
	if err != nil {
		return fmt.Errorf("receipt %d: %w", r.ID, err)
	}
	return nil
}

// Hint takes a call-back of the register: the receipt it names is asked about at once. What it says is not believed.
func (m *Module) Hint(ctx context.Context, body []byte) error {
	report, err := atol.ReadReport(body)
	if err != nil {
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE fiscal_receipt SET next_at = $2 WHERE uuid = $1 AND state = 'sent' AND next_at > $2", report.UUID, int64(m.Now()))
		return err
	})
}
