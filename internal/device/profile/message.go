package profile

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/decimal"
)

// BodyMax bounds a message, in bytes.
const BodyMax = 64 << 10

// lowPercent is the charge that is low.
const lowPercent = 15

// Read reads a message by its profile, and its payload by the other, which may be nil: then the message itself has the
// figures. A message of another kind (a join, a sign of life) has none.
func (p *Profile) Read(in Input, payload func(device string) *Profile) (*Report, error) {
	if p.Message == nil {
		return nil, p.wrong("это профиль прибора, а не сообщения")
	}
	object, topic, err := p.parse(&in)
	if err != nil {
		return nil, err
	}
	m := p.Message
	r := &Report{Battery: -1, Device: topic["device"]}
	if text := textAt(object, m.Device); text != "" {
		r.Device = text
	}
	if r.Device, err = m.deviceName(r.Device); err != nil {
		return nil, err
	}
	r.Key, r.Time = textAt(object, m.Key), timeOf(valueAt(object, m.Time))
	p.battery(object, r)
	if len(m.Events) > 0 && in.Event != "" && !slices.Contains(m.Events, in.Event) {
		return r, nil
	}
	if err := p.figures(object, r); err != nil {
		return nil, err
	}
	if inner := payload(r.Device); inner != nil {
		return r, p.inside(object, inner, r)
	}
	return r, nil
}

// inside reads what the network decoded, or the bytes of the payload.
func (p *Profile) inside(object any, inner *Profile, r *Report) error {
	if decoded := p.Message.decoded(object); len(decoded) > 0 && len(inner.Values) > 0 {
		inner.battery(decoded, r)
		return inner.figures(decoded, r)
	}
	text := textAt(object, p.Message.Payload)
	if text == "" {
		return nil // a join, a status: nothing of the meter
	}
	if len(inner.Frames) == 0 {
		return invalid("device.undecoded", "Профиль %s читает разобранное сообщение, а пришли байты. Включите разбор в сети или добавьте frames.", inner.Code)
	}
	raw, err := p.Message.bytes(text)
	if err != nil {
		return err
	}
	port, _ := numberAt(object, p.Message.Port) // left out when it is zero
	return inner.decode(int(int64(port)/decimal.Scale), raw, r)
}

// decoded is what the network decoded: an object, or its text.
func (m *Message) decoded(object any) map[string]any {
	switch x := valueAt(object, m.Object).(type) {
	case map[string]any:
		return x
	case string:
		var inner map[string]any
		read := json.NewDecoder(strings.NewReader(x))
		read.UseNumber()
		if read.Decode(&inner) == nil {
			return inner
		}
	}
	return nil
}

func (m *Message) bytes(text string) (raw []byte, err error) {
	if m.PayloadForm == "hex" {
		raw, err = hexBytes(text)
	} else {
		raw, err = base64.StdEncoding.DecodeString(text)
	}
	if err != nil {
		return nil, invalid("device.payload", "Байты сообщения не разобрать: это не %s.", m.PayloadForm).Because(err)
	}
	return raw, nil
}

// parse reads a body: a JSON object, or a figure alone whose name stands in the topic.
func (p *Profile) parse(in *Input) (object any, topic map[string]string, err error) {
	if len(in.Body) > BodyMax {
		return nil, nil, invalid("device.large", "Сообщение длиннее %d КБ.", BodyMax>>10)
	}
	topic, known := p.topic(in.Topic)
	if !known {
		return nil, nil, invalid("device.topic", "Профиль %s не описывает тему %s.", p.Code, in.Topic)
	}
	body := bytes.TrimSpace(in.Body)
	if field := topic["field"]; field != "" && !bytes.HasPrefix(body, []byte("{")) {
		return map[string]any{field: json.Number(unquoted(body))}, topic, nil
	}
	read := json.NewDecoder(bytes.NewReader(body))
	read.UseNumber()
	if err := read.Decode(&object); err != nil {
		return nil, nil, invalid("device.json", "Сообщение – не JSON.").Because(err)
	}
	if _, ok := object.(map[string]any); !ok {
		return nil, nil, invalid("device.json", "Сообщение – не объект JSON.")
	}
	return object, topic, nil
}

// unquoted is a figure alone, quoted or not.
func unquoted(body []byte) string { return strings.Trim(string(body), `"`) }

