package calendar

import (
	_ "embed"
	"fmt"
	"strings"
	"sync"
	"time"
)

//go:embed exceptions.txt
var exceptionsText string

// exceptions are the days on which the production calendar differs from the week: true is off, false is worked.
var exceptions = sync.OnceValue(func() map[Date]bool {
	days := map[Date]bool{}
	for line := range strings.Lines(exceptionsText) {
		f := strings.Fields(line)
		if len(f) < 4 || f[0] == "#" {
			continue
		}
		for _, day := range f[3:] {
			d, err := ParseDate(f[0] + "-" + day)
			if err != nil {
				panic(fmt.Sprintf("exceptions.txt: %v", err)) // the file is ours
			}
			days[d] = f[1] == "off"
		}
	}
	return days
})

// DayOff tells whether a day is not worked by the Russian production calendar (ТК РФ ст. 111, 112; the
// government's moves). Years without a decree follow the week and the list of holidays as far as it is known.
func DayOff(d Date) bool {
	if off, ok := exceptions()[d]; ok {
		return off
	}
	w := d.Weekday()
	return w == time.Saturday || w == time.Sunday
}

// NextWorkday is d itself when it is worked, else the first working day after it (ГК РФ ст. 193).
func NextWorkday(d Date) Date {
	for DayOff(d) {
		d = d.AddDays(1)
	}
	return d
}
