package app

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/device"
	"kvit/internal/fault"
	"kvit/internal/reading"
)

// TestAnOddFigureIsTakenByOnePress: what a device told and looks odd waits; the resident, or the centre, takes it by one
// press, once; a neighbour cannot; later figures that were odd beside the old ones follow by themselves.
func TestAnOddFigureIsTakenByOnePress(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newDevices(t, d)
		h := reading.Home{Building: w.own.BuildingID, Household: w.own.HouseholdID}
		say := func(value int) {
			t.Helper()
			if out := w.post("/iot/v1/readings", w.secrets["d-17"], fmt.Sprintf(`{"values":{"t1":%d}}`, value)); out.Code != 200 {
				t.Fatal(out.Body)
			}
		}
		say(90_000)
		if got := w.figure(3, 1); got != "–" {
			t.Fatalf("an odd figure is a reading: %s", got)
		}
		odd := w.odd(h)
		if odd.Device == "" {
			t.Fatal("nobody is asked")
		}
		neighbour := w.own
		neighbour.HouseholdID++
		if err := w.a.Devices.ConfirmOwn(ctx, neighbour, reading.Home{Building: h.Building, Household: h.Household + 1}, odd); !fault.Is(err, fault.NotFound) {
			t.Errorf("a neighbour: %v", err)
		}
		if err := w.a.Devices.Confirm(ctx, w.own, odd); err == nil {
			t.Error("a resident took it as the centre")
		}
		if page := w.visitor(access.CentreOperator, 0).do("GET", "/c/devices", nil); !strings.Contains(page.Body.String(), `value="confirm"`) {
			t.Errorf("the centre is not asked: %d", page.Code)
		}
		v := w.visitor(access.Resident, 0)
		form := v.fill("/devices", url.Values{"do": {"confirm"}, "device": {odd.Device}, "channel": {odd.Channel}, "measured": {fmt.Sprint(int64(odd.Measured))}})
		if out := v.do("POST", "/devices", form); out.Code != 303 || !strings.Contains(out.Header().Get("Location"), "done=confirm") {
			t.Fatalf("the press: %d %.500s", out.Code, out.Body)
		}
		if got := w.figure(3, 1); got != "90000.000" {
			t.Errorf("after one press: %s", got)
		}
		if err := w.a.Devices.Confirm(ctx, access.Actor{Role: access.CentreOperator}, odd); fault.CodeOf(err) != "device.not_asked" {
			t.Errorf("pressed again: %v", err)
		}
		if again := w.odd(h); again.Device != "" {
			t.Errorf("still asked: %+v", again)
		}
		w.breaches()
	})
}

// odd is the figure of the household's devices that is asked about.
func (w *devices) odd(h reading.Home) (n device.Named) {
	w.t.Helper()
	list, err := w.a.Devices.Own(context.Background(), w.own, h)
	if err != nil {
		w.t.Fatal(err)
	}
	for i := range list {
		for _, o := range list[i].Odd {
			n = device.Named{Device: list[i].OutsideID, Channel: o.Channel, Measured: o.Measured}
		}
	}
	return n
}

// TestMessagesGoAfterTheirTerm: what came before it goes, what waits stays; figures and readings stay, and nothing is
// broken by it; the same message again is still a double.
func TestMessagesGoAfterTheirTerm(t *testing.T) {
	inOrder(t)
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newDevices(t, d)
		body := fmt.Sprintf(`{"ts":%q,"values":{"t1":250}}`, time.Now().Add(-time.Second).UTC().Format(time.RFC3339))
		for _, b := range []string{body, `не JSON`, `{"battery":90}`} {
			if out := w.post("/iot/v1/readings", w.secrets["d-17"], b); out.Code != 200 {
				t.Fatal(out.Body)
			}
		}
		if _, err := d.Handle().ExecContext(ctx, "UPDATE device_message SET state = 'waiting', reason = '' WHERE state = 'unreadable'"); err != nil {
			t.Fatal(err)
		}
		if gone, err := w.a.Devices.Forget(ctx, w.a.now()-calendar.Micros(time.Hour/time.Microsecond)); gone != 0 || err != nil {
			t.Errorf("within the term: %d, %v", gone, err)
		}
		if gone, err := w.a.Devices.Forget(ctx, w.a.now()+1); gone != 2 || err != nil {
			t.Errorf("after it: %d, %v", gone, err)
		}
		if got := w.figure(3, 1); got != "250.000" {
			t.Errorf("the reading: %s", got)
		}
		if out := w.post("/iot/v1/readings", w.secrets["d-17"], body); !strings.Contains(out.Body.String(), `"state":"double"`) {
			t.Errorf("again: %s", out.Body)
		}
		w.breaches()
	})
}

// TestWrongSecretsAreCounted: ten of them under one name, and nobody from there is listened to under it for a while; others
// are. A resident's codes are counted too.
func TestWrongSecretsAreCounted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		w := newDevices(t, d)
		tell := func(from, key string) int {
			r := httptest.NewRequest("POST", "/iot/v1/waterius", strings.NewReader(`{"ch0":104,"esp_id":`+wateriID+`,"key":"`+key+`"}`))
			r.RemoteAddr = from + ":40000"
			out := httptest.NewRecorder()
			w.handler.ServeHTTP(out, r)
			return out.Code
		}
		for i := range 11 {
			want := http.StatusUnauthorized
			if i == 10 {
				want = http.StatusTooManyRequests
			}
			if got := tell("203.0.113.7", fmt.Sprint("guess", i)); got != want {
				t.Errorf("wrong secret %d: %d, want %d", i+1, got, want)
			}
		}
		if got := tell("203.0.113.7", "KEY"); got != http.StatusTooManyRequests {
			t.Errorf("the right one from there: %d", got)
		}
		if got := tell("203.0.113.8", "KEY"); got != 200 {
			t.Errorf("the device itself: %d", got)
		}
		for range 10 {
			w.connect("d-17", "wrong")
		}
		if w.connect("d-17", w.secrets["d-17"]) != nil {
			t.Error("MQTT: let in after ten wrong secrets from the same address")
		}
		h := reading.Home{Building: w.own.BuildingID, Household: w.own.HouseholdID}
		var err error
		for range 11 {
			err = w.a.Devices.Claim(ctx, w.own, h, "WRQNG22222", 1, "")
		}
		if !fault.Is(err, fault.Limited) {
			t.Errorf("the eleventh code: %v", err)
		}
	})
}
