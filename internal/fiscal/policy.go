package fiscal

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/fiscal/atol"
	"kvit/internal/payment"
	"kvit/internal/supplier"
)

// Everybody is who the rule for all others is written for.
const Everybody = "*"

// Policy says, from a day on, whether a supplier's money needs receipts and how they tell it.
type Policy struct {
	SupplierID int64           `json:"-" yaml:"-"`
	Supplier   string          `json:"supplier" yaml:"supplier"` // code; «*» is every supplier without a row of his own
	From       calendar.Date   `json:"-" yaml:"from"`
	FromText   string          `json:"from" yaml:"-"`
	Duty       *bool           `json:"duty" yaml:"duty"` // false: exempt, for the reason given
	Vat        string          `json:"vat,omitempty" yaml:"vat"`
	Prepaid    string          `json:"prepaid,omitempty" yaml:"prepaid"` // how money for a month that is not over is told: advance, full_prepayment, full_payment
	Agent      string          `json:"agent,omitempty" yaml:"agent"`
	Phone      string          `json:"phone,omitempty" yaml:"phone"`
	Channels   []string        `json:"channels,omitempty" yaml:"channels"` // of «*»: beginnings of the doors the centre takes money by
	Assumed    bool            `json:"assumed" yaml:"-"`                   // nobody has told it: it was taken when the register was set
	Reason     string          `json:"reason,omitempty" yaml:"reason"`
	RecordedAt calendar.Micros `json:"-" yaml:"-"`
}

// ownChannels are the doors by which the centre takes money itself; banks and agents print receipts of their own.
var ownChannels = []string{payment.ChannelOnline, payment.ChannelCash}

func (p *Policy) validate() error {
	duty := p.Duty == nil || *p.Duty
	p.Duty = &duty
	p.Vat, p.Prepaid, p.Agent = cmp.Or(p.Vat, "none"), cmp.Or(p.Prepaid, atol.Advance), cmp.Or(p.Agent, "paying_agent")
	if p.Supplier == Everybody && len(p.Channels) == 0 {
		p.Channels = ownChannels
	}
	switch {
	case p.Supplier == "":
		return wrongPolicy(p, "нет кода поставщика; для всех остальных пишут \"*\"")
	case p.From == 0:
		return wrongPolicy(p, "с какого дня: from: 2026-01-01")
	case !duty && p.Reason == "":
		return wrongPolicy(p, "освобождение без основания: впишите reason")
	case !atol.KnownVat(p.Vat) || strings.HasPrefix(p.Vat, "vat1") && len(p.Vat) == len("vat110"):
		return wrongPolicy(p, "ставка НДС бывает none, vat0, vat5, vat7, vat10, vat20, vat22")
	case !slices.Contains([]string{atol.Advance, atol.FullPrepayment, atol.FullPayment}, p.Prepaid):
		return wrongPolicy(p, "prepaid бывает advance, full_prepayment, full_payment")
	case !atol.KnownAgent(p.Agent):
		return wrongPolicy(p, "признак агента неизвестен")
	case p.Phone != "" && phoneOf(p.Phone) == "":
		return wrongPolicy(p, "телефон пишут так: +79991234567")
	}
	return nil
}

func wrongPolicy(p *Policy, why string) error {
	return fault.Newf(fault.Invalid, "receipts.policy", "Правило чеков поставщика %s: %s.", p.Supplier, why).WithField("policy")
}

// LoadPolicy reads a YAML list of rules and keeps it; nothing is kept unless the whole list is right. Rules are added: of
// one supplier and day the one recorded last holds.
func (m *Module) LoadPolicy(ctx context.Context, actor string, r io.Reader) (int, error) {
	var list []Policy
	d := yaml.NewDecoder(r)
	d.KnownFields(true)
	if err := d.Decode(&list); err != nil {
		return 0, fault.New(fault.Invalid, "receipts.policy_yaml", "Правила чеков не разобраны: нужен список с полями supplier, from, duty, vat.").Because(err)
	}
	for i := range list {
		if err := list[i].validate(); err != nil {
			return 0, err
		}
	}
	return len(list), m.keepPolicies(ctx, actor, list)
}

