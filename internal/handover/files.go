package handover

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"kvit/internal/db"
	"kvit/internal/fault"
)

// WriteFiles writes the messages that wait for other centres into a folder, for a carrier; again writes those that were sent too. A
// message that was written counts as sent.
func (m *Module) WriteFiles(ctx context.Context, dir, id string, again bool) (*Sent, error) {
	out := &Sent{Files: []string{}, Troubles: []string{}}
	if err := errors.Join(m.finishOpen(ctx), m.SendOn(ctx)); err != nil {
		return out, err
	}
	if err := os.MkdirAll(dir, 0o750); err != nil {
		return out, fault.Newf(fault.Invalid, "handover.dir", "Папка %s не создаётся. Проверьте путь и права.", dir).Because(err)
	}
	var list []stored
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		where := "WHERE direction = $1 AND taken_at = 0 AND handover_id LIKE $2 ORDER BY handover_id, number"
		if again {
			where = "WHERE direction = $1 AND handover_id LIKE $2 ORDER BY handover_id, number"
		}
		if id != "" {
			h, err := find(ctx, tx, id)
			if err != nil {
				return err
			}
			id = h.ID
		}
		var err error
		list, err = listMessages(ctx, tx, where, sent, id+"%")
		return err
	})
	if err != nil {
		return out, err
	}
	for i := range list {
		s := &list[i]
		path := filepath.Join(dir, s.fileName())
		if err := os.WriteFile(path, s.Body, 0o600); err != nil {
			return out, fmt.Errorf("write message: %w", err)
		}
		out.Files, out.Messages = append(out.Files, path), out.Messages+1
		if err := m.delivered(ctx, s); err != nil {
			return out, err
		}
	}
	return out, m.count(ctx, out)
}

// fileName tells which step of which hand-over a file is.
func (s *stored) fileName() string {
	return fmt.Sprintf("handover-%s-%02d-%s.json", s.Handover[:idShort], s.Number, s.Kind)
}
