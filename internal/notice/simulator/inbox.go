package simulator

import (
	"html/template"
	"net/http"
	"strconv"
	"time"
)

// Written is a text somebody wrote to the centre.
type Written struct {
	ID         int64
	From, Text string
	At         time.Time
}

// Write is a person writing a text from a telephone (with or without its plus).
func (g *Gateway) Write(from, text string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.wrote++
	if len(g.inbox) >= keepMax {
		g.inbox = g.inbox[keepMax/2:]
	}
	g.inbox = append(g.inbox, Written{ID: int64(500_000 + g.wrote), From: from, Text: text, At: time.Now()})
}

// smscGet answers what was written, the latest first, as SMSC does.
func (g *Gateway) smscGet(w http.ResponseWriter, r *http.Request) {
	f := g.draw()
	switch {
	case f.fail:
		http.Error(w, "internal", http.StatusInternalServerError)
		return
	case r.FormValue("login") != g.o.Login || r.FormValue("psw") != g.o.Password:
		answer(w, object{"error": "authorise error", "error_code": 2})
		return
	case r.FormValue("get_answers") != "1":
		answer(w, object{"error": "parameters error", "error_code": 1})
		return
	}
	after, _ := strconv.ParseInt(r.FormValue("after_id"), 10, 64) // without it all of the time
	list := []object{}
	g.mu.Lock()
	for i := len(g.inbox) - 1; i >= 0; i-- {
		if x := g.inbox[i]; x.ID > after {
			list = append(list, object{"id": x.ID, "received": x.At.Format("02.01.2006 15:04:05"), "phone": x.From, "message": x.Text, "to_phone": "79000000000"})
		}
	}
	g.mu.Unlock()
	if f.lose {
		hangUp()
	}
	if len(list) == 0 {
		answer(w, object{"error": "no messages", "error_code": 3})
		return
	}
	answer(w, list)
}

var writePage = template.Must(template.New("write").Parse(`<!doctype html><html lang="ru"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Учебный SMS-шлюз</title>
<style>body{font:17px/1.4 system-ui,sans-serif;max-width:640px;margin:16px auto;padding:0 12px;color:#15212b}input,button{font:inherit;padding:8px;margin:4px 0;max-width:100%}li{margin:8px 0;white-space:pre-wrap;overflow-wrap:anywhere}</style>
<h1>Учебный SMS-шлюз</h1><form method="post" action="/write"><label>С телефона<br><input name="from" value="{{.From}}" inputmode="tel"></label><br><label>SMS в расчётный центр<br><input name="text" autocomplete="off" autofocus></label><br><button>Отправить</button></form>
<h2>Пришло людям</h2><ol reversed>{{range .Got}}<li><b>{{.To}}</b>, {{.At.Format "15:04:05"}}: {{.Text}}</li>{{end}}</ol></html>`))

// show is a page on which people write and read.
func (g *Gateway) show(w http.ResponseWriter, r *http.Request) {
	got := g.Got()
	for i, j := 0, len(got)-1; i < j; i, j = i+1, j-1 {
		got[i], got[j] = got[j], got[i]
	}
	from := r.FormValue("from")
	if from == "" {
		from = "+79000000001"
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	writePage.Execute(w, map[string]any{"From": from, "Got": got}) //nolint:errcheck // the reader is away
}

// pageWait is how long the page waits for an answer to what was written.
const pageWait = 4 * time.Second

func (g *Gateway) write(w http.ResponseWriter, r *http.Request) {
	from := r.FormValue("from")
	if text := r.FormValue("text"); text != "" {
		before := len(g.Got())
		g.Write(from, text)
		for end := time.Now().Add(pageWait); time.Now().Before(end) && len(g.Got()) == before; {
			time.Sleep(100 * time.Millisecond)
		}
	}
	http.Redirect(w, r, "/?from="+template.URLQueryEscaper(from), http.StatusSeeOther)
}
