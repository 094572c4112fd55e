package db

import (
	"slices"
	"testing"
)

func TestIn(t *testing.T) {
	for _, c := range []struct {
		name   string
		values []int64
		want   string
		args   []any
	}{
		{"none", nil, "1 = 0", []any{"x"}},
		{"one", []int64{5}, "a IN ($2)", []any{"x", int64(5)}},
		{"two", []int64{5, 6}, "a IN ($2,$3)", []any{"x", int64(5), int64(6)}},
		{"up to a power of two", []int64{5, 6, 7}, "a IN ($2,$3,$4,$5)", []any{"x", int64(5), int64(6), int64(7), int64(7)}},
	} {
		args := []any{"x"}
		if got := In("a", c.values, &args); got != c.want || !slices.Equal(args, c.args) {
			t.Errorf("%s: %s %v, want %s %v", c.name, got, args, c.want, c.args)
		}
	}
}
