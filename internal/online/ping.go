package online

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"

	"kvit/internal/fault"
	"kvit/internal/supplier"
)

// Probe is one thing asked of a supplier's program.
type Probe struct {
	ID   string `json:"id"`
	OK   bool   `json:"ok"`
	Took int64  `json:"tookMs"`
	Says string `json:"says"`
}

// Pinged is how a supplier answers.
type Pinged struct {
	Supplier string  `json:"supplier"`
	OK       bool    `json:"ok"`
	Probes   []Probe `json:"probes"`
	Due      *int64  `json:"due,omitempty"` // of the account asked about, kopecks
}

// unknownNumber is an account nobody has.
const unknownNumber = "kvit-ping-0000000000"

// Ping asks a supplier about an account and, to the whole, tries his program against the protocol: what it must answer and
// what it must refuse.
func (m *Module) Ping(ctx context.Context, s *supplier.Supplier, number string, whole bool) *Pinged {
	out := &Pinged{Supplier: s.Code, OK: true, Probes: []Probe{}}
	asked := unknownNumber
	if number != "" {
		asked = number
	}
	out.try("answers", "отвечает на подписанный запрос", func() error {
		a, err := m.query(ctx, s, []Account{{Number: asked}}, "")
		if err == nil && number != "" {
			if len(a.Balances) == 0 {
				return errors.New("о счёте не ответил")
			}
			out.Due = a.Balances[0].Due
		}
		return err
	})
	out.try("in_time", "укладывается во время страницы", func() error {
		if took := time.Duration(out.Probes[0].Took) * time.Millisecond; took > m.Budget {
			return errors.New("дольше " + m.Budget.String())
		}
		return nil
	})
	if whole {
		m.conform(ctx, s, asked, out)
	}
	return out
}

// conform holds a program to the rest of the protocol.
func (m *Module) conform(ctx context.Context, s *supplier.Supplier, asked string, out *Pinged) {
	out.try("unknown_account", "неизвестный счёт не мешает остальным", func() error {
		a, err := m.query(ctx, s, []Account{{Number: asked}, {Number: unknownNumber + "-2"}}, "")
		if err == nil && (len(a.Balances)+len(a.Errors) < 2 && asked != unknownNumber || len(a.Errors) == 0) {
			return errors.New("о неизвестном счёте нужна запись в errors")
		}
		return err
	})
	out.try("repeat", "тот же запрос ещё раз – тот же ответ", func() error {
		id := newID()
		first, err := m.query(ctx, s, []Account{{Number: asked}}, id)
		if err != nil {
			return err
		}
		again, err := m.query(ctx, s, []Account{{Number: asked}}, id)
		if err == nil && (len(first.Balances) != len(again.Balances) || len(again.Balances) > 0 && *again.Balances[0].Due != *first.Balances[0].Due) {
			return errors.New("ответы разные")
		}
		return err
	})
	out.try("batch", "сто счетов в одном запросе", func() error {
		var list []Account
		for n := range AccountsMax {
			list = append(list, Account{Number: unknownNumber + "-" + strconv.Itoa(n)})
		}
		_, err := m.query(ctx, s, list, "")
		return err
	})
	now := m.Now().Time()
	out.try("wrong_signature", "чужую подпись отвергает (401)", func() error { return m.mustRefuse(ctx, s, asked, now, []byte("wrong secret, wrong secret")) })
	out.try("old_request", "старый запрос отвергает (401)", func() error {
		secret, err := m.secretOf(s)
		if err != nil {
			return err
		}
		return m.mustRefuse(ctx, s, asked, now.Add(-time.Hour), secret)
	})
}

// mustRefuse sends a request that nobody may answer.
func (m *Module) mustRefuse(ctx context.Context, s *supplier.Supplier, number string, at time.Time, secret []byte) error {
	id, timestamp := newID(), strconv.FormatInt(at.Unix(), 10)
	body, err := json.Marshal(Request{ID: id, At: at.UTC().Truncate(time.Second), Accounts: []string{number}})
	if err != nil {
		return err
	}
	_, err = m.send(ctx, s.Online.URL, id, timestamp, Sign(secret, id, timestamp, body), body)
	var status statusError
	switch {
	case err == nil:
		return errors.New("ответил")
	case errors.As(err, &status) && (status == http.StatusUnauthorized || status == http.StatusForbidden):
		return nil
	}
	return err
}

// try makes one probe.
func (p *Pinged) try(id, says string, probe func() error) {
	begun := time.Now()
	err := probe()
	x := Probe{ID: id, OK: err == nil, Took: time.Since(begun).Milliseconds(), Says: says}
	if err != nil {
		p.OK = false
		x.Says += ": " + said(err)
	}
	p.Probes = append(p.Probes, x)
}

// said is an error in words.
func said(err error) string {
	if f := (*fault.Error)(nil); errors.As(err, &f) {
		return f.Message
	}
	return err.Error()
}
