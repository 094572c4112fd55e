package broker

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"time"

	"github.com/eclipse/paho.golang/autopaho"
	"github.com/eclipse/paho.golang/paho"

	"kvit/internal/device"
	"kvit/internal/fault"
)

// Reconnecting to a broker: soon at first, then each half minute.
const (
	againFirst = 500 * time.Millisecond
	againMax   = 30 * time.Second
	keepAlive  = 30
	ownSession = 24 * 3600 // seconds for which the other broker keeps what we have not taken
	unackedMax = 500       // so many messages are on their way to the disk at once
)

// ClientOptions say whose broker to read. Gateway is the registered gateway as which its messages come.
type ClientOptions struct {
	URL     string // mqtt://user:password@host:1883, mqtts://…
	CA      string // file of PEM by which the broker of mqtts is trusted; '' are the system's
	Gateway string
	Devices *device.Module
	Log     *slog.Logger
}

// Follow reads a broker until the context ends. What it sends is acknowledged in groups, once they are on the disk.
func Follow(ctx context.Context, o ClientOptions) error {
	address, err := url.Parse(o.URL)
	if err != nil || address.Host == "" {
		return fault.Newf(fault.Invalid, "mqtt.url", "Адрес брокера не разобран. Пример: mqtt://user:password@host:1883").Because(err)
	}
	login, filters, err := o.Devices.Gateway(ctx, o.Gateway)
	if err != nil {
		return err
	}
	f := &follower{devices: o.Devices, login: login, log: o.Log, came: make(chan paho.PublishReceived, unackedMax)}
	cfg := autopaho.ClientConfig{
		ServerUrls: []*url.URL{address}, KeepAlive: keepAlive, SessionExpiryInterval: ownSession, ReconnectBackoff: again,
		OnConnectionUp: func(c *autopaho.ConnectionManager, _ *paho.Connack) { go f.subscribe(ctx, c, filters) },
		OnConnectError: func(err error) { o.Log.Warn("mqtt: the broker does not answer", "error", err) },
		ClientConfig: paho.ClientConfig{
			ClientID: "kvit-" + o.Gateway, EnableManualAcknowledgment: true,
			OnPublishReceived: []func(paho.PublishReceived) (bool, error){func(p paho.PublishReceived) (bool, error) { f.came <- p; return true, nil }},
		},
	}
	if address.User != nil {
		password, _ := address.User.Password()
		cfg.ConnectUsername, cfg.ConnectPassword = address.User.Username(), []byte(password)
	}
	if address.Scheme == "mqtts" || address.Scheme == "tls" {
		if cfg.TlsCfg, err = o.secure(address.Hostname()); err != nil {
			return err
		}
	}
	manager, err := autopaho.NewConnection(ctx, cfg)
	if err != nil {
		return fmt.Errorf("mqtt: %w", err)
	}
	f.keep(ctx)
	<-manager.Done()
	return nil
}

// secure is how the broker of a name is trusted.
func (o *ClientOptions) secure(host string) (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12, ServerName: host}
	if o.CA == "" {
		return c, nil
	}
	text, err := os.ReadFile(o.CA)
	c.RootCAs = x509.NewCertPool()
	if err != nil || !c.RootCAs.AppendCertsFromPEM(text) {
		return nil, fault.Newf(fault.Invalid, "mqtt.ca", "Сертификаты из файла %s не читаются: нужен PEM.", o.CA).Because(err)
	}
	return c, nil
}

func again(try int) time.Duration {
	return min(againFirst<<min(try, 10), againMax)
}

// follower is one connection to a broker.
type follower struct {
	devices *device.Module
	login   *device.Login
	log     *slog.Logger
	came    chan paho.PublishReceived
}

func (f *follower) subscribe(ctx context.Context, c *autopaho.ConnectionManager, filters []string) {
	s := &paho.Subscribe{}
	for _, filter := range filters {
		s.Subscriptions = append(s.Subscriptions, paho.SubscribeOptions{Topic: filter, QoS: 1})
	}
	if _, err := c.Subscribe(ctx, s); err != nil && ctx.Err() == nil {
		f.log.Error("mqtt: no subscription", "error", err)
	}
}

// keep takes what came, group after group. A group that cannot be kept is tried until it is: the broker holds its messages.
func (f *follower) keep(ctx context.Context) {
	for {
		var group []paho.PublishReceived
		select {
		case <-ctx.Done():
			return
		case p := <-f.came:
			group = append(group, p)
		}
		for len(group) < unackedMax && len(f.came) > 0 {
			group = append(group, <-f.came)
		}
		if !f.keepGroup(ctx, group) {
			return
		}
	}
}

func (f *follower) keepGroup(ctx context.Context, group []paho.PublishReceived) bool {
	list := make([]device.Incoming, len(group))
	for i, p := range group {
		list[i] = device.Incoming{Door: device.DoorMQTT, Login: f.login, Topic: p.Packet.Topic, Body: p.Packet.Payload}
	}
	for try := 0; ; try++ {
		_, err := f.devices.Accept(ctx, list...)
		if err == nil {
			break
		}
		f.log.Error("mqtt: messages are not kept", "error", err)
		select {
		case <-ctx.Done():
			return false
		case <-time.After(again(try)):
		}
	}
	for _, p := range group {
		_ = p.Client.Ack(p.Packet) // over a connection that broke since it comes again, and is a double
	}
	return true
}
