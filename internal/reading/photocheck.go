package reading

import (
	"context"
	"fmt"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/ledger"
)

// Times photos are given: bytes come before their row, and go before the row that withdraws them.
const (
	photoPause = time.Hour      // a picture without a row is left alone so long: its row may be on the way
	photoGrace = 48 * time.Hour // the job that forgets photos may be so late
)

// checkPhotos tells of photos whose bytes are not there or whose time has passed, and of bytes that no photo names.
func (m *Module) checkPhotos(ctx context.Context, tx *db.Tx) ([]ledger.Breach, error) {
	held, err := queryPhotos(ctx, tx, "WHERE TRUE"+photoHeld)
	if err != nil {
		return nil, err
	}
	stored := map[string]bool{}
	loose, err := m.loosePictures(held, m.Now().Time().Add(-photoGrace), func(digest string) { stored[digest] = true })
	if err != nil {
		return nil, err
	}
	pictures, term := ledger.Breach{ID: "I20.photos_have_pictures", Rows: []string{}}, ledger.Breach{ID: "I20.photos_within_term", Rows: []string{}}
	oldest := calendar.MicrosOf(m.Now().Time().AddDate(0, -PhotoMonths, 0).Add(-photoGrace))
	for i := range held {
		p := &held[i]
		row := fmt.Sprintf("%d/%d/%d", p.Building, p.Meter, p.ID)
		if !stored[p.digest] || !stored[p.thumb] {
			add(&pictures, row)
		}
		if p.At < oldest {
			add(&term, row)
		}
	}
	for _, digest := range loose {
		add(&pictures, digest)
	}
	return []ledger.Breach{pictures, term}, nil
}

// add counts a row that breaks an invariant; the first ten are named.
func add(b *ledger.Breach, row string) {
	const named = 10
	if b.Count++; len(b.Rows) < named {
		b.Rows = append(b.Rows, row)
	}
}

// loosePictures are the bytes older than a moment that none of the photos names. Every picture is told.
func (m *Module) loosePictures(held []Photo, before time.Time, stored func(digest string)) (loose []string, err error) {
	named := map[string]bool{}
	for i := range held {
		named[held[i].digest], named[held[i].thumb] = true, true
	}
	err = m.Photos.Each(func(digest string, at time.Time) error {
		stored(digest)
		if !named[digest] && at.Before(before) {
			loose = append(loose, digest)
		}
		return nil
	})
	return loose, err
}

// sweepPictures removes bytes that no photo names: a crash between a picture and its row left them.
func (m *Module) sweepPictures(ctx context.Context) error {
	m.photos.Lock()
	defer m.photos.Unlock()
	var held []Photo
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		held, err = queryPhotos(ctx, tx, "WHERE TRUE"+photoHeld)
		return err
	})
	if err != nil {
		return err
	}
	loose, err := m.loosePictures(held, m.Now().Time().Add(-photoPause), func(string) {})
	for _, digest := range loose {
		if err == nil {
			err = m.Photos.Remove(digest)
		}
	}
	return err
}
