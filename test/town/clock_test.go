package town

import (
	"sync/atomic"
	"time"

	"kvit/internal/calendar"
)

// clock is the only time the town knows. It moves when the town says so, and a microsecond with each look, so that no
// two facts are recorded at one moment.
type clock struct{ at atomic.Int64 }

func newClock(at time.Time) *clock {
	c := &clock{}
	c.at.Store(int64(calendar.MicrosOf(at)))
	return c
}

// now is the moment; the program looks at it through Settings.Clock.
func (c *clock) now() calendar.Micros { return calendar.Micros(c.at.Add(1)) }

// pass moves the clock on.
func (c *clock) pass(d time.Duration) { c.at.Add(d.Microseconds()) }

// until moves the clock to an hour of a day of the town, never back.
func (c *clock) until(day calendar.Date, hour int) {
	at := int64(calendar.MicrosOf(day.Time(zone).Add(time.Duration(hour) * time.Hour)))
	if at > c.at.Load() {
		c.at.Store(at)
	}
}
