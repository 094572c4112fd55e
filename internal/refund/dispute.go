package refund

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// States of a dispute.
const (
	DisputeOpen     = "open"     // evidence is being gathered
	DisputeAnswered = "answered" // it was sent, the bank decides
	DisputeWon      = "won"      // the money stays, or came back
	DisputeLost     = "lost"
)

// DisputeLabels are the words for states of a dispute.
var DisputeLabels = map[string]string{DisputeOpen: "собираем документы", DisputeAnswered: "ждём решения банка", DisputeWon: "выигран", DisputeLost: "проигран"}

// DisputeReasons are why banks dispute payments, in the order they are shown.
var DisputeReasons = []string{"fraud", "doubled", "sum", "service", "other"}

// DisputeWords say a reason.
var DisputeWords = map[string]string{"fraud": "Плательщик говорит, что не платил", "doubled": "Списали дважды", "sum": "Списали другую сумму", "service": "Услуги не было", "other": "Другое"}

// Whether the money of a dispute was taken.
const (
	notTaken = iota
	toBook   // it was, and has to be booked
	booked
)

// Dispute is a payment its payer disputes at his bank.
type Dispute struct {
	ID       int64
	PublicID string // of the payment
	Number   string // the bank's own
	Reason   string
	Sum      money.Amount
	State    string
	ToldOn   calendar.Date
	AnswerBy calendar.Date // the last day the bank takes evidence
	Actor    string
	OpenedAt calendar.Micros
	Taken    bool // the bank has taken the money
	Steps    []Step
	taken    int
}

// Waits tells whether somebody still has to act on the dispute.
func (d *Dispute) Waits() bool { return d.State == DisputeOpen || d.State == DisputeAnswered }

// Kinds of steps of a dispute.
const (
	StepEvidence = "evidence"
	StepSent     = "sent"
	StepWon      = DisputeWon
	StepLost     = DisputeLost
)

// StepWords say a step.
var StepWords = map[string]string{StepEvidence: "Доказательство", StepSent: "Ответ отправлен банку", StepWon: "Банк решил в нашу пользу", StepLost: "Банк решил в пользу плательщика"}

// Step is what was done about a dispute.
type Step struct {
	Kind, Text, Actor string
	At                calendar.Micros
}

// OpenDispute records a dispute a bank has told of; money it has taken is booked as the mirror of the payment's split. The same
// key again gives the first one.
func (m *Module) OpenDispute(ctx context.Context, key string, d Dispute) (Dispute, error) {
	o, err := m.Payments.Find(ctx, d.PublicID)
	if err != nil {
		return d, err
	}
	d.PublicID, d.Number = o.PublicID, strings.TrimSpace(d.Number)
	switch {
	case DisputeWords[d.Reason] == "":
		return d, fault.New(fault.Invalid, "dispute.reason", "Отметьте, что говорит плательщик.").WithField("reason")
	case d.Sum <= 0 || d.Sum > o.Sum:
		return d, fault.Newf(fault.Invalid, "dispute.sum", "Сумма спора – от 0,01 ₽ до %s.", o.Sum.Format()).WithField("sum")
	case d.ToldOn == 0 || d.ToldOn > m.today():
		return d, fault.New(fault.Invalid, "dispute.told_on", "Укажите день, когда банк сообщил о споре.").WithField("told")
	case d.AnswerBy < d.ToldOn:
		return d, fault.New(fault.Invalid, "dispute.answer_by", "Срок ответа – не раньше дня, когда банк сообщил о споре.").WithField("by")
	}
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return d, err
	}
	d.ID, d.State, d.OpenedAt = id, DisputeOpen, m.Now()
	if d.Taken {
		d.taken = toBook
	}
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		old, err := listDisputes(ctx, tx, "WHERE client_key = $1", key)
		if err != nil {
			return err
		}
		if len(old) > 0 {
			d = old[0]
			return nil
		}
		if err := insertDispute(ctx, tx, key, &d); err != nil {
			return err
		}
		return m.disputeAudited(ctx, tx, &d, d.Actor, "opened")
	})
	if err != nil {
		return d, err
	}
	return d, m.book(ctx, &d)
}

func (m *Module) disputeAudited(ctx context.Context, tx *db.Tx, d *Dispute, actor, what string) error {
	return audit.Record(ctx, tx, m.Now(), actor, "dispute."+what, fmt.Sprintf("dispute:%d", d.ID), map[string]any{"payment": d.PublicID, "sum": int64(d.Sum), "state": d.State})
}

