package webhook

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/event"
	"kvit/internal/event/feed"
	"kvit/internal/fault"
)

// byAccount are the sums each account's messages told, in the order they came.
func byAccount(list []feed.Message) map[string][]int64 {
	told := map[string][]int64{}
	for _, m := range list {
		var p event.Payment
		_ = json.Unmarshal(m.Data, &p) // a wrong body shows as a zero
		told[m.Account] = append(told[m.Account], p.Sum)
	}
	return told
}

// TestOneFailingEventHoldsBackItsAccountAlone: others go on; when it is taken at last, its account goes on in order.
func TestOneFailingEventHoldsBackItsAccountAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		healed := atomic.Bool{}
		r := newReceiver(t, func(m *feed.Message, _ int) int {
			if strings.Contains(string(m.Data), `"sum":666`) && !healed.Load() {
				return 500
			}
			return 204
		})
		w := newTown(t, d, r, HMAC)
		w.pay([2]int64{1, 1}, [2]int64{1, 666}, [2]int64{1, 3}, [2]int64{2, 1}, [2]int64{2, 2}, [2]int64{3, 1})
		w.deliver()
		if got := byAccount(r.got); !slices.Equal(got["N1"], []int64{1}) || !slices.Equal(got["N2"], []int64{1, 2}) || !slices.Equal(got["N3"], []int64{1}) {
			t.Fatalf("told %v", got)
		}
		if e := w.state(); e.FailingSince == 0 || e.Waiting != 2 {
			t.Errorf("%+v", e)
		}
		w.pay([2]int64{1, 4}, [2]int64{2, 3})
		if w.deliver(); !slices.Equal(byAccount(r.got)["N2"], []int64{1, 2, 3}) || len(byAccount(r.got)["N1"]) != 1 {
			t.Errorf("while it waits: %v", byAccount(r.got))
		}
		healed.Store(true)
		w.pass(6 * time.Second)
		w.deliver()
		if got := byAccount(r.got)["N1"]; !slices.Equal(got, []int64{1, 666, 3, 4}) {
			t.Errorf("after it healed: %v", got)
		}
		if e := w.state(); e.Waiting != 0 || e.FailingSince != 0 {
			t.Errorf("%+v", e)
		}
	})
}

// TestRetriesAndTheirEnd: attempts come at the times of the specification; after the last the endpoint is disabled,
// nothing is lost, and once enabled everything comes in order.
func TestRetriesAndTheirEnd(t *testing.T) {
	d := dbtest.One(t)
	healed := atomic.Bool{}
	r := newReceiver(t, func(*feed.Message, int) int {
		if healed.Load() {
			return 200
		}
		return 0
	})
	w := newTown(t, d, r, HMAC)
	w.pay([2]int64{1, 1}, [2]int64{1, 2})
	attempts := func() (n int) {
		r.mu.Lock()
		defer r.mu.Unlock()
		for _, k := range r.tries {
			n += k
		}
		return n
	}
	w.deliver()
	for i, pause := range pauses {
		if attempts() != i+1 {
			t.Fatalf("attempts after %d pauses: %d", i, attempts())
		}
		w.pass(pause * 85 / 100)
		if w.deliver(); attempts() != i+1 {
			t.Fatalf("attempt %d came before its time", i+2)
		}
		w.pass(pause * 30 / 100)
		w.deliver()
	}
	e := w.state()
	if attempts() != 10 || e.State != Disabled || e.Reason == "" || e.Waiting != 2 {
		t.Fatalf("%d attempts, %+v", attempts(), e)
	}
	healed.Store(true)
	w.pay([2]int64{1, 3})
	if w.pass(100 * time.Hour); w.deliver() != 0 {
		t.Error("a disabled endpoint was called")
	}
	if err := w.m.Enable(context.Background(), w.actor, e.ID); err != nil {
		t.Fatal(err)
	}
	w.deliver()
	if got := byAccount(r.got)["N1"]; !slices.Equal(got, []int64{1, 2, 3}) {
		t.Errorf("after it was enabled: %v", got)
	}
}

// TestGone: 410 is the receiver's wish not to be called.
func TestGone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d, newReceiver(t, func(*feed.Message, int) int { return 410 }), HMAC)
		w.pay([2]int64{1, 1})
		w.deliver()
		if e := w.state(); e.State != Disabled || !strings.Contains(e.Reason, "410") {
			t.Errorf("%+v", e)
		}
	})
}

