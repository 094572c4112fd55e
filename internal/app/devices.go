package app

import (
	"context"

	"kvit/internal/device/broker"
)

// MQTTOptions say how devices reach us over MQTT.
type MQTTOptions struct {
	Listen           string // of our own broker; '' is none
	Certificate, Key string // files; '' speaks without TLS
	From             string // another broker to read: mqtt://user:password@host:1883
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
			if err := broker.Follow(ctx, broker.ClientOptions{URL: o.From, Gateway: o.Gateway, Devices: a.Devices, Log: a.Log}); err != nil && ctx.Err() == nil {
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
