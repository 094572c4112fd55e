package settlement

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// States of a payout. Money leaves with sent; what the bank says afterwards comes with statements.
const (
	PayoutPrepared  = "prepared"  // waits for another person
	PayoutApproved  = "approved"  // may be given to the bank
	PayoutSent      = "sent"      // given to the bank; what became of it a statement tells
	PayoutConfirmed = "confirmed" // a statement shows it
	PayoutReturned  = "returned"  // the bank gave it back; the next payout carries it
	PayoutCancelled = "cancelled" // before it was sent; its money is free for another
	PayoutCarried   = "carried"   // nothing to pay yet: all of it goes on to the next
)

// PayoutLabels are the words people see for states.
var PayoutLabels = map[string]string{PayoutPrepared: "подготовлено", PayoutApproved: "утверждено", PayoutSent: "отправлено в банк", PayoutConfirmed: "исполнено банком",
	PayoutReturned: "возвращено банком", PayoutCancelled: "отменено", PayoutCarried: "перенесено"}

// Payout is money to a supplier for all closes up to one: Paid + Left = Collected − Refunded − Fee − Held + Carried.
type Payout struct {
	ID         int64               `json:"id"`
	SupplierID int64               `json:"-"`
	Supplier   string              `json:"supplier"`
	Name       string              `json:"name"`
	CloseNo    int64               `json:"closeNo"`
	Cutoff     calendar.DayText    `json:"cutoff"`
	PlannedOn  calendar.DayText    `json:"plannedOn"`
	State      string              `json:"state"`
	Payments   int64               `json:"payments"`
	Collected  money.Amount        `json:"collected"`
	Refunded   money.Amount        `json:"refunded"`
	Fee        money.Amount        `json:"fee"`
	Held       money.Amount        `json:"held"`    // kept back now
	Carried    money.Amount        `json:"carried"` // left, held or returned before
	Paid       money.Amount        `json:"paid"`
	Left       money.Amount        `json:"left"` // below the threshold or below zero: goes on to the next
	Previous   int64               `json:"previous,omitempty"`
	CarriedBy  int64               `json:"carriedBy,omitempty"` // of a returned one: the payout that carries its money
	Details    Details             `json:"details"`
	OrderNo    int                 `json:"orderNo,omitempty"` // of the payment order
	OrderOn    calendar.DayText    `json:"orderOn,omitempty"`
	Author     string              `json:"author"`
	PreparedAt calendar.MomentText `json:"preparedAt"`
	Approver   string              `json:"approver,omitempty"`
	ApprovedAt calendar.MomentText `json:"approvedAt,omitempty"`
	Sender     string              `json:"sender,omitempty"`
	SentAt     calendar.MomentText `json:"sentAt,omitempty"`
	SettledOn  calendar.DayText    `json:"settledOn,omitempty"` // day of the statement
	SettledAt  calendar.MomentText `json:"settledAt,omitempty"`
	BankKey    string              `json:"bankKey,omitempty"`   // operation of the statement that shows it
	ReturnKey  string              `json:"returnKey,omitempty"` // operation by which the bank gave it back
	Reason     string              `json:"reason,omitempty"`
}

// Details are whom a payout goes to, from where and with which words: as approved.
type Details struct {
	Payee    Party  `json:"payee"`
	Payer    Party  `json:"payer"`
	Purpose  string `json:"purpose"`
	Contract string `json:"contract,omitempty"`
}

// Due is what the formula gives, before the threshold.
func (p *Payout) Due() money.Amount { return p.Collected - p.Refunded - p.Fee - p.Held + p.Carried }

// compute finds what is paid now and what goes on to the next payout: a threshold not reached or a sum below zero pays
// nothing. held may not exceed what there is: nothing is kept back that is not there.
func (p *Payout) compute(held, threshold money.Amount) {
	there := p.Collected - p.Refunded - p.Fee + p.Carried
	p.Held = max(0, min(held, there))
	p.Paid, p.Left = p.Due(), 0
	if p.Paid <= 0 || p.Paid < threshold {
		p.Paid, p.Left = 0, p.Paid
	}
}

// heldBack is the money of the last days of a schedule of closes and a sum that always stays.
func (h *Hold) heldBack(dues []due, cutoff calendar.Date) money.Amount {
	var recent counted
	for i := range dues {
		if h.Days > 0 && dues[i].day > cutoff.AddDays(-h.Days) && dues[i].day <= cutoff {
			recent.add(&dues[i].counted)
		}
	}
	return max(0, recent.net()) + h.Sum
}

// purposeMax is the longest purpose of a payment order (положение Банка России № 762-П).
const purposeMax = 210

// purpose are the words of the payment order; what is said of НДС is never cut off.
func (p *Payout) purpose(contract *Contract, from calendar.Date) string {
	days := "до " + p.Cutoff.Date().Dotted()
	if from != 0 {
		days = from.Dotted()
		if from != p.Cutoff.Date() {
			days += "-" + p.Cutoff.Date().Dotted()
		}
	}
	under := ""
	if contract.Number != "" {
		under = " по договору № " + contract.Number
	}
	text := fmt.Sprintf("Перечисление платежей населения за ЖКУ%s, принятых за %s, реестр № %d", under, days, p.ID)
	vat := ". " + contract.VAT
	runes := []rune(text)
	return string(runes[:min(len(runes), purposeMax-len([]rune(vat)))]) + vat
}

const payoutColumns = `p.payout_id, p.supplier_id, s.code, s.name, p.close_no, p.cutoff, p.planned_on, p.state, p.payments, p.collected_kop, p.refunded_kop, p.fee_kop, p.held_kop, p.carried_kop, p.paid_kop, p.left_kop,
	p.previous_id, p.carried_by, p.details, p.order_no, p.order_on, p.author, p.prepared_at, p.approver, p.approved_at, p.sender, p.sent_at, p.settled_on, p.settled_at, p.bank_key, p.return_key, p.reason`

