package console

import (
	"context"
	"fmt"
	"net/http"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/web"
)

// once does what a form asks and leads to the page of its result. The same form pressed again leads to the same page and
// does nothing.
func (m *Module) once(w http.ResponseWriter, r *http.Request, do func(actor string) (page string, err error)) error {
	key, err := web.FormKey(r)
	if err != nil {
		return err
	}
	ctx, actor := r.Context(), access.FromContext(r.Context()).String()
	page, err := m.pressed(ctx, key, actor)
	if err == nil && page == "" {
		if page, err = do(actor); err == nil {
			err = m.rememberPress(ctx, key, actor, page)
		}
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, page)
}

// pressed is the page an earlier press of a form led its actor to; empty when there was none.
func (m *Module) pressed(ctx context.Context, key, actor string) (page string, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		return db.Fold(tx.QueryRowContext(ctx, "SELECT location FROM console_press WHERE form_key = $1 AND actor = $2", key, actor).Scan(&page))
	})
	if fault.Is(err, fault.NotFound) {
		return "", nil
	}
	return page, err
}

func (m *Module) rememberPress(ctx context.Context, key, actor, page string) error {
	err := m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "INSERT INTO console_press (form_key, actor, location, pressed_at) VALUES ($1, $2, $3, $4) ON CONFLICT (form_key) DO NOTHING", key, actor, page, int64(m.Now()))
		return err
	})
	if err != nil {
		return fmt.Errorf("remember a press: %w", err)
	}
	return nil
}
