package status

import (
	"context"
	"testing"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
)

var zone = time.FixedZone("MSK", 3*3600)

// clock is a module whose time the test moves.
func clock(d *db.DB, at time.Time) (*Module, func(time.Duration)) {
	now := at
	m := &Module{DB: d, Zone: zone, Now: func() calendar.Micros { return calendar.MicrosOf(now) }}
	return m, func(by time.Duration) { now = now.Add(by) }
}

func (m *Module) look(t *testing.T, component string, state State) {
	t.Helper()
	if err := m.Record(context.Background(), []Sample{{Component: component, Title: component, State: state}}); err != nil {
		t.Fatal(err)
	}
}

func (m *Module) component(t *testing.T, code string) *Component {
	t.Helper()
	b, err := m.Board(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	for i := range b.Components {
		if b.Components[i].Component == code {
			return &b.Components[i]
		}
	}
	t.Fatalf("no component %s", code)
	return nil
}

// TestTimeIsCounted: time between two looks is of the state found; while nobody looked, pages stood still and of the rest
// nothing is known; a day's time stays in its day.
func TestTimeIsCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m, pass := clock(d, time.Date(2026, 11, 24, 23, 58, 0, 0, zone))
		for _, c := range []string{Pages, Intake} {
			m.look(t, c, OK)
		}
		pass(time.Minute)
		m.look(t, Pages, OK)
		m.look(t, Intake, Stopped)
		pass(3 * time.Hour) // no server
		m.look(t, Pages, OK)
		m.look(t, Intake, OK)
		pages, intake := m.component(t, Pages), m.component(t, Intake)
		yesterday, today := pages.Days[Days-2], pages.Days[Days-1]
		if yesterday != (Day{20261124, 60, 0, 60}) || today != (Day{20261125, 0, 0, 3*3600 - 60}) {
			t.Errorf("pages: %+v %+v", yesterday, today)
		}
		if got := intake.Days[Days-2]; got != (Day{20261124, 0, 0, 60}) || intake.Days[Days-1] != (Day{Day: 20261125}) {
			t.Errorf("intake: %+v %+v", got, intake.Days[Days-1])
		}
		if intake.GoodShare() != 0 || pages.Days[0].Worst() != "" || yesterday.Worst() != Stopped {
			t.Errorf("share %d", intake.GoodShare())
		}
	})
}

// TestOneServerCounts: of two servers that look in the same moment one counts the time.
func TestOneServerCounts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m, pass := clock(d, time.Date(2026, 11, 24, 12, 0, 0, 0, zone))
		m.look(t, Database, OK)
		pass(time.Minute)
		m.look(t, Database, OK)
		m.look(t, Database, OK)
		if got := m.component(t, Database).Days[Days-1].OK; got != 60 {
			t.Errorf("%d seconds of a minute", got)
		}
	})
}

// TestWholeAndComponents: one acquirer that is silent makes the service worse, not stopped; pages stop it.
func TestWholeAndComponents(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m, pass := clock(d, time.Date(2026, 11, 24, 12, 0, 0, 0, zone))
		for _, c := range []struct {
			component string
			state     State
			whole     State
		}{{Pages, OK, OK}, {Payments + "-sber", Stopped, Degraded}, {Payments + "-sber", OK, OK}, {Database, Stopped, Stopped}, {Database, OK, OK}} {
			pass(time.Second)
			m.look(t, c.component, c.state)
			b, err := m.Board(context.Background())
			if err != nil || b.State != c.whole {
				t.Errorf("%s is %s: the whole is %s, %v", c.component, c.state, b.State, err)
			}
		}
	})
}

// TestIncident is told of, goes on with news, and ends once.
func TestIncident(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		m, pass := clock(d, time.Date(2026, 11, 24, 12, 0, 0, 0, zone))
		soon := func() calendar.Micros { return m.Now() + 3600e6 }
		for field, r := range map[string]Report{
			"state": {Title: "x", Text: "x", NextAt: soon()}, "title": {Text: "x", State: Stopped, NextAt: soon()},
			"text": {Title: "x", State: Stopped, NextAt: soon()}, "next": {Title: "x", Text: "x", State: Stopped, NextAt: m.Now()},
		} {
			if _, err := m.Begin(ctx, r); !fault.Is(err, fault.Invalid) || fault.As(err).Field != field {
				t.Errorf("without %s: %v", field, err)
			}
		}
		id, err := m.Begin(ctx, Report{Title: "Платежи не проходят", Text: "Банк не отвечает.", State: Stopped, NextAt: soon(), Actor: "x"})
		if err != nil {
			t.Fatal(err)
		}
		pass(time.Minute)
		if err := m.Tell(ctx, id, Report{Text: "Банк чинит.", NextAt: soon(), Actor: "x"}); err != nil {
			t.Fatal(err)
		}
		b, err := m.Board(ctx)
		if err != nil || b.State != Stopped || len(b.Incidents) != 1 || len(b.Incidents[0].News) != 2 || b.Incidents[0].NextAt() != soon() {
			t.Fatalf("%+v %v", b, err)
		}
		if err := m.End(ctx, id, Report{Text: "Починили.", Actor: "x"}); err != nil {
			t.Fatal(err)
		}
		if err := m.End(ctx, id, Report{Text: "Ещё раз.", Actor: "x"}); !fault.Is(err, fault.Conflict) {
			t.Errorf("ended twice: %v", err)
		}
		if err := m.Tell(ctx, id+1000, Report{Text: "x", NextAt: soon()}); !fault.Is(err, fault.NotFound) {
			t.Errorf("news of nothing: %v", err)
		}
		if b, err = m.Board(ctx); err != nil || b.State != OK || len(b.Past) != 1 || b.Past[0].News[0].Text != "Починили." || b.Past[0].NextAt() != 0 {
			t.Errorf("%+v %v", b, err)
		}
	})
}

// TestMessage stands between its two moments unless it is withdrawn.
func TestMessage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		m, pass := clock(d, time.Date(2026, 11, 24, 12, 0, 0, 0, zone))
		if _, err := m.Say(ctx, Message{Title: "x", Text: "x", From: m.Now(), Until: m.Now()}); fault.As(err).Field != "until" {
			t.Errorf("a message for no time: %v", err)
		}
		id, err := m.Say(ctx, Message{Title: "Ночью платежи не проходят", Text: "Банк меняет оборудование.", From: m.Now() + 3600e6, Until: m.Now() + 2*3600e6, Actor: "x"})
		if err != nil {
			t.Fatal(err)
		}
		shown := func(ahead bool, want int) {
			t.Helper()
			if list, err := m.ListMessages(ctx, ahead); err != nil || len(list) != want {
				t.Errorf("%d messages, want %d: %v", len(list), want, err)
			}
		}
		shown(false, 0)
		shown(true, 1)
		pass(90 * time.Minute)
		shown(false, 1)
		if err := m.Withdraw(ctx, id, "x"); err != nil {
			t.Fatal(err)
		}
		shown(true, 0)
	})
}
