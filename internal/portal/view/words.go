package view

import (
	"cmp"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/web"
)

var monthsIn = [...]string{"", "январе", "феврале", "марте", "апреле", "мае", "июне", "июле", "августе", "сентябре", "октябре", "ноябре", "декабре"}

// prepositional is the month after «в»: больше, чем в октябре.
func prepositional(m calendar.Month) string { return monthsIn[m.Number()] }

// sortBars puts the largest first.
func sortBars(rows []web.Bar) {
	slices.SortStableFunc(rows, func(a, b web.Bar) int { return cmp.Compare(b.Sum, a.Sum) })
}
