package handover

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/handover/seal"
)

// takeOffer keeps the package of a house that another centre offers. One made before the last one of the same house is refused:
// somebody sends an old package again.
func (m *Module) takeOffer(ctx context.Context, peer *Peer, msg *seal.Message, body []byte) error {
	var p Package
	if err := json.Unmarshal(body, &p); err != nil || p.Format != packageFormat {
		return fault.Newf(fault.Invalid, "handover.package", "Пакет дома не читается: другая версия (%q) или ошибка внутри.", p.Format).Because(err)
	}
	if err := p.check(); err != nil {
		return err
	}
	number, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return err
	}
	now, b := m.Now(), p.House.building()
	h := &Handover{ID: msg.Handover, Number: number, Side: In, Peer: peer.Code, House: p.House.Code, Address: b.Address(), Month: p.Month, CutAt: p.CutAt, Accounts: len(p.Accounts),
		PackageDigest: digestOf(body), ActDigest: p.actDigest(), State: Offered, CreatedAt: now, ChangedAt: now}
	h.Due, h.Book = p.totals()
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		if again, err := seen(ctx, tx, msg); err != nil || again {
			return err
		}
		if err := fresh(ctx, tx, h); err != nil {
			return err
		}
		if err := insert(ctx, tx, h); err != nil {
			return err
		}
		if err := keep(ctx, tx, came, msg, now, now); err != nil {
			return err
		}
		return m.record(ctx, tx, h, "centre:"+peer.Code, "handover.offered")
	})
}

// check refuses a package that could not be one: ids that lead nowhere, an account that is named twice.
func (p *Package) check() error {
	homes, numbers := map[int64]bool{0: true}, map[string]bool{}
	for _, h := range p.Households {
		homes[h.ID] = true
	}
	for i := range p.Accounts {
		a := &p.Accounts[i]
		key := fmt.Sprint(a.Supplier, "|", a.Number)
		if p.supplier(a.Supplier) == nil || !homes[a.Household] || numbers[key] || a.Number == "" || !a.LastMonth.Valid() {
			return fault.Newf(fault.Invalid, "handover.package_account", "В пакете счёт %q описан неверно или дважды. %s", a.Printed, askGiver)
		}
		numbers[key] = true
	}
	if !p.Month.Valid() || p.House.House == "" || len(p.Accounts) == 0 {
		return fault.Newf(fault.Invalid, "handover.package_house", "В пакете нет дома, месяца или счетов. %s", askGiver)
	}
	return nil
}

// fresh refuses a package that is older than another of the same house, or comes while that one is on its way.
func fresh(ctx context.Context, tx *db.Tx, h *Handover) error {
	list, err := listWhere(ctx, tx, "WHERE side = $1 AND peer = $2 AND house = $3", In, h.Peer, h.House)
	for i := range list {
		switch other := &list[i]; {
		case other.ID == h.ID:
			return fault.New(fault.Conflict, "handover.twice", "Эта передача у нас уже есть под тем же номером.")
		case other.CutAt >= h.CutAt:
			return fault.Newf(fault.Conflict, "handover.old_package", "Этот пакет старше того, что уже пришёл (%s): его прислали повторно.", other.ID[:idShort])
		case !other.ended() && other.State != Completed:
			return errBusy(other, nil)
		}
	}
	return err
}

// offered opens the package of a hand-over to us.
func (m *Module) offered(ctx context.Context, tx *db.Tx, h *Handover) (*Package, error) {
	body, _, err := m.openKept(ctx, tx, h, kindOffer)
	if err != nil {
		return nil, err
	}
	var p Package
	return &p, json.Unmarshal(body, &p)
}

// Accept is a person's word that the balances of a package are right. The first one checks, the second, another, lets the giver
// know. It refuses with Conflict while a blocking difference is there.
func (m *Module) Accept(ctx context.Context, actor, id string) (h Handover, err error) {
	var p *Package
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		if h, err = find(ctx, tx, id); err != nil || h.Side != In {
			return err
		}
		p, err = m.offered(ctx, tx, &h)
		return err
	})
	switch {
	case err != nil:
		return h, err
	case h.Side == In && (h.State == Accepted || h.State == Completed):
		return h, nil
	case h.Side != In || h.State != Offered && h.State != Checked:
		return h, wrongState(&h, "принять остатки")
	case h.State == Checked && h.First == actor:
		return h, fault.New(fault.Conflict, "handover.same_person", "Остатки уже приняли вы. Нужен второй человек: так ошибку заметят двое.")
	}
	list, err := m.differences(ctx, p)
	if err != nil {
		return h, err
	}
	for i := range list {
		if d := &list[i]; d.Blocking {
			return h, fault.Newf(fault.Conflict, "handover.differs", "Принять нельзя, есть расхождения. Первое: %s %s Все: kvit handover show %s.", d.Cause, d.Do, h.ID[:idShort])
		}
	}
	was := h
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		h = was // the transaction may be run again
		return m.accept(ctx, tx, &h, actor)
	})
	return h, err
}

