package person

import (
	"context"
	"fmt"
	"slices"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// States of an invitation.
const (
	InviteOpen      = "open"
	InviteTaken     = "taken"
	InviteDeclined  = "declined"
	InviteWithdrawn = "withdrawn"
)

// inviteLife is how long an invitation waits for its person.
const inviteLife = calendar.Micros(30 * 24 * 3600 * 1_000_000)

// invitesMax bounds those of one home that wait.
const invitesMax = 10

// Invite opens a home to the person of a telephone; it waits until he takes it.
type Invite struct {
	ID        int64
	Building  int64
	Household int64
	GivenBy   int64
	Masked    string // the telephone as it may be shown
	Rights    access.Rights
	To        calendar.Date // the last day of what is given; 0: no end
	CreatedAt calendar.Micros
	ExpiresAt calendar.Micros
	phone     string
}

const inviteColumns = "invite_id, building_id, household_id, given_by, masked, rights, valid_to, created_at, expires_at, sealed"

// Give opens the home a person manages to the telephone of somebody he trusts, under the form's own key: pressed twice it is one
// invitation. The telephone is told, without a link.
func (m *Module) Give(ctx context.Context, key string, a access.Actor, phone string, rights access.Rights, to calendar.Date) (x Invite, err error) {
	if phone, err = Normal(Phone, phone); err != nil {
		return x, err
	}
	if !slices.Contains(Scopes, rights) {
		return x, fault.New(fault.Invalid, "invite.scope", "Выберите, что разрешить.").WithField("scope")
	}
	if to != 0 && to < m.Today() {
		return x, fault.New(fault.Invalid, "invite.end", "Этот день уже прошёл. Возьмите сегодняшний или позже.").WithField("to")
	}
	id, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return x, err
	}
	now := m.now()
	x = Invite{ID: id, Building: a.BuildingID, Household: a.HouseholdID, GivenBy: a.UserID, Masked: Mask(Phone, phone), Rights: rights, To: to, CreatedAt: now, ExpiresAt: now + inviteLife, phone: phone}
	return x, m.db.Write(ctx, func(tx *db.Tx) error { return m.insertInvite(ctx, tx, key, &x) })
}

func (m *Module) insertInvite(ctx context.Context, tx *db.Tx, key string, x *Invite) error {
	waiting, err := m.listInvites(ctx, tx, "building_id = $1 AND household_id = $2 AND state = 'open' AND expires_at > $3", x.Building, x.Household, int64(m.now()))
	if err != nil {
		return err
	}
	if len(waiting) >= invitesMax {
		return fault.New(fault.Conflict, "invite.many", "Приглашений уже десять. Отзовите лишние.").WithField("phone")
	}
	if c, err := m.findContact(ctx, tx, Phone, x.phone); err == nil && c.PersonID == x.GivenBy {
		return fault.New(fault.Invalid, "invite.self", "Это ваш телефон. Введите телефон близкого.").WithField("phone")
	}
	res, err := tx.ExecContext(ctx, `INSERT INTO person_invite (invite_id, client_key, building_id, household_id, given_by, mark, sealed, masked, rights, valid_to, state, created_at, expires_at, changed_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'open', $11, $12, $11) ON CONFLICT (client_key) DO NOTHING`,
		x.ID, key, x.Building, x.Household, x.GivenBy, m.mark(Phone, x.phone), m.access.Seal("invite", []byte(x.phone)), x.Masked, string(x.Rights), int64(x.To), int64(x.CreatedAt), int64(x.ExpiresAt))
	if err != nil {
		return fmt.Errorf("invite: %w", err)
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return err // the same form again
	}
	if err := audit.Record(ctx, tx, x.CreatedAt, Text(x.GivenBy), "person.invited", Text(x.GivenBy), map[string]any{"invite": x.ID, "rights": x.Rights}); err != nil {
		return err
	}
	return m.tell(ctx, tx, Message{Key: fmt.Sprintf("invite-%d", x.ID), Phone: x.phone, Text: "Вам открыли доступ к счёту за жильё. Войдите на сайт Квита с этим телефоном и примите его."})
}

