package notice

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/notice/simulator"
	"kvit/internal/person"
	"kvit/internal/web/webtest"
)

func (w *town) expect(want ...string) {
	w.t.Helper()
	if got := w.log(); !slices.Equal(got, want) {
		w.t.Errorf("messages are\n%q, want\n%q", got, want)
	}
}

var billOrder = Order{Key: "bill:1:202612", Topic: Bill, Building: 1, Household: 7, Ask: AskBill}

func TestAnEventIsOneMessageToEachWhoMaySeeIt(t *testing.T) {
	each(t, simulator.Options{}, func(t *testing.T, w *town) {
		w.resident(7, access.AllRights, "+79160000001", "")
		w.resident(7, access.AllRights, "+79160000002", "anna@mail.example")
		w.resident(7, "r", "+79160000003", "") // gives readings, does not see the bill
		w.resident(8, access.AllRights, "+79160000004", "")
		for range 3 {
			w.order(billOrder)
			w.run()
		}
		w.pass(time.Minute)
		w.run()
		w.expect("sms delivered ", "mail sent ")
		if got := w.gateway.Got(); len(got) != 1 || got[0].Text != "Счёт за декабрь: 6\u00a0214,35\u00a0₽. Оплатите до 15 января." {
			t.Errorf("the telephone got %+v", got)
		}
	})
}

func TestWhatIsDoneIsNotSent(t *testing.T) {
	each(t, simulator.Options{}, func(t *testing.T, w *town) {
		w.resident(7, access.AllRights, "+79160000001", "")
		w.order(Order{Key: "unpaid", Topic: Reminder, Template: "unpaid", Building: 1, Household: 7, Ask: AskUnpaid})
		if _, err := w.Plan(w.ctx); err != nil {
			t.Fatal(err)
		}
		w.paid.Store(int64(7), true)
		w.run()
		w.order(Order{Key: "late", Topic: Bill, Building: 1, Household: 7, Ask: AskBill, Until: w.time() - 1})
		w.run()
		w.expect("sms skipped done", "sms skipped late")
		if w.got() != 0 {
			t.Error("something was sent")
		}
	})
}

func TestQuietHoursHoldAllButAccidentsAndSafety(t *testing.T) {
	each(t, simulator.Options{}, func(t *testing.T, w *town) {
		who := w.resident(7, access.AllRights, "+79160000001", "")
		w.at("2026-12-05 21:00")
		w.order(billOrder)
		w.order(Order{Key: "in", Topic: Security, Person: who, Words: map[string]string{"итог": "Вход с нового телефона"}})
		w.order(Order{Key: "out", Topic: Outage, Building: 1, Household: 7, Words: map[string]string{"итог": "Нет горячей воды"}})
		w.run()
		if got := w.got(); got != 2 {
			t.Errorf("%d messages at night, want 2", got)
		}
		w.at("2026-12-06 08:59")
		w.run()
		if got := w.got(); got != 2 {
			t.Errorf("%d messages before nine, want 2", got)
		}
		w.at("2026-12-06 09:00")
		w.run()
		if got := w.got(); got != 3 {
			t.Errorf("%d messages at nine, want 3", got)
		}
	})
	for _, c := range []struct {
		at, want string
		from, to int
	}{
		{"20:59", "05 20:59", quietFrom, quietTo}, {"21:00", "06 09:00", quietFrom, quietTo}, {"00:00", "05 09:00", quietFrom, quietTo}, {"09:00", "05 09:00", quietFrom, quietTo},
		{"13:30", "05 15:00", 13 * 60, 15 * 60}, {"15:00", "05 15:00", 13 * 60, 15 * 60}, {"03:00", "05 03:00", 0, 0}, {"23:59", "06 00:00", 22 * 60, 0},
	} {
		at, err := time.ParseInLocation("2006-01-02 15:04", "2026-12-05 "+c.at, moscow)
		if err != nil {
			t.Fatal(err)
		}
		if got := Loud(at, c.from, c.to).Format("02 15:04"); got != c.want {
			t.Errorf("at %s with quiet %d–%d: %s, want %s", c.at, c.from, c.to, got, c.want)
		}
	}
}

