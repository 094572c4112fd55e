package bot

import (
	"context"
	"strings"
	"testing"

	"kvit/internal/bot/chat"
	"kvit/internal/bot/room"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/notice/channel"
	"kvit/internal/person"
)

// eachChannel runs a test in both messengers on both databases.
func eachChannel(t *testing.T, o room.Options, run func(t *testing.T, w *town)) {
	for _, k := range []person.Kind{person.Telegram, person.Max} {
		t.Run(string(k), func(t *testing.T) {
			t.Parallel()
			dbtest.Each(t, func(t *testing.T, d *db.DB) { run(t, newTown(t, d, k, o)) })
		})
	}
}

// TestDialog is the same conversation in both messengers.
func TestDialog(t *testing.T) {
	eachChannel(t, room.Options{}, func(t *testing.T, w *town) {
		w.proves()
		w.bill()
		w.reads()
		w.odd()
		w.topics()
		w.leaves()
		w.returns()
		if n := w.room.Unanswered(); n != 0 {
			t.Errorf("%d pressed buttons still turn", n)
		}
		w.links()
	})
}

// proves links the chat by the number first and the code after it; nothing tells what was wrong before.
func (w *town) proves() {
	w.room.Open(w.chat, "")
	w.hear("Здравствуйте")
	wrong := w.say("1100 AAAA2222", "ничего не нашли").Text
	if none := w.say("999999 "+w.code.Typed, "ничего не нашли").Text; none != wrong {
		w.t.Errorf("a number that exists is answered otherwise: %q and %q", wrong, none)
	}
	w.say("1100", "Теперь пришлите код")
	text := w.say(strings.ToLower(w.code.Typed[:4])+" "+w.code.Typed[4:], "Чат подключён", "улица М***, 1, кв. *5").Text
	if strings.Contains(text, "Мира") {
		w.t.Errorf("the address is not masked: %q", text)
	}
}

func (w *town) bill() {
	w.press("К оплате", "К оплате 1 200,00 ₽", "16 ноября", "УК «Дом»", "На 200,00 ₽ больше, чем за сентябрь", "Содержание дома +200,00 ₽")
	w.press("Оплатить", "https://kvit.example/\n")
	w.press("Справки", "открыты собственнику")
}

func (w *town) reads() {
	w.say("ХВС 180", "Показания приняты 20 ноября в 15:", "№ П-", "Холодная вода: 180, расход 8 м³", "Попадут в счёт за ноябрь")
	w.say("ХВС 180", "уже приняты")
	w.press("Показания", "Передайте до", "Выберите счётчик")
	w.press("Электроэнергия, № 900100", "Т1 день", "Прошлое: 6 080, 23 октября")
	w.say("6 200", "Т2 ночь", "Прошлое: 2 540")
	w.say("две тысячи", "Нужно число")
	w.say("2600", "Показания приняты", "день: 6200", "ночь: 2600")
	w.say("ХВС 181, XYZ 5", "Счётчика «xyz»", "Ничего не записали")
	if n := w.count("SELECT count(*) FROM reading_receipt WHERE channel = $1", string(w.c.kind)); n != 2 {
		w.t.Errorf("%d receipts of the messenger", n)
	}
}

func (w *town) odd() {
	w.say("гвс 770", "Похоже на лишнюю цифру", "За услугу выйдет")
	w.press("Исправить", "Горячая вода", "Прошлое: 77")
	w.say("80", "Показания приняты", "Горячая вода: 80")
	w.say("хвс 10, свет день 6210, ночь 2610", "Счётчик меняли?")
	late := w.room.Messages(w.chat)[w.seen-1]
	w.press("Исправить", "Холодная вода")
	w.say("182", "Показания приняты", "Холодная вода: 182", "ночь: 2610")
	if late.Buttons[0][0].Text != "Исправить" || !w.room.Press(w.chat, "Счётчик заменили") {
		w.t.Fatal("the old question has no buttons")
	}
	w.hear("Этот вопрос уже закрыт")
}

