package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// Acting is somebody of the centre who acts for a resident at his request: for one home, with a reason, for a short time. He does
// what a home needs and nothing about money, about who sees the home, or about the person himself.
type Acting struct {
	ID     int64
	Staff  string // role and login, as the audit log names him
	Code   string // of the household, as the centre's pages name it
	Reason string
	Until  calendar.Micros
}

// actingLife is how long one acts before he has to give his reason again.
const actingLife = 30 * time.Minute

// Bounds of a reason, in letters.
const (
	reasonMin = 5
	reasonMax = 200
)

// actingMay is what is done for residents. Money out, access of others, contacts and consents are the resident's own.
var actingMay = []string{"home:open", "bill:read", "payment:read", "reading:read", "reading:write", "meter:see", "document:own", "appeal:own"}

// may tells whether something may be done for a resident; what anybody may is open, but for paying.
func (x *Acting) may(resource, action string) bool {
	if slices.Contains(actingMay, resource+":"+action) {
		return true
	}
	return action != "pay" && Table[resource][action][Anonymous] != None
}

// Home is a household somebody acts for.
type Home struct {
	Building, Household int64
	Code                string
}

// Act begins to act for the residents of a home in the session of a token. The reason is shown to them.
func (m *Module) Act(ctx context.Context, actor Actor, token string, h Home, reason string) (x Acting, err error) {
	if err := actor.Require("subscriber", "act"); err != nil {
		return x, err
	}
	reason = strings.Join(strings.Fields(reason), " ")
	if n := utf8.RuneCountInString(reason); n < reasonMin || n > reasonMax {
		return x, fault.Newf(fault.Invalid, "acting.reason", "Напишите, о чём попросил житель: от %d до %d букв. Он это увидит.", reasonMin, reasonMax).WithField("reason")
	}
	id, err := m.db.NextIDs(ctx, 1)
	if err != nil {
		return x, err
	}
	now := m.now()
	x = Acting{ID: id, Staff: actor.String(), Code: h.Code, Reason: reason, Until: now + calendar.Micros(actingLife/time.Microsecond)}
	return x, m.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO acting (acting_id, staff, building_id, household_id, code, reason, begun_at, ends_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)",
			x.ID, x.Staff, h.Building, h.Household, x.Code, x.Reason, int64(now), int64(x.Until))
		if err == nil {
			_, err = tx.ExecContext(ctx, "UPDATE session SET acting_id = $2 WHERE digest = $1 AND role = $3", digestOf(token), x.ID, string(actor.Role))
		}
		if err != nil {
			return fmt.Errorf("act for a resident: %w", err)
		}
		return audit.Record(ctx, tx, now, x.Staff, "acting.begun", fmt.Sprintf("home:%d/%d", h.Building, h.Household), map[string]any{"acting": x.ID, "reason": x.Reason})
	})
}

// actAs turns the actor of a session into the resident he acts for, while it lasts: without a person, so that nothing of his own
// opens.
func (m *Module) actAs(ctx context.Context, staff Actor, id int64) (Actor, error) {
	x := &Acting{ID: id}
	a := Actor{Role: Resident, Name: staff.Name, Acting: x}
	var ended calendar.Micros
	err := m.db.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT staff, building_id, household_id, code, reason, ends_at, ended_at FROM acting WHERE acting_id = $1", id).
			Scan(&x.Staff, &a.BuildingID, &a.HouseholdID, &x.Code, &x.Reason, &x.Until, &ended)
	})
	if err != nil {
		return staff, fmt.Errorf("acting %d: %w", id, err)
	}
	if ended != 0 || m.now() > x.Until {
		return staff, nil
	}
	return a, nil
}

// EndActing ends what a session acts for; one that acts for nobody stays as it is.
func (m *Module) EndActing(ctx context.Context, actor Actor) error {
	if actor.Acting == nil {
		return nil
	}
	return m.db.Write(ctx, func(tx *db.Tx) error {
		now := m.now()
		if _, err := tx.ExecContext(ctx, "UPDATE acting SET ended_at = $2 WHERE acting_id = $1 AND ended_at = 0", actor.Acting.ID, int64(now)); err != nil {
			return fmt.Errorf("end acting: %w", err)
		}
		return audit.Record(ctx, tx, now, actor.Acting.Staff, "acting.ended", fmt.Sprintf("home:%d/%d", actor.BuildingID, actor.HouseholdID), map[string]any{"acting": actor.Acting.ID})
	})
}

// Did writes down what was done for a resident, in the caller's transaction, and gives its number.
func Did(ctx context.Context, tx *db.Tx, x *Acting, what string, at calendar.Micros) (number int, err error) {
	if err := tx.QueryRowContext(ctx, "SELECT coalesce(max(deed_no), 0) + 1 FROM acting_deed WHERE acting_id = $1", x.ID).Scan(&number); err != nil {
		return 0, fmt.Errorf("deeds for a resident: %w", err)
	}
	if _, err := tx.ExecContext(ctx, "INSERT INTO acting_deed (acting_id, deed_no, what, done_at) VALUES ($1, $2, $3, $4)", x.ID, int64(number), what, int64(at)); err != nil {
		return 0, fmt.Errorf("deed for a resident: %w", err)
	}
	return number, audit.Record(ctx, tx, at, x.Staff, "acting.did", fmt.Sprintf("acting:%d", x.ID), map[string]any{"what": what, "reason": x.Reason})
}
