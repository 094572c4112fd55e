package app

import (
	"context"

	"kvit/internal/status"
)

// messageSample is how messages to people go; none is sent by this installation yet.
func (a *App) messageSample(context.Context) ([]status.Sample, error) { return nil, nil }