func (m *Module) keepPolicies(ctx context.Context, actor string, list []Policy) error {
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		now := m.Now()
		for i := range list {
			p := &list[i]
			if p.Supplier != Everybody {
				s, err := supplier.Find(ctx, tx, p.Supplier)
				if err != nil {
					return err
				}
				p.SupplierID = s.ID
			}
			p.RecordedAt = now + calendar.Micros(i)
			if err := insertPolicy(ctx, tx, p, actor); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, now, actor, "receipts.policy", "fiscal_policy", map[string]int{"rules": len(list)})
	})
}

func insertPolicy(ctx context.Context, tx *db.Tx, p *Policy, actor string) error {
	_, err := tx.ExecContext(ctx, `INSERT INTO fiscal_policy (supplier_id, valid_from, recorded_at, duty, vat, prepaid, agent, phone, channels, assumed, reason, recorded_by)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`, p.SupplierID, int64(p.From), int64(p.RecordedAt), flag(*p.Duty), p.Vat, p.Prepaid, p.Agent, p.Phone,
		strings.Join(p.Channels, ","), flag(p.Assumed), p.Reason, actor)
	if err != nil {
		return fmt.Errorf("receipts policy of %s: %w", p.Supplier, err)
	}
	return nil
}

func flag(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// Begin takes the duty up when a register is set and nobody has told a rule for everybody: from today, without VAT, marked
// as assumed until a person loads rules.
func (m *Module) Begin(ctx context.Context) error {
	if !m.Sends() {
		return nil
	}
	list, err := m.ListPolicies(ctx)
	if err != nil || slices.ContainsFunc(list, func(p Policy) bool { return p.SupplierID == 0 }) {
		return err
	}
	p := Policy{Supplier: Everybody, From: m.today(), Assumed: true, Reason: "касса подключена, правил ещё нет"}
	if err := p.validate(); err != nil {
		return err
	}
	return m.keepPolicies(ctx, "system", []Policy{p})
}

// ListPolicies gives all rules, suppliers by code, everybody first, the latest last.
func (m *Module) ListPolicies(ctx context.Context) (list []Policy, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listPolicies(ctx, tx)
		return err
	})
	return list, err
}

func listPolicies(ctx context.Context, tx *db.Tx) (list []Policy, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT p.supplier_id, coalesce(s.code, '*'), p.valid_from, p.recorded_at, p.duty, p.vat, p.prepaid, p.agent, p.phone, p.channels, p.assumed, p.reason
		FROM fiscal_policy p LEFT JOIN supplier s ON s.supplier_id = p.supplier_id ORDER BY coalesce(s.code, ''), p.valid_from, p.recorded_at`)
	if err != nil {
		return nil, fmt.Errorf("receipts policy: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p Policy
		var duty, assumed int64
		var channels string
		if err := rows.Scan(&p.SupplierID, &p.Supplier, &p.From, &p.RecordedAt, &duty, &p.Vat, &p.Prepaid, &p.Agent, &p.Phone, &channels, &assumed, &p.Reason); err != nil {
			return nil, err
		}
		yes := duty == 1
		p.Duty, p.Assumed, p.FromText = &yes, assumed == 1, p.From.String()
		if channels != "" {
			p.Channels = strings.Split(channels, ",")
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// rules are the policies as they are asked: by supplier and day.
type rules map[int64][]Policy

func rulesOf(list []Policy) rules {
	r := rules{}
	for _, p := range list {
		r[p.SupplierID] = append(r[p.SupplierID], p)
	}
	return r
}

// at is the rule for a supplier on a day; nil when no duty had begun.
func (r rules) at(supplierID int64, day calendar.Date) *Policy {
	for _, id := range [...]int64{supplierID, 0} {
		for i := len(r[id]) - 1; i >= 0; i-- {
			if r[id][i].From <= day {
				return &r[id][i]
			}
		}
	}
	return nil
}

// first is the first day any rule holds on, and the doors of the centre.
func (r rules) first() (day calendar.Date, channels []string) {
	for id, list := range r {
		for i := range list {
			if day == 0 || list[i].From < day {
				day = list[i].From
			}
			if id == 0 {
				channels = list[i].Channels
			}
		}
	}
	if len(channels) == 0 {
		channels = ownChannels
	}
	return day, channels
}
