package biller

import (
	"sync"

	"kvit/internal/calendar"
)

// limits bound how often one network asks in the name of one agent. A stranger who floods spends his own measure, not the
// agent's.
type limits struct {
	mu      sync.Mutex
	buckets map[string]bucket
}

// bucket holds what may still be asked, in millionths of a request.
type bucket struct {
	level int64
	at    calendar.Micros
}

// bucketsMax bounds the networks remembered; forgetting only gives each a fresh measure.
const bucketsMax = 10_000

// oneRequest in millionths; a microsecond brings rate millionths back.
const oneRequest = 1_000_000

// take spends one request of a bucket that holds a second's worth and fills at the rate.
func (l *limits) take(name string, rate int, now calendar.Micros) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	full := int64(rate) * oneRequest
	b, known := l.buckets[name]
	if !known {
		b = bucket{full, now}
		if l.buckets == nil || len(l.buckets) >= bucketsMax {
			l.buckets = map[string]bucket{}
		}
	}
	passed := min(max(0, int64(now-b.at)), oneRequest) // a second fills it
	b.level, b.at = min(full, b.level+passed*int64(rate)), max(b.at, now)
	ok := b.level >= oneRequest
	if ok {
		b.level -= oneRequest
	}
	l.buckets[name] = b
	return ok
}
