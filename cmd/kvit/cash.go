package main

import (
	"kvit/internal/app"
	"kvit/internal/cashdesk"
)

type cashCmd struct {
	Shifts cashShiftsCmd `cmd:"" help:"Смены кассиров."`
}

type cashShiftsCmd struct {
	List cashShiftsListCmd `cmd:"" help:"Показать смены: принято, возвращено, расхождения."`
	Show cashShiftsShowCmd `cmd:"" help:"Показать смену с её движениями."`
}

type cashShiftsListCmd struct {
	Desk string `help:"Только этой кассы." placeholder:"НОМЕР"`
	Open bool   `help:"Только открытые."`
}

func (c cashShiftsListCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	list, err := a.Desks.List(r.ctx, cashdesk.ListFilter{Desk: c.Desk, Open: c.Open})
	if err != nil {
		return err
	}
	if list == nil {
		list = []cashdesk.Shift{}
	}
	for i := range list {
		stampShift(a, &list[i])
	}
	return r.print(map[string]any{"shifts": list}, func() {
		for i := range list {
			sayShift(r, &list[i])
		}
		r.say("Смен: %d.", len(list))
	})
}

type cashShiftsShowCmd struct {
	Shift string `arg:"" name:"СМЕНА" help:"Смена, например 1-57: касса и номер её смены."`
}

func (c cashShiftsShowCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	s, err := a.Desks.Find(r.ctx, c.Shift)
	if err != nil {
		return err
	}
	stampShift(a, &s)
	return r.print(s, func() {
		sayShift(r, &s)
		r.say("    было %s, внесено %s, сдано за смену %s, должно быть %s", s.Opening.Format(), s.Supplied.Format(), s.HandedOver.Format(), s.Expected.Format())
		for i := range s.Movements {
			x := &s.Movements[i]
			r.say("    %-14s %-18s %14s  %s  %s", x.Name, r.lang().Word(cashdesk.Words[x.Kind]), x.Amount.Format(), x.Moment, x.Note)
		}
	})
}

// stampShift writes the moments of a shift in the region's zone.
func stampShift(a *app.App, s *cashdesk.Shift) {
	s.Opened, s.Closed = a.Stamp(s.OpenedAt), a.Stamp(s.ClosedAt)
	for i := range s.Movements {
		s.Movements[i].Moment = a.Stamp(s.Movements[i].At)
	}
}

func sayShift(r *run, s *cashdesk.Shift) {
	state := r.lang().Word("открыта")
	if !s.Open() {
		state = r.lang().Word("закрыта")
	}
	r.say("%-10s %-20s %s  принято %s, возвращено %s, %s", s.Name, s.Clerk, s.Opened, s.Taken.Format(), s.Returned.Format(), state)
	if s.Difference != 0 {
		r.say("    посчитано %s, расхождение %s: %s", s.Counted.Format(), s.Difference.Format(), s.Reason)
	}
}
