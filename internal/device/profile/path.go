package profile

import (
	"encoding/json"
	"fmt"
	"math"
	"math/big"
	"strconv"
	"strings"
	"time"

	"kvit/internal/decimal"
)

// at follows a path: keys parted by points, places of a list, a key with points in brackets.
func at(object any, path string) any {
	for path != "" {
		var key string
		if strings.HasPrefix(path, "[") {
			key, path, _ = strings.Cut(path[1:], "]")
			path = strings.TrimPrefix(path, ".")
		} else {
			key, path, _ = strings.Cut(path, ".")
		}
		switch x := object.(type) {
		case map[string]any:
			object = x[key]
		case []any:
			n, err := strconv.Atoi(key)
			if err != nil || n < 0 || n >= len(x) {
				return nil
			}
			object = x[n]
		default:
			return nil
		}
	}
	return object
}

// valueAt is what stands at the first of the paths where anything does.
func valueAt(object any, paths []string) any {
	for _, p := range paths {
		if v := at(object, p); v != nil {
			return v
		}
	}
	return nil
}

func textAt(object any, paths []string) string {
	switch x := valueAt(object, paths).(type) {
	case string:
		return x
	case json.Number:
		return x.String()
	}
	return ""
}

func numberAt(object any, paths []string) (decimal.Decimal, bool) {
	v := valueAt(object, paths)
	if v == nil {
		return 0, false
	}
	n, err := numberOf(v)
	return n, err == nil
}

func numberOf(raw any) (decimal.Decimal, error) {
	switch x := raw.(type) {
	case json.Number:
		return number(x.String())
	case string:
		return number(strings.Replace(strings.TrimSpace(x), ",", ".", 1))
	}
	return 0, fmt.Errorf("%v: не число", raw)
}

// Bounds of a written number.
const (
	numberMax   = 40
	exponentMax = 20
)

// number reads a written number exactly, rounded once to what a figure keeps.
func number(s string) (decimal.Decimal, error) {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || len(s) > numberMax || strings.ContainsAny(s, "/_xXpP") || math.Abs(f) > FigureMax/decimal.Scale || f != 0 && math.Abs(f) < math.Pow10(-exponentMax) {
		return 0, fmt.Errorf("%q: не число", s)
	}
	v, ok := new(big.Rat).SetString(s)
	if !ok {
		return 0, fmt.Errorf("%q: не число", s)
	}
	text := v.FloatString(decimal.Digits)
	return decimal.Parse(text)
}

// times are the forms in which devices write moments.
var times = []string{time.RFC3339Nano, "2006-01-02T15:04:05Z0700", "2006-01-02 15:04:05Z07:00", "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05"}

// millis is from where on a number of seconds must be milliseconds.
const millis = 100_000_000_000

// timeOf reads a moment; zero when there is none.
func timeOf(raw any) time.Time {
	if n, err := numberOf(raw); err == nil {
		return time.Unix(int64(n)/decimal.Scale, 0).UTC()
	}
	if n, ok := raw.(json.Number); ok { // more than a figure holds: milliseconds
		if ms, err := n.Int64(); err == nil && ms > millis {
			return time.UnixMilli(ms).UTC()
		}
	}
	text, _ := raw.(string)
	for _, layout := range times {
		if t, err := time.Parse(layout, text); err == nil {
			return t.UTC()
		}
	}
	return time.Time{}
}
