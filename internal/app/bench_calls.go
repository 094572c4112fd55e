package app

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"time"

	"kvit/internal/access"
	"kvit/internal/db"
	"kvit/internal/event/feed"
	"kvit/internal/event/webhook"
)

// benchCallsMax is how many messages a receiver is called with in the benchmark.
const benchCallsMax = 3000

// caught is a receiver on loopback that notes the places of what it was called with, account by account.
type caught struct {
	mu       sync.Mutex
	accounts map[string][]int64
}

func (c *caught) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	var m feed.Message
	if err == nil {
		err = json.Unmarshal(body, &m)
	}
	position, err2 := strconv.ParseInt(m.Cursor, 10, 64)
	if err != nil || err2 != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.accounts[m.Account] = append(c.accounts[m.Account], position)
	w.WriteHeader(http.StatusNoContent)
}

// wrong counts messages that did not come once and in order.
func (c *caught) wrong(want int) int {
	came, wrong := 0, 0
	for _, list := range c.accounts {
		for i, p := range list {
			if came++; i > 0 && p <= list[i-1] {
				wrong++
			}
		}
	}
	return wrong + max(want-came, came-want)
}

// benchCalls replays the last messages of a supplier to a receiver, the way the server delivers.
func (a *App) benchCalls(ctx context.Context, res *EventsBench, supplierID int64) error {
	receiver := &caught{accounts: map[string][]int64{}}
	server := httptest.NewServer(receiver)
	defer server.Close()
	calls := webhook.New(webhook.Deps{DB: a.DB, Access: a.Access, Feed: a.Feed, Guard: &webhook.Guard{Private: []string{strings.TrimPrefix(server.URL, "http://")}}, Now: a.now})
	actor := access.Actor{Role: access.System, Name: "bench", SupplierID: supplierID}
	e, _, err := calls.Create(ctx, actor, server.URL, nil, webhook.HMAC)
	if err != nil {
		return err
	}
	var head int64
	if err := a.DB.Read(ctx, func(tx *db.Tx) error { head, err = feed.Head(ctx, tx, supplierID); return err }); err != nil {
		return err
	}
	if res.Called, err = calls.Replay(ctx, actor, e.ID, max(0, head-benchCallsMax), 0); err != nil {
		return err
	}
	start := time.Now()
	for waiting := int64(res.Called); waiting > 0; waiting = e.Waiting {
		var claims []int64
		if err := calls.Dispatch(ctx, func(_ context.Context, _ *db.Tx, _, claim int64) error { claims = append(claims, claim); return nil }); err != nil {
			return err
		}
		for _, claim := range claims {
			if err := calls.Run(ctx, e.ID, claim); err != nil {
				return err
			}
		}
		if e, err = calls.Find(ctx, actor, e.ID); err != nil {
			return err
		}
	}
	res.CallPerSecond, res.Disordered = float64(res.Called)/time.Since(start).Seconds(), receiver.wrong(res.Called)
	return nil
}
