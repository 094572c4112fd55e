package profile

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"kvit/internal/decimal"
)

// Frame is a layout of payload bytes, for payloads that meet its condition.
type Frame struct {
	When    When    `yaml:"when,omitempty"`
	Endian  string  `yaml:"endian,omitempty"` // little (by default) or big
	Time    *Field  `yaml:"time,omitempty"`   // seconds since 1970
	Battery *Field  `yaml:"battery,omitempty"`
	Low     *Field  `yaml:"battery_low,omitempty"` // not zero is low
	Values  []Field `yaml:"values,omitempty"`
}

// When is the condition of a frame; what is not given is not asked.
type When struct {
	Port   *int   `yaml:"port,omitempty"`
	First  string `yaml:"first,omitempty"` // first bytes, hexadecimal
	Length *int   `yaml:"length,omitempty"`
	Min    *int   `yaml:"min_length,omitempty"`
	first  []byte
}

// Field is a number in the bytes.
type Field struct {
	Channel string `yaml:"channel,omitempty"`
	At      int    `yaml:"at"` // from zero; below zero from the end
	Length  int    `yaml:"length,omitempty"`
	Type    string `yaml:"type,omitempty"`   // uint (by default), int, bcd, float
	Endian  string `yaml:"endian,omitempty"` // of the frame unless given
	Mask    string `yaml:"mask,omitempty"`   // hexadecimal, before the shift
	Shift   int    `yaml:"shift,omitempty"`  // bits to the right
	Scale   string `yaml:"scale,omitempty"`
	Unit    string `yaml:"unit,omitempty"`
	Absent  string `yaml:"absent,omitempty"` // bytes that mean there is no figure, hexadecimal
	mask    uint64
	scale   decimal.Decimal
	absent  []byte
	big     bool
}

// Types of fields and the most bytes they take.
var fieldLengths = map[string][]int{"uint": {1, 2, 3, 4, 5, 6, 7, 8}, "int": {1, 2, 3, 4, 5, 6, 7, 8}, "bcd": {1, 2, 3, 4, 5, 6, 7, 8}, "float": {4, 8}}

func (f *Frame) compile() (err error) {
	if f.When.first, err = hexBytes(f.When.First); err != nil {
		return fmt.Errorf("when.first: %w", err)
	}
	if f.Endian != "" && f.Endian != "little" && f.Endian != "big" {
		return fmt.Errorf("endian бывает little или big")
	}
	for i := range f.Values {
		if f.Values[i].Channel == "" {
			return fmt.Errorf("поле %d: нужен channel", i+1)
		}
	}
	for _, field := range f.all() {
		if err := field.compile(f.Endian); err != nil {
			return fmt.Errorf("поле с байта %d: %w", field.At, err)
		}
	}
	return nil
}

// all are the fields of a frame.
func (f *Frame) all() (list []*Field) {
	for i := range f.Values {
		list = append(list, &f.Values[i])
	}
	for _, x := range []*Field{f.Time, f.Battery, f.Low} {
		if x != nil {
			list = append(list, x)
		}
	}
	return list
}

func (f *Field) compile(endian string) (err error) {
	if f.Type == "" {
		f.Type = "uint"
	}
	if f.Length == 0 {
		f.Length = 1
		if f.Type == "float" {
			f.Length = 4
		}
	}
	if f.Endian == "" {
		f.Endian = endian
	}
	f.big = f.Endian == "big"
	if !slices.Contains(fieldLengths[f.Type], f.Length) {
		return fmt.Errorf("тип %s длиной %d байт не бывает", f.Type, f.Length)
	}
	if f.Shift < 0 || f.Shift > 63 {
		return fmt.Errorf("shift бывает от 0 до 63")
	}
	f.mask = math.MaxUint64
	if f.Mask != "" {
		if f.mask, err = strconv.ParseUint(strings.TrimPrefix(f.Mask, "0x"), 16, 64); err != nil {
			return fmt.Errorf("mask – шестнадцатеричное число")
		}
	}
	if f.absent, err = hexBytes(f.Absent); err != nil {
		return fmt.Errorf("absent: %w", err)
	}
	if f.scale, err = scaleOf(f.Scale); err != nil {
		return err
	}
	return checkUnit(f.Unit)
}

// hexBytes reads bytes written by twos, with spaces or without.
func hexBytes(s string) ([]byte, error) {
	b, err := hex.DecodeString(strings.NewReplacer(" ", "", "\n", "", "\t", "", ":", "", "-", "").Replace(strings.TrimPrefix(strings.TrimSpace(s), "0x")))
	if err != nil {
		return nil, fmt.Errorf("%q – не шестнадцатеричные байты", s)
	}
	return b, nil
}

func (w *When) holds(port int, payload []byte) bool {
	return (w.Port == nil || *w.Port == port) && (w.Length == nil || *w.Length == len(payload)) && (w.Min == nil || len(payload) >= *w.Min) &&
		len(payload) >= len(w.first) && string(payload[:len(w.first)]) == string(w.first)
}

