package person

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Settle gives a person a home whose paper he has shown. What he may do there follows from who he says he is and from who is there
// already: a payer pays; the first who lives there manages the home; whoever comes while another manages it waits for his word
// or the centre's; nobody sees what was before the day after his predecessor's last.
func (m *Module) Settle(ctx context.Context, h Home) (id int64, err error) {
	if !slices.Contains([]Role{Owner, Tenant, Payer}, h.Role) {
		return 0, fault.New(fault.Invalid, "home.role", "Выберите, кто вы этому дому.").WithField("role")
	}
	if h.Title, err = title(h.Title); err != nil {
		return 0, err
	}
	if h.ID, err = m.db.NextIDs(ctx, 1); err != nil {
		return 0, err
	}
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		x := h
		if x.Household == 0 {
			x.Role = Payer // a single account has nobody who manages it
		}
		people, err := listHomes(ctx, tx, "building_id = $1 AND household_id = $2 AND household_id <> 0", x.Building, x.Household)
		if err != nil {
			return err
		}
		m.admit(&x, people)
		if id, err = m.addHome(ctx, tx, x); err != nil || !x.Pending() || id != x.ID {
			return err
		}
		return m.askManagers(ctx, tx, &x, people)
	})
	return id, err
}

// admit finds what a newcomer may do among the people of a home.
func (m *Module) admit(h *Home, people []Home) {
	day := m.Today()
	h.Rights = access.AllRights
	if h.Role == Payer {
		h.Rights = PayOnly
	}
	for i := range people {
		x := &people[i]
		if x.PersonID == h.PersonID {
			continue
		}
		if x.Over(day) && x.Role == h.Role {
			h.From = max(h.From, x.To.AddDays(1))
		}
		if x.Manages(day) && h.Role != Payer {
			h.Rights = PayOnly
		}
	}
}

// askManagers tells those who manage a home that somebody says he lives there.
func (m *Module) askManagers(ctx context.Context, tx *db.Tx, h *Home, people []Home) error {
	for i := range people {
		if !people[i].Manages(m.Today()) {
			continue
		}
		x := Message{Key: fmt.Sprintf("home-asks-%d-%d", h.ID, people[i].ID), Person: people[i].PersonID, Text: "К вашему счёту просит доступ ещё один человек с квитанцией. Решите на странице «Мои адреса»."}
		if err := m.tell(ctx, tx, x); err != nil {
			return err
		}
	}
	return nil
}

// Confirm says of somebody who waits that he lives there: from then on he has all rights. by is who manages the home; 0 is the
// centre. One who waits no longer stays as he is.
func (m *Module) Confirm(ctx context.Context, actor string, by, id int64) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		h, err := m.ofManaged(ctx, tx, by, id)
		if err != nil || !h.Pending() {
			return err
		}
		if _, err := tx.ExecContext(ctx, "UPDATE person_home SET rights = $2 WHERE home_id = $1 AND closed_at = 0", h.ID, string(access.AllRights)); err != nil {
			return fmt.Errorf("confirm a home: %w", err)
		}
		if err := audit.Record(ctx, tx, m.now(), actor, "person.home.confirmed", Text(h.PersonID), map[string]int64{"home": h.ID}); err != nil {
			return err
		}
		return m.tell(ctx, tx, Message{Key: fmt.Sprintf("home-confirmed-%d", h.ID), Person: h.PersonID, Text: "Ваш доступ к счёту подтвердили. Откройте «Мои адреса»."})
	})
}

var errNotThere = fault.New(fault.NotFound, "home.unknown", "Такого человека или адреса в списке нет.")

// ofManaged is a home of another person that a manager of the same place, or the centre (by 0), may decide about.
func (m *Module) ofManaged(ctx context.Context, tx *db.Tx, by, id int64) (h Home, err error) {
	list, err := listHomes(ctx, tx, "home_id = $1", id)
	if err != nil || len(list) == 0 {
		return h, cmp.Or[error](err, errNotThere)
	}
	h = list[0]
	if by == 0 {
		return h, nil
	}
	people, err := listHomes(ctx, tx, "building_id = $1 AND household_id = $2 AND household_id <> 0 AND person_id = $3", h.Building, h.Household, by)
	if err != nil || len(people) == 0 || !people[0].Manages(m.Today()) {
		return h, cmp.Or[error](err, errNotThere)
	}
	return h, nil
}

// TakeBack ends somebody's access to a home. A manager of the home ends that of trusted persons, of payers and of those who wait;
// an owner's and a tenant's own only the centre does (by 0), with a reason that is told.
func (m *Module) TakeBack(ctx context.Context, actor string, by, id int64, reason string) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		h, err := m.ofManaged(ctx, tx, by, id)
		if err != nil {
			return err
		}
		if by != 0 && (h.PersonID == by || h.Lives() && !h.Pending()) {
			return fault.New(fault.Forbidden, "home.owners", "Доступ собственника и нанимателя может закрыть только расчётный центр.")
		}
		if err := m.loseHome(ctx, tx, actor, &h); err != nil {
			return err
		}
		text := "Ваш доступ к чужому счёту закрыл тот, кто его открыл."
		if by == 0 {
			text = "Расчётный центр закрыл ваш доступ к счёту. Причина: " + reason
		}
		return m.tell(ctx, tx, Message{Key: fmt.Sprintf("home-closed-%d", h.ID), Person: h.PersonID, Text: text})
	})
}

// TakeBackAll ends what a person let others into, and the invitations of his that wait, in the transaction in which he took his
// consent to that back. They are told.
func (m *Module) TakeBackAll(ctx context.Context, tx *db.Tx, by int64) error {
	given, err := listHomes(ctx, tx, "given_by = $1", by)
	if err != nil {
		return err
	}
	for i := range given {
		h := &given[i]
		if err := m.loseHome(ctx, tx, Text(by), h); err != nil {
			return err
		}
		if err := m.tell(ctx, tx, Message{Key: fmt.Sprintf("home-closed-%d", h.ID), Person: h.PersonID, Text: "Ваш доступ к чужому счёту закрыл тот, кто его открыл."}); err != nil {
			return err
		}
	}
	waiting, err := m.listInvites(ctx, tx, "given_by = $1 AND state = 'open'", by)
	for i := range waiting {
		if err == nil {
			err = m.closeInvite(ctx, tx, Text(by), waiting[i].ID, InviteWithdrawn)
		}
	}
	return err
}
