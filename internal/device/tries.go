package device

import (
	"sync"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/fault"
)

// Bounds of wrong secrets: so many in so long from one address under one name, then nobody is listened to there until the
// time has passed. Another address under that name is: nobody shuts out a device by guessing.
const (
	triesMax  = 10
	triesTime = 15 * time.Minute
	triesKept = 100_000 // names remembered at once
)

var errTries = fault.New(fault.Limited, "device.tries", "Слишком много попыток с неверным секретом. Проверьте секрет и повторите через 15 минут.")

// tries counts wrong secrets.
type tries struct {
	mu     sync.Mutex
	failed map[string]failures
}

type failures struct {
	count int
	since calendar.Micros
}

func (f failures) over(now calendar.Micros) bool {
	return f.since < now-calendar.Micros(triesTime/time.Microsecond)
}

// check refuses whoever failed too often.
func (t *tries) check(name string, now calendar.Micros) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if f := t.failed[name]; f.count >= triesMax && !f.over(now) {
		return errTries
	}
	return nil
}

// count notes how a try ended: one that succeeded clears what was before.
func (t *tries) count(name string, now calendar.Micros, failed bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if !failed {
		delete(t.failed, name)
		return
	}
	if t.failed == nil || len(t.failed) >= triesKept {
		t.sweep(now)
	}
	f := t.failed[name]
	if f.over(now) {
		f = failures{since: now}
	}
	f.count++
	t.failed[name] = f
}

// sweep forgets what is over; when too much is left, all of it: memory is bounded before anything else.
func (t *tries) sweep(now calendar.Micros) {
	left := map[string]failures{}
	for name, f := range t.failed {
		if !f.over(now) {
			left[name] = f
		}
	}
	if len(left) >= triesKept {
		clear(left)
	}
	t.failed = left
}