func (w *town) topics() {
	to, way := w.to(), w.m.Sender(w.c.kind)
	if id, err := way.Send(w.ctx, to, channel.Message{Text: "Счёт за ноябрь готов."}); err != nil || id == "" {
		w.t.Fatal(err)
	}
	w.hear("Счёт за ноябрь готов.")
	if _, err := way.Send(w.ctx, to, channel.Message{Text: "Откройте https://evil.example"}); fault.CodeOf(err) != "notice.link" {
		w.t.Errorf("a link went into a chat: %v", err)
	}
	w.press("Сообщения", "О чём писать")
	w.press("Да: Писать сюда", "О чём писать")
	if _, err := way.Send(w.ctx, to, channel.Message{Text: "Ещё"}); fault.CodeOf(err) != "notice.refused" {
		w.t.Errorf("a chat that asked for silence: %v", err)
	}
	w.press("Нет: Писать сюда", "О чём писать")
	if _, err := way.Send(w.ctx, "404", channel.Message{Text: "Чужой чат"}); fault.CodeOf(err) != "notice.refused" {
		w.t.Errorf("a chat of nobody: %v", err)
	}
}

// to is the chat as the bot names it.
func (w *town) to() (to string) {
	if err := w.d.Read(w.ctx, func(tx *db.Tx) error { return tx.QueryRowContext(w.ctx, "SELECT chat FROM bot_chat").Scan(&to) }); err != nil {
		w.t.Fatal(err)
	}
	return to
}

// leaves unlinks: nothing of the chat is left.
func (w *town) leaves() {
	w.say("стоп", "Отключить чат?")
	w.press("Отключить", "Чат отключён")
	w.say("счёт", "Здравствуйте")
	for _, table := range []string{"bot_chat WHERE home_id <> 0", "bot_out", "bot_update WHERE done_at <> 0 AND body <> ''", "person_contact WHERE closed_at = 0"} {
		w.until("SELECT count(*) FROM "+table, 0)
	}
}

// returns links by a one-time code, gets a paper, and loses the home.
func (w *town) returns() {
	owner := w.owner()
	first, err := w.m.Code(w.ctx, owner)
	if err != nil {
		w.t.Fatal(err)
	}
	code, err := w.m.Code(w.ctx, owner)
	if err != nil {
		w.t.Fatal(err)
	}
	w.say(first, "ничего не нашли")
	w.room.Open(w.chat, code)
	w.hear("Чат подключён")
	w.room.Open(w.room.People(2)[1], code)
	w.press("Справки", "Что прислать?")
	w.press("Справка об оплате", "имя и адрес")
	if m := w.press("3 месяца"); m.File == nil || string(m.File.Body) != "%PDF paid 2026-08..2026-10 101" {
		w.t.Errorf("the paper: %+v", m.File)
	}
	if n := w.count("SELECT count(*) FROM person_contact WHERE kind = $1 AND closed_at = 0", string(w.c.kind)); n != 1 {
		w.t.Errorf("one code linked %d chats", n)
	}
	if err := w.m.People.CloseHome(w.ctx, "test", owner.UserID, owner.HomeID); err != nil {
		w.t.Fatal(err)
	}
	w.say("счёт", "Доступа к адресу больше нет")
	w.room.Close(w.chat)
	w.until("SELECT count(*) FROM person_contact WHERE kind <> 'phone' AND closed_at = 0", 0)
}

// links checks that no message has one but the answer to «Оплатить», and that words of others stay words.
func (w *town) links() {
	for _, m := range w.room.Messages(w.chat) {
		if m.Mine {
			continue
		}
		if n := strings.Count(m.Text, "://"); n > 0 && (n > 1 || !strings.Contains(m.Text, "https://kvit.example/\n")) {
			w.t.Errorf("a link: %q", m.Text)
		}
		for _, s := range []string{"evil.ru", "@admin", " /stop"} {
			if strings.Contains(m.Text, s) {
				w.t.Errorf("%q may be pressed in %q", s, m.Text)
			}
		}
	}
}

// TestGuessesAreFew: a chat that guesses is stopped, and so is a number that many chats guess at.
func TestGuessesAreFew(t *testing.T) {
	t.Parallel()
	w := newTown(t, dbtest.One(t), person.Telegram, room.Options{})
	p := place{person.Telegram, "1"}
	for range 10 {
		if _, err := w.m.prove(w.ctx, p, "1100", "AAAA2222"); fault.CodeOf(err) != "bot.proof" {
			t.Fatal(err)
		}
	}
	if _, err := w.m.prove(w.ctx, p, "", "AAAA2222"); !fault.Is(err, fault.Limited) {
		t.Errorf("an eleventh guess of a chat: %v", err)
	}
	if _, err := w.m.prove(w.ctx, place{person.Telegram, "2"}, "1100", w.code.Typed); !fault.Is(err, fault.Limited) {
		t.Errorf("an eleventh guess at a number: %v", err)
	}
	if _, err := w.m.prove(w.ctx, place{person.Telegram, "2"}, "2100", w.code.Typed); err != nil {
		t.Errorf("another number: %v", err)
	}
}

