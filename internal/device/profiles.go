package device

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/db"
	"kvit/internal/device/profile"
	"kvit/internal/fault"
)

// profiles are those in force: the built-in ones and what was loaded over them.
type profiles struct {
	mu      sync.Mutex
	builtin []*profile.Profile
	known   int64 // rows of profiles that list is made of
	list    []*profile.Profile
}

// ProfileRow is a profile in a list.
type ProfileRow struct {
	Code    string `json:"profile"`
	Title   string `json:"title"`
	Reads   string `json:"reads"` // message, payload or both
	Builtin bool   `json:"builtin"`
}

// inForce gives the profiles as a transaction sees them.
func (m *Module) inForce(ctx context.Context, tx *db.Tx) ([]*profile.Profile, error) {
	p := &m.profiles
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.builtin == nil {
		list, err := profile.Builtin()
		if err != nil {
			return nil, err
		}
		p.builtin, p.list = list, list
	}
	var rows int64
	if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM device_profile").Scan(&rows); err != nil {
		return nil, err
	}
	if rows == p.known {
		return p.list, nil
	}
	list, err := loadedProfiles(ctx, tx)
	if err != nil {
		return nil, err
	}
	p.known, p.list = rows, slices.Concat(p.builtin, list)
	return p.list, nil
}

func loadedProfiles(ctx context.Context, tx *db.Tx) (all []*profile.Profile, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT code, body FROM device_profile p WHERE NOT EXISTS (SELECT 1 FROM device_profile n WHERE n.code = p.code AND n.recorded_at > p.recorded_at) ORDER BY code")
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	for rows.Next() {
		var code, body string
		if err := rows.Scan(&code, &body); err != nil {
			return nil, err
		}
		list, err := profile.Parse([]byte(body))
		if err != nil {
			return nil, fmt.Errorf("profile %s: %w", code, err)
		}
		all = append(all, profile.Find(list, code))
	}
	return all, rows.Err()
}

// ListProfiles gives the profiles in force.
func (m *Module) ListProfiles(ctx context.Context) (list []ProfileRow, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := m.inForce(ctx, tx)
		list = nil
		for _, p := range all {
			if profile.Find(all, p.Code) == p {
				list = append(list, ProfileRow{p.Code, p.Title, reads(p), slices.Contains(m.profiles.builtin, p)})
			}
		}
		return err
	})
	return list, err
}

func reads(p *profile.Profile) string {
	switch {
	case p.Message == nil:
		return "payload"
	case len(p.Values) > 0:
		return "both"
	}
	return "message"
}

// LoadProfiles takes profiles, whose tests have passed, and tells their codes.
func (m *Module) LoadProfiles(ctx context.Context, actor access.Actor, text []byte) (codes []string, err error) {
	if err := actor.Require("device", "manage"); err != nil {
		return nil, err
	}
	list, err := profile.Parse(text)
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		if slices.Contains(codes, p.Code) {
			return nil, fault.Newf(fault.Invalid, "device.profile", "Профиль %s стоит в файле дважды.", p.Code)
		}
		codes = append(codes, p.Code)
	}
	err = m.write(ctx, func(tx *db.Tx) error {
		at := int64(m.Now())
		for _, code := range codes {
			if _, err := tx.ExecContext(ctx, "INSERT INTO device_profile (code, recorded_at, body) VALUES ($1, $2, $3)", code, at, string(text)); err != nil {
				return err
			}
		}
		return audit.Record(ctx, tx, m.Now(), actor.String(), "device.profiles", "device", map[string]any{"profiles": codes})
	})
	return codes, err
}
