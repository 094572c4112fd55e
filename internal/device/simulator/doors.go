package simulator

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/eclipse/paho.golang/paho"

	"kvit/internal/decimal"
)

// wire is a connection of MQTT.
type wire struct{ client *paho.Client }

func dial(ctx context.Context, address string, s *sender) (door, error) {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, err
	}
	c := paho.NewClient(paho.ClientConfig{Conn: conn})
	_, err = c.Connect(ctx, &paho.Connect{ClientID: s.ID, KeepAlive: 30, CleanStart: true, Username: s.ID, UsernameFlag: true, Password: []byte(s.Secret), PasswordFlag: true})
	if err != nil {
		conn.Close()
		return nil, err
	}
	return &wire{c}, nil
}

func (w *wire) close() { _ = w.client.Disconnect(&paho.Disconnect{}) }

func (w *wire) send(ctx context.Context, m *message) error {
	r, err := w.client.Publish(ctx, &paho.Publish{Topic: m.from.Topic, QoS: 1, Payload: m.contract()})
	if err == nil && r != nil && r.ReasonCode >= 0x80 {
		err = fmt.Errorf("reason %d", r.ReasonCode)
	}
	return err
}

// contract is our own form of a message.
func (m *message) contract() []byte {
	values := map[string]json.Number{}
	for _, c := range m.from.channels {
		values[c] = json.Number(m.value.String())
	}
	b, _ := json.Marshal(map[string]any{"device": m.from.ID, "ts": m.at.Format(time.RFC3339), "values": values}) // of texts and numbers
	return b
}

// web posts.
type web struct{ base, kind, gateway string }

func (w *web) close() {}

func (w *web) send(ctx context.Context, m *message) error {
	path, body, secret := "/iot/v1/readings", m.contract(), m.from.Secret
	switch w.kind {
	case Waterius:
		path, body, secret = "/iot/v1/waterius", m.waterius(), ""
	case ChirpStack:
		path, body, secret = "/iot/v1/up?event=up", m.uplink(), w.gateway
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, w.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if secret != "" {
		r.Header.Set("Authorization", "Bearer "+secret)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	if res.StatusCode != http.StatusOK {
		return fmt.Errorf("status %d", res.StatusCode)
	}
	return nil
}

func (m *message) waterius() []byte {
	b, _ := json.Marshal(map[string]any{ // of texts and numbers
		"ch0": json.Number(m.value.String()), "esp_id": json.Number(m.from.ID), "key": m.from.Secret, "timestamp": m.at.Format("2006-01-02T15:04:05-0700"), "battery": 90,
	})
	return b
}

// uplink is what ChirpStack tells of a counter of pulses of a thousandth: four bytes, the lowest first.
func (m *message) uplink() []byte {
	pulses := binary.LittleEndian.AppendUint32(nil, uint32(int64(m.value)/(decimal.Scale/1000)))
	b, _ := json.Marshal(map[string]any{ // of texts and numbers
		"time": m.at.Format(time.RFC3339Nano), "deduplicationId": fmt.Sprint(m.from.ID, m.at.Unix()), "deviceInfo": map[string]string{"devEui": m.from.ID}, "fPort": 2, "data": pulses,
	})
	return b
}
