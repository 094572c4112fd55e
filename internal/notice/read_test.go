package notice

import (
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/notice/simulator"
	"kvit/internal/person"
)

// TestMarksOfRead: a message by two ways is one, one that is opened is read, another person's is not there, what was not sent is
// not counted.
func TestMarksOfRead(t *testing.T) {
	each(t, simulator.Options{}, func(t *testing.T, w *town) {
		anna, boris := w.resident(7, access.AllRights, "+79160000001", "anna@mail.example"), w.resident(8, access.AllRights, "+79160000002", "")
		unread := func(who int64, want int) {
			t.Helper()
			if n, err := w.Unread(w.ctx, who); err != nil || n != want {
				t.Errorf("%d unread, want %d: %v", n, want, err)
			}
		}
		entered := map[string]string{"итог": "Вход с нового телефона"}
		w.order(Order{Key: "in", Topic: Security, Person: anna, Words: entered}) // by mail and by text
		w.order(Order{Key: "again", Topic: Security, Person: anna, Words: entered})
		w.order(Order{Key: "unpaid", Topic: Reminder, Template: "unpaid", Building: 1, Household: 7, Ask: AskUnpaid})
		w.paid.Store(int64(7), true)
		unread(anna, 0) // nothing was said yet
		w.run()
		unread(anna, 2)
		list, err := w.Own(w.ctx, anna, "")
		if err != nil || len(list) != 4 || list[0].ReadAt != 0 {
			t.Fatalf("%+v, %v", list, err)
		}
		if _, err := w.Open(w.ctx, boris, list[0].OrderID); !fault.Is(err, fault.NotFound) {
			t.Errorf("another's message: %v", err)
		}
		opened, err := w.Open(w.ctx, anna, list[0].OrderID)
		if err != nil || len(opened) != 2 || opened[0].ReadAt == 0 {
			t.Errorf("opened %+v, %v", opened, err)
		}
		unread(anna, 1)
		first := opened[0].ReadAt
		w.pass(time.Minute)
		if err := w.MarkRead(w.ctx, anna, 0); err != nil {
			t.Fatal(err)
		}
		unread(anna, 0)
		if again, err := w.Open(w.ctx, anna, list[0].OrderID); err != nil || again[0].ReadAt != first {
			t.Errorf("read again at %d, first at %d: %v", again[0].ReadAt, first, err)
		}
	})
}

// TestSecretWordsAreNotKept: a warning goes at night, once, with its code; the log has the message without it.
func TestSecretWordsAreNotKept(t *testing.T) {
	each(t, simulator.Options{}, func(t *testing.T, w *town) {
		who := w.resident(7, access.AllRights, "+79160000001", "")
		w.at("2026-12-05 23:30")
		for range 2 {
			err := w.DB.Write(w.ctx, func(tx *db.Tx) error {
				return w.SendTo(w.ctx, tx, Order{Key: "alarm", Topic: Security, Template: "signin_device", Person: who, Words: map[string]string{"итог": "Chrome, Linux"}, Secret: map[string]string{"код": "1234 5678 9012"}}, person.Phone, "+79160000001")
			})
			if err != nil {
				t.Fatal(err)
			}
			w.run()
		}
		w.pass(time.Minute)
		w.run()
		got := w.gateway.Got()
		if len(got) != 1 || !strings.Contains(got[0].Text, "Chrome, Linux. Это не вы?") || !strings.HasSuffix(got[0].Text, "Код 1234 5678 9012") {
			t.Fatalf("the telephone got %+v", got)
		}
		list, err := w.Own(w.ctx, who, "")
		if err != nil || len(list) != 1 || list[0].State != Delivered || !strings.HasSuffix(list[0].Text, "Код ••••") {
			t.Errorf("the log has %+v, %v", list, err)
		}
		n := 0
		err = w.DB.Read(w.ctx, func(tx *db.Tx) error {
			return tx.QueryRowContext(w.ctx, "SELECT (SELECT count(*) FROM notice WHERE text LIKE '%1234%') + (SELECT count(*) FROM notice_order WHERE words LIKE '%1234%')").Scan(&n)
		})
		if err != nil || n != 0 {
			t.Errorf("the code is kept in %d rows: %v", n, err)
		}
	})
}

// TestHealthOfWays: a way whose other side is away has stuck messages, one that delivers has none.
func TestHealthOfWays(t *testing.T) {
	each(t, simulator.Options{Busy: 1}, func(t *testing.T, w *town) {
		who := w.resident(7, access.AllRights, "+79160000001", "")
		began := w.time()
		w.order(Order{Key: "in", Topic: Security, Person: who, Words: map[string]string{"итог": "Вход с нового телефона"}})
		w.run()
		list, err := w.Health(w.ctx, began)
		if err != nil {
			t.Fatal(err)
		}
		for _, h := range list {
			if want := map[Channel]int{SMS: 1}[h.Channel]; h.Stuck != want || h.Went != 0 {
				t.Errorf("%s: %d went, %d stuck, want 0 and %d", h.Channel, h.Went, h.Stuck, want)
			}
		}
	})
}