func TestAConsentTakenBackStopsWhatWaits(t *testing.T) {
	each(t, simulator.Options{}, func(t *testing.T, w *town) {
		who := w.resident(7, access.AllRights, "+79160000001", "")
		w.at("2026-12-05 22:00")
		w.order(billOrder)
		w.run() // waits for the morning
		wishes, err := w.Find(w.ctx, who)
		if err != nil {
			t.Fatal(err)
		}
		wishes.Agreed = false
		if err := w.Keep(w.ctx, who, wishes); err != nil {
			t.Fatal(err)
		}
		w.at("2026-12-06 12:00")
		w.order(Order{Key: "paid", Topic: Payment, Template: "paid", Person: who, Words: map[string]string{"сумма": "1", "номер": "2"}})
		w.order(Order{Key: "in", Topic: Security, Person: who, Words: map[string]string{"итог": "Вход с нового телефона"}})
		w.run()
		w.pass(time.Minute)
		w.run()
		got := w.log()
		slices.Sort(got)
		if want := []string{"page skipped consent", "sms delivered ", "sms skipped consent"}; !slices.Equal(got, want) {
			t.Errorf("messages are %q, want %q", got, want)
		}
	})
}

func TestWishesChooseTheWay(t *testing.T) {
	each(t, simulator.Options{}, func(t *testing.T, w *town) {
		who := w.resident(7, access.AllRights, "+79160000001", "anna@mail.example")
		set := func(change func(*Wishes)) {
			wishes := usualWishes()
			change(&wishes)
			if err := w.Keep(w.ctx, who, wishes); err != nil {
				t.Fatal(err)
			}
		}
		words := map[string]string{"итог": "Справка", "сумма": "1", "номер": "2"}
		next := func(key string, topic Topic, template string) {
			w.order(Order{Key: key, Topic: topic, Template: template, Person: who, Words: words})
			w.run()
		}
		set(func(x *Wishes) { x.Switch(Payment, Mail, false) })
		next("1", Payment, "paid") // a text instead of a letter
		set(func(x *Wishes) { x.Switch(Payment, Mail, false); x.Voice = true })
		next("2", Payment, "paid") // a call instead of a text
		set(func(x *Wishes) { x.OnlyImportant = true })
		next("3", Document, "document")
		set(func(x *Wishes) { x.Switch(Document, "", false) })
		next("4", Document, "document")
		set(func(x *Wishes) { x.Switch(Security, "", false); x.Switch(Security, SMS, false) })
		next("5", Security, "security") // every way, whatever was switched off
		set(func(x *Wishes) { x.Switch(Document, Mail, false); x.Switch(Document, SMS, false) })
		next("6", Document, "document") // nowhere to send it: it stands on the page
		w.expect("sms sent ", "voice sent ", "page skipped off", "page skipped off", "mail sent ", "sms sent ", "page delivered no_way")
		if err := w.Keep(w.ctx, who, Wishes{QuietFrom: dayLength}); !fault.Is(err, fault.Invalid) {
			t.Errorf("quiet from the 24th hour: %v", err)
		}
	})
}

func TestWhenAWayFailsTheNextIsTried(t *testing.T) {
	each(t, simulator.Options{}, func(t *testing.T, w *town) {
		w.resident(7, access.AllRights, "+79160000001", "nobody@mail.example")
		w.resident(8, access.AllRights, "+79990000000", "") // out of reach
		w.order(billOrder)
		other := billOrder
		other.Key, other.Household = "bill:8", 8
		w.order(other)
		w.run()
		w.pass(time.Minute)
		w.run()
		got := w.log()
		slices.Sort(got)
		if want := []string{"mail failed refused", "sms delivered ", "sms failed undelivered"}; !slices.Equal(got, want) {
			t.Errorf("messages are %q, want %q", got, want)
		}
	})
}

