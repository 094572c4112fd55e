package profile

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"kvit/internal/decimal"
)

// Test is a message or a payload and what must be read from it.
type Test struct {
	Name    string            `yaml:"name,omitempty"`
	Topic   string            `yaml:"topic,omitempty"`
	Event   string            `yaml:"event,omitempty"`
	Message string            `yaml:"message,omitempty"` // of profiles of messages
	Port    int               `yaml:"port,omitempty"`
	Data    string            `yaml:"data,omitempty"`   // bytes, hexadecimal
	Object  string            `yaml:"object,omitempty"` // JSON that the network decoded
	Device  string            `yaml:"device,omitempty"`
	Key     string            `yaml:"key,omitempty"`
	Time    string            `yaml:"time,omitempty"`
	Payload string            `yaml:"payload,omitempty"` // the bytes found, hexadecimal
	Values  map[string]string `yaml:"values,omitempty"`
	Units   map[string]string `yaml:"units,omitempty"`
	Battery *int              `yaml:"battery,omitempty"`
	Low     bool              `yaml:"battery_low,omitempty"`
	Refused bool              `yaml:"refused,omitempty"` // it cannot be read
}

// run runs the test vectors.
func (p *Profile) run() error {
	if len(p.Tests) == 0 {
		return p.wrong("нужна хотя бы одна проверка: tests с сообщением и тем, что из него читается")
	}
	for i := range p.Tests {
		t := &p.Tests[i]
		if err := p.try(t); err != nil {
			return p.wrong("проверка %s: %s", strings.TrimSpace(strconv.Itoa(i+1)+" "+t.Name), err)
		}
	}
	return nil
}

// try runs one.
func (p *Profile) try(t *Test) error {
	r, payload, err := p.readTest(t)
	switch {
	case t.Refused && err == nil:
		return fmt.Errorf("прочиталось, а не должно: %s", r.told())
	case t.Refused:
		return nil
	case err != nil:
		return err
	}
	return t.compare(r, payload)
}

func (p *Profile) readTest(t *Test) (r *Report, payload string, err error) {
	if p.Message != nil {
		r, err = p.Read(Input{Topic: t.Topic, Event: t.Event, Body: []byte(t.Message)}, func(string) *Profile { return nil })
		if t.Payload != "" && err == nil {
			payload, err = p.payloadOf(t)
		}
		return r, payload, err
	}
	r = &Report{Battery: -1}
	if t.Object != "" {
		var object any
		read := json.NewDecoder(strings.NewReader(t.Object))
		read.UseNumber()
		if err := read.Decode(&object); err != nil {
			return nil, "", fmt.Errorf("object – не JSON")
		}
		p.battery(object, r)
		return r, "", p.figures(object, r)
	}
	raw, err := hexBytes(t.Data)
	if err != nil {
		return nil, "", err
	}
	return r, "", p.decode(t.Port, raw, r)
}

// payloadOf is the payload that a message of a test carries.
func (p *Profile) payloadOf(t *Test) (string, error) {
	object, _, err := p.parse(&Input{Topic: t.Topic, Body: []byte(t.Message)})
	if err != nil {
		return "", err
	}
	raw, err := p.Message.bytes(textAt(object, p.Message.Payload))
	return fmt.Sprintf("%x", raw), err
}

// compare tells what came out otherwise.
func (t *Test) compare(r *Report, payload string) error {
	for _, x := range []struct{ what, got, want string }{{"прибор", r.Device, t.Device}, {"ключ", r.Key, t.Key}, {"байты", payload, strings.ToLower(strings.ReplaceAll(t.Payload, " ", ""))}} {
		if x.got != x.want && x.want != "" {
			return fmt.Errorf("%s %q, а должен быть %q", x.what, x.got, x.want)
		}
	}
	if want, err := time.Parse(time.RFC3339, t.Time); t.Time != "" && (err != nil || !want.Equal(r.Time)) {
		return fmt.Errorf("время %s, а должно быть %s", r.Time.Format(time.RFC3339), t.Time)
	}
	if t.Battery != nil && *t.Battery != r.Battery || t.Low != r.BatteryLow {
		return fmt.Errorf("заряд %d, мало: %s", r.Battery, map[bool]string{true: "да", false: "нет"}[r.BatteryLow])
	}
	return t.figures(r)
}

func (t *Test) figures(r *Report) error {
	got := map[string]Figure{}
	for _, f := range r.Figures {
		got[f.Channel] = f
	}
	for _, channel := range slices.Sorted(maps.Keys(t.Values)) {
		want, err := decimal.Parse(t.Values[channel])
		if f, ok := got[channel]; err != nil || !ok || f.Value != want {
			return fmt.Errorf("канал %s: должно быть %s, а вышло: %s", channel, t.Values[channel], r.told())
		}
	}
	for channel, want := range t.Units {
		if got[channel].Unit != want {
			return fmt.Errorf("канал %s: единица %q, а должна быть %q", channel, got[channel].Unit, want)
		}
	}
	if len(got) != len(t.Values) {
		return fmt.Errorf("показаний %d, а должно быть %d: %s", len(got), len(t.Values), r.told())
	}
	return nil
}

// told lists the figures of a report.
func (r *Report) told() string {
	if len(r.Figures) == 0 {
		return "показаний нет"
	}
	var list []string
	for _, f := range r.Figures {
		list = append(list, strings.TrimSpace(f.Channel+" = "+f.Value.String()+" "+f.Unit))
	}
	return strings.Join(list, ", ")
}
