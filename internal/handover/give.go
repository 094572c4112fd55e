package handover

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/google/uuid"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/housing"
)

// Prepare makes the package of a house for another centre as of now: its balances will be those of this moment. month is the
// last one we bill; 0 is the latest billed here. It refuses with Conflict while the house is on its way already, while a run of
// charging is not approved, or when what was billed is later than the month.
func (m *Module) Prepare(ctx context.Context, actor, house, peerCode string, month calendar.Month) (*Handover, error) {
	var building housing.Building
	var charged, billed calendar.Month
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if _, err = peerOf(ctx, tx, peerCode); err != nil {
			return err
		}
		if building, err = housing.FindByCode(ctx, tx, house); err != nil {
			return err
		}
		if charged, err = charge.LastCharged(ctx, tx, building.ID); err != nil {
			return err
		}
		if billed, err = lastBilled(ctx, tx, building.ID, m.Now()); err != nil {
			return err
		}
		return noRun(ctx, tx, building.ID)
	})
	if err != nil {
		return nil, err
	}
	last := max(charged, billed)
	if month == 0 {
		month = last
	}
	switch {
	case last == 0:
		return nil, fault.Newf(fault.Conflict, "handover.empty", "В доме %s ещё ничего не начислено: передавать нечего.", house)
	case month < last:
		return nil, fault.Newf(fault.Conflict, "handover.month", "По дому %s уже выставлен счёт за %s: последним нашим месяцем не может быть %s.", house, last, month)
	}
	var h *Handover
	err = m.Doors.Alone(func() error {
		h, err = m.prepare(ctx, actor, &building, peerCode, month)
		return err
	})
	return h, err
}

// noRun refuses a house whose charges a run is still at, or a second person has not approved.
func noRun(ctx context.Context, tx *db.Tx, building int64) error {
	runs, err := charge.ListRuns(ctx, tx, 0)
	for i := range runs {
		r := &runs[i]
		if r.Covers(building) && (r.State == charge.StateRunning || r.State == charge.StatePaused || r.State == charge.StateChecked) {
			return fault.Newf(fault.Conflict, "handover.charging", "Расчёт № %d за %s ещё не утверждён: его суммы могут измениться. Сначала утвердите или отмените его.", r.ID, r.Month)
		}
	}
	return err
}

// lastBilled is the latest month a supplier's register charged in a house.
func lastBilled(ctx context.Context, tx *db.Tx, building int64, at calendar.Micros) (last calendar.Month, err error) {
	lines, err := charge.ListBuildingLatest(ctx, tx, building, building, at)
	for i := range lines {
		last = max(last, lines[i].Month)
	}
	return last, err
}

func (m *Module) prepare(ctx context.Context, actor string, b *housing.Building, peer string, month calendar.Month) (*Handover, error) {
	now := m.Now()
	p, err := m.gather(ctx, b.ID, month, now)
	if err != nil {
		return nil, err
	}
	if own := p.count(); blocked(own) {
		return nil, fault.Newf(fault.Conflict, "handover.own_balance", "Остатки дома у нас самих не сходятся: счёт %s, %s Разберитесь: kvit check.", own[0].Account, own[0].Cause)
	}
	text, err := json.Marshal(p)
	if err != nil {
		return nil, err
	}
	number, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return nil, err
	}
	h := &Handover{ID: uuid.NewString(), Number: number, Side: Out, Peer: peer, BuildingID: b.ID, House: b.Code, Address: b.Address(), Month: month, CutAt: now, Accounts: len(p.Accounts),
		PackageDigest: digestOf(text), ActDigest: p.actDigest(), State: Prepared, First: actor, CreatedAt: now, ChangedAt: now}
	h.Due, h.Book = p.totals()
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		if other, err := busy(ctx, tx, b.ID); err != nil || other != nil {
			return errBusy(other, err)
		}
		if err := insert(ctx, tx, h); err != nil {
			return err
		}
		if err := m.say(ctx, tx, h, kindOffer, text); err != nil {
			return err
		}
		return m.record(ctx, tx, h, actor, "handover.prepared")
	})
	return h, err
}

func errBusy(other *Handover, err error) error {
	if err != nil {
		return err
	}
	return fault.Newf(fault.Conflict, "handover.busy", "Дом %s уже передаётся (%s): %s. Сначала закончите или отмените ту передачу.", other.House, other.ID[:idShort], Labels[other.State])
}

func (m *Module) record(ctx context.Context, tx *db.Tx, h *Handover, actor, action string) error {
	return audit.Record(ctx, tx, m.Now(), actor, action, "handover:"+h.ID, map[string]any{"house": h.House, "centre": h.Peer, "month": h.Month.String(), "due": int64(h.Due), "book": int64(h.Book), "act": h.ActDigest})
}

