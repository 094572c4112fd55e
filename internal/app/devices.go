package app

import (
	"context"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/device/broker"
)

// forgetMessages removes messages of devices whose term has passed, from time to time.
func (a *App) forgetMessages(ctx context.Context) {
	if a.Settings.DeviceDays <= 0 {
		return
	}
	a.every(ctx, prunePause, "old messages of devices", func() error {
		_, err := a.Devices.Forget(ctx, calendar.MicrosOf(time.Now().AddDate(0, 0, -a.Settings.DeviceDays)))
		return err
	})
}

// MQTTOptions say how devices reach us over MQTT.
type MQTTOptions struct {
	Listen           string // of our own broker; '' is none
	Certificate, Key string // files; '' speaks without TLS
	From             string // another broker to read: mqtt://user:password@host:1883
	FromCA           string // file of the certificates that broker is trusted by; '' are the system's
	Gateway          string // the registered gateway as which its messages come
	Ready            func(address string)
}

// serveDevices keeps what devices send and gives readings of it, until the context ends.
func (a *App) serveDevices(ctx context.Context, o MQTTOptions) error {
	go a.Devices.Collect(ctx)
	go a.Devices.Work(ctx)
	if o.From != "" {
		if _, _, err := a.Devices.Gateway(ctx, o.Gateway); err != nil {
			return err
		}
		go func() {
			if err := broker.Follow(ctx, broker.ClientOptions{URL: o.From, CA: o.FromCA, Gateway: o.Gateway, Devices: a.Devices, Log: a.Log}); err != nil && ctx.Err() == nil {
				a.Log.Error("mqtt: the other broker", "error", err)
			}
		}()
	}
	if o.Listen == "" {
		return nil
	}
	b, err := broker.New(broker.Options{Listen: o.Listen, Certificate: o.Certificate, Key: o.Key, Devices: a.Devices, Log: a.Log})
	if err != nil {
		return err
	}
	if o.Ready != nil {
		o.Ready(b.Address())
	}
	go func() {
		<-ctx.Done()
		b.Close()
	}()
	return nil
}