// TestSignatures: each kind verifies, two while a secret is changed over, one after a day; a changed body does not.
func TestSignatures(t *testing.T) {
	d := dbtest.One(t)
	r := newReceiver(t, nil)
	w := newTown(t, d, r, HMAC)
	ctx := context.Background()
	w.pay([2]int64{1, 1})
	w.deliver()
	second, err := w.m.Rotate(ctx, w.actor, w.endpoint.ID)
	if err != nil {
		t.Fatal(err)
	}
	w.pay([2]int64{1, 2})
	w.deliver()
	w.pass(25 * time.Hour)
	w.pay([2]int64{1, 3})
	w.deliver()
	for i, want := range []struct {
		first, second bool
		count         int
	}{{true, false, 1}, {true, true, 2}, {false, true, 1}} {
		h := r.heads[i]
		list := strings.Fields(h.Get("webhook-signature"))
		if len(list) != want.count || verifies(h, r.bodies[i], w.secret) != want.first || verifies(h, r.bodies[i], second) != want.second {
			t.Errorf("message %d: %v", i, list)
		}
		if verifies(h, append([]byte(" "), r.bodies[i]...), second) || verifies(h, append([]byte(" "), r.bodies[i]...), w.secret) {
			t.Errorf("message %d: a changed body verifies", i)
		}
		if strings.Contains(h.Get("webhook-id"), ".") || h.Get("webhook-id") != r.got[i].ID || len(r.bodies[i]) > 20<<10 {
			t.Errorf("message %d: %v", i, h)
		}
	}
	keys, public, err := w.m.Create(ctx, w.actor, r.URL, nil, Ed25519)
	if err != nil {
		t.Fatal(err)
	}
	w.pay([2]int64{2, 1})
	w.deliver()
	key, _ := base64.StdEncoding.DecodeString(strings.TrimPrefix(public, "whpk_"))
	found := false
	for i, h := range r.heads {
		signature, ed := strings.CutPrefix(h.Get("webhook-signature"), "v1a,")
		raw, _ := base64.StdEncoding.DecodeString(signature)
		found = found || ed && ed25519.Verify(key, []byte(h.Get("webhook-id")+"."+h.Get("webhook-timestamp")+"."+string(r.bodies[i])), raw)
	}
	if !found {
		t.Errorf("no message of endpoint %d verifies with %s", keys.ID, public)
	}
	if _, _, err := w.m.Create(ctx, w.actor, r.URL, nil, "md5"); fault.CodeOf(err) != "webhook.signing" {
		t.Errorf("md5: %v", err)
	}
}

// verifies is a receiver's check, written apart from the program's signing.
func verifies(h http.Header, body []byte, secret string) bool {
	key, err := base64.StdEncoding.DecodeString(strings.TrimPrefix(secret, "whsec_"))
	if err != nil {
		return false
	}
	want := hmacOf(key, h.Get("webhook-id")+"."+h.Get("webhook-timestamp")+"."+string(body))
	return slices.Contains(strings.Fields(h.Get("webhook-signature")), "v1,"+want)
}