func (m *Module) listInvites(ctx context.Context, tx *db.Tx, where string, args ...any) (list []Invite, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT "+inviteColumns+" FROM person_invite WHERE "+where+" ORDER BY invite_id", args...)
	if err != nil {
		return nil, fmt.Errorf("list invites: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var x Invite
		var sealed []byte
		if err := rows.Scan(&x.ID, &x.Building, &x.Household, &x.GivenBy, &x.Masked, &x.Rights, &x.To, &x.CreatedAt, &x.ExpiresAt, &sealed); err != nil {
			return nil, err
		}
		phone, err := m.access.Unseal("invite", sealed)
		if err != nil {
			return nil, fmt.Errorf("invite %d: %w", x.ID, err)
		}
		x.phone = string(phone)
		list = append(list, x)
	}
	return list, rows.Err()
}

// InvitesOf are the invitations of a home that nobody has taken yet.
func (m *Module) InvitesOf(ctx context.Context, building, household int64) (list []Invite, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = m.listInvites(ctx, tx, "building_id = $1 AND household_id = $2 AND state = 'open' AND expires_at > $3", building, household, int64(m.now()))
		return err
	})
	return list, err
}

// InvitesTo are the invitations that wait for a person: those to a telephone he has proved.
func (m *Module) InvitesTo(ctx context.Context, person int64) (list []Invite, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		list, err = m.invitesTo(ctx, tx, person)
		return err
	})
	return list, err
}

func (m *Module) invitesTo(ctx context.Context, tx *db.Tx, person int64) ([]Invite, error) {
	return m.listInvites(ctx, tx, `state = 'open' AND expires_at > $2 AND mark IN
		(SELECT c.mark FROM person_contact c WHERE c.person_id = $1 AND c.kind = 'phone' AND c.closed_at = 0 AND c.confirmed_at > 0)`, person, int64(m.now()))
}

var errNoInvite = fault.New(fault.NotFound, "invite.unknown", "Такого приглашения нет: его приняли, отозвали или его срок прошёл.")

// Accept takes an invitation: the home is the person's as far and as long as it was given. Who gave it must still manage the home.
func (m *Module) Accept(ctx context.Context, person, id int64) (home int64, err error) {
	fresh, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return 0, err
	}
	err = m.db.Write(ctx, func(tx *db.Tx) error {
		x, err := m.answer(ctx, tx, person, id, InviteTaken)
		if err != nil {
			return err
		}
		givers, err := listHomes(ctx, tx, "building_id = $1 AND household_id = $2 AND person_id = $3", x.Building, x.Household, x.GivenBy)
		if err != nil {
			return err
		}
		day := m.Today()
		if len(givers) == 0 || !givers[0].Manages(day) || x.To != 0 && day > x.To {
			return errNoInvite
		}
		h := Home{ID: fresh, PersonID: person, Building: x.Building, Household: x.Household, Role: Trusted, Rights: x.Rights, From: givers[0].From, To: x.To, Proof: "person", GivenBy: x.GivenBy, Actor: Text(person)}
		if home, err = m.addHome(ctx, tx, h); err != nil {
			return err
		}
		return m.tell(ctx, tx, Message{Key: fmt.Sprintf("invite-taken-%d", x.ID), Person: x.GivenBy, Text: "Доступ к вашему счёту принят: " + x.Masked + ". Если это не ваш близкий, закройте доступ на странице «Мои адреса»."})
	})
	return home, err
}

// Decline refuses an invitation.
func (m *Module) Decline(ctx context.Context, person, id int64) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		_, err := m.answer(ctx, tx, person, id, InviteDeclined)
		return err
	})
}

// answer is what the invited person says; NotFound when the invitation is not his or waits no longer.
func (m *Module) answer(ctx context.Context, tx *db.Tx, person, id int64, state string) (x Invite, err error) {
	list, err := m.invitesTo(ctx, tx, person)
	if err != nil {
		return x, err
	}
	i := slices.IndexFunc(list, func(x Invite) bool { return x.ID == id })
	if i < 0 {
		return x, errNoInvite
	}
	return list[i], m.closeInvite(ctx, tx, Text(person), id, state)
}

func (m *Module) closeInvite(ctx context.Context, tx *db.Tx, actor string, id int64, state string) error {
	if _, err := tx.ExecContext(ctx, "UPDATE person_invite SET state = $2, changed_at = $3 WHERE invite_id = $1 AND state = 'open'", id, state, int64(m.now())); err != nil {
		return fmt.Errorf("close an invite: %w", err)
	}
	return audit.Record(ctx, tx, m.now(), actor, "person.invite."+state, fmt.Sprintf("invite:%d", id), struct{}{})
}

// Withdraw takes back an invitation of the home its actor manages; one that waits no longer stays as it is.
func (m *Module) Withdraw(ctx context.Context, a access.Actor, id int64) error {
	return m.db.Write(ctx, func(tx *db.Tx) error {
		list, err := m.listInvites(ctx, tx, "building_id = $1 AND household_id = $2 AND invite_id = $3 AND state = 'open'", a.BuildingID, a.HouseholdID, id)
		if err != nil || len(list) == 0 {
			return err
		}
		return m.closeInvite(ctx, tx, a.String(), id, InviteWithdrawn)
	})
}
