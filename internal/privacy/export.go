package privacy

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"html/template"
	"maps"
	"os"
	"slices"
	"time"

	"kvit/internal/access"
	"kvit/internal/audit"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// States of an export.
const (
	Asked = "asked"
	Ready = "ready"
	Gone  = "gone" // its week is over, or the person was erased
)

// ExportDays is how long a ready export can be fetched.
const ExportDays = 7

// exportMax bounds the file of an export, in bytes.
const exportMax = 256 << 20

// Export is a person's wish to have his data.
type Export struct {
	ID, Person int64
	State      string
	Size       int64
	AskedAt    calendar.Micros
	ReadyAt    calendar.Micros
	digest     string
}

// Until is when a ready export goes.
func (e *Export) Until() calendar.Micros { return e.ReadyAt + ExportDays*24*hour }

// Ask asks for a person's data. While one is being made it is that one.
func (m *Module) Ask(ctx context.Context, actor access.Actor) error {
	if err := actor.Require("person", "own"); err != nil {
		return err
	}
	id, err := m.DB.NextIDs(ctx, 1)
	if err != nil {
		return err
	}
	return m.DB.Write(ctx, func(tx *db.Tx) error {
		list, err := listExports(ctx, tx, "WHERE person_id = $1 AND state = 'asked'", actor.UserID)
		if err != nil || len(list) > 0 {
			return err
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO privacy_export (export_id, person_id, state, digest, size, asked_at, ready_at) VALUES ($1, $2, 'asked', '', 0, $3, 0)", id, actor.UserID, int64(m.Now())); err != nil {
			return fmt.Errorf("ask for an export: %w", err)
		}
		return audit.Record(ctx, tx, m.Now(), actor.String(), "privacy.export.asked", personName(actor.UserID), map[string]any{})
	})
}

// LastExport is the latest wish of a person; nil when he never asked.
func (m *Module) LastExport(ctx context.Context, person int64) (e *Export, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		list, err := listExports(ctx, tx, "WHERE person_id = $1 ORDER BY export_id DESC LIMIT 1", person)
		if e = nil; len(list) > 0 {
			e = &list[0]
		}
		return err
	})
	return e, err
}

// Open gives the file of the person's latest export.
func (m *Module) Open(ctx context.Context, actor access.Actor) (*os.File, error) {
	if err := actor.Require("person", "own"); err != nil {
		return nil, err
	}
	e, err := m.LastExport(ctx, actor.UserID)
	if err != nil {
		return nil, err
	}
	if e == nil || e.State != Ready {
		return nil, fault.New(fault.NotFound, "export.none", "Файла нет. Запросите свои данные заново.")
	}
	return m.Files.Open(e.digest)
}

// Work makes the exports that were asked for, and removes those whose week is over. One that fails does not hold up the others.
func (m *Module) Work(ctx context.Context) error {
	var asked, old []Export
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if asked, err = listExports(ctx, tx, "WHERE state = 'asked' ORDER BY export_id LIMIT 20"); err == nil {
			old, err = listExports(ctx, tx, "WHERE state = 'ready' AND ready_at < $1 ORDER BY export_id LIMIT 100", int64(m.Now())-ExportDays*24*hour)
		}
		return err
	})
	for i := range asked {
		err = errors.Join(err, m.make(ctx, &asked[i]))
	}
	for i := range old {
		err = errors.Join(err, m.remove(ctx, &old[i]))
	}
	return err
}

func (m *Module) make(ctx context.Context, e *Export) error {
	parts, err := m.Gather(ctx, e.Person)
	if err != nil {
		return fmt.Errorf("export %d: %w", e.ID, err)
	}
	packed, err := pack(parts, m.Now().Time().In(m.Zone))
	if err != nil {
		return fmt.Errorf("export %d: %w", e.ID, err)
	}
	digest, size, err := m.Files.Put(ctx, bytes.NewReader(packed), exportMax)
	if err != nil {
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE privacy_export SET state = 'ready', digest = $2, size = $3, ready_at = $4 WHERE export_id = $1 AND state = 'asked'", e.ID, digest, size, int64(m.Now()))
		return err
	})
}

func (m *Module) remove(ctx context.Context, e *Export) error {
	if err := m.Files.Remove(e.digest); err != nil {
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE privacy_export SET state = 'gone', digest = '', size = 0 WHERE export_id = $1", e.ID)
		return err
	})
}

func listExports(ctx context.Context, tx *db.Tx, rest string, args ...any) (list []Export, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT export_id, person_id, state, digest, size, asked_at, ready_at FROM privacy_export "+rest, args...)
	if err != nil {
		return nil, fmt.Errorf("list exports: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var e Export
		if err := rows.Scan(&e.ID, &e.Person, &e.State, &e.digest, &e.Size, &e.AskedAt, &e.ReadyAt); err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, rows.Err()
}

// page is an export as a person reads it: no scripts, no addresses of others, printed as it is.
var page = template.Must(template.New("data").Parse(`<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><title>Мои данные в Квите</title></head>
<body><h1>Мои данные в Квите</h1><p>На {{.At}}. То же для программ – в файле data.json.</p>
{{range .Parts}}<h2>{{.Title}}</h2><pre>{{.Text}}</pre>
{{end}}</body></html>
`))

type part struct{ Title, Text string }

// pack writes an export: JSON for programs, a page for people.
func pack(parts map[string]any, at time.Time) ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	data, err := json.MarshalIndent(parts, "", "  ")
	if err != nil {
		return nil, err
	}
	if err := add(z, "data.json", data); err != nil {
		return nil, err
	}
	var list []part
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		text, err := json.MarshalIndent(parts[name], "", "  ")
		if err != nil {
			return nil, err
		}
		list = append(list, part{name, string(text)})
	}
	var html bytes.Buffer
	if err := page.Execute(&html, map[string]any{"At": at.Format("02.01.2006 15:04"), "Parts": list}); err != nil {
		return nil, err
	}
	if err := add(z, "data.html", html.Bytes()); err != nil {
		return nil, err
	}
	err = z.Close()
	return out.Bytes(), err
}

func add(z *zip.Writer, name string, data []byte) error {
	w, err := z.Create(name)
	if err == nil {
		_, err = w.Write(data)
	}
	return err
}