func (m *Module) accept(ctx context.Context, tx *db.Tx, h *Handover, actor string) error {
	if h.State == Offered {
		h.First = actor
		if err := move(ctx, tx, h, Checked, m.Now()); err != nil {
			return err
		}
		return m.record(ctx, tx, h, actor, "handover.checked")
	}
	h.Second = actor
	if err := move(ctx, tx, h, Accepted, m.Now()); err != nil {
		return err
	}
	if err := m.sayJSON(ctx, tx, h, kindAccept, agreement{PackageDigest: h.PackageDigest, ActDigest: h.ActDigest, Due: h.Due, Book: h.Book, Persons: [2]string{h.First, h.Second}}); err != nil {
		return err
	}
	return m.record(ctx, tx, h, actor, "handover.accepted")
}

// Decline refuses a house that was offered, with the differences found, before both persons have accepted.
func (m *Module) Decline(ctx context.Context, actor, id, reason string) (h Handover, err error) {
	if strings.TrimSpace(reason) == "" {
		return h, fault.New(fault.Invalid, "handover.reason", "Напишите причину: её прочитает другой центр.").WithField("reason")
	}
	var p *Package
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		if h, err = find(ctx, tx, id); err != nil || h.Side != In {
			return err
		}
		p, err = m.offered(ctx, tx, &h)
		return err
	})
	if err != nil {
		return h, err
	}
	if h.Side != In || h.State != Offered && h.State != Checked {
		return h, wrongState(&h, "отклонить")
	}
	list, err := m.differences(ctx, p)
	if err != nil {
		return h, err
	}
	was := h
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		h = was // the transaction may be run again
		h.Reason = reason
		if err := move(ctx, tx, &h, Declined, m.Now()); err != nil {
			return err
		}
		if err := m.sayJSON(ctx, tx, &h, kindDecline, refusal{Reason: reason, Differences: list}); err != nil {
			return err
		}
		return m.record(ctx, tx, &h, actor, "handover.declined")
	})
	return h, err
}

// takeCancel notes that the giver changed his mind.
func (m *Module) takeCancel(ctx context.Context, tx *db.Tx, h *Handover, body []byte) error {
	var r refusal
	if err := json.Unmarshal(body, &r); err != nil {
		return err
	}
	if h.Side != In || h.State != Offered && h.State != Checked && h.State != Accepted {
		return wrongState(h, "принять отмену")
	}
	h.Reason = r.Reason
	return move(ctx, tx, h, Cancelled, m.Now())
}

// takeConfirm notes that the house has left the giver; it is taken in after this, and by every round until it is.
func (m *Module) takeConfirm(_ context.Context, _ *db.Tx, h *Handover, body []byte) error {
	var a agreement
	if err := json.Unmarshal(body, &a); err != nil {
		return err
	}
	switch {
	case h.Side != In || h.State != Accepted:
		return wrongState(h, "принять дом")
	case a.PackageDigest != h.PackageDigest || a.ActDigest != h.ActDigest || a.Due != h.Due || a.Book != h.Book:
		return fault.New(fault.Conflict, "handover.other_act", "Прежний центр отдал не то, что мы приняли: акты остатков расходятся. Свяжитесь с ним.")
	case !twoPersons(a.Persons):
		return fault.New(fault.Conflict, "handover.two_persons", "Остатки должны принять два разных человека.")
	}
	return nil
}

// Complete takes the house in once the giver has let it go. Done before, it changes nothing.
func (m *Module) Complete(ctx context.Context, actor, id string) (h Handover, err error) {
	var p *Package
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		if h, err = find(ctx, tx, id); err != nil || h.Side != In || h.State != Accepted {
			return err
		}
		_, confirm, err := m.openKept(ctx, tx, &h, kindConfirm)
		if err != nil {
			return err
		}
		if confirm == nil {
			return fault.New(fault.Conflict, "handover.not_confirmed", "Прежний центр ещё не отдал дом: ждём его подтверждения. Спросить снова: kvit handover send.")
		}
		p, err = m.offered(ctx, tx, &h)
		return err
	})
	if err != nil || h.Side == In && h.State == Completed {
		return h, err
	}
	if h.Side != In || h.State != Accepted {
		return h, wrongState(&h, "принять дом")
	}
	err = m.Doors.Alone(func() error { return m.enter(ctx, &h, p, actor) })
	return h, err
}

// completer is who takes a house in when nobody pressed anything: two persons have accepted it.
const completer = "system"

// tryComplete takes a house in that has just been let go; the next round tries again what does not succeed.
func (m *Module) tryComplete(ctx context.Context, id string) {
	if _, err := m.Complete(ctx, completer, id); err != nil && ctx.Err() == nil {
		m.Log.Warn("a house that was let go is not taken in yet", "handover", id, "error", err)
	}
}
