// Package broker brings messages over MQTT: a broker of our own that devices publish to, and a client of somebody else's
// broker, such as ChirpStack's.
//
// Owns no table. Does not own: who may send and what messages mean (device). It alone knows the MQTT libraries.
//
// Invariants: nobody comes in without a secret; a device writes and reads its own topics only; a message of QoS 1 or 2 is
// acknowledged once it is on the disk, and when it cannot be kept the connection is cut, so that the sender sends again.
package broker

import (
	"context"
	"crypto/tls"
	"fmt"
	"log/slog"
	"net"
	"sync"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/listeners"
	"github.com/mochi-mqtt/server/v2/packets"

	"kvit/internal/device"
	"kvit/internal/device/profile"
	"kvit/internal/fault"
)

// Bounds of the broker: what a client may hold of its memory.
const (
	clientsMax     = 50_000
	writesMax      = 64
	inflightMax    = 256
	sessionSeconds = 3600
	findTime       = 5 * time.Second
	keepTime       = 30 * time.Second
)

// Options say where the broker listens. Without a certificate it speaks plain MQTT: on loopback or behind a proxy only.
type Options struct {
	Listen           string
	Certificate, Key string // files of PEM
	Devices          *device.Module
	Log              *slog.Logger
}

// Broker is a broker that runs.
type Broker struct {
	server  *mqtt.Server
	address string
}

// New starts a broker.
func New(o Options) (*Broker, error) {
	secure, err := o.secure()
	if err != nil {
		return nil, err
	}
	caps := mqtt.NewDefaultServerCapabilities()
	caps.MaximumClients, caps.MaximumClientWritesPending, caps.MaximumPacketSize = clientsMax, writesMax, profile.BodyMax+1024
	caps.MaximumInflight, caps.ReceiveMaximum, caps.MaximumSessionExpiryInterval = inflightMax, inflightMax, sessionSeconds
	server := mqtt.New(&mqtt.Options{Capabilities: caps, Logger: slog.New(slog.DiscardHandler)})
	if err := server.AddHook(&doorman{devices: o.Devices, log: o.Log, logins: map[*mqtt.Client]*device.Login{}}, nil); err != nil {
		return nil, err
	}
	l := listeners.NewTCP(listeners.Config{ID: "mqtt", Address: o.Listen, TLSConfig: secure})
	if err := server.AddListener(l); err != nil {
		return nil, fault.Newf(fault.Unavailable, "mqtt.listen", "Адрес MQTT %s занят или недоступен. Укажите другой: --mqtt.", o.Listen).Because(err)
	}
	if err := server.Serve(); err != nil {
		return nil, fmt.Errorf("mqtt: %w", err)
	}
	return &Broker{server, l.Address()}, nil
}

// secure is the certificate of the broker; nil is none.
func (o *Options) secure() (*tls.Config, error) {
	if o.Certificate == "" {
		return nil, nil
	}
	pair, err := tls.LoadX509KeyPair(o.Certificate, o.Key)
	if err != nil {
		return nil, fault.Newf(fault.Invalid, "mqtt.certificate", "Сертификат %s или ключ %s не читается.", o.Certificate, o.Key).Because(err)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// Address is where the broker listens.
func (b *Broker) Address() string { return b.address }

// Close lets the clients go.
func (b *Broker) Close() { _ = b.server.Close() }

// doorman decides who comes in, what they may, and keeps what they publish.
type doorman struct {
	mqtt.HookBase
	devices *device.Module
	log     *slog.Logger

	mu     sync.Mutex
	logins map[*mqtt.Client]*device.Login
}

// ID names the hook.
func (*doorman) ID() string { return "kvit" }

// Provides tells which events the hook is asked about.
func (*doorman) Provides(b byte) bool {
	switch b {
	case mqtt.OnPacketRead, mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnPublish, mqtt.OnDisconnect, mqtt.OnWill:
		return true
	}
	return false
}

// OnPacketRead puts the user's name before the id a client gives itself: nobody takes over the session of another.
func (*doorman) OnPacketRead(_ *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	if pk.FixedHeader.Type == packets.Connect {
		pk.Connect.ClientIdentifier = string(pk.Connect.Username) + "/" + pk.Connect.ClientIdentifier
	}
	return pk, nil
}

// OnConnectAuthenticate lets in whose secret is right.
func (d *doorman) OnConnectAuthenticate(c *mqtt.Client, pk packets.Packet) bool {
	ctx, cancel := context.WithTimeout(context.Background(), findTime)
	defer cancel()
	from, _, err := net.SplitHostPort(c.Net.Remote)
	if err != nil {
		from = c.Net.Remote
	}
	login, err := d.devices.FindLogin(ctx, from, string(pk.Connect.Username), string(pk.Connect.Password))
	if err != nil {
		if !fault.Is(err, fault.Unauthenticated) && !fault.Is(err, fault.Limited) {
			d.log.Error("mqtt: who connects is not known", "error", err)
		}
		return false
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.logins[c] = login
	return true
}

func (d *doorman) login(c *mqtt.Client) *device.Login {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.logins[c]
}

// OnACLCheck holds a client to its own topics.
func (d *doorman) OnACLCheck(c *mqtt.Client, topic string, write bool) bool {
	login := d.login(c)
	if login == nil {
		return false
	}
	if write {
		return login.MayPublish(topic)
	}
	return login.MaySubscribe(topic)
}

// OnPublish keeps a message before it is acknowledged.
func (d *doorman) OnPublish(c *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	login := d.login(c)
	if login == nil {
		return pk, packets.ErrRejectPacket
	}
	ctx, cancel := context.WithTimeout(context.Background(), keepTime)
	defer cancel()
	if _, err := d.devices.Accept(ctx, device.Incoming{Door: device.DoorMQTT, Login: login, Topic: pk.TopicName, Body: pk.Payload}); err != nil {
		if fault.Is(err, fault.Invalid) {
			return pk, nil // sent again it would be refused again
		}
		d.log.Error("mqtt: a message is not kept", "device", login.ID, "error", err)
		c.Stop(err)
		return pk, packets.ErrRejectPacket
	}
	return pk, nil
}

// OnWill drops last wills: they would be published past the rules of topics.
func (*doorman) OnWill(*mqtt.Client, mqtt.Will) (mqtt.Will, error) { return mqtt.Will{}, nil }

// OnDisconnect forgets who a client was.
func (d *doorman) OnDisconnect(c *mqtt.Client, _ error, _ bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.logins, c)
}