func TestAnAwayGatewayIsAskedOnceAMinuteAndLosesTheMessage(t *testing.T) {
	each(t, simulator.Options{Busy: 1}, func(t *testing.T, w *town) {
		for i := range 5 {
			w.resident(int64(20+i), access.AllRights, fmt.Sprintf("+7916000002%d", i), "")
			o := billOrder
			o.Key, o.Household = fmt.Sprintf("bill:%d", i), int64(20+i)
			w.order(o)
		}
		var calls atomic.Int64
		w.Ways.SMS = counted{w.Ways.SMS, &calls}
		w.run()
		w.run()
		if calls.Load() > sendersMax {
			t.Errorf("%d calls within a minute", calls.Load())
		}
		before := calls.Load()
		w.pass(30 * time.Second)
		w.run()
		if calls.Load() != before {
			t.Errorf("%d calls while the gateway rests", calls.Load()-before)
		}
		for range 300 { // one call a minute may be all the gateway gets: each message has its tries in turn
			w.pass(time.Hour)
			if w.run(); !slices.Contains(w.log(), "sms waiting ") {
				break
			}
		}
		for _, line := range w.log() {
			if line != "sms failed tries" {
				t.Errorf("a message is %q after all tries", line)
			}
		}
	})
}

// counted counts the messages handed to a way.
type counted struct {
	Sender
	calls *atomic.Int64
}

func (c counted) Send(ctx context.Context, to string, m Message) (string, error) {
	c.calls.Add(1)
	return c.Sender.Send(ctx, to, m)
}

func TestALostAnswerIsAskedAboutNeverSentAgain(t *testing.T) {
	each(t, simulator.Options{Lose: 1}, func(t *testing.T, w *town) {
		w.resident(7, access.AllRights, "+79160000001", "")
		w.order(billOrder)
		w.run()
		w.expect("sms unknown ")
		w.pass(time.Minute)
		w.run()
		w.expect("sms delivered ")
		if w.got() != 1 {
			t.Errorf("%d texts, want one", w.got())
		}
	})
}

// TestAKilledSenderSendsNothingTwice kills the program after it claimed messages: before they were handed over, and after.
func TestAKilledSenderSendsNothingTwice(t *testing.T) {
	each(t, simulator.Options{}, func(t *testing.T, w *town) {
		for i, handed := range []bool{false, true} {
			w.resident(int64(30+i), access.AllRights, fmt.Sprintf("+7916000003%d", i), "")
			o := billOrder
			o.Key, o.Household = fmt.Sprintf("bill:%d", i), int64(30+i)
			w.order(o)
			if _, err := w.Plan(w.ctx); err != nil {
				t.Fatal(err)
			}
			list, err := w.claim(w.ctx)
			if err != nil || len(list) != 1 {
				t.Fatal(len(list), err)
			}
			if handed {
				orders, err := w.ordersOf(w.ctx, list)
				if err == nil {
					err = w.step(w.ctx, &list[0], orders[list[0].OrderID])
				}
				if err != nil {
					t.Fatal(err)
				}
			}
		}
		if w.got() != 1 {
			t.Fatalf("%d texts before the kill", w.got())
		}
		w.run()
		if w.got() != 1 {
			t.Errorf("claimed messages were sent while their lease holds")
		}
		for range 6 {
			w.pass(6 * time.Minute)
			w.run()
		}
		w.expect("sms delivered ", "sms delivered ")
		if w.got() != 2 {
			t.Errorf("%d texts, want two", w.got())
		}
	})
}

