package exchange

import (
	"context"
	"encoding/json"
	"fmt"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/exchange/register"
	"kvit/internal/fault"
)

// canonicalProfile is the built-in layout of a program that makes its records for Kvit: one JSON object a line, sums
// in whole kopecks, keys as docs/api/README.md lists them.
var canonicalProfile = func() string {
	p := register.Profile{Kind: register.KindNDJSON, Encoding: "utf-8", Money: register.KopeckInt, Unit: "line", RowIs: "account-service", Notes: canonicalNotes, Paths: map[string]register.Source{"fio": register.Named("payer")}}
	for _, role := range []string{
		"account", "els", "address", "locality", "street", "house", "korp", "flat", "room", "share", "area", "residents", "service", "measure",
		"volume", "tariff", "period", "opening", "charge", "recalc", "penalty", "paid", "due",
	} {
		p.Paths[role] = register.Named(role)
	}
	b, err := json.Marshal(p)
	if err != nil {
		panic(err) // the type is ours
	}
	return string(b)
}()

// canonicalNotes mark the built-in layout: it is no evidence of what the supplier's own files look like.
const canonicalNotes = "built-in"

// propose gives the profile of a supplier's file: his own from an earlier file of the same kind, else a guess from the
// file alone.
func (m *Module) propose(ctx context.Context, supplierID int64, f register.File) (p register.Profile, e register.Evidence, known bool, err error) {
	if p, e, err = register.GuessFile(f); err != nil {
		return p, e, false, err
	}
	if earlier, ok := m.earlierProfile(ctx, supplierID, p.Kind); ok && earlier.Notes != canonicalNotes {
		earlier.Period, earlier.Fixes = "", nil
		return earlier, e, true, nil
	}
	return p, e, false, nil
}

// profilesMax bounds the profiles a supplier keeps, profileNameMax the bytes of their names.
const (
	profilesMax    = 100
	profileNameMax = 100
)

// SaveProfile keeps a layout a supplier's program describes, under a name, in place of an earlier one.
func (m *Module) SaveProfile(ctx context.Context, supplierID int64, name string, p register.Profile) error {
	if name == "" || len(name) > profileNameMax {
		return fault.Newf(fault.Invalid, "profile.name", "Имя профиля: от 1 до %d байт.", profileNameMax).WithField("name")
	}
	if err := p.Validate(); err != nil {
		return err
	}
	p.Supplier, p.Fixes = "", nil // whose it is the token says
	text, err := json.Marshal(p)
	if err != nil {
		return err
	}
	return m.db.Write(ctx, func(tx *db.Tx) error {
		var others int
		if err := tx.QueryRowContext(ctx, "SELECT count(*) FROM intake_profile WHERE supplier_id = $1 AND name <> $2", supplierID, name).Scan(&others); err != nil {
			return err
		}
		if others >= profilesMax {
			return fault.Newf(fault.Limited, "profile.many", "У поставщика уже %d профилей. Замените один из них.", others)
		}
		_, err := tx.ExecContext(ctx, `INSERT INTO intake_profile (supplier_id, name, profile, changed_at) VALUES ($1, $2, $3, $4)
			ON CONFLICT (supplier_id, name) DO UPDATE SET profile = excluded.profile, changed_at = excluded.changed_at`, supplierID, name, string(text), int64(m.now()))
		return err
	})
}

// FindProfile gives a supplier's profile by its name.
func (m *Module) FindProfile(ctx context.Context, supplierID int64, name string) (p register.Profile, err error) {
	var text string
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		text, err = findProfile(ctx, tx, supplierID, name)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		return p, fault.Newf(fault.NotFound, "profile.unknown", "Профиля «%s» нет.", name).Because(err)
	}
	if err != nil {
		return p, fmt.Errorf("find profile: %w", err)
	}
	return p, json.Unmarshal([]byte(text), &p)
}

func findProfile(ctx context.Context, tx *db.Tx, supplierID int64, name string) (text string, err error) {
	err = tx.QueryRowContext(ctx, "SELECT profile FROM intake_profile WHERE supplier_id = $1 AND name = $2", supplierID, name).Scan(&text)
	return text, db.Fold(err)
}

// fileOf makes the file of a delivery. Its profile is the one it came with; else the one the same bytes were applied by,
// so that they are known again; else it is found out now. The name of the file is no part of it.
func (m *Module) fileOf(ctx context.Context, d *delivered, code string) (f *file, err error) {
	f = &file{id: d.id, name: d.name, path: m.blobs.Path(d.digest), purpose: PurposeCharges, month: calendar.Month(d.month), asked: calendar.Month(d.month)}
	text := d.profile
	if text == "" {
		if text, err = m.profileOfBytes(ctx, d); err != nil {
			return nil, err
		}
	}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &f.profile); err != nil {
			return nil, fmt.Errorf("profile of delivery %d: %w", d.id, err)
		}
		f.profile.Supplier = code
		return f, nil
	}
	r, err := m.blobs.Open(d.digest)
	if err != nil {
		return nil, fmt.Errorf("open delivery %d: %w", d.id, err)
	}
	defer r.Close()
	f.profile, _, _, err = m.propose(ctx, d.supplier, register.File{Name: d.name, Data: r, Size: d.size})
	f.profile.File, f.profile.Supplier = "", code
	if f.asked.Valid() && !f.profile.Has("period") {
		f.profile.Period = "" // the sender's word goes before a month guessed from a title or a name
	}
	return f, err
}

// profileOfBytes is the profile by which a supplier's file of the same bytes was applied; ” when there is none.
func (m *Module) profileOfBytes(ctx context.Context, d *delivered) (text string, err error) {
	err = m.db.Read(ctx, func(tx *db.Tx) error {
		return db.Fold(tx.QueryRowContext(ctx, "SELECT profile FROM intake_file WHERE digest = $1 AND supplier_id = $2 AND purpose = $3 AND state = $4 ORDER BY file_id DESC LIMIT 1",
			d.digest, d.supplier, PurposeCharges, StateApplied).Scan(&text))
	})
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return text, err
}