// Cancel ends a hand-over we began, before the house has left.
func (m *Module) Cancel(ctx context.Context, actor, id, reason string) (h Handover, err error) {
	if strings.TrimSpace(reason) == "" {
		return h, fault.New(fault.Invalid, "handover.reason", "Напишите причину: её прочитает другой центр.").WithField("reason")
	}
	err = m.DB.Write(ctx, func(tx *db.Tx) error {
		if h, err = find(ctx, tx, id); err != nil {
			return err
		}
		if h.Side != Out || h.State != Prepared && h.State != Accepted {
			return wrongState(&h, "отменить")
		}
		h.Reason = reason
		if err := move(ctx, tx, &h, Cancelled, m.Now()); err != nil {
			return err
		}
		if err := m.sayJSON(ctx, tx, &h, kindCancel, refusal{Reason: reason}); err != nil {
			return err
		}
		return m.record(ctx, tx, &h, actor, "handover.cancelled")
	})
	return h, err
}

// takeAccept notes that the taker's two persons accepted the balances as the act has them.
func (m *Module) takeAccept(ctx context.Context, tx *db.Tx, h *Handover, body []byte) error {
	var a agreement
	if err := json.Unmarshal(body, &a); err != nil {
		return err
	}
	switch {
	case h.Side != Out || h.State != Prepared:
		return wrongState(h, "принять согласие")
	case a.PackageDigest != h.PackageDigest || a.ActDigest != h.ActDigest || a.Due != h.Due || a.Book != h.Book:
		return fault.New(fault.Conflict, "handover.other_act", "Другой центр согласился не с тем, что мы передали: акты остатков расходятся. Отмените передачу и подготовьте её заново.")
	case !twoPersons(a.Persons):
		return fault.New(fault.Conflict, "handover.two_persons", "Остатки должны принять два разных человека.")
	}
	h.Theirs = a.Persons[0] + ", " + a.Persons[1]
	return move(ctx, tx, h, Accepted, m.Now())
}

func twoPersons(p [2]string) bool { return p[0] != "" && p[1] != "" && p[0] != p[1] }

// takeDecline notes that the taker does not want the house as it was offered.
func (m *Module) takeDecline(ctx context.Context, tx *db.Tx, h *Handover, body []byte) error {
	var r refusal
	if err := json.Unmarshal(body, &r); err != nil {
		return err
	}
	if h.Side != Out || h.State != Prepared {
		return wrongState(h, "принять отказ")
	}
	h.Reason = r.Reason
	for i, d := range r.Differences {
		if i == 5 {
			break
		}
		h.Reason += fmt.Sprintf("; %s: %s", d.Account, d.Cause)
	}
	return move(ctx, tx, h, Declined, m.Now())
}

// Confirm gives the house away: another person than the one who prepared it confirms, and the accounts leave in one transaction.
// It refuses with Conflict when anything but payments has changed since the cut: then the balances agreed on are not the house's.
func (m *Module) Confirm(ctx context.Context, actor, id string) (h Handover, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		h, err = find(ctx, tx, id)
		return err
	})
	switch {
	case err != nil:
		return h, err
	case h.Side == Out && (h.State == Confirmed || h.State == Completed):
		return h, nil // it is done
	case h.Side != Out || h.State != Accepted:
		return h, wrongState(&h, "подтвердить")
	case actor == h.First:
		return h, fault.New(fault.Conflict, "handover.same_person", "Подтвердить должен другой человек, не тот, кто готовил пакет: так ошибку заметят двое.")
	}
	err = m.Doors.Alone(func() error {
		p, err := m.unchanged(ctx, &h)
		if err != nil {
			return err
		}
		return m.leave(ctx, &h, p, actor)
	})
	if err == nil {
		err = m.stopAutopay(ctx, &h)
	}
	return h, err
}

// takeDone notes that the taker has the house: what came into his book is what left ours.
func (m *Module) takeDone(ctx context.Context, tx *db.Tx, h *Handover, body []byte) error {
	var a arrival
	if err := json.Unmarshal(body, &a); err != nil {
		return err
	}
	if h.Side != Out || h.State != Confirmed {
		return wrongState(h, "принять подтверждение приёма")
	}
	ours, err := leftDigest(ctx, tx, h)
	if err != nil {
		return err
	}
	if a.Book != h.Book || a.BookDigest != ours {
		return fault.Newf(fault.Conflict, "handover.book", "Другой центр принял по книге %s, а отдано %s. Так быть не может: свяжитесь с ним.", a.Book.Format(), h.Book.Format())
	}
	if err := keepLinks(ctx, tx, h, &a); err != nil {
		return err
	}
	return move(ctx, tx, h, Completed, m.Now())
}