func TestAWaveKeepsItsPaceAndStops(t *testing.T) {
	each(t, simulator.Options{}, func(t *testing.T, w *town) {
		for i := range 9 {
			w.resident(int64(40+i), access.AllRights, fmt.Sprintf("+7916000004%d", i), "")
			o := billOrder
			o.Key, o.Household, o.Wave = fmt.Sprintf("bill:%d", i), int64(40+i), "Счета за декабрь"
			w.order(o)
		}
		wave := idOf("Счета за декабрь")
		set := func(state string, pace int) {
			if err := w.SetWave(w.ctx, "olga", wave, state, pace); err != nil {
				t.Fatal(err)
			}
		}
		set(WaveRunning, 3)
		w.run()
		w.run()
		if w.got() != 3 {
			t.Errorf("%d texts in the first minute, want 3", w.got())
		}
		w.pass(time.Minute)
		set(WavePaused, 3)
		w.run()
		if w.got() != 3 {
			t.Errorf("%d texts of a paused wave", w.got())
		}
		set(WaveRunning, 100)
		w.run()
		if list, err := w.Waves(w.ctx); w.got() != 9 || err != nil || len(list) != 1 || list[0].Waiting != 0 || list[0].Done != 9 {
			t.Errorf("%d texts at the end; waves %+v, %v", w.got(), list, err)
		}
		if err := w.SetWave(w.ctx, "olga", wave, WaveRunning, 0); !fault.Is(err, fault.Invalid) {
			t.Errorf("a pace of nothing: %v", err)
		}
		if err := w.SetWave(w.ctx, "olga", 1, WaveRunning, 1); !fault.Is(err, fault.NotFound) {
			t.Errorf("a wave that is not there: %v", err)
		}
	})
}

// TestAMonthInATown lives December with the program killed at every step: each row of the calendar comes at most once to a
// home, at its hour, and not at all to one that has paid or given its readings.
func TestAMonthInATown(t *testing.T) {
	each(t, simulator.Options{Lose: 0.2, Seed: 7}, func(t *testing.T, w *town) {
		for i := range 6 {
			w.resident(int64(50+i), access.AllRights, fmt.Sprintf("+7916000005%d", i), "")
		}
		w.at("2026-12-01 00:00")
		for step := range 31 * 6 {
			if step == 10*6 {
				w.paid.Store(int64(50), true) // before the first reminder
			}
			if step == 14*6 {
				w.paid.Store(int64(51), true) // after it
			}
			if err := w.Remind(w.ctx); err != nil {
				t.Fatal(err)
			}
			if _, err := w.Plan(w.ctx); err != nil {
				t.Fatal(err)
			}
			if step%3 == 1 { // killed with messages claimed
				if _, err := w.claim(w.ctx); err != nil {
					t.Fatal(err)
				}
			} else if _, err := w.Deliver(w.ctx); err != nil {
				t.Fatal(err)
			}
			w.pass(4 * time.Hour)
		}
		heard := map[string]int{}
		for _, g := range w.gateway.Got() {
			heard[g.To[9:]+" "+strings.Fields(g.Text)[0]+" "+strings.Fields(g.Text)[1]]++
		}
		for i := range 6 {
			for what, paidBy := range map[string]int{"К оплате": 0, "Срок прошёл": 1, "Передайте показания": 1, "Завтра последний": 1} {
				key := fmt.Sprintf("5%d %s", i, what)
				want := 1
				if i <= paidBy {
					want = 0
				}
				if heard[key] != want {
					t.Errorf("%s came %d times, want %d", key, heard[key], want)
				}
			}
		}
	})
}

