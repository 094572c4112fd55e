package appeal

import (
	"context"
	"fmt"
	"os"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
)

// picture is a photo of an appeal by the digests of its bytes.
type picture struct {
	no            int
	digest, thumb string
}

func insertPhoto(ctx context.Context, tx *db.Tx, a *Appeal, digest, thumb string, at calendar.Micros) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO appeal_photo (building_id, appeal_id, photo_no, digest, thumb, recorded_at) VALUES ($1, $2, 1, $3, $4, $5)", a.Building, a.ID, digest, thumb, int64(at))
	if err != nil {
		return fmt.Errorf("photo of an appeal: %w", err)
	}
	return nil
}

func listPhotos(ctx context.Context, tx *db.Tx, building, id int64) (list []picture, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT photo_no, digest, thumb FROM appeal_photo WHERE building_id = $1 AND appeal_id = $2 ORDER BY photo_no", building, id)
	if err != nil {
		return nil, fmt.Errorf("photos of an appeal: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		var p picture
		if err := rows.Scan(&p.no, &p.digest, &p.thumb); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, rows.Err()
}

// OpenPhoto gives the bytes of a photo of an appeal the actor may read; small is the one for lists.
func (m *Module) OpenPhoto(ctx context.Context, actor access.Actor, number string, no int, small bool) (*os.File, error) {
	r, err := reachOf(actor, "read")
	if err != nil {
		return nil, err
	}
	var list []picture
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		a, err := find(ctx, tx, r, number)
		if err == nil {
			list, err = listPhotos(ctx, tx, a.Building, a.ID)
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	for _, p := range list {
		if p.no == no && small {
			return m.Photos.Open(p.thumb)
		}
		if p.no == no {
			return m.Photos.Open(p.digest)
		}
	}
	return nil, fault.New(fault.NotFound, "photo.unknown", "Такого фото нет.")
}

// dropTimeout bounds the removal of a picture whose caller has left.
const dropTimeout = 10 * time.Second

// dropPicture deletes the bytes of a picture that no appeal holds. What fails to go is swept by SweepPictures.
func (m *Module) dropPicture(ctx context.Context, digests ...string) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), dropTimeout)
	defer stop()
	for _, digest := range digests {
		if digest == "" {
			continue
		}
		if held, err := m.held(ctx, digest); err == nil && !held {
			_ = m.Photos.Remove(digest) // swept later
		}
	}
}

func (m *Module) held(ctx context.Context, digest string) (held bool, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		var n int
		err := tx.QueryRowContext(ctx, "SELECT count(*) FROM appeal_photo WHERE digest = $1 OR thumb = $1", digest).Scan(&n)
		held = n > 0
		return err
	})
	return held, err
}

// sweepAfter leaves alone what a form is just storing.
const sweepAfter = time.Hour

// SweepPictures deletes bytes no appeal holds: what a crash left.
func (m *Module) SweepPictures(ctx context.Context) error {
	return m.Photos.Each(func(digest string, at time.Time) error {
		if m.Now().Time().Sub(at) < sweepAfter {
			return nil
		}
		held, err := m.held(ctx, digest)
		if err != nil || held {
			return err
		}
		return m.Photos.Remove(digest)
	})
}
