package web

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"net/http"
	"time"
)

// exchange is what is known of one request while it is served; it is written by one goroutine.
type exchange struct {
	id      string
	number  string // read to the operator over the telephone
	site    *Site
	route   *Route
	actor   string
	session string
	secret  string // of the browser, from the form cookie
	prefs   Prefs
	now     time.Time
	err     error // the fault that was answered, for the log
	stack   string
}

type exchangeKey struct{}

var nowhere = &exchange{site: &Site{}}

func newExchange(s *Site, r *http.Request) *exchange {
	var b [8]byte
	rand.Read(b[:])
	return &exchange{
		id:     hex.EncodeToString(b[:]),
		number: fmt.Sprintf("%06d", binary.BigEndian.Uint64(b[:])%1_000_000),
		site:   s,
		prefs:  prefsOf(r),
		now:    s.now(),
	}
}

func (x *exchange) attach(r *http.Request) *http.Request {
	return r.WithContext(context.WithValue(r.Context(), exchangeKey{}, x))
}

func exchangeOf(ctx context.Context) *exchange {
	if x, ok := ctx.Value(exchangeKey{}).(*exchange); ok {
		return x
	}
	return nowhere
}

// RequestID is the id of the request in the log and in the header X-Request-Id.
func RequestID(ctx context.Context) string { return exchangeOf(ctx).id }

// SetActor notes who is asking, for the log, and under which session, which form tokens are bound to. Identify
// calls it; actor is an id, never a name.
func SetActor(ctx context.Context, actor, session string) {
	if x := exchangeOf(ctx); x != nowhere {
		x.actor, x.session = actor, session
	}
}