// bytes are those of a field; ok is false when the payload is too short, or says that there is no figure.
func (f *Field) bytes(payload []byte) (b []byte, absent bool, err error) {
	at := f.At
	if at < 0 {
		at += len(payload)
	}
	if at < 0 || at+f.Length > len(payload) {
		return nil, false, fmt.Errorf("байт %d, а нужно от %d по %d", len(payload), f.At, f.At+f.Length-1)
	}
	b = slices.Clone(payload[at : at+f.Length])
	if len(f.absent) > 0 && string(b) == string(f.absent) {
		return nil, true, nil
	}
	if !f.big {
		slices.Reverse(b)
	}
	return b, false, nil
}

// read gives the number of a field.
func (f *Field) read(payload []byte) (v decimal.Decimal, absent bool, err error) {
	b, absent, err := f.bytes(payload)
	if err != nil || absent {
		return 0, absent, err
	}
	switch f.Type {
	case "float":
		v, err = floatOf(b)
	case "bcd":
		v, err = bcdOf(b)
	default:
		v, err = f.whole(b)
	}
	if err != nil {
		return 0, false, err
	}
	v, err = Dial(v, f.scale, "", "")
	return v, false, err
}

// whole reads a number of up to eight bytes, the highest first.
func (f *Field) whole(b []byte) (decimal.Decimal, error) {
	var wide [8]byte
	copy(wide[8-len(b):], b)
	u := binary.BigEndian.Uint64(wide[:])
	if f.Type == "int" {
		unused := 64 - 8*len(b)
		return wholeDecimal(int64(u<<unused) >> unused)
	}
	u = u & f.mask >> f.Shift
	if u > math.MaxInt64 {
		return 0, fmt.Errorf("число больше, чем бывает на счётчике")
	}
	return wholeDecimal(int64(u))
}

func wholeDecimal(n int64) (decimal.Decimal, error) {
	if most := int64(math.MaxInt64 / decimal.Scale); n > most || n < -most {
		return 0, fmt.Errorf("число %d больше, чем бывает на счётчике", n)
	}
	return decimal.FromInt(n), nil
}

// bcdOf reads digits, two a byte, the highest first.
func bcdOf(b []byte) (decimal.Decimal, error) {
	var n int64
	for _, x := range b {
		hi, lo := int64(x>>4), int64(x&15)
		if hi > 9 || lo > 9 {
			return 0, fmt.Errorf("байт %s – не две десятичные цифры", hex.EncodeToString([]byte{x}))
		}
		if n > math.MaxInt64/1000 {
			return 0, fmt.Errorf("число больше, чем бывает на счётчике")
		}
		n = n*100 + hi*10 + lo
	}
	return wholeDecimal(n)
}

// floatOf reads a float as the shortest decimal that is written so: 250.5 of four bytes is 250.5.
func floatOf(b []byte) (decimal.Decimal, error) {
	v, size := math.Float64frombits(wideOf(b)), 64
	if len(b) == 4 {
		v, size = float64(math.Float32frombits(binary.BigEndian.Uint32(b))), 32
	}
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return 0, fmt.Errorf("дробное число без значения")
	}
	return number(strconv.FormatFloat(v, 'f', -1, size))
}

func wideOf(b []byte) uint64 {
	if len(b) != 8 {
		return 0
	}
	return binary.BigEndian.Uint64(b)
}

// decode reads a payload by the first frame whose condition holds.
func (p *Profile) decode(port int, payload []byte, r *Report) error {
	at := slices.IndexFunc(p.Frames, func(f Frame) bool { return f.When.holds(port, payload) })
	if at < 0 {
		return invalid("device.frame", "Профиль %s не описывает такое сообщение: порт %d, байт %d, первый %s.", p.Code, port, len(payload), firstByte(payload))
	}
	f := &p.Frames[at]
	for i := range f.Values {
		v := &f.Values[i]
		n, absent, err := v.read(payload)
		if err != nil {
			return invalid("device.payload", "Профиль %s, канал %s: %s.", p.Code, v.Channel, err)
		}
		if !absent {
			unit, _ := ParseUnit(v.Unit) // checked when the profile was read
			r.Figures = append(r.Figures, Figure{v.Channel, n, unit})
		}
	}
	if err := f.around(payload, r); err != nil {
		return invalid("device.payload", "Профиль %s: %s.", p.Code, err)
	}
	return nil
}

// around reads time and battery.
func (f *Frame) around(payload []byte, r *Report) error {
	for _, x := range []struct {
		field *Field
		name  string
		set   func(v decimal.Decimal)
	}{
		{f.Time, "time", func(v decimal.Decimal) { r.Time = time.Unix(int64(v)/decimal.Scale, 0).UTC() }},
		{f.Battery, "battery", func(v decimal.Decimal) { r.percent(v) }},
		{f.Low, "battery_low", func(v decimal.Decimal) { r.BatteryLow = r.BatteryLow || v != 0 }},
	} {
		if x.field == nil {
			continue
		}
		v, absent, err := x.field.read(payload)
		if err != nil {
			return fmt.Errorf("%s: %w", x.name, err)
		}
		if !absent {
			x.set(v)
		}
	}
	return nil
}

func firstByte(payload []byte) string {
	if len(payload) == 0 {
		return "–"
	}
	return fmt.Sprintf("%02x", payload[0])
}