func listPayouts(ctx context.Context, tx *db.Tx, rest string, args ...any) ([]Payout, error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+payoutColumns+" FROM settlement_payout p JOIN supplier s ON s.supplier_id = p.supplier_id "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list payouts: %w", err)
	}
	defer rows.Close()
	list := []Payout{}
	for rows.Next() {
		var p Payout
		var details []byte
		if err := rows.Scan(&p.ID, &p.SupplierID, &p.Supplier, &p.Name, &p.CloseNo, &p.Cutoff, &p.PlannedOn, &p.State, &p.Payments, &p.Collected, &p.Refunded, &p.Fee, &p.Held, &p.Carried, &p.Paid, &p.Left,
			&p.Previous, &p.CarriedBy, &details, &p.OrderNo, &p.OrderOn, &p.Author, &p.PreparedAt, &p.Approver, &p.ApprovedAt, &p.Sender, &p.SentAt, &p.SettledOn, &p.SettledAt, &p.BankKey, &p.ReturnKey, &p.Reason); err != nil {
			return nil, err
		}
		if err := json.Unmarshal(details, &p.Details); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// findPayout gives a payout the scope covers; NotFound for a foreign one too.
func findPayout(ctx context.Context, tx *db.Tx, scope access.Scope, id int64) (*Payout, error) {
	filter, arg := scope.Filter("p.supplier_id", "$2")
	list, err := listPayouts(ctx, tx, "WHERE p.payout_id = $1 AND "+filter, id, arg)
	if err == nil && len(list) == 0 {
		err = fault.Newf(fault.NotFound, "payout.unknown", "Перечисления № %d нет. Список: kvit payout list.", id)
	}
	if err != nil {
		return nil, err
	}
	return &list[0], nil
}

func insertPayout(ctx context.Context, tx *db.Tx, p *Payout) error {
	details, err := json.Marshal(p.Details)
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, `INSERT INTO settlement_payout (payout_id, supplier_id, close_no, cutoff, planned_on, state, payments, collected_kop, refunded_kop, fee_kop, held_kop, carried_kop, paid_kop, left_kop, previous_id, carried_by, details,
			order_no, order_on, author, prepared_at, approver, approved_at, sender, sent_at, settled_on, settled_at, bank_key, return_key, reason)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, 0, $16, 0, 0, $17, $18, '', 0, '', 0, 0, 0, '', '', '')`,
		p.ID, p.SupplierID, p.CloseNo, int64(p.Cutoff), int64(p.PlannedOn), p.State, p.Payments, int64(p.Collected), int64(p.Refunded), int64(p.Fee), int64(p.Held), int64(p.Carried), int64(p.Paid), int64(p.Left), p.Previous, string(details), p.Author, int64(p.PreparedAt))
	if err != nil {
		return fmt.Errorf("payout to %s: %w", p.Supplier, err)
	}
	return nil
}

// change writes what a step changes of a payout that is still in one of the states; a Conflict when somebody was quicker.
func (p *Payout) change(ctx context.Context, tx *db.Tx, from ...string) error {
	details, err := json.Marshal(p.Details)
	if err != nil {
		return err
	}
	args := []any{p.ID, p.State, p.CarriedBy, string(details), p.OrderNo, int64(p.OrderOn), p.Approver, int64(p.ApprovedAt), p.Sender, int64(p.SentAt), int64(p.SettledOn), int64(p.SettledAt), p.BankKey, p.ReturnKey, p.Reason}
	in := db.In("state", from, &args)
	res, err := tx.ExecContext(ctx, `UPDATE settlement_payout SET state = $2, carried_by = $3, details = $4, order_no = $5, order_on = $6, approver = $7, approved_at = $8, sender = $9, sent_at = $10, settled_on = $11, settled_at = $12, bank_key = $13, return_key = $14, reason = $15
		WHERE payout_id = $1 AND `+in, args...)
	if err != nil {
		return fmt.Errorf("payout %d: %w", p.ID, err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 1 {
		return err
	}
	return p.wrongState()
}

func (p *Payout) wrongState() error {
	return fault.Newf(fault.Conflict, "payout.state", "Перечисление № %d сейчас %s, так его не изменить.", p.ID, PayoutLabels[p.State])
}

// PayoutFilter narrows a list of payouts; the zero value is all.
type PayoutFilter struct {
	State    string
	Supplier string
	Limit    int
}

// ListPayouts gives the payouts the scope covers, latest first.
func (m *Module) ListPayouts(ctx context.Context, scope access.Scope, f PayoutFilter) (list []Payout, err error) {
	filter, arg := scope.Filter("p.supplier_id", "$1")
	args, where := []any{arg}, []string{filter}
	for _, x := range []struct{ column, value string }{{"p.state", f.State}, {"s.code", f.Supplier}} {
		if x.value != "" {
			args = append(args, x.value)
			where = append(where, fmt.Sprintf("%s = $%d", x.column, len(args)))
		}
	}
	rest := "WHERE " + strings.Join(where, " AND ") + " ORDER BY p.payout_id DESC"
	if f.Limit > 0 {
		rest += fmt.Sprintf(" LIMIT %d", f.Limit)
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listPayouts(ctx, tx, rest, args...)
		return err
	})
	return list, err
}

// FindPayout gives a payout the scope covers.
func (m *Module) FindPayout(ctx context.Context, scope access.Scope, id int64) (p *Payout, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		p, err = findPayout(ctx, tx, scope, id)
		return err
	})
	return p, err
}
