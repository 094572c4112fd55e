package app

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"log/slog"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/eclipse/paho.golang/paho"
	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/hooks/auth"
	"github.com/mochi-mqtt/server/v2/listeners"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/device/broker"
	"kvit/internal/fault"
)

// certificate makes one for 127.0.0.1 and gives its files.
func certificate(t *testing.T) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "test"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for path, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "EC PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(path, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return cert, key
}

// trusting is how a client trusts a certificate.
func trusting(t *testing.T, cert string) *tls.Config {
	t.Helper()
	text, err := os.ReadFile(cert)
	pool := x509.NewCertPool()
	if err != nil || !pool.AppendCertsFromPEM(text) {
		t.Fatal(err)
	}
	return &tls.Config{RootCAs: pool, ServerName: "127.0.0.1"}
}

// TestOurBrokerSpeaksTLS: with a certificate it hears nobody without TLS.
func TestOurBrokerSpeaksTLS(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newDevices(t, d)
		cert, key := certificate(t)
		b, err := broker.New(broker.Options{Listen: "127.0.0.1:0", Certificate: cert, Key: key, Devices: w.a.Devices, Log: w.a.Log})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(b.Close)
		w.broker = b
		if w.connect("d-17", w.secrets["d-17"]) != nil {
			t.Error("let in without TLS")
		}
		conn, err := tls.Dial("tcp", b.Address(), trusting(t, cert))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		c := paho.NewClient(paho.ClientConfig{Conn: conn})
		if _, err := c.Connect(ctx, &paho.Connect{ClientID: "x", KeepAlive: 30, CleanStart: true, Username: "d-17", UsernameFlag: true, Password: []byte(w.secrets["d-17"]), PasswordFlag: true}); err != nil {
			t.Fatal(err)
		}
		if publish(c, "zhkh/home/d-17/t1", "250") {
			t.Error("not taken over TLS")
		}
		w.catch()
		if got := w.figure(3, 1); got != "250.000" {
			t.Errorf("the reading: %s", got)
		}
		if _, err := broker.New(broker.Options{Listen: "127.0.0.1:0", Certificate: key, Key: key, Devices: w.a.Devices, Log: w.a.Log}); fault.CodeOf(err) != "mqtt.certificate" {
			t.Errorf("a wrong certificate: %v", err)
		}
	})
}

// network is a broker of a network server, over TLS, on an address.
func network(t *testing.T, address string, secure *tls.Config) *mqtt.Server {
	t.Helper()
	server := mqtt.New(&mqtt.Options{InlineClient: true, Logger: slog.New(slog.DiscardHandler)})
	if err := server.AddHook(new(auth.AllowHook), nil); err != nil {
		t.Fatal(err)
	}
	if err := server.AddListener(listeners.NewTCP(listeners.Config{ID: "t", Address: address, TLSConfig: secure})); err != nil {
		t.Fatal(err)
	}
	if err := server.Serve(); err != nil {
		t.Fatal(err)
	}
	return server
}

// TestAnotherBrokerIsFollowed over TLS: its uplinks become readings, each once however often it sends them; after it was
// away it is followed again; a certificate nobody trusts is not.
func TestAnotherBrokerIsFollowed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newDevices(t, d)
		cert, key := certificate(t)
		pair, err := tls.LoadX509KeyPair(cert, key)
		if err != nil {
			t.Fatal(err)
		}
		secure := &tls.Config{Certificates: []tls.Certificate{pair}}
		other := network(t, "127.0.0.1:0", secure)
		l, _ := other.Listeners.Get("t")
		address := l.Address()
		ctx, cancel := context.WithCancel(context.Background())
		followed := make(chan error, 1)
		go func() {
			followed <- broker.Follow(ctx, broker.ClientOptions{URL: "mqtts://" + address, CA: cert, Gateway: "hub", Devices: w.a.Devices, Log: w.a.Log})
		}()
		w.uplinks(other, 600, 2)
		if got := w.figure(1, 0); got != "106.000" {
			t.Errorf("the reading: %s", got)
		}
		_ = other.Close()
		other = network(t, address, secure)
		defer other.Close()
		w.uplinks(other, 610, 1)
		if n := w.messages("read"); n != 2 {
			t.Errorf("read %d messages", n)
		}
		if n := w.messages("double"); n != 1 {
			t.Errorf("%d doubles", n)
		}
		cancel()
		if err := <-followed; err != nil {
			t.Error(err)
		}
		if err := broker.Follow(context.Background(), broker.ClientOptions{URL: "mqtts://" + address, CA: key, Gateway: "hub", Devices: w.a.Devices, Log: w.a.Log}); fault.CodeOf(err) != "mqtt.ca" {
			t.Errorf("no certificates: %v", err)
		}
		if err := broker.Follow(context.Background(), broker.ClientOptions{URL: "mqtts://" + address, Gateway: "d-17", Devices: w.a.Devices, Log: w.a.Log}); fault.CodeOf(err) != "device.gateway" {
			t.Errorf("a device as a gateway: %v", err)
		}
		w.breaches()
	})
}

// uplinks publishes an uplink so many times, once somebody follows, and waits until all are looked into.
func (w *devices) uplinks(other *mqtt.Server, pulses, times int) {
	w.t.Helper()
	topic := "application/1/device/" + eui + "/event/up"
	w.until(func() bool { return len(other.Topics.Subscribers(topic).Subscriptions) > 0 })
	before := w.messages("")
	at := time.Now().Add(-time.Millisecond).UTC().Format(time.RFC3339Nano)
	body := fmt.Sprintf(`{"time":%q,"deviceInfo":{"devEui":%q},"data":%q}`, at, eui, base64.StdEncoding.EncodeToString([]byte{byte(pulses), byte(pulses >> 8), 0, 0}))
	for range times {
		if err := other.Publish(topic, []byte(body), false, 1); err != nil {
			w.t.Fatal(err)
		}
	}
	w.until(func() bool { return w.messages("") >= before+times })
	w.catch()
}

// messages counts those in a state; ” is any.
func (w *devices) messages(state string) (n int) {
	w.t.Helper()
	err := w.a.DB.Read(context.Background(), func(tx *db.Tx) error {
		return tx.QueryRowContext(context.Background(), "SELECT count(*) FROM device_message WHERE state = $1 OR $1 = ''", state).Scan(&n)
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

// until waits for something that must come.
func (w *devices) until(come func() bool) {
	w.t.Helper()
	for end := time.Now().Add(2 * time.Minute); !come(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			w.t.Fatal("it did not come")
		}
	}
}