func TestWordingsAreCheckedAndNeedTwoPeople(t *testing.T) {
	words, sentences := 0, 0
	for i := range builtin {
		if err := builtin[i].Check(); err != nil {
			t.Errorf("%s: %v", builtin[i].Name, err)
		}
		figures := samples()
		figures["телефон"], figures["адрес"], figures["изменение"] = "8 800 000-00-00", "ул. Л***", "на 100\u00a0₽ больше"
		subject, text, err := builtin[i].Fill(figures)
		if err != nil {
			t.Errorf("%s: %v", builtin[i].Name, err)
		}
		for _, fault := range webtest.Tone(subject + ". " + text) {
			t.Errorf("%s: %s", builtin[i].Name, fault)
		}
		for sentence := range strings.SplitSeq(text, ". ") {
			n := len(strings.Fields(sentence))
			if words, sentences = words+n, sentences+1; n > 20 {
				t.Errorf("%s: %d words in %q, at most 20", builtin[i].Name, n, sentence)
			}
		}
	}
	if words > 12*sentences {
		t.Errorf("%d words in %d sentences, at most 12 in one on average", words, sentences)
	}
	good := Template{Name: "bill", From: 20261206, Subject: "Счёт", Text: "К оплате {{сумма}}"}
	for what, change := range map[string]func(*Template){
		"an unknown word": func(x *Template) { x.Text = "{{пароль}}" }, "code": func(x *Template) { x.Text = "{{.}} {{printf}}" }, "a link": func(x *Template) { x.Text = "{{сумма}} на kvit.ru" },
		"two lines": func(x *Template) { x.Subject = "a\r\nBcc: b" }, "nothing": func(x *Template) { x.Text = " " }, "an open bracket": func(x *Template) { x.Text = "[[{{сумма}}" }, "a novel": func(x *Template) { x.Text = strings.Repeat("я", 401) },
	} {
		x := good
		change(&x)
		if err := x.Check(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s passes: %v", what, err)
		}
	}
	each(t, simulator.Options{}, func(t *testing.T, w *town) {
		id, err := w.Propose(w.ctx, "olga", good)
		if err != nil {
			t.Fatal(err)
		}
		if err := w.Decide(w.ctx, "olga", id, Active); !fault.Is(err, fault.Forbidden) {
			t.Errorf("her own: %v", err)
		}
		if err := w.Decide(w.ctx, "ivan", id, Active); err != nil {
			t.Fatal(err)
		}
		if err := w.Decide(w.ctx, "petr", id, Refused); !fault.Is(err, fault.Conflict) {
			t.Errorf("decided twice: %v", err)
		}
		for day, want := range map[calendar.Date]string{20261205: builtin[0].Text, 20261206: good.Text} {
			if x, err := w.template(w.ctx, "bill", day); err != nil || x.Text != want {
				t.Errorf("on %s: %+v, %v", day, x, err)
			}
		}
		old := good
		old.From = 20261204
		if _, err := w.Propose(w.ctx, "olga", old); !fault.Is(err, fault.Invalid) {
			t.Errorf("from yesterday: %v", err)
		}
		list, err := w.Preview(w.ctx, &good, []Question{{Household: 7}})
		if err != nil || len(list) != 1 || list[0].Text != "К оплате 6\u00a0214,35\u00a0₽" {
			t.Errorf("preview %+v, %v", list, err)
		}
	})
}

// TestWhatStandsInAValueStaysThere: a value is no wording.
func TestWhatStandsInAValueStaysThere(t *testing.T) {
	x := Template{Text: "Счёт {{сумма}}[[, дом {{адрес}}]]"}
	for value, want := range map[string]string{"{{номер}}": "Счёт 1, дом {{номер}}", "[[x]]": "Счёт 1, дом [[x]]", "": "Счёт 1", "a\r\nBcc: b": "Счёт 1, дом a Bcc: b", "{{.}} {{printf}} ${7*7}": "Счёт 1, дом {{.}} {{printf}} ${7*7}"} {
		if _, got, err := x.Fill(map[string]string{"сумма": "1", "адрес": value, "номер": "9"}); err == nil && x.Subject == "" && got != want {
			t.Errorf("%q: %q, want %q (%v)", value, got, want, err)
		}
	}
	if _, _, err := x.Fill(nil); err == nil {
		t.Error("a wording without its sum is sent")
	}
}

func TestOldAddressesAreTold(t *testing.T) {
	each(t, simulator.Options{}, func(t *testing.T, w *town) {
		err := w.DB.Write(w.ctx, func(tx *db.Tx) error {
			return w.SendTo(w.ctx, tx, Order{Key: "old", Topic: Security, Words: map[string]string{"итог": "Телефон для входа меняют"}}, person.Phone, "+79160000009")
		})
		if err != nil {
			t.Fatal(err)
		}
		w.run()
		if got := w.gateway.Got(); len(got) != 1 || got[0].To != "79160000009" || !strings.Contains(got[0].Text, "Это не вы?") {
			t.Errorf("the old telephone got %+v", got)
		}
	})
}
