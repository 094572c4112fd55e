// Package profile reads what devices send by profiles: data that say where in a message the device, its time, its
// payload and its figures stand. There are profiles of messages (of a network: ChirpStack, The Things Stack, Waterius …)
// and of payloads (the bytes of one kind of meter).
//
// Owns: the language of profiles, those built in. Does not own: devices, meters, what becomes of a figure.
//
// Invariants: pure; a profile has test vectors, which are run whenever it is read, so one that does not do what it says
// is never in use; figures are exact decimals; whatever a message holds, reading it ends in figures or in a fault.
package profile

import (
	"embed"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"kvit/internal/decimal"
	"kvit/internal/fault"
)

// Profile is a layout. One with Message reads messages; one with Frames or Values reads payloads.
type Profile struct {
	Code       string   `yaml:"profile"`
	Title      string   `yaml:"title"`
	Note       string   `yaml:"note,omitempty"`
	Message    *Message `yaml:"message,omitempty"`
	Frames     []Frame  `yaml:"frames,omitempty"`
	Values     []Value  `yaml:"values,omitempty"`
	Battery    *Battery `yaml:"battery,omitempty"`
	SilentDays int      `yaml:"silent_days,omitempty"` // without a message for longer a device is silent
	Tests      []Test   `yaml:"tests"`
}

// Message says where in a message things stand. Each list is of paths; the first found holds.
type Message struct {
	Topics      []string `yaml:"topics,omitempty"` // of MQTT: + any level, {device}, {field} of a figure alone
	Events      []string `yaml:"events,omitempty"` // of HTTP ?event=: others only tell that the device lives
	Device      []string `yaml:"device,omitempty"`
	DeviceForm  string   `yaml:"device_form,omitempty"` // eui: hexadecimal or base64
	Key         []string `yaml:"key,omitempty"`         // the device's secret, when it stands in the message
	Time        []string `yaml:"time,omitempty"`
	Port        []string `yaml:"port,omitempty"`
	Payload     []string `yaml:"payload,omitempty"`
	PayloadForm string   `yaml:"payload_form,omitempty"` // base64 or hex
	Object      []string `yaml:"object,omitempty"`       // decoded by the network already
}

// Battery says where the charge stands and when it is low.
type Battery struct {
	Percent []string `yaml:"percent,omitempty"`
	Low     []string `yaml:"low,omitempty"` // a yes or no
	Voltage []string `yaml:"voltage,omitempty"`
	Below   string   `yaml:"below,omitempty"` // volts that are low
	below   decimal.Decimal
}

// Value is a figure of a JSON object.
type Value struct {
	Channel  string `yaml:"channel,omitempty"`
	Path     string `yaml:"path,omitempty"`
	Each     string `yaml:"each,omitempty"`        // an object each of whose numbers is a figure; its name is the channel
	Prefix   string `yaml:"prefix_path,omitempty"` // where the number of the meter stands: it begins the channel, «4471201/t1»
	Unit     string `yaml:"unit,omitempty"`
	UnitPath string `yaml:"unit_path,omitempty"`
	Scale    string `yaml:"scale,omitempty"`
	scale    decimal.Decimal
}

// Figure is what one channel showed.
type Figure struct {
	Channel string
	Value   decimal.Decimal
	Unit    string // '' when the message does not tell
}

// Report is what a message tells of one device.
type Report struct {
	Device     string
	Key        string
	Time       time.Time // zero when it is not told
	Battery    int       // percent; -1 is not known
	BatteryLow bool
	Figures    []Figure
}

// Input is a message as it came.
type Input struct {
	Topic string // of MQTT
	Event string // of HTTP ?event=
	Body  []byte
}

//go:embed builtin/*.yaml
var builtin embed.FS

// Builtin gives the profiles that are part of the program.
func Builtin() ([]*Profile, error) {
	names, err := fs.Glob(builtin, "builtin/*.yaml")
	if err != nil {
		return nil, err
	}
	var all []*Profile
	for _, name := range names {
		text, err := builtin.ReadFile(name)
		if err != nil {
			return nil, err
		}
		list, err := Parse(text)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		all = append(all, list...)
	}
	return all, nil
}

// Parse reads profiles, one a YAML document, and runs their tests.
func Parse(text []byte) (list []*Profile, err error) {
	in := yaml.NewDecoder(strings.NewReader(string(text)))
	in.KnownFields(true)
	for {
		p := &Profile{}
		if err := in.Decode(p); err != nil {
			if len(list) > 0 && err.Error() == "EOF" {
				return list, nil
			}
			return nil, invalid("device.profile", "Профиль не разобран: %s.", err).Because(err)
		}
		if err := p.compile(); err != nil {
			return nil, err
		}
		list = append(list, p)
	}
}

func (p *Profile) compile() error {
	if p.Code == "" || p.Title == "" {
		return invalid("device.profile", "В профиле нужны profile (код латиницей) и title (название).")
	}
	if p.Message == nil && len(p.Frames) == 0 && len(p.Values) == 0 {
		return p.wrong("нужен хотя бы один раздел: message, frames или values")
	}
	if err := p.compileMessage(); err != nil {
		return err
	}
	if err := p.compileValues(); err != nil {
		return err
	}
	for i := range p.Frames {
		if err := p.Frames[i].compile(); err != nil {
			return p.wrong("frames, раскладка %d: %s", i+1, err)
		}
	}
	return p.run()
}

func (p *Profile) compileMessage() error {
	m := p.Message
	switch {
	case m == nil:
		return nil
	case m.DeviceForm != "" && m.DeviceForm != "eui":
		return p.wrong("device_form бывает eui")
	case len(m.Payload) > 0 && m.PayloadForm != "hex" && m.PayloadForm != "base64":
		return p.wrong("payload_form бывает hex или base64")
	}
	return nil
}

func (p *Profile) compileValues() (err error) {
	for i := range p.Values {
		v := &p.Values[i]
		if (v.Channel == "" || v.Path == "") && v.Each == "" {
			return p.wrong("values, строка %d: нужны channel и path или each", i+1)
		}
		if v.scale, err = scaleOf(v.Scale); err != nil {
			return p.wrong("values, строка %d: %s", i+1, err)
		}
		if err := checkUnit(v.Unit); err != nil {
			return p.wrong("values, строка %d: %s", i+1, err)
		}
	}
	if p.Battery != nil && p.Battery.Below != "" {
		if p.Battery.below, err = decimal.Parse(p.Battery.Below); err != nil {
			return p.wrong("battery.below: %s", err)
		}
	}
	return nil
}

func scaleOf(s string) (decimal.Decimal, error) {
	if s == "" {
		return decimal.FromInt(1), nil
	}
	v, err := decimal.Parse(s)
	if err == nil && v <= 0 {
		err = fmt.Errorf("множитель scale должен быть больше нуля")
	}
	return v, err
}

func (p *Profile) wrong(format string, args ...any) error {
	return invalid("device.profile", "Профиль %s: %s.", p.Code, fmt.Sprintf(format, args...))
}

func invalid(code, format string, args ...any) *fault.Error {
	return fault.Newf(fault.Invalid, code, format, args...)
}

// Find gives a profile by its code; the last of several holds.
func Find(list []*Profile, code string) *Profile {
	for _, p := range slices.Backward(list) {
		if p.Code == code {
			return p
		}
	}
	return nil
}
