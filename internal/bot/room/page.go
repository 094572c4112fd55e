package room

import (
	"bytes"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"time"
)

// look is the page's style: people left, the chat right; on a telephone the chat alone.
const look = `<style>
*{box-sizing:border-box}body{margin:0;font:17px/1.4 system-ui,sans-serif;background:#e8eef2;color:#15212b}
main{max-width:640px;margin:auto;height:100vh;display:flex;flex-direction:column;background:#f3f6f7}
header{background:#0a5c7a;color:#fff;padding:10px 14px}header a{color:#fff;margin-right:12px}header b{margin-right:12px}
iframe{flex:1;border:0;width:100%;min-height:0}form.say{display:flex;gap:8px;padding:8px;background:#fff}
form.say input{flex:1;min-width:0;font:inherit;padding:10px;border:1px solid #66757f;border-radius:8px}
button{font:inherit;padding:8px 12px;border:1px solid #66757f;border-radius:8px;background:#fff;color:#0a5c7a}
.talk{height:100vh;overflow:auto;display:flex;flex-direction:column-reverse;padding:10px;gap:8px;background:#e8eef2}
.m{max-width:86%;padding:8px 12px;border-radius:12px;background:#fff;overflow-wrap:anywhere;align-self:flex-start}.m p{margin:0;white-space:pre-wrap}
.m.mine{align-self:flex-end;background:#d6efd9}.m small{display:block;color:#4a5965;text-align:right}
.b{display:flex;flex-wrap:wrap;gap:6px;margin-top:6px}.b button{flex:1 1 auto}
</style>`

var chatPage = template.Must(template.New("chat").Parse(`<!doctype html><html lang="ru"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{{.Name}}: {{.Person.Name}}</title>` + look + `
<main><header><b>{{.Name}}</b>{{range .People}}{{if eq .Chat $.Person.Chat}}<b>{{.Name}}</b>{{else}}<a href="/chat/{{.Chat}}">{{.Name}}</a>{{end}}{{end}}</header>
<iframe src="/chat/{{.Person.Chat}}/talk" title="Разговор"></iframe>
{{if or .Person.Blocked (not .Person.Started)}}<form class="say" method="post"><input name="text" aria-label="Текст ссылки" placeholder="код из ссылки, если есть"><button name="do" value="open">Начать</button></form>
{{else}}<form class="say" method="post"><input name="text" aria-label="Сообщение" autocomplete="off" autofocus><button name="do" value="say">Отправить</button></form>
<form class="say" method="post"><button name="do" value="close">Заблокировать бота</button></form>{{end}}</main></html>`))

var talkPage = template.Must(template.New("talk").Parse(`<!doctype html><html lang="ru"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta http-equiv="refresh" content="2"><title>Разговор</title>` + look + `
<div class="talk">{{range .Messages}}<div class="m{{if .Mine}} mine{{end}}"><p>{{.Text}}</p>{{if .File}}<a href="/chat/{{$.Chat}}/file/{{.ID}}" target="_blank">{{.File.Name}}</a>{{end}}<small>{{.At.Format "15:04:05"}}</small>
{{if .Buttons}}<form class="b" method="post" action="/chat/{{$.Chat}}" target="_top">{{range .Buttons}}{{range .}}<button name="press" value="{{.Text}}">{{.Text}}</button>{{end}}{{end}}</form>{{end}}</div>{{end}}</div></html>`))

// Pages serve the messenger as people see it.
func (r *Room) Pages(mux *http.ServeMux) {
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, q *http.Request) {
		http.Redirect(w, q, fmt.Sprintf("/chat/%d", r.People(len(names))[0]), http.StatusSeeOther)
	})
	mux.HandleFunc("GET /chat/{chat}", func(w http.ResponseWriter, q *http.Request) { r.show(w, q, chatPage) })
	mux.HandleFunc("GET /chat/{chat}/talk", func(w http.ResponseWriter, q *http.Request) { r.show(w, q, talkPage) })
	mux.HandleFunc("POST /chat/{chat}", r.act)
	mux.HandleFunc("GET /chat/{chat}/file/{id}", r.file)
}

// view is what both pages show.
type view struct {
	Name     string
	Chat     int64
	Person   Person
	People   []Person
	Messages []Message // the latest first
}

func (r *Room) show(w http.ResponseWriter, q *http.Request, page *template.Template) {
	id, _ := strconv.ParseInt(q.PathValue("chat"), 10, 64)
	r.mu.Lock()
	p := r.people[id]
	v := view{Name: r.o.Name, Chat: id}
	if p != nil {
		v.Person = *p
		for i := len(p.Messages) - 1; i >= 0; i-- {
			v.Messages = append(v.Messages, p.Messages[i])
		}
	}
	for _, id := range r.order {
		v.People = append(v.People, *r.people[id])
	}
	r.mu.Unlock()
	if p == nil {
		http.NotFound(w, q)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	page.Execute(w, v) //nolint:errcheck // the reader is away
}

// act does what a person pressed or typed.
func (r *Room) act(w http.ResponseWriter, q *http.Request) {
	id, _ := strconv.ParseInt(q.PathValue("chat"), 10, 64)
	text := q.FormValue("text")
	switch do := q.FormValue("do"); {
	case q.FormValue("press") != "":
		r.Press(id, q.FormValue("press"))
	case do == "open":
		r.Open(id, text)
	case do == "close":
		r.Close(id)
	case text != "":
		r.Say(id, text)
	}
	time.Sleep(pageWait) // the answer is there when the page is
	http.Redirect(w, q, q.URL.Path, http.StatusSeeOther)
}

// pageWait is how long a page waits for the bot after something was done.
const pageWait = 400 * time.Millisecond

func (r *Room) file(w http.ResponseWriter, q *http.Request) {
	id, _ := strconv.ParseInt(q.PathValue("chat"), 10, 64)
	for _, m := range r.Messages(id) {
		if strconv.FormatInt(m.ID, 10) == q.PathValue("id") && m.File != nil {
			http.ServeContent(w, q, m.File.Name, m.At, bytes.NewReader(m.File.Body))
			return
		}
	}
	http.NotFound(w, q)
}
