package app

import (
	"context"
	"strings"
	"time"

	"kvit/internal/bill"
	"kvit/internal/calendar"
	"kvit/internal/status"
)

// demoDays is how far back the demo's service was watched.
const demoDays = 30

// demoHouse is a house nobody serves yet, for the page that says whom to ask.
const (
	demoHouseCode = "NEW-1"
	demoHouse     = "house_id,locality,street_type,street,house,flats,kind\n" + demoHouseCode + ",г. Заокск,ул,Новосельская,1,60,mkd\n"
)

// rememberPublicDemo gives the page of the service's state a past: a month that was watched, with two bad days, and an incident
// that is over. It comes before all else of the demo, as times of the audit log only grow.
func (a *App) rememberPublicDemo(ctx context.Context) error {
	now := a.now()
	then := status.Module{DB: a.DB, Zone: a.Zone, Now: func() calendar.Micros { return now }}
	for day := demoDays; day > 0; day-- {
		for _, minutes := range []int{0, 2} { // what is seen twice within three minutes counts
			now = a.now() - calendar.Micros((time.Duration(day)*24*time.Hour-time.Duration(minutes)*time.Minute)/time.Microsecond)
			if err := then.Record(ctx, demoSamples(day)); err != nil {
				return err
			}
		}
	}
	now = a.now() - calendar.Micros(5*24*time.Hour/time.Microsecond)
	told := status.Report{Title: "Не проходили платежи через учебный банк", Text: "Банк не отвечает. Начатые платежи не потеряются.", State: status.Degraded, NextAt: now + 3600e6, Actor: demoOperator.String()}
	id, err := then.Begin(ctx, told)
	if err != nil {
		return err
	}
	now += 40 * 60e6
	return then.End(ctx, id, status.Report{Text: "Банк отвечает. Платежи, которые ждали, прошли.", Actor: demoOperator.String()})
}

// tellPublicDemo gives the public pages of the demo something to show: a message on the first page, a house nobody serves, a
// household whose paper has another code.
func (a *App) tellPublicDemo(ctx context.Context) error {
	now := a.now()
	_, err := a.Status.Say(ctx, status.Message{Title: "Это показ", Text: "Город, люди и банки выдуманы. Платить по этим счетам нельзя.", From: now, Until: now + 30*24*3600e6, Actor: demoOperator.String()})
	if err != nil {
		return err
	}
	if _, err = a.Houses.Load(ctx, strings.NewReader(demoHouse), "demo"); err != nil {
		return err
	}
	building, household, err := a.demoFamily(ctx)
	if err != nil {
		return err
	}
	other, err := a.demoOther(ctx, bill.Ref{Building: building, Household: household})
	if err == nil && other.Household != 0 {
		_, err = a.Bills.RenewCode(ctx, other, demoOperator.String())
	}
	return err
}

// demoSamples are the components so many days ago. Pages are left to the server: time without one would be time they
// stood still.
func demoSamples(day int) []status.Sample {
	list := []status.Sample{
		{Component: status.Payments + "-yookassa", Title: "Оплата: " + acquirerWords["yookassa"], State: status.OK}, {Component: status.Intake, Title: "Приём данных поставщиков", State: status.OK},
		{Component: status.Database, Title: "Хранение данных", State: status.OK},
	}
	switch day {
	case 5:
		list[0].State = status.Stopped
	case 12:
		list[1].State = status.Degraded
	}
	return list
}
