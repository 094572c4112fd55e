package person

import (
	"context"

	"kvit/internal/access"
	"kvit/internal/calendar"
)

// Enter completes a person's actor with the home his session looks at: the chosen one while it stands, else his first. Of a
// person without homes it stays empty. It is asked with every request, so what was taken back opens nothing any more.
func (m *Module) Enter(ctx context.Context, a access.Actor) (access.Actor, error) {
	list, err := m.Homes(ctx, a.UserID)
	if err != nil {
		return a, err
	}
	return enter(a, list, m.Today()), nil
}

// EnterSession gives the actor of a session with the home it looks at: what FindSession and Enter give, in one query. Nothing is
// kept between requests: who is signed out, and a home that was taken back, are so with the next one, on every server.
func (m *Module) EnterSession(ctx context.Context, token string) (access.Actor, error) {
	nobody := access.Actor{Role: access.Anonymous}
	digest, ok := access.SessionDigest(token)
	if !ok {
		return nobody, nil
	}
	var s access.Stored
	var list []Home
	ok = false
	err := m.db.Ask(ctx, "SELECT "+access.SessionColumns+`, coalesce(h.home_id, 0), coalesce(h.building_id, 0), coalesce(h.household_id, 0), coalesce(h.role, ''), coalesce(h.rights, ''),
		coalesce(h.valid_from, 0), coalesce(h.valid_to, 0) FROM v_session s LEFT JOIN person_home h ON h.person_id = s.user_id AND s.role = $2 AND h.closed_at = 0
		WHERE s.digest = $1 ORDER BY h.home_id`, []any{digest, string(access.Resident)}, func(scan func(...any) error) error {
		var h Home
		if err := scan(append(s.Fields(), &h.ID, &h.Building, &h.Household, &h.Role, &h.Rights, &h.From, &h.To)...); err != nil {
			return err
		}
		if ok = true; h.ID != 0 {
			list = append(list, h)
		}
		return nil
	})
	if err != nil || !ok {
		return nobody, err
	}
	a, err := m.access.Admit(ctx, token, &s)
	if err != nil || a.Role != access.Resident || a.UserID == 0 {
		return a, err
	}
	return enter(a, list, m.Today()), nil
}

// enter completes an actor with one of his homes.
func enter(a access.Actor, list []Home, day calendar.Date) access.Actor {
	chosen := a.HomeID
	a.HomeID, a.BuildingID, a.HouseholdID, a.Rights, a.From, a.To = 0, 0, 0, "", 0, 0
	if a.Limited {
		return a // who he is was told by himself alone: what a home owes stays closed
	}
	h := choose(list, chosen, day)
	if h == nil {
		return a
	}
	a.HomeID, a.BuildingID, a.HouseholdID, a.Rights, a.From, a.To = h.ID, h.Building, h.Household, h.RightsOn(day), h.From, h.To
	return a
}
