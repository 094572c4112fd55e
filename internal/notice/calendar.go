package notice

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
)

// Questions messages ask at the moment they are sent.
const (
	AskBill     = "bill"     // sum, due date, change and its main cause; done when nothing is to be paid
	AskUnpaid   = "unpaid"   // sum, due date; done when it is paid or is being paid
	AskOverdue  = "overdue"  // and when penalties begin
	AskReadings = "readings" // meters without a reading; done when there are none
	AskVerified = "verified" // meters whose verification ends on the day of the order; done when verified since
)

// askOf is what a wording asks.
func askOf(template string) string {
	return map[string]string{"bill": AskBill, "bill_replaced": AskBill, "unpaid": AskUnpaid, "overdue": AskOverdue, "readings": AskReadings, "readings_last": AskReadings, "verification_60": AskVerified, "verification_14": AskVerified}[template]
}

// Days and hours of the calendar: ux.md section 7.
const (
	unpaidDay   = 12
	readingsDay = 20
	lastDay     = 24
	hourFrom    = 10
	hourUntil   = 20
	late        = 3   // days a round may be late when the program stood still
	roundMax    = 500 // homes one step orders for
)

// Due is the last day the bill of a month may be paid without penalties.
func Due(bill calendar.Month) calendar.Date {
	return calendar.NextWorkday(bill.Add(1).First().AddDays(14)) // ст. 155 ЖК: the 15th, moved off days off
}

// dated is a round of the calendar: on its day all homes with people are ordered one message each.
type dated struct {
	name     string // the order's, and the round's
	topic    Topic
	template string
	until    time.Time
}

// rounds are those of a day: one whose day the program missed is made up for on the next.
func rounds(today calendar.Date, zone *time.Location) (list []dated) {
	midnight := today.Time(zone)
	at := func(h int) time.Time {
		return time.Date(midnight.Year(), midnight.Month(), midnight.Day(), h, 0, 0, 0, zone)
	}
	month := today.Month()
	add := func(topic Topic, template string, until time.Time) {
		list = append(list, dated{template + ":" + month.String(), topic, template, until})
	}
	due := Due(month.Add(-1))
	if d := today.Day(); d == unpaidDay || d == unpaidDay+1 {
		add(Reminder, "unpaid", at(24+hourUntil))
	}
	if today > due && today <= due.AddDays(late) {
		add(Reminder, "overdue", at(24+hourUntil))
	}
	if d := today.Day(); d >= readingsDay && d < readingsDay+late {
		add(Readings, "readings", at(24+hourUntil))
	}
	if today.Day() == lastDay {
		add(Readings, "readings_last", at(24))
	}
	return list
}

// Remind orders what the calendar has for today. It may be killed at any moment and run again, or by two at once: a round
// goes on after the home it came to, and a home's order has one key.
func (m *Module) Remind(ctx context.Context) (err error) {
	local := m.Now().Time().In(m.Zone)
	if local.Hour() < hourFrom || local.Hour() >= hourUntil {
		return nil
	}
	for _, d := range rounds(calendar.DateOf(local), m.Zone) {
		err = errors.Join(err, m.goRound(ctx, &d))
	}
	return err
}

func (m *Module) goRound(ctx context.Context, d *dated) error {
	for {
		more, err := m.stepRound(ctx, d)
		if err != nil || !more {
			return err
		}
	}
}

// stepRound orders for the next homes of a round.
func (m *Module) stepRound(ctx context.Context, d *dated) (more bool, err error) {
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		more = false
		var building, household, done int64
		err := db.Fold(tx.QueryRowContext(ctx, "SELECT building_id, household_id, done_at FROM notice_round WHERE name = $1", d.name).Scan(&building, &household, &done))
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		if done != 0 {
			return nil
		}
		fresh := err != nil
		if fresh {
			building, household = -1<<62, 0
		}
		homes, err := person.Households(ctx, tx, building, household, roundMax)
		if err != nil {
			return err
		}
		now := m.Now()
		for _, h := range homes {
			building, household = h.Building, h.Household
			o := Order{Key: d.name + ":" + strconv.FormatInt(h.Household, 10), Topic: d.topic, Template: d.template, Building: h.Building, Household: h.Household, Ask: askOf(d.template), Wave: d.name, Until: calendar.MicrosOf(d.until), At: now}
			if err := Send(ctx, tx, o); err != nil {
				return err
			}
		}
		if more = len(homes) == roundMax; !more {
			done = int64(now)
		}
		_, err = tx.ExecContext(ctx, "INSERT INTO notice_round (name, building_id, household_id, done_at) VALUES ($1, $2, $3, $4) ON CONFLICT (name) DO UPDATE SET building_id = excluded.building_id, household_id = excluded.household_id, done_at = excluded.done_at",
			d.name, building, household, done)
		return err
	})
	if err != nil {
		return false, fmt.Errorf("round %s: %w", d.name, err)
	}
	return more, nil
}
