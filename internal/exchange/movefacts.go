package exchange

import (
	"context"

	"kvit/internal/calendar"
	"kvit/internal/charge"
	"kvit/internal/charge/fact"
	"kvit/internal/db"
)

// moveFacts takes the facts of charging of a moved account out of A, or opens them in B. They pass on the first day that
// no closed month has, nor one that B was not charged for: what was charged stays where it was charged.
func (v *move) moveFacts(ctx context.Context, tx *db.Tx, building int64, part func(*fact.Set, calendar.Date) *fact.Set) error {
	newest, err := fact.Newest(ctx, tx, v.from)
	if err != nil || newest == 0 || building <= 0 {
		return err
	}
	set, err := fact.Gather(ctx, tx, v.from, newest)
	if err != nil {
		return err
	}
	if set.Readings, err = fact.ListReadings(ctx, tx, v.from, 0, newest); err != nil {
		return err
	}
	if set.Volumes, err = fact.ListVolumes(ctx, tx, v.from, 0, newest); err != nil {
		return err
	}
	day, err := charge.PassFrom(ctx, tx, v.from, v.to)
	if err != nil {
		return err
	}
	moved := part(v.own(set), day)
	if moved.Building = building; moved.Empty() {
		return nil
	}
	if newest, err = fact.Newest(ctx, tx, building); err != nil {
		return err
	}
	return writeFacts(ctx, tx, []recordedFacts{{Set: moved, at: max(v.recorded, newest+1)}})
}

// own are the facts of the account alone.
func (v *move) own(all *fact.Set) *fact.Set {
	s, meters := &fact.Set{}, map[int64]bool{}
	for _, x := range all.Subscriptions {
		if x.AccountID == v.account {
			s.Subscriptions = append(s.Subscriptions, x)
		}
	}
	for _, x := range all.Meters {
		if x.AccountID == v.account {
			s.Meters, meters[x.ID] = append(s.Meters, x), true
		}
	}
	for _, x := range all.Readings {
		if meters[x.MeterID] {
			s.Readings = append(s.Readings, x)
		}
	}
	for _, x := range all.Volumes {
		if x.AccountID == v.account {
			s.Volumes = append(s.Volumes, x)
		}
	}
	for _, x := range all.Rare {
		if x.AccountID == v.account {
			s.Rare = append(s.Rare, x)
		}
	}
	return s
}

// opened are facts as they begin in B on a day; matching the house anew gives them their household.
func opened(s *fact.Set, day calendar.Date) *fact.Set {
	to := s.BeginOn(day)
	for i := range to.Subscriptions {
		to.Subscriptions[i].Household = 0
	}
	for i := range to.Rare {
		to.Rare[i].Household = 0
	}
	return to
}

// ended are facts as they end in A the day before.
func ended(s *fact.Set, day calendar.Date) *fact.Set { return s.EndBefore(day) }
