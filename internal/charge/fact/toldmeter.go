package fact

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"
	"strings"

	"kvit/internal/calendar"
	"kvit/internal/charge/calc"
	"kvit/internal/db"
	"kvit/internal/event"
)

func (t *telling) readings() error {
	var ids []int64
	for i := range t.set.Readings {
		ids = append(ids, t.set.Readings[i].MeterID)
	}
	meters, err := t.history(ids)
	if err != nil {
		return err
	}
	for i := range t.set.Readings {
		x := &t.set.Readings[i]
		h := meters[x.MeterID]
		if h == nil || h.now == nil || x.Initial || t.news == ChangesOnly && h.before == nil {
			continue
		}
		t.add(event.Event{AccountID: h.now.AccountID, Service: h.now.Service, FactID: x.ID, Body: readingOf(x, h.now)})
	}
	return nil
}

// readingOf is a reading as programs are told of it: its source is the door it came through.
func readingOf(x *Reading, m *Meter) event.Reading {
	door, _, _ := strings.Cut(x.Source, ":")
	r := event.Reading{Meter: x.MeterID, Serial: m.Serial, Service: m.Service, Day: x.On.String(), Value: x.Value.String(), Source: door, Withdraw: !x.Accepted}
	if x.Zone != calc.AllDay {
		r.Zone = x.Zone.String()
	}
	return r
}

// meterHistory is a meter as it is now, and as it was before what is told.
type meterHistory struct{ before, now *Meter }

// history reads meters of the building by their ids.
func (t *telling) history(ids []int64) (map[int64]*meterHistory, error) {
	found := map[int64]*meterHistory{}
	if len(ids) == 0 {
		return found, nil
	}
	args := []any{t.set.Building, int64(t.at)}
	rows, err := t.tx.QueryContext(t.ctx, `SELECT meter_id, recorded_at, account_id, service, serial, valid_from, valid_to, verified_to, failed_on FROM charge_meter
		WHERE building_id = $1 AND recorded_at <= $2 AND `+db.In("meter_id", slices.Compact(slices.Sorted(slices.Values(ids))), &args)+" ORDER BY meter_id, recorded_at", args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		m := &Meter{}
		if err := rows.Scan(&m.ID, &m.RecordedAt, &m.AccountID, &m.Service, &m.Serial, &m.From, &m.Until, &m.VerifiedBy, &m.FailedOn); err != nil {
			return nil, err
		}
		h := found[m.ID]
		if h == nil {
			h = &meterHistory{}
			found[m.ID] = h
		}
		if m.RecordedAt < t.at {
			h.before = m
		}
		h.now = m
	}
	return found, rows.Err()
}

func (t *telling) meters() error {
	var ids, accounts []int64
	for i := range t.set.Meters {
		ids, accounts = append(ids, t.set.Meters[i].ID), append(accounts, t.set.Meters[i].AccountID)
	}
	proven, err := t.verifications()
	if err != nil {
		return err
	}
	ids = slices.AppendSeq(ids, maps.Keys(proven))
	found, err := t.history(ids)
	if err != nil {
		return err
	}
	known, err := t.known("charge_subscription", "account_id", accounts)
	if err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(found)) {
		h := found[id]
		body := event.Meter{What: h.what(found)}
		if v, ok := proven[id]; ok && h.now.RecordedAt < t.at {
			body = event.Meter{What: "verified", Day: v.day.String()}
			if v.until != 0 {
				body.VerifiedTo = v.until.String()
			}
		}
		m := cmp.Or(h.before, h.now) // of a withdrawn one the row before says what it was
		if body.What == "" || t.news == ChangesOnly && h.before == nil && !known[m.AccountID] {
			continue
		}
		t.add(event.Event{AccountID: m.AccountID, Service: m.Service, FactID: id, Body: h.body(body)})
	}
	return nil
}

// what became of a meter: a removed one is replaced when another of its service begins as it ends.
func (h *meterHistory) what(all map[int64]*meterHistory) string {
	was, is := h.before, h.now
	switch {
	case was == nil && is.Service != "":
		return "installed"
	case was == nil:
		return ""
	case is.Service == "":
		return "removed"
	case was.Until != is.Until && is.Until != 0:
		for _, o := range all {
			if o.before == nil && o.now.AccountID == is.AccountID && o.now.Service == is.Service && o.now.From >= is.Until && o.now.From <= is.Until.AddDays(1) {
				return "replaced"
			}
		}
		return "removed"
	case was.FailedOn != is.FailedOn && is.FailedOn != 0:
		return "failed"
	case was.VerifiedBy != is.VerifiedBy:
		return "verified"
	case was.Serial != is.Serial:
		return "changed"
	}
	return "" // known from another day on: nothing became of it
}

// body tells of the meter as it is, or was when it is withdrawn.
func (h *meterHistory) body(b event.Meter) event.Meter {
	m := h.now
	if m.Service == "" {
		m = h.before
	}
	b.Meter, b.Serial, b.Service = m.ID, m.Serial, m.Service
	day := m.From
	switch b.What {
	case "removed", "replaced":
		day = cmp.Or(m.Until, m.From)
	case "failed":
		day = m.FailedOn
	}
	if b.Day == "" && day != 0 {
		b.Day = day.String()
	}
	if b.VerifiedTo == "" && m.VerifiedBy != 0 {
		b.VerifiedTo = m.VerifiedBy.String()
	}
	return b
}

// verified is a time for which a meter is verified.
type verified struct{ day, until calendar.Date }

// verifications are those told of, by their meters.
func (t *telling) verifications() (map[int64]verified, error) {
	found := map[int64]verified{}
	for i := range t.set.Rare {
		x := &t.set.Rare[i]
		if x.Kind != KindVerification || x.Body == "" {
			continue
		}
		var v Verification
		if err := json.Unmarshal([]byte(x.Body), &v); err != nil {
			return nil, err
		}
		found[v.Meter] = verified{x.From, v.Until}
	}
	return found, nil
}
