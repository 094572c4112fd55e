package reading

import (
	"context"
	"fmt"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
)

// PhotoMonths is how long a photo is kept: as long as a reading may be argued about in the yearly recalculation.
const PhotoMonths = 12

// Why photos go.
const tooOld = "срок хранения 12 месяцев прошёл"

// forgetAtOnce is how many photos are removed between looks at the table.
const forgetAtOnce = 200

// ForgetPhotos removes the photos whose time has passed and tells how many. The bytes go first: stopped in between, the
// next round finds the photo again. Bytes that no photo names go too.
func (m *Module) ForgetPhotos(ctx context.Context) (gone int, err error) {
	before := calendar.MicrosOf(m.Now().Time().AddDate(0, -PhotoMonths, 0))
	for {
		var list []Photo
		err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
			list, err = queryPhotos(ctx, tx, "WHERE p.taken_at < $1"+photoHeld+" ORDER BY p.taken_at LIMIT $2", int64(before), forgetAtOnce)
			return err
		})
		if err == nil && len(list) == 0 {
			err = m.sweepPictures(ctx)
		}
		if err != nil || len(list) == 0 {
			return gone, err
		}
		for i := range list {
			if err := m.forget(ctx, &list[i]); err != nil {
				return gone, fmt.Errorf("photo %s: %w", list[i].Ref(), err)
			}
			gone++
		}
	}
}

// ForgetHome removes the photos of a home's meters that its residents gave.
func (m *Module) ForgetHome(ctx context.Context, h Home) error {
	var list []Photo
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = queryPhotos(ctx, tx, "WHERE p.building_id = $1 AND p.household_id = $2"+photoHeld, h.Building, h.Household)
		return err
	})
	for i := range list {
		if err == nil {
			err = m.forget(ctx, &list[i])
		}
	}
	return err
}

func (m *Module) forget(ctx context.Context, p *Photo) error {
	m.photos.Lock()
	defer m.photos.Unlock()
	if err := m.drop(ctx, p); err != nil {
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		b := db.NewBulk("reading_photo", photoTable...)
		p.addTo(b, m.Now(), Origin{Author: "kvit"}, tooOld)
		return tx.Load(ctx, b)
	})
}

// drop deletes the bytes of a photo that no other photo holds.
func (m *Module) drop(ctx context.Context, p *Photo) error {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), dropTimeout) // a caller who left leaves no picture behind
	defer stop()
	for _, digest := range []string{p.digest, p.thumb} {
		if digest == "" {
			continue
		}
		var others []Photo
		err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
			others, err = queryPhotos(ctx, tx, "WHERE (p.digest = $1 OR p.thumb = $1) AND NOT (p.building_id = $2 AND p.meter_id = $3 AND p.photo_id = $4)"+photoHeld+" LIMIT 1",
				digest, p.Building, p.Meter, p.ID)
			return err
		})
		if err == nil && len(others) == 0 {
			err = m.Photos.Remove(digest)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

const dropTimeout = 10 * time.Second