// topic takes a topic apart by the patterns of the profile. Without a topic nothing is asked: HTTP has none.
func (p *Profile) topic(topic string) (found map[string]string, known bool) {
	if topic == "" || len(p.Message.Topics) == 0 {
		return nil, true
	}
	for _, pattern := range p.Message.Topics {
		if found, ok := match(pattern, topic); ok {
			return found, true
		}
	}
	return nil, false
}

func match(pattern, topic string) (map[string]string, bool) {
	want, have := strings.Split(pattern, "/"), strings.Split(topic, "/")
	if len(want) != len(have) {
		return nil, false
	}
	found := map[string]string{}
	for i, w := range want {
		switch {
		case strings.HasPrefix(w, "{") && strings.HasSuffix(w, "}"):
			found[w[1:len(w)-1]] = have[i]
		case w != "+" && w != have[i]:
			return nil, false
		}
	}
	return found, true
}

// Filters are what a client subscribes to for messages of the profile.
func (p *Profile) Filters() (list []string) {
	if p.Message == nil {
		return nil
	}
	for _, pattern := range p.Message.Topics {
		levels := strings.Split(pattern, "/")
		for i, l := range levels {
			if strings.HasPrefix(l, "{") {
				levels[i] = "+"
			}
		}
		list = append(list, strings.Join(levels, "/"))
	}
	return list
}

// euiBytes is how long an EUI is.
const euiBytes = 8

// deviceName writes a device as it is registered: an EUI in small hexadecimal letters, whether it came so or in base64.
func (m *Message) deviceName(s string) (string, error) {
	if m.DeviceForm != "eui" || s == "" {
		return strings.TrimSpace(s), nil
	}
	if b, err := hexBytes(s); err == nil && len(b) == euiBytes {
		return hex.EncodeToString(b), nil
	}
	if b, err := base64.StdEncoding.DecodeString(s); err == nil && len(b) == euiBytes {
		return hex.EncodeToString(b), nil
	}
	return "", invalid("device.eui", "Номер прибора %q – не EUI: нужно 16 шестнадцатеричных знаков.", s)
}

// figures reads those of an object.
func (p *Profile) figures(object any, r *Report) error {
	for i := range p.Values {
		v := &p.Values[i]
		unit, err := v.unit(object)
		if err != nil {
			return err
		}
		if v.Each != "" {
			if err := v.each(object, unit, r); err != nil {
				return err
			}
			continue
		}
		raw := at(object, v.Path)
		if raw == nil {
			continue
		}
		if err := v.add(v.Channel, raw, unit, r); err != nil {
			return err
		}
	}
	return nil
}

func (v *Value) unit(object any) (string, error) {
	if v.UnitPath != "" {
		if text := textAt(object, []string{v.UnitPath}); text != "" {
			return ParseUnit(text)
		}
	}
	return ParseUnit(v.Unit)
}

// each takes every number of an object, in the order of their names.
func (v *Value) each(object any, unit string, r *Report) error {
	list, _ := at(object, v.Each).(map[string]any)
	prefix := ""
	if meter := textAt(object, []string{v.Prefix}); v.Prefix != "" && meter != "" {
		prefix = meter + "/"
	}
	names := make([]string, 0, len(list))
	for name := range list {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		if err := v.add(prefix+name, list[name], unit, r); err != nil {
			return err
		}
	}
	return nil
}

func (v *Value) add(channel string, raw any, unit string, r *Report) error {
	n, err := numberOf(raw)
	if err == nil {
		n, err = Dial(n, v.scale, "", "")
	}
	if err != nil {
		return invalid("device.value", "Канал %s: %q – не показание.", channel, fmt.Sprint(raw))
	}
	r.Figures = append(r.Figures, Figure{channel, n, unit})
	return nil
}

func (p *Profile) battery(object any, r *Report) {
	b := p.Battery
	if b == nil {
		return
	}
	if v, ok := numberAt(object, b.Percent); ok {
		r.percent(v)
	}
	if low, ok := valueAt(object, b.Low).(bool); ok && low {
		r.BatteryLow = true
	}
	if v, ok := numberAt(object, b.Voltage); ok && b.below != 0 && v < b.below {
		r.BatteryLow = true
	}
}

// percent takes a charge; what is no percentage is no charge.
func (r *Report) percent(v decimal.Decimal) {
	if n := int64(v) / decimal.Scale; n >= 0 && n <= 100 {
		r.Battery = int(n)
		r.BatteryLow = r.BatteryLow || n < lowPercent
	}
}
