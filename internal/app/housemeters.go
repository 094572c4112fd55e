package app

import (
	"context"

	"kvit/internal/calendar"
)

// measureHouses lets the own meters of houses know what day it is, once a day: a month that passed without a reading is
// charged by their average.
func (a *App) measureHouses(ctx context.Context, done calendar.Date) calendar.Date {
	today := calendar.DateOf(a.now().Time().In(a.Zone))
	if today == done {
		return done
	}
	if _, err := a.Meters.CatchUp(ctx); err != nil {
		if ctx.Err() == nil {
			a.Log.Error("meters of houses", "error", err)
		}
		return done
	}
	return today
}