// TestMessengersMisbehave: events told twice and out of order, answers lost, commits broken: every message is answered, each
// figure is taken once, the last one holds.
func TestMessengersMisbehave(t *testing.T) {
	eachChannel(t, room.Options{Duplicate: .5, Shuffle: .5, Lose: .25, Seed: 3}, func(t *testing.T, w *town) {
		w.link()
		w.breaks.Store(true)
		for _, text := range []string{"ХВС 180", "ХВС 181", "ХВС 182", "ХВС 183", "ХВС 184"} {
			w.room.Say(w.chat, text)
		}
		w.until("SELECT count(*) FROM bot_update WHERE done_at <> 0", 7)
		w.until("SELECT count(*) FROM bot_out", 0)
		w.breaks.Store(false)
		if n := w.count("SELECT count(*) FROM reading_receipt"); n != 5 {
			t.Errorf("%d receipts of five figures", n)
		}
		said := ""
		for _, m := range w.room.Messages(w.chat) {
			said += m.Text
		}
		for _, figure := range []string{"180", "181", "182", "183", "184"} {
			if !strings.Contains(said, "вода: "+figure) {
				t.Errorf("nothing was said of %s", figure)
			}
		}
		if n := w.count("SELECT value_e7 FROM charge_reading WHERE meter_id = 1001 ORDER BY recorded_at DESC LIMIT 1"); n != 184_0000000 {
			t.Errorf("the last figure is %d", n)
		}
	})
}

// TestOrderIsThatOfTheChat: updates told by calls may overtake each other and come twice; after their rest they are in order.
func TestOrderIsThatOfTheChat(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		first, second := chat.Update{Key: "b", At: 1, Chat: "77", Kind: chat.Started}, chat.Update{Key: "a", At: 2, Chat: "77", Kind: chat.Text, Text: "помощь"}
		waitingAt := func(now calendar.Micros) (keys string) {
			err := d.WriteLocal(ctx, func(tx *db.Tx) error {
				list, err := listWaiting(ctx, tx, person.Max, now)
				keys = ""
				for _, u := range list {
					keys += u.Key
					if err := finish(ctx, tx, person.Max, u.Key, now); err != nil {
						return err
					}
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return keys
		}
		err := d.WriteLocal(ctx, func(tx *db.Tx) error {
			return keep(ctx, tx, person.Max, []chat.Update{second, first, second}, 10)
		})
		if err != nil {
			t.Fatal(err)
		}
		if early, one, two, none := waitingAt(9), waitingAt(10), waitingAt(10), waitingAt(10); early != "" || one != "b" || two != "a" || none != "" {
			t.Errorf("%q, then %q, %q, %q", early, one, two, none)
		}
	})
}

// TestOldIsForgotten: keys of updates, codes and dialogs that led nowhere go after their term; a linked chat stays.
func TestOldIsForgotten(t *testing.T) {
	t.Parallel()
	w := newTown(t, dbtest.One(t), person.Telegram, room.Options{})
	w.link()
	if _, err := w.m.Code(w.ctx, w.owner()); err != nil {
		t.Fatal(err)
	}
	w.exec("INSERT INTO bot_chat (channel, chat, home_id, step, state, quiet, changed_at) VALUES ('max', '5', 0, 1, '{}', 0, 1)")
	w.until("SELECT count(*) FROM bot_update WHERE done_at <> 0", 2)
	late := *w.m
	late.Now = func() calendar.Micros { return w.now() + (keysDays+1)*24*3600*1_000_000 }
	if err := late.Forget(w.ctx); err != nil {
		t.Fatal(err)
	}
	for table, want := range map[string]int64{"bot_update": 0, "bot_code": 0, "bot_chat": 1} {
		if n := w.count("SELECT count(*) FROM " + table); n != want {
			t.Errorf("%d rows left in %s", n, table)
		}
	}
}
