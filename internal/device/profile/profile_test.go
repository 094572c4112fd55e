package profile

import (
	"strings"
	"testing"

	"kvit/internal/decimal"
	"kvit/internal/fault"
)

// TestBuiltinProfilesReadTheirVectors: those that are part of the program are read, with their tests, and have names of
// their own.
func TestBuiltinProfilesReadTheirVectors(t *testing.T) {
	list, err := Builtin()
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, p := range list {
		if seen[p.Code] {
			t.Errorf("%s stands twice", p.Code)
		}
		seen[p.Code] = true
	}
	for _, want := range []string{"kvit", "chirpstack", "chirpstack3", "tts", "vega", "loriot", "waterius", "zigbee2mqtt", "homeassistant", "si11"} {
		if !seen[want] {
			t.Errorf("no profile %s", want)
		}
	}
}

// TestFieldsOfEveryKind: numbers of every type, order of bytes, mask and place are read exactly.
func TestFieldsOfEveryKind(t *testing.T) {
	for name, c := range map[string]struct{ frame, data, want string }{
		"unsigned, lowest first":  {"{at: 1, length: 4, scale: 0.001}", "ff a0 86 01 00", "100"},
		"unsigned, highest first": {"{at: 0, length: 3, endian: big}", "01 86 a0", "100000"},
		"below zero":              {"{at: 0, length: 2, type: int}", "fe ff", "-2"},
		"digits, lowest first":    {"{at: 0, length: 4, type: bcd, scale: 0.01}", "78 56 34 12", "123456.78"},
		"digits, highest first":   {"{at: 0, length: 2, type: bcd, endian: big}", "12 34", "1234"},
		"four bytes of a float":   {"{at: 0, type: float}", "00 80 7a 43", "250.5"},
		"eight bytes of a float":  {"{at: 0, length: 8, type: float, endian: big}", "40 59 00 00 00 00 00 00", "100"},
		"from the end":            {"{at: -2, length: 2}", "00 00 00 10 00", "16"},
		"some bits":               {"{at: 0, length: 4, mask: 0x00ffff00, shift: 8}", "ff 34 12 ff", "4660"},
	} {
		t.Run(name, func(t *testing.T) {
			text := "profile: x\ntitle: x\nframes:\n  - values: [" + strings.Replace(c.frame, "{", "{channel: v, ", 1) + "]\ntests:\n  - {data: \"" + c.data + "\", values: {v: \"" + c.want + "\"}}\n"
			if _, err := Parse([]byte(text)); err != nil {
				t.Error(err)
			}
		})
	}
}

// TestAWrongProfileIsNotTaken: one without tests, with a test that comes out otherwise, or that cannot be what it says.
func TestAWrongProfileIsNotTaken(t *testing.T) {
	for name, text := range map[string]string{
		"no tests":       "profile: x\ntitle: x\nframes: [{values: [{channel: v, at: 0}]}]\n",
		"another value":  "profile: x\ntitle: x\nframes: [{values: [{channel: v, at: 0}]}]\ntests: [{data: \"01\", values: {v: \"2\"}}]\n",
		"too few bytes":  "profile: x\ntitle: x\nframes: [{values: [{channel: v, at: 0, length: 4}]}]\ntests: [{data: \"01\", values: {v: \"1\"}}]\n",
		"unknown unit":   "profile: x\ntitle: x\nframes: [{values: [{channel: v, at: 0, unit: bucket}]}]\ntests: [{data: \"01\", values: {v: \"1\"}}]\n",
		"unknown key":    "profile: x\ntitle: x\nframe: []\ntests: [{data: \"01\"}]\n",
		"float of three": "profile: x\ntitle: x\nframes: [{values: [{channel: v, at: 0, length: 3, type: float}]}]\ntests: [{data: \"010203\"}]\n",
		"nothing":        "",
	} {
		if _, err := Parse([]byte(text)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestUnitsAreExact: figures of a device become those of the meter, rounded once.
func TestUnitsAreExact(t *testing.T) {
	for _, c := range []struct{ value, weight, from, to, want string }{
		{"251904", "1", "L", "m3", "251.904"},
		{"12345", "10", "L", "m3", "123.45"},
		{"1", "1", "Gcal", "GJ", "4.1868"},
		{"4.1868", "1", "GJ", "Gcal", "1"},
		{"10", "1", "GJ", "Gcal", "2.3884590"}, // 10 / 4.1868 = 2.38845896…
		{"1", "1", "Gcal", "MWh", "1.163"},
		{"1.5", "1", "MWh", "kWh", "1500"},
		{"7", "1", "", "m3", "7"},
		{"104.5", "40", "kWh", "kWh", "4180"},
	} {
		v, _ := decimal.Parse(c.value)
		w, _ := decimal.Parse(c.weight)
		want, _ := decimal.Parse(c.want)
		if got, err := Dial(v, w, c.from, c.to); err != nil || got != want {
			t.Errorf("%s × %s %s is %v %s (%v), want %s", c.value, c.weight, c.from, got, c.to, err, c.want)
		}
	}
	if _, err := Dial(decimal.FromInt(1), decimal.FromInt(1), "L", "kWh"); fault.CodeOf(err) != "device.unit_kind" {
		t.Errorf("litres on a meter of electricity: %v", err)
	}
}

// FuzzRead: whatever is sent, it ends in figures or in a fault.
func FuzzRead(f *testing.F) {
	list, err := Builtin()
	if err != nil {
		f.Fatal(err)
	}
	for _, p := range list {
		for _, t := range p.Tests {
			f.Add(t.Topic, []byte(t.Message))
		}
	}
	payload := Find(list, "si11")
	f.Fuzz(func(t *testing.T, topic string, body []byte) {
		for _, p := range list {
			if p.Message == nil {
				continue
			}
			r, err := p.Read(Input{Topic: topic, Body: body}, func(string) *Profile { return payload })
			if err != nil && fault.As(err).Kind != fault.Invalid {
				t.Fatalf("%s: %v", p.Code, err)
			}
			if err == nil && r == nil {
				t.Fatalf("%s: nothing", p.Code)
			}
		}
	})
}