// chargeback is the key of the booking of a dispute's money.
func (d *Dispute) chargeback() string { return fmt.Sprintf("dispute:%d", d.ID) }

// book books the money a bank has taken, once.
func (m *Module) book(ctx context.Context, d *Dispute) error {
	if d.taken != toBook {
		return nil
	}
	if _, err := m.Payments.Chargeback(ctx, d.Actor, d.PublicID, d.chargeback(), d.Sum, DisputeWords[d.Reason]); err != nil {
		return err
	}
	d.taken = booked
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE refund_dispute SET taken = 2, changed_at = $2 WHERE dispute_id = $1 AND taken = 1", d.ID, int64(m.Now()))
		return err
	})
}

// BookDisputes books what a crash left between a dispute and its money. One that fails does not hold up the others.
func (m *Module) BookDisputes(ctx context.Context) error {
	var list []Dispute
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = listDisputes(ctx, tx, "WHERE taken = 1 ORDER BY dispute_id LIMIT $1", int64(finishMax))
		return err
	})
	for i := range list {
		err = errors.Join(err, m.book(ctx, &list[i]))
	}
	return err
}

// AddEvidence notes what speaks for the payment; sent: it is the answer that went to the bank.
func (m *Module) AddEvidence(ctx context.Context, actor string, id int64, text string, sent bool) error {
	text = strings.TrimSpace(text)
	if text == "" || utf8.RuneCountInString(text) > commentMax {
		return fault.Newf(fault.Invalid, "dispute.text", "Напишите, что приложено, до %d букв.", commentMax).WithField("text")
	}
	return m.changeDispute(ctx, id, func(tx *db.Tx, d *Dispute) error {
		if !d.Waits() {
			return errDisputeOver(d)
		}
		kind := StepEvidence
		if sent {
			kind, d.State = StepSent, DisputeAnswered
		}
		if err := insertStep(ctx, tx, d, Step{Kind: kind, Text: text, Actor: actor, At: m.Now()}); err != nil {
			return err
		}
		return m.disputeAudited(ctx, tx, d, actor, kind)
	})
}

func errDisputeOver(d *Dispute) error {
	return fault.Newf(fault.Conflict, "dispute.over", "Спор № %d уже решён: %s.", d.ID, DisputeLabels[d.State])
}

// EndDispute notes what the bank decided, and its money: a dispute that is lost takes what was not taken yet, one that is won
// brings back what was. Pressed again after a crash, it moves nothing twice.
func (m *Module) EndDispute(ctx context.Context, actor string, id int64, won bool, text string) error {
	d, err := m.FindDispute(ctx, id)
	if err != nil {
		return err
	}
	state := DisputeLost
	if won {
		state = DisputeWon
	}
	if d.State == state {
		return nil
	}
	if !d.Waits() {
		return errDisputeOver(&d)
	}
	if err := m.endMoney(ctx, actor, &d, won); err != nil {
		return err
	}
	return m.changeDispute(ctx, id, func(tx *db.Tx, d *Dispute) error {
		if !d.Waits() {
			return nil
		}
		d.State = state
		if err := insertStep(ctx, tx, d, Step{Kind: state, Text: strings.TrimSpace(text), Actor: actor, At: m.Now()}); err != nil {
			return err
		}
		return m.disputeAudited(ctx, tx, d, actor, state)
	})
}

func (m *Module) endMoney(ctx context.Context, actor string, d *Dispute, won bool) error {
	if d.taken == toBook {
		if err := m.book(ctx, d); err != nil {
			return err
		}
	}
	switch {
	case won && d.taken == booked:
		_, err := m.Payments.ChargebackWon(ctx, actor, d.PublicID, d.chargeback(), "спор выигран")
		return err
	case !won && d.taken == notTaken:
		_, err := m.Payments.Chargeback(ctx, actor, d.PublicID, d.chargeback(), d.Sum, DisputeWords[d.Reason])
		return err
	}
	return nil
}

// changeDispute loads a dispute, changes it and stores it, in one transaction.
func (m *Module) changeDispute(ctx context.Context, id int64, fn func(tx *db.Tx, d *Dispute) error) error {
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := findDispute(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := fn(tx, &d); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, "UPDATE refund_dispute SET state = $2, changed_at = $3 WHERE dispute_id = $1", d.ID, d.State, int64(m.Now()))
		return err
	})
}
