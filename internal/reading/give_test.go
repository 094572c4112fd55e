package reading

import (
	"strings"
	"sync"
	"testing"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/fault"
)

// TestAReadingCountsAtOnce: the figure is written with its event and receipt, and the sewage of another supplier that
// lives off it changes too.
func TestAReadingCountsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		r := w.give("key-00001", given(cold, 20261120, 185))
		l := r.Lines[0]
		if l.State != Taken || l.Volume != "13" || l.Month != "2026-11" || l.Until != "2026-11-25" || l.Late || !strings.HasPrefix(r.Number, "П-") {
			t.Fatalf("%+v", r)
		}
		changed := map[string]bool{}
		for _, m := range r.Effect.Lines {
			changed[m.Service] = true
		}
		if len(changed) != 2 || !changed["Холодная вода"] && !changed["Холодное водоснабжение"] || r.Effect.Before == r.Effect.After {
			t.Errorf("the effect is %+v", r.Effect)
		}
		if n := w.count("SELECT count(*) FROM event WHERE kind = 'reading' AND account_id = 11"); n != 1 {
			t.Errorf("events %d", n)
		}
		found, err := w.m.FindReceipt(w.ctx, resident, home, r.Number)
		if err != nil || len(found.Lines) != 1 || found.Lines[0].Value != "185" || found.Effect == nil {
			t.Errorf("receipt %+v, %v", found, err)
		}
	})
}

// TestTheSameIsOneReading: by the same key, and by the same figure of the same day.
func TestTheSameIsOneReading(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		first := w.give("key-00001", given(cold, 20261120, 180))
		again, other := w.give("key-00001", given(cold, 20261120, 180)), w.give("key-00002", given(cold, 20261120, 180))
		if !again.Repeated || again.Number != first.Number || other.Number != first.Number || other.Lines[0].State != Same {
			t.Errorf("%+v\n%+v\n%+v", first, again, other)
		}
		if n := w.count("SELECT count(*) FROM charge_reading WHERE recorded_at > 1"); n != 1 {
			t.Errorf("rows %d", n)
		}
		if n := w.count("SELECT count(*) FROM event"); n != 1 {
			t.Errorf("events %d", n)
		}
	})
}

// TestAnOddFigureIsAskedAndNothingIsWritten until a person says it is right.
func TestAnOddFigureIsAskedAndNothingIsWritten(t *testing.T) {
	for name, c := range map[string]struct {
		give Given
		kind DoubtKind
		says string
	}{
		"lower":   {given(cold, 20261120, 118), Lower, "Сейчас 118, а в прошлый раз было 172"},
		"high":    {given(cold, 20261120, 268), High, "Получается 96\u00a0м³ – обычно у вас"},
		"digit":   {given(cold, 20261120, 1803), Digit, "лишнюю цифру"},
		"swapped": {given(power, 20261120, 2600, 6200), Swapped, "поменялись местами"},
		"later":   {given(cold, 20260901, 170), Later, "уже есть показание меньше"},
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *town) {
				r := w.give("", c.give)
				if !r.Asks() || r.Number != "" || r.Lines[0].Doubts[0].Kind != c.kind || !strings.Contains(r.Lines[0].Doubts[0].Says, c.says) {
					t.Fatalf("%+v", r)
				}
				if n := w.count("SELECT count(*) FROM charge_reading WHERE recorded_at > 1"); n != 0 {
					t.Errorf("%d rows before the answer", n)
				}
				sure := c.give
				sure.Confirm = Right
				if r := w.give("", sure); r.Asks() || r.Number == "" || r.Lines[0].State != Taken {
					t.Errorf("confirmed: %+v", r)
				}
			})
		})
	}
}

// TestEqualAndZeroAreReadings: nothing was used, and that is an answer.
func TestEqualAndZeroAreReadings(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		if l := w.give("", given(cold, 20261120, 172)).Lines[0]; l.State != Taken || l.Volume != "0" {
			t.Errorf("%+v", l)
		}
	})
}

// TestADialThatTurned is told from another meter by the person.
func TestADialThatTurned(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.give("", Given{Meter: cold, On: 20261101, Values: given(cold, 0, 99998).Values, Confirm: Right})
		r := w.give("", given(cold, 20261120, 3))
		if !r.Asks() || r.Lines[0].Doubts[0].Kind != Over || r.Lines[0].Volume != "5" {
			t.Fatalf("%+v", r.Lines)
		}
		g := given(cold, 20261120, 3)
		g.Confirm = Replaced
		if r := w.give("", g); r.Lines[0].State != Noted || r.Number == "" || w.count("SELECT count(*) FROM event WHERE kind = 'meter'") != 1 {
			t.Errorf("replaced: %+v", r)
		}
		g.Confirm = Rolled
		if r := w.give("", g); r.Lines[0].State != Taken || r.Lines[0].Volume != "5" {
			t.Errorf("rolled: %+v", r.Lines)
		}
	})
}

