package person

import (
	"context"
	"fmt"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// leaveAhead is how many days ahead a moving out may be told.
const leaveAhead = 365

// Leave ends a person's own time in a home with a day, its last: he keeps what is of that time, to read; what he gave to others
// ends with it. Of a home he only pays for, or was let into, nothing is left. The flat and its accounts stay as they are.
func (m *Module) Leave(ctx context.Context, actor string, person, id int64, last calendar.Date) (h Home, err error) {
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		list, err := listHomes(ctx, tx, "person_id = $1 AND home_id = $2", person, id)
		if err != nil {
			return err
		}
		if len(list) == 0 {
			return errNotThere
		}
		h = list[0]
		if !h.Lives() || h.Pending() {
			return m.loseHome(ctx, tx, actor, &h)
		}
		if err := m.checkLast(&h, last); err != nil {
			return err
		}
		h.To = last
		return m.moveOut(ctx, tx, actor, &h)
	})
	return h, err
}

func (m *Module) checkLast(h *Home, last calendar.Date) error {
	day := m.Today()
	switch {
	case h.Over(day):
		return fault.New(fault.Conflict, "leave.over", "Вы уже выехали отсюда.").WithField("last")
	case last < h.From || last < day.AddDays(-leaveAhead) || last > day.AddDays(leaveAhead):
		return fault.New(fault.Invalid, "leave.day", "Укажите последний день: не раньше года назад и не позже чем через год.").WithField("last")
	}
	return nil
}

// moveOut writes the last day, of the person and of all he let in.
func (m *Module) moveOut(ctx context.Context, tx *db.Tx, actor string, h *Home) error {
	if _, err := tx.ExecContext(ctx, "UPDATE person_home SET valid_to = $2 WHERE home_id = $1 AND closed_at = 0", h.ID, int64(h.To)); err != nil {
		return fmt.Errorf("leave a home: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "UPDATE person_home SET valid_to = $4 WHERE building_id = $1 AND household_id = $2 AND given_by = $3 AND closed_at = 0 AND (valid_to = 0 OR valid_to > $4)",
		h.Building, h.Household, h.PersonID, int64(h.To)); err != nil {
		return fmt.Errorf("leave a home: %w", err)
	}
	if h.Over(m.Today()) {
		if err := m.dropAgreements(ctx, tx, h); err != nil {
			return err
		}
	}
	waiting, err := m.listInvites(ctx, tx, "building_id = $1 AND household_id = $2 AND given_by = $3 AND state = 'open'", h.Building, h.Household, h.PersonID)
	if err != nil {
		return err
	}
	for i := range waiting {
		if err := m.closeInvite(ctx, tx, actor, waiting[i].ID, InviteWithdrawn); err != nil {
			return err
		}
	}
	return audit.Record(ctx, tx, m.now(), actor, "person.home.left", Text(h.PersonID), map[string]any{"home": h.ID, "last": h.To.String()})
}
