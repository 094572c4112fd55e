package notice

import (
	"time"

	"kvit/internal/calendar"
)

// The usual quiet hours, minutes of the day: ux.md, principle 10.
const (
	quietFrom = 21 * 60
	quietTo   = 9 * 60
	dayLength = 24 * 60
)

// Loud gives the earliest moment from at on that is outside the quiet hours [from, to), minutes of the local day. Equal
// minutes are no quiet hours.
func Loud(at time.Time, from, to int) time.Time {
	minute := at.Hour()*60 + at.Minute()
	inside := minute >= from && minute < to
	if from > to {
		inside = minute >= from || minute < to
	}
	if from == to || !inside {
		return at
	}
	end := time.Date(at.Year(), at.Month(), at.Day(), to/60, to%60, 0, 0, at.Location())
	if !end.After(at) {
		end = time.Date(at.Year(), at.Month(), at.Day()+1, to/60, to%60, 0, 0, at.Location())
	}
	return end
}

// loud is the earliest moment from at on when a person may be told of a topic.
func (m *Module) loud(at calendar.Micros, p *Wishes, topic Topic) calendar.Micros {
	if topic.about().urgent {
		return at
	}
	return calendar.MicrosOf(Loud(at.Time().In(m.Zone), p.QuietFrom, p.QuietTo))
}