// TestTheAuthorCorrectsUntilTheCutoff: both figures stay, the later one holds; afterwards a lower figure is asked about.
func TestTheAuthorCorrectsUntilTheCutoff(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		w.give("", given(cold, 20261120, 190))
		w.today = 20261122
		if l := w.give("", given(cold, 20261122, 181)).Lines[0]; l.State != Corrected || l.Volume != "9" {
			t.Errorf("within the window: %+v", l)
		}
		if n := w.count("SELECT count(*) FROM charge_reading WHERE recorded_at > 1"); n != 3 { // 190, 190 withdrawn, 181
			t.Errorf("rows %d", n)
		}
		w.today = 20261127
		if r := w.give("", given(cold, 20261127, 179)); !r.Asks() {
			t.Errorf("after the cutoff: %+v", r.Lines)
		}
	})
}

// TestWhatCannotBeIsRefused: and with it nothing of the request is written.
func TestWhatCannotBeIsRefused(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		for _, g := range []Given{given(cold, 20261121, 180), given(cold, 20191231, 1), given(power, 20261120, 7), given(77, 20261120, 7), given(cold, 20261120, -1)} {
			r := w.give("", given(old, 20261120, 80), g)
			if !r.Refuses() || r.Number != "" {
				t.Errorf("%+v: %+v", g, r)
			}
		}
		if n := w.count("SELECT count(*) FROM charge_reading WHERE recorded_at > 1"); n != 0 {
			t.Errorf("rows %d", n)
		}
	})
}

// TestAnExpiredVerificationIsTold: the reading is taken all the same.
func TestAnExpiredVerificationIsTold(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		if l := w.give("", given(old, 20261120, 80)).Lines[0]; l.State != Taken || len(l.Notes) != 1 || !strings.Contains(l.Notes[0], "Поверка истекла 3 сентября") {
			t.Errorf("%+v", l)
		}
	})
}

// TestOnlyOnesOwn: a resident of another household does not find these meters, a program gives by accounts.
func TestOnlyOnesOwn(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		for actor, kind := range map[*access.Actor]fault.Kind{
			{Role: access.Resident, BuildingID: 1, HouseholdID: 102}: fault.NotFound, {Role: access.Anonymous}: fault.Unauthenticated,
			&program: fault.Forbidden, {Role: access.Auditor}: fault.Forbidden,
		} {
			if _, err := w.m.Give(w.ctx, *actor, Request{Home: home, Given: []Given{given(cold, 20261120, 180)}}); !fault.Is(err, kind) {
				t.Errorf("%+v: %v", actor, err)
			}
		}
	})
}

// TestTwoDoorsAtOnce: the page and a program with the same figure make one reading and one event; with two figures of one
// day the second is asked about, whoever was first.
func TestTwoDoorsAtOnce(t *testing.T) {
	each(t, func(t *testing.T, w *town) {
		body := []byte(`{"account":"100","meter":"4471","value":180,"date":"2026-11-20"}`)
		m := *w.m
		clock := sync.Mutex{}
		now := m.Now
		m.Now = func() calendar.Micros { clock.Lock(); defer clock.Unlock(); return now() }
		m.Charges.Now = m.Now
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if _, err := m.Give(w.ctx, resident, Request{Home: home, Origin: Origin{Channel: Page, Author: "житель"}, Given: []Given{given(cold, 20261120, 180)}}); err != nil {
					t.Error(err)
				}
			})
			wg.Go(func() {
				if _, err := m.Take(w.ctx, program, Message{Channel: API, Body: body}); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := w.count("SELECT count(*) FROM charge_reading WHERE recorded_at > 1"); n != 1 {
			t.Errorf("rows %d", n)
		}
		if n := w.count("SELECT count(*) FROM event"); n != 1 {
			t.Errorf("events %d", n)
		}
		r, err := m.Take(w.ctx, program, Message{Channel: API, Body: []byte(strings.Replace(string(body), "180", "181", 1))})
		first := w.count("SELECT count(*) FROM reading_receipt WHERE channel = 'page'")
		if err != nil || first == 1 && states(r) != "asked" || first == 0 && states(r) != "corrected" {
			t.Errorf("another figure of the day: %+v, %v", r, err)
		}
	})
}

// TestNumbersOfReceiptsDoNotRepeat whatever their ids.
func TestNumbersOfReceiptsDoNotRepeat(t *testing.T) {
	seen := map[string]bool{}
	for id := int64(1); id < 50_000; id++ {
		n := receiptNumber(id)
		if seen[n] {
			t.Fatalf("id %d: %s again", id, n)
		}
		seen[n] = true
	}
}
