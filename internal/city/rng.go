package city

import (
	"hash/fnv"
	"math/bits"
	"strconv"
)

// rng is SplitMix64: a few lines that will give the same numbers for ever, which a library does not promise.
type rng struct{ state uint64 }

// seeded makes an independent stream for a purpose: a house or a file draws the same whatever was drawn before.
func seeded(seed int64, purpose string, n int) *rng {
	h := fnv.New64a()
	h.Write([]byte(strconv.FormatInt(seed, 10) + "/" + purpose + "/" + strconv.Itoa(n)))
	return &rng{h.Sum64()}
}

func (r *rng) next() uint64 {
	r.state += 0x9e3779b97f4a7c15
	z := r.state
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return z ^ z>>31
}

// below draws from 0 to n-1.
func (r *rng) below(n int) int {
	hi, _ := bits.Mul64(r.next(), uint64(n))
	return int(hi)
}

// between draws from a to b, both included.
func (r *rng) between(a, b int) int { return a + r.below(b-a+1) }

// percent is true p times of a hundred.
func (r *rng) percent(p int) bool { return r.below(100) < p }

// million draws from 0 to 999 999: rates of rare things are counted per million.
func (r *rng) million() int { return r.below(1_000_000) }

func pick[T any](r *rng, list []T) T { return list[r.below(len(list))] }

// weighted draws an index with the given weights.
func (r *rng) weighted(weights ...int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	x := r.below(sum)
	for i, w := range weights {
		if x < w {
			return i
		}
		x -= w
	}
	return len(weights) - 1
}
