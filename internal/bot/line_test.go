package bot

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kvit/internal/bill"
	"kvit/internal/bot/room"
	voicesim "kvit/internal/bot/voice/simulator"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	noticesim "kvit/internal/notice/simulator"
	"kvit/internal/notice/sms"
	"kvit/internal/person"
)

// openTexts starts a gateway of text messages and gives the bot its client.
func (w *town) openTexts() {
	w.texts = noticesim.NewGateway(noticesim.Options{Login: "kvit", Password: "secret"})
	server := httptest.NewServer(w.texts.Handler())
	w.t.Cleanup(server.Close)
	client, err := sms.New(sms.Access{Profile: "smsc", URL: server.URL, Login: "kvit", Password: "secret"})
	if err != nil {
		w.t.Fatal(err)
	}
	w.m.AddTexts(client)
	w.c = w.m.channels[SMS]
	w.c.client.(*texts).pause = 20 * time.Millisecond
	w.c.pace, w.c.retry, w.c.lease = newPace(0), 20*time.Millisecond, 300*time.Millisecond
}

// writes is a telephone writing; the answer is checked.
func (w *town) writes(from, text string, parts ...string) string {
	w.t.Helper()
	w.texts.Write(from, text)
	for end := time.Now().Add(20 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if got := w.texts.Got(); len(got) > w.seen {
			w.seen++
			said := got[w.seen-1]
			for _, part := range parts {
				if !strings.Contains(said.Text, part) {
					w.t.Fatalf("to %q: %q is not in %q", text, part, said.Text)
				}
			}
			if strings.Contains(said.Text, "://") || said.To != strings.TrimPrefix(from, "+") {
				w.t.Errorf("to %s, from %s: %q", said.To, from, said.Text)
			}
			return said.Text
		}
	}
	w.t.Fatalf("no answer to %q", text)
	return ""
}

// TestTextMessages is the conversation by text message: a telephone nobody knows proves its home by a paper, one we know needs
// nothing, and no table holds a number in the open.
func TestTextMessages(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d, SMS, room.Options{})
		const anna, known = "79160000001", "79001234567"
		w.owner() // of the telephone known
		w.writes(anna, "ХВС 180", "Этот телефон мы не знаем")
		wrong := w.writes(anna, "1100 AAAA2222", "ничего не нашли")
		if none := w.writes(anna, "999999 "+w.code.Typed, "ничего не нашли"); none != wrong {
			t.Errorf("a number that exists is answered otherwise: %q and %q", wrong, none)
		}
		w.writes(anna, "1100 "+strings.ToLower(w.code.Typed), "Готово: ", "улица М***, 1, кв. *5")
		w.writes(anna, "ХВС 180", "Показания приняты", "Холодная вода: 180, расход 8 м³", "Попадут в счёт за ноябрь")
		w.writes(anna, "181,5", "Чьё это показание – 181,5?", "1 – Холодная вода, № 4471201 – уже передано; 2 –")
		w.writes(anna, "1", "Показания приняты", "181,5")
		w.writes(anna, "гвс 770", "лишнюю цифру", "1 – Всё верно; 2 – Исправить")
		w.writes(anna, "2", "Прошлое: 77")
		w.writes(anna, "80", "Показания приняты", "Горячая вода: 80")
		w.writes(anna, "Счёт?", "К оплате 1 200,00 ₽", "evil. example")
		w.writes(anna, "оплатить", "напечатан на квитанции")
		w.writes("+"+known, "Свет день 6200, ночь 2600", "Показания приняты", "день: 6200")
		w.writes(known, "справки", "Показания: ХВС 123")
		w.writes(anna, "стоп", "Больше не пишем")
		w.writes(anna, "ХВС 190", "Этот телефон мы не знаем")
		if n := w.count("SELECT count(*) FROM reading_receipt WHERE channel = 'sms'"); n != 4 {
			t.Errorf("%d receipts by text message", n)
		}
		for _, table := range []string{"bot_chat", "bot_update", "bot_line", "bot_out"} {
			if n := w.count("SELECT count(*) FROM " + table + " WHERE chat LIKE '%9160000001%' OR chat LIKE '%9001234567%'"); n != 0 {
				t.Errorf("%s holds a number", table)
			}
		}
	})
}

// TestMachinesAreNotAnswered: a telephone nobody knows gets a few answers and then silence; short numbers get none.
func TestMachinesAreNotAnswered(t *testing.T) {
	t.Parallel()
	w := newTown(t, dbtest.SQLite(t), SMS, room.Options{})
	w.texts.Write("900", "Перевод 100 р")
	for range 12 {
		w.texts.Write("79160000009", "Абонент недоступен")
	}
	w.until("SELECT count(*) FROM bot_update WHERE done_at <> 0", 12)
	w.until("SELECT count(*) FROM bot_out", 0)
	if got := len(w.texts.Got()); got < 1 || got > 6 {
		t.Errorf("%d answers to a machine", got)
	}
}

