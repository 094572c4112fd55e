package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Gateway is a gateway of text messages and calls. It speaks the protocols of SMSC (/sys/…) and of SMS.RU (/sms/…).
type Gateway struct {
	heard
	http *http.Client
	wg   sync.WaitGroup

	byID  map[string]*text // under heard.mu
	last  int
	inbox []Written
	wrote int
}

type text struct {
	id, to string
	at     time.Time // taken
	never  bool
}

// NewGateway makes a gateway.
func NewGateway(o Options) *Gateway {
	return &Gateway{heard: newHeard(o), http: &http.Client{Timeout: 5 * time.Second}, byID: map[string]*text{}}
}

// Handler serves both protocols.
func (g *Gateway) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /sys/send.php", g.smscSend)
	mux.HandleFunc("POST /sys/status.php", g.smscStatus)
	mux.HandleFunc("POST /sys/get.php", g.smscGet)
	mux.HandleFunc("GET /{$}", g.show)
	mux.HandleFunc("POST /write", g.write)
	mux.HandleFunc("POST /sms/send", g.smsruSend)
	mux.HandleFunc("POST /sms/status", g.smsruStatus)
	mux.HandleFunc("GET /got", func(w http.ResponseWriter, _ *http.Request) { answer(w, g.Got()) })
	return mux
}

// Wait waits until every call-back has gone.
func (g *Gateway) Wait() { g.wg.Wait() }

func answer(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	json.NewEncoder(w).Encode(v) //nolint:errcheck // the client is away
}

// hangUp breaks the connection: what was done stays done, the answer is lost.
func hangUp() { panic(http.ErrAbortHandler) }

type object = map[string]any

func (g *Gateway) smscSend(w http.ResponseWriter, r *http.Request) {
	f := g.draw()
	switch {
	case f.fail:
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	case f.busy:
		w.WriteHeader(http.StatusTooManyRequests)
		return
	case r.FormValue("login") != g.o.Login || r.FormValue("psw") != g.o.Password:
		answer(w, object{"error": "authorise error", "error_code": 2})
		return
	case r.FormValue("mes") == "":
		answer(w, object{"error": "parameters error", "error_code": 1})
		return
	case len(r.FormValue("phones")) < 11:
		answer(w, object{"error": "invalid number", "error_code": 7})
		return
	case f.refuse:
		answer(w, object{"error": "can't to deliver", "error_code": 8})
		return
	}
	kind := SMS
	if r.FormValue("call") == "1" {
		kind = Call
	}
	id, again := g.take(kind, r.FormValue("id"), r.FormValue("phones"), r.FormValue("mes"), f)
	switch {
	case again:
		answer(w, object{"error": "duplicate request, wait a minute", "error_code": 9})
		return
	case f.lose:
		hangUp()
	}
	answer(w, object{"id": id, "cnt": 1})
	g.tell(id, f, func(state int) url.Values {
		return url.Values{"id": {id}, "phone": {r.FormValue("phones")}, "status": {strconv.Itoa(map[int]int{0: 0, 1: 1, -1: 20}[state])}}
	})
}

// take takes a text or a call, each id of the sender's once.
func (g *Gateway) take(kind, id, to, mes string, f fate) (_ string, again bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if id == "" {
		g.last++
		id = strconv.Itoa(100000 + g.last)
	}
	if g.byID[id] != nil {
		return id, true
	}
	t := &text{id: id, to: to, at: time.Now(), never: f.undelivered || strings.HasSuffix(to, "0000")}
	g.byID[id] = t
	if !t.never {
		g.keep(Got{Kind: kind, To: to, Text: mes, At: t.at})
	}
	return id, false
}

// state is how far a text has come: 0 on its way, 1 delivered, −1 never; NotFound is false for one never taken.
func (g *Gateway) state(id string) (state int, at time.Time, known bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	t := g.byID[id]
	switch {
	case t == nil:
		return 0, time.Time{}, false
	case time.Since(t.at) < g.o.Late:
		return 0, t.at, true
	case t.never:
		return -1, t.at.Add(g.o.Late), true
	}
	return 1, t.at.Add(g.o.Late), true
}

// tell calls back once the text's fate is known.
func (g *Gateway) tell(id string, f fate, form func(state int) url.Values) {
	if g.o.Callback == "" || f.silent {
		return
	}
	g.wg.Go(func() {
		time.Sleep(g.o.Late)
		state, _, _ := g.state(id)
		res, err := g.http.PostForm(g.o.Callback, form(state))
		if err == nil {
			res.Body.Close()
		}
	})
}

func (g *Gateway) smscStatus(w http.ResponseWriter, r *http.Request) {
	f := g.draw()
	state, at, known := g.state(r.FormValue("id"))
	switch {
	case f.fail:
		http.Error(w, "internal", http.StatusInternalServerError)
	case r.FormValue("login") != g.o.Login || r.FormValue("psw") != g.o.Password:
		answer(w, object{"error": "authorise error", "error_code": 2})
	case !known:
		answer(w, object{"status": -3})
	case state < 0:
		answer(w, object{"status": 20, "last_timestamp": at.Unix(), "err": 1})
	default:
		answer(w, object{"status": state, "last_timestamp": at.Unix(), "err": 0})
	}
}

func (g *Gateway) smsruSend(w http.ResponseWriter, r *http.Request) {
	f := g.draw()
	to := r.FormValue("to")
	switch {
	case f.fail:
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	case f.busy:
		answer(w, object{"status": "ERROR", "status_code": 220, "status_text": "service unavailable"})
		return
	case r.FormValue("api_id") != g.o.Password:
		answer(w, object{"status": "ERROR", "status_code": 200, "status_text": "wrong api_id"})
		return
	case f.refuse || len(to) < 11:
		answer(w, object{"status": "OK", "status_code": 100, "sms": object{to: object{"status": "ERROR", "status_code": 202, "status_text": "wrong number"}}})
		return
	}
	id, _ := g.take(SMS, "", to, r.FormValue("msg"), f)
	if f.lose {
		hangUp()
	}
	answer(w, object{"status": "OK", "status_code": 100, "sms": object{to: object{"status": "OK", "status_code": 100, "sms_id": id}}, "balance": 1000.5})
	g.tell(id, f, func(state int) url.Values {
		return url.Values{"data[0]": {fmt.Sprintf("sms_status\n%s\n%d\n%d", id, smsruState(state), time.Now().Unix())}}
	})
}

func smsruState(state int) int { return map[int]int{0: 102, 1: 103, -1: 104}[state] }

func (g *Gateway) smsruStatus(w http.ResponseWriter, r *http.Request) {
	g.draw()
	id := r.FormValue("sms_id")
	state, _, known := g.state(id)
	one := object{"status": "OK", "status_code": smsruState(state)}
	if !known {
		one = object{"status": "ERROR", "status_code": -1}
	}
	answer(w, object{"status": "OK", "status_code": 100, "sms": object{id: one}})
}
