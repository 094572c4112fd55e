package app

import (
	"context"
	"errors"
	"path/filepath"
	"time"

	"kvit/internal/appeal"
	"kvit/internal/blob"
)

// buildAppeals builds what residents ask to have checked, and tells bills of it.
func (a *App) buildAppeals() error {
	photos, err := blob.Open(filepath.Join(a.Settings.Data, "appeals"))
	if err != nil {
		return err
	}
	a.Appeals = appeal.New(appeal.Deps{DB: a.DB, Bills: a.Bills, Photos: photos, Zone: a.Zone, Now: a.now})
	a.Bills.Disputed = appeal.Disputed
	return nil
}

// appealPause is how often appeals are looked after.
const appealPause = time.Minute

// lookAfterAppeals hands what was not answered in time to the centre, finds corrections on bills, forgets what was not sent.
func (a *App) lookAfterAppeals(ctx context.Context) {
	a.every(ctx, appealPause, "appeals", func() error {
		return errors.Join(a.Appeals.Escalate(ctx), a.Appeals.Link(ctx), a.Appeals.ForgetDrafts(ctx), a.Appeals.SweepPictures(ctx))
	})
}