// phone starts an exchange that asks the town.
func (w *town) phone() *voicesim.Exchange {
	w.m.Exchange.Secret = "exchange"
	server := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		if err := w.m.called(rw, r); err != nil {
			http.Error(rw, fault.As(err).Message, http.StatusForbidden)
		}
	}))
	w.t.Cleanup(server.Close)
	return voicesim.New(server.URL, "exchange")
}

// call dials and holds what is said against what is expected; keys and parts take turns.
func (w *town) call(x *voicesim.Exchange, from string, script ...string) *voicesim.Call {
	w.t.Helper()
	c, err := x.Dial(from)
	for i, step := range script {
		switch {
		case err != nil:
			w.t.Fatal(err)
		case i%2 == 0 && !strings.Contains(c.Said(), step):
			w.t.Fatalf("step %d: %q is not in %q", i, step, c.Said())
		case i%2 == 1:
			err = c.Press(step)
		}
	}
	for _, line := range c.Lines {
		for _, secret := range []string{"Мира", "172", "₽", "Прошлое"} {
			if !strings.HasPrefix(line, "→") && strings.Contains(line, secret) {
				w.t.Errorf("a caller hears %q", line)
			}
		}
	}
	return c
}

// TestCalls: a caller nobody knows proves his home by keys, figures are read back, an odd one is asked about, each is taken once
// though the exchange asks twice; who hides his number or does not know the secret is told nothing.
func TestCalls(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d, SMS, room.Options{})
		x := w.phone()
		if c := w.call(x, "", "номер не определился"); !c.Ended {
			t.Error("a hidden number is asked on")
		}
		if _, err := voicesim.New(x.Target, "guess").Dial("+79160000001"); err == nil {
			t.Error("an exchange without the secret is answered")
		}
		keys := bill.Keys(w.code.Typed)
		wrong := strings.Map(func(r rune) rune { return '2' + (r-'2'+1)%8 }, keys)
		x.Twice = true
		c := w.call(x, "+79160000001", "Наберите номер лицевого счёта", "1100#", "код с квитанции", wrong+"#", "ничего не нашли", "1100#", "код с квитанции", keys+"#",
			"Нажмите 1, холодная вода", "1", "Наберите цифры", "180#", "холодная вода: 1 8 0", "2", "Наберите цифры", "181#", "1 8 1", "1", "Показания приняты. Номер", "0", "До свидания")
		if !c.Ended {
			t.Error("the call goes on")
		}
		w.owner()
		c = w.call(x, "+79001234567", "Чьё показание", "3", "Т1", "6200#", "Т2", "2600#", "2 6 0 0", "1", "Показания приняты", "1", "горячая вода", "10#", "1 0", "1", "меньше той, что была", "1", "Наберите цифры", "80#", "8 0", "1", "До свидания")
		if !c.Ended || w.count("SELECT count(*) FROM reading_receipt WHERE channel = 'ivr'") != 3 || w.count("SELECT count(*) FROM reading_receipt") != 3 {
			t.Errorf("%d receipts: %q", w.count("SELECT count(*) FROM reading_receipt"), c.Lines)
		}
	})
}

// TestSharedTelephone links a chat by the telephone that the messenger says is the person's own, and by no other's.
func TestSharedTelephone(t *testing.T) {
	eachChannel(t, room.Options{}, func(t *testing.T, w *town) {
		who, _, err := w.m.People.ByContact(w.ctx, person.Phone, "+79000000001")
		if err == nil {
			_, err = w.m.People.AddHome(w.ctx, person.Home{PersonID: who, Building: 1, Household: 101, Role: person.Owner, Rights: "sprdm", Actor: "test"})
		}
		if err != nil {
			t.Fatal(err)
		}
		w.room.Open(w.chat, "")
		w.hear("Здравствуйте", "Отправить мой номер")
		w.room.Share(w.chat, "+79000000001", w.chat+1)
		w.hear("Это номер другого человека")
		w.press("Отправить мой номер", "Номер получили")
		w.hear("Чат подключён: ", "улица М***, 1, кв. *5")
		if got, err := w.m.personOf(w.ctx, place{w.c.kind, w.to()}); err != nil || got != who {
			t.Errorf("the chat is of person %d, want %d: %v", got, who, err)
		}
	})
}
