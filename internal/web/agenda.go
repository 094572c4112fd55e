package web

import (
	"strconv"

	"kvit/internal/calendar"
)

// Agenda is the calendar of a month: what happens on which day. The list says everything; the grid beside it, on a wide
// screen, shows where in the month it is.
type Agenda struct {
	Title  string
	Month  calendar.Month
	Today  calendar.Date
	Events []AgendaEvent // by day
}

// AgendaEvent is something that happens on a day.
type AgendaEvent struct {
	On    calendar.Date
	Title string
	Icon  string // of the sprite
	Done  bool   // nothing has to be done about it any more
}

// weeks are the days of the month by weeks from Monday; 0 is a day of another month.
func (a *Agenda) weeks() (list [][7]calendar.Date) {
	first := a.Month.First()
	place := (int(first.Weekday()) + 6) % 7
	var week [7]calendar.Date
	for day := first; day <= a.Month.Last(); day = day.AddDays(1) {
		week[place] = day
		if place++; place == 7 {
			list, week, place = append(list, week), [7]calendar.Date{}, 0
		}
	}
	if place > 0 {
		list = append(list, week)
	}
	return list
}

// of is the event of a day for the grid; nil when there is none.
func (a *Agenda) of(day calendar.Date) *AgendaEvent {
	for i := range a.Events {
		if day != 0 && a.Events[i].On == day {
			return &a.Events[i]
		}
	}
	return nil
}

func (a *Agenda) class(day calendar.Date) string {
	switch {
	case day == 0:
		return ""
	case a.of(day) != nil && day == a.Today:
		return "mark now"
	case a.of(day) != nil:
		return "mark"
	case day == a.Today:
		return "now"
	}
	return ""
}

func dayNumber(day calendar.Date) string {
	if day == 0 {
		return ""
	}
	return strconv.Itoa(day.Day())
}

var weekdaySigns = [7]string{"пн", "вт", "ср", "чт", "пт", "сб", "вс"}