// TestReplayAndKinds: an endpoint hears of its kinds alone; a replay sends a stretch again under the same ids.
func TestReplayAndKinds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r := newReceiver(t, nil)
		w := newTown(t, d, r, HMAC, event.KindPayment)
		w.pay([2]int64{1, 1}, [2]int64{1, 2})
		w.write(func(tx *db.Tx) error {
			return event.Write(ctx, tx, []event.Event{{BuildingID: 1, AccountID: 101, At: w.m.Now(), Body: event.AccountClosed{}}})
		})
		w.pay([2]int64{1, 3})
		w.deliver()
		if got := byAccount(r.got)["N1"]; !slices.Equal(got, []int64{1, 2, 3}) {
			t.Fatalf("told %v", got)
		}
		if n, err := w.m.Replay(ctx, w.actor, w.endpoint.ID, 1, 3); err != nil || n != 1 {
			t.Errorf("replay: %d, %v", n, err)
		}
		w.deliver()
		if len(r.got) != 4 || r.got[3].ID != r.got[1].ID || string(r.bodies[3]) != string(r.bodies[1]) {
			t.Errorf("replayed: %v", r.sums())
		}
		later, _, err := w.m.Create(ctx, w.actor, r.URL, nil, HMAC)
		if err != nil {
			t.Fatal(err)
		}
		if n, err := w.m.Replay(ctx, w.actor, later.ID, 0, 0); err != nil || n != 4 {
			t.Errorf("what was before the endpoint: %d, %v", n, err)
		}
		w.deliver()
		list, err := w.m.Deliveries(ctx, w.actor, later.ID, 0, 10)
		if err != nil || len(list) != 4 || list[0].State != "delivered" || list[0].Status != 200 || list[0].Answer != "сказано" || list[0].Message.ID == "" {
			t.Errorf("%+v, %v", list, err)
		}
		foreign := access.Actor{Role: access.SupplierAdmin, SupplierID: w.actor.SupplierID + 1}
		_, err = w.m.Rotate(ctx, foreign, later.ID)
		_, err2 := w.m.Deliveries(ctx, foreign, later.ID, 0, 10)
		_, err3 := w.m.Find(ctx, foreign, later.ID)
		for _, err := range []error{err, err2, err3, w.m.Disable(ctx, foreign, later.ID), w.m.Enable(ctx, foreign, later.ID)} {
			if !fault.Is(err, fault.NotFound) {
				t.Errorf("another supplier's endpoint: %v", err)
			}
		}
	})
}

// TestClaims: of two jobs on one endpoint one works; a claim that died is taken over, and its job does nothing more.
func TestClaims(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ctx := context.Background()
		r := newReceiver(t, nil)
		w := newTown(t, d, r, HMAC)
		w.pay([2]int64{1, 1})
		var claims []int64
		claim := func() {
			if err := w.m.Dispatch(ctx, func(_ context.Context, _ *db.Tx, _, c int64) error { claims = append(claims, c); return nil }); err != nil {
				t.Fatal(err)
			}
		}
		claim()
		w.pass(time.Second)
		claim()
		if len(claims) != 1 {
			t.Fatalf("claims %v", claims)
		}
		w.pass(claimTime)
		claim()
		if len(claims) != 2 {
			t.Fatalf("a dead claim was not taken over: %v", claims)
		}
		if err := w.m.Run(ctx, w.endpoint.ID, claims[0]); err != nil || len(r.got) != 0 {
			t.Errorf("the dead job worked: %v, %v", r.sums(), err)
		}
		if err := w.m.Run(ctx, w.endpoint.ID, claims[1]); err != nil || len(r.got) != 1 {
			t.Errorf("the living one did not: %v, %v", r.sums(), err)
		}
	})
}

// TestLongAnswersAndSlowReceivers: an answer past the bound is no delivery; one receiver that does not answer holds up
// no other.
func TestLongAnswersAndSlowReceivers(t *testing.T) {
	d := dbtest.One(t)
	long := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write(make([]byte, 65<<10)) }))
	defer long.Close()
	release := make(chan struct{})
	slow := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { <-release }))
	defer slow.Close()
	defer close(release)
	r := newReceiver(t, nil)
	w := newTown(t, d, r, HMAC)
	ctx := context.Background()
	w.m.Guard.Private = append(w.m.Guard.Private, strings.TrimPrefix(long.URL, "http://"), strings.TrimPrefix(slow.URL, "http://"))
	w.m.client.Timeout = 300 * time.Millisecond
	byURL := map[int64]string{w.endpoint.ID: "quick"}
	for name, url := range map[string]string{"long": long.URL, "slow": slow.URL} {
		e, _, err := w.m.Create(ctx, w.actor, url, nil, HMAC)
		if err != nil {
			t.Fatal(err)
		}
		byURL[e.ID] = name
	}
	w.pay([2]int64{1, 1}, [2]int64{2, 1})
	w.deliver()
	for id, name := range byURL {
		list, err := w.m.Deliveries(ctx, w.actor, id, 0, 10)
		if err != nil || len(list) != 2 {
			t.Fatalf("%s: %v, %v", name, list, err)
		}
		if got := list[0]; (got.State == "delivered") != (name == "quick") || name != "quick" && (got.Attempts != 1 || got.Status != 0 || got.Answer == "") {
			t.Errorf("%s: %+v", name, got)
		}
	}
}
