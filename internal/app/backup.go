package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"kvit/internal/backup"
	"kvit/internal/calendar"
	"kvit/internal/console"
)

// Backup says where copies go.
type Backup struct {
	Dir    string        // '': no copies are made by themselves
	Public string        // the key they are sealed with
	Keep   time.Duration // how long any moment can be returned to; 0: for good
}

// backupLate is how old the last good copy may be before it is an alarm: twelve rounds of copying missed.
const backupLate = 2 * time.Minute

// newMaker makes what makes copies of this installation.
func (a *App) newMaker(dir, public string, keep time.Duration) (*backup.Maker, error) {
	s, err := backup.Create(dir, public)
	if err != nil {
		return nil, err
	}
	return &backup.Maker{DB: a.DB, URL: a.Settings.DatabaseURL, Dir: a.Settings.Data, Store: s, Keep: keep, Version: a.Settings.Version, Now: a.now, Log: a.Log}, nil
}

// MakeCopy makes one whole copy of this moment.
func (a *App) MakeCopy(ctx context.Context) (*backup.Copy, error) {
	b := a.Settings.Backup
	m, err := a.newMaker(b.Dir, b.Public, b.Keep)
	if err != nil {
		return nil, err
	}
	return m.Once(ctx)
}

// beginCopies prepares copying; a key or folder that is wrong is said at once.
func (a *App) beginCopies() (err error) {
	if a.Settings.Backup.Dir != "" {
		a.copies, err = a.newMaker(a.Settings.Backup.Dir, a.Settings.Backup.Public, a.Settings.Backup.Keep)
	}
	return err
}

// alarmPause is how often an alarm about copies is repeated.
const alarmPause = time.Minute

// keepCopies keeps copies while the server runs, and says when they are late. stop waits until they end.
func (a *App) keepCopies(ctx context.Context) (stop func()) {
	if a.copies == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(ctx)
	a.copiesSince = a.now()
	go a.every(ctx, alarmPause, "copies are late", func() error {
		if s := a.copyState(); s.Late {
			return fmt.Errorf("the last good copy is of %q; %w", a.Stamp(s.LastAt), errors.New(s.Trouble))
		}
		return nil
	})
	done := make(chan struct{})
	go func() {
		defer close(done)
		a.copies.KeepUp(ctx)
	}()
	return func() {
		cancel()
		<-done
	}
}

// copyState tells how copies stand.
func (a *App) copyState() console.CopyState {
	if a.copies == nil {
		return console.CopyState{}
	}
	s := a.copies.Status()
	x := console.CopyState{On: true, Dir: a.Settings.Backup.Dir, WholeAt: s.WholeAt, LastAt: s.LastAt, Trouble: s.Trouble}
	last := a.copiesSince
	if s.WholeAt != 0 {
		last = s.LastAt
	}
	x.Late = a.now()-last > calendar.Micros(backupLate/time.Microsecond)
	if x.Late && x.Trouble == "" {
		x.Trouble = "Первая копия ещё не готова."
	}
	return x
}
