package app

import (
	"context"
)

// forgetPhotos removes photos of meters whose time has passed, from time to time.
func (a *App) forgetPhotos(ctx context.Context) {
	a.every(ctx, prunePause, "old photos", func() error {
		_, err := a.Readings.ForgetPhotos(ctx)
		return err
	})
}
