package reconcile

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Partner is a bank, an acquirer or an agent that payments come through.
type Partner struct {
	Code     string   `json:"code" yaml:"code"`
	Name     string   `json:"name,omitempty" yaml:"name"`
	INN      string   `json:"inn,omitempty" yaml:"inn"`
	Account  string   `json:"account,omitempty" yaml:"account"`   // the bank account its money comes from
	Channels []string `json:"channels,omitempty" yaml:"channels"` // of our payments; the code by default
	Fee      *int64   `json:"fee,omitempty" yaml:"fee"`           // kept back, 1/10000 of a sum; not told: what the registers say
	Settle   int      `json:"settle,omitempty" yaml:"settle"`     // working days until the money comes; 1 by default
	Register string   `json:"register,omitempty" yaml:"register"` // daily, or none: no register is expected
}

// NoRegisters is the word for a partner that sends no registers.
const NoRegisters = "none"

// name is what people call it.
func (p *Partner) name() string { return cmp.Or(p.Name, p.Code) }

// channels are those of our payments it brings.
func (p *Partner) channels() []string {
	if len(p.Channels) == 0 {
		return []string{p.Code}
	}
	return p.Channels
}

func (p *Partner) settle() int { return max(1, p.Settle) }

func (p *Partner) validate() error {
	wrong := func(key, what string) error {
		return fault.Newf(fault.Invalid, "partner.value", "Партнёр %q, ключ «%s»: %s.", p.Code, key, what).WithField(key)
	}
	switch {
	case p.Code == "" || len(p.Code) > 60:
		return wrong("code", "нужен код до 60 знаков")
	case p.Fee != nil && (*p.Fee < 0 || *p.Fee > 5000):
		return wrong("fee", "десятитысячные доли от 0 до 5000: 90 – это 0,9 процента")
	case p.Settle < 0 || p.Settle > 10:
		return wrong("settle", "рабочих дней до поступления денег, от 1 до 10")
	case p.Register != "" && p.Register != "daily" && p.Register != NoRegisters:
		return wrong("register", "daily или none")
	}
	return nil
}

// LoadPartners takes a YAML list of partners; one that is known is replaced. It gives all that are known then.
func (m *Module) LoadPartners(ctx context.Context, actor access.Actor, r io.Reader) ([]Partner, error) {
	if err := actor.Require("reconcile", "manage"); err != nil {
		return nil, err
	}
	var list []Partner
	dec := yaml.NewDecoder(io.LimitReader(r, partnersMax))
	dec.KnownFields(true)
	if err := dec.Decode(&list); err != nil {
		return nil, fault.New(fault.Invalid, "partner.unreadable", "Список партнёров не разобран: нужен YAML, в котором у каждого есть code. Проверьте отступы и названия ключей.").Because(err)
	}
	for i := range list {
		if err := list[i].validate(); err != nil {
			return nil, err
		}
	}
	err := m.DB.Write(ctx, func(tx *db.Tx) error {
		now := m.Now()
		for i := range list {
			spec, err := json.Marshal(&list[i])
			if err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, "INSERT INTO reconcile_partner (code, recorded_at, recorded_by, spec) VALUES ($1, $2, $3, $4)", list[i].Code, int64(now), actor.String(), string(spec)); err != nil {
				return fmt.Errorf("partner %s: %w", list[i].Code, err)
			}
		}
		return audit.Record(ctx, tx, now, actor.String(), "reconcile.partners", "partners", list)
	})
	if err != nil {
		return nil, err
	}
	return m.Partners(ctx, actor)
}

// partnersMax bounds a list of partners, in bytes.
const partnersMax = 1 << 20

// Partners are those loaded and those whose registers or payments there are, by code.
func (m *Module) Partners(ctx context.Context, actor access.Actor) (list []Partner, err error) {
	if err := actor.Require("reconcile", "read"); err != nil {
		return nil, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = listPartners(ctx, tx)
		return err
	})
	return list, err
}

// listPartners adds to the partners told of those met: a channel with payments, a code with registers.
func listPartners(ctx context.Context, tx *db.Tx) ([]Partner, error) {
	list, err := listToldPartners(ctx, tx)
	if err != nil {
		return nil, err
	}
	rows, err := tx.QueryContext(ctx, `SELECT DISTINCT channel FROM payment_order WHERE channel <> $1 UNION SELECT DISTINCT partner FROM reconcile_register ORDER BY 1`, ChannelBank)
	if err != nil {
		return nil, fmt.Errorf("list channels: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var code string
		if err := rows.Scan(&code); err != nil {
			return nil, err
		}
		list = meet(list, code)
	}
	slices.SortFunc(list, func(a, b Partner) int { return cmp.Compare(a.Code, b.Code) })
	return list, rows.Err()
}

// meet adds a code that payments or registers come under to the partners, unless one has it. What an agent pays by its protocol
// and what its register brings are one partner's: «agent:terminal» and «terminal».
func meet(list []Partner, code string) []Partner {
	if slices.ContainsFunc(list, func(p Partner) bool { return slices.Contains(p.channels(), code) }) {
		return list
	}
	own, isAgent := strings.CutPrefix(code, agentPrefix)
	i := slices.IndexFunc(list, func(p Partner) bool { return p.Code == own })
	switch {
	case i < 0 && isAgent:
		return append(list, Partner{Code: own, Channels: []string{own, code}})
	case i < 0:
		return append(list, Partner{Code: code})
	case isAgent:
		list[i].Channels = append(slices.Clone(list[i].channels()), code)
	}
	return list
}

func listToldPartners(ctx context.Context, tx *db.Tx) (list []Partner, err error) {
	rows, err := tx.QueryContext(ctx, `SELECT p.spec FROM reconcile_partner p WHERE p.recorded_at = (SELECT max(n.recorded_at) FROM reconcile_partner n WHERE n.code = p.code) ORDER BY p.code`)
	if err != nil {
		return nil, fmt.Errorf("list partners: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var spec string
		var p Partner
		if err := rows.Scan(&spec); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(spec), &p); err != nil {
			return nil, fmt.Errorf("partner %q: %w", spec, err)
		}
		list = append(list, p)
	}
	return list, rows.Err()
}
