package device

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/hex"
	"strings"

	"kvit/internal/db"
	"kvit/internal/device/profile"
	"kvit/internal/fault"
)

// TokenPrefix marks secrets of devices, so that they are told from tokens of programs and found when leaked.
const TokenPrefix = "kvitdev_"

// codeSigns are those of a code on a sticker: nobody confuses them when reading.
const (
	codeSigns  = "23456789ABCEHKMPTX"
	codeLength = 10
)

// newSecret is 192 random bits.
func newSecret() string { return TokenPrefix + hex.EncodeToString(random(24)) }

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails
	return b
}

// newCode is a code to be typed by a person: 10 signs of 18, guessed by nobody.
func newCode() string {
	var b strings.Builder
	for b.Len() < codeLength {
		if x := random(1)[0]; int(x) < 256/len(codeSigns)*len(codeSigns) { // each sign as likely as another
			b.WriteByte(codeSigns[int(x)%len(codeSigns)])
		}
	}
	return b.String()
}

// cleanCode is a code as it was given, however it is typed.
func cleanCode(s string) string {
	return strings.NewReplacer(" ", "", "-", "", "А", "A", "В", "B", "С", "C", "Е", "E", "Н", "H", "К", "K", "М", "M", "Р", "P", "Т", "T", "Х", "X").Replace(strings.ToUpper(s))
}

// Login is who sends: a device, or a gateway.
type Login struct{ Device }

var errLogin = fault.New(fault.Unauthenticated, "device.login", "Прибор не узнан: имя или секрет не подошли.")

// FindLogin gives the device of an outside id whose secret it is, to whoever asks from an address.
func (m *Module) FindLogin(ctx context.Context, from, outsideID, secret string) (*Login, error) {
	return m.login(ctx, from+" "+outsideID, "outside_id = $1", outsideID, secret)
}

// FindToken gives the device of a secret that says nothing but itself.
func (m *Module) FindToken(ctx context.Context, from, secret string) (*Login, error) {
	if !strings.HasPrefix(secret, TokenPrefix) {
		return nil, errLogin
	}
	digest := digestOf(secret)
	return m.login(ctx, from+" "+digest, "secret = $1", digest, secret)
}

// login finds a device and counts those who do not know its secret.
func (m *Module) login(ctx context.Context, who, where, arg, secret string) (*Login, error) {
	if err := m.tries.check(who, m.Now()); err != nil {
		return nil, err
	}
	var d Device
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		d, err = find(ctx, tx, where, arg)
		return err
	})
	if err != nil && !fault.Is(err, fault.NotFound) {
		return nil, err
	}
	known := err == nil && d.knows(secret)
	m.tries.count(who, m.Now(), !known)
	if !known {
		return nil, errLogin
	}
	return &Login{d}, nil
}

// knows tells whether a secret is the device's own.
func (d *Device) knows(secret string) bool {
	return d.secret != "" && secret != "" && subtle.ConstantTimeCompare([]byte(d.secret), []byte(digestOf(secret))) == 1
}

// Base is the topic under which everything of a device stands.
func (d *Device) Base() string {
	owner := d.Owner
	if owner == "" {
		owner = "home"
	}
	return "zhkh/" + owner + "/" + d.OutsideID
}

// MayPublish tells whether the login may write a topic: its own, or those its registration names.
func (l *Login) MayPublish(topic string) bool {
	return l.owns(topic) || l.Topic != "" && covers(l.Topic, topic)
}

// MaySubscribe tells whether the login may read a filter. What is not inside its own topics is refused.
func (l *Login) MaySubscribe(filter string) bool { return l.owns(filter) }

func (l *Login) owns(topic string) bool {
	return topic == l.Base() || strings.HasPrefix(topic, l.Base()+"/")
}

// covers tells whether a filter of MQTT takes a topic.
func covers(filter, topic string) bool {
	if strings.HasPrefix(topic, "$") || strings.ContainsAny(topic, "+#") {
		return false
	}
	want, have := strings.Split(filter, "/"), strings.Split(topic, "/")
	for i, w := range want {
		switch {
		case w == "#":
			return true
		case i >= len(have) || w != "+" && w != have[i]:
			return false
		}
	}
	return len(want) == len(have)
}

// Gateway gives a registered gateway by its id, and the topics its profile reads.
func (m *Module) Gateway(ctx context.Context, outsideID string) (l *Login, filters []string, err error) {
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		d, err := find(ctx, tx, "outside_id = $1", outsideID)
		if fault.Is(err, fault.NotFound) || err == nil && !d.Gateway {
			return invalid("device.gateway", "Шлюза %s нет в списке приборов. Заведите его: kvit devices load.", outsideID)
		}
		if err != nil {
			return err
		}
		all, err := m.inForce(ctx, tx)
		if err != nil {
			return err
		}
		l = &Login{d}
		if filters = profile.Find(all, d.Profile).Filters(); d.Topic != "" {
			filters = []string{d.Topic}
		}
		return nil
	})
	if err == nil && len(filters) == 0 {
		err = invalid("device.gateway_topic", "У шлюза %s нет тем: укажите topic в списке приборов.", outsideID)
	}
	return l, filters, err
}
