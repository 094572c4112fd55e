package app

import (
	"context"
	"time"
)

// forgetPhotos removes photos of meters whose time has passed, from time to time.
func (a *App) forgetPhotos(ctx context.Context) {
	for {
		if _, err := a.Readings.ForgetPhotos(ctx); err != nil && ctx.Err() == nil {
			a.Log.Error("old photos", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(prunePause):
		}
	}
}
