package simulator

import (
	"html/template"
	"net/http"
)

var callPage = template.Must(template.New("call").Parse(`<!doctype html><html lang="ru"><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>Учебная телефонная станция</title>
<style>body{font:17px/1.4 system-ui,sans-serif;max-width:640px;margin:16px auto;padding:0 12px;color:#15212b}input,button{font:inherit;padding:8px;margin:4px 0;max-width:100%}li{margin:8px 0;overflow-wrap:anywhere}</style>
<h1>Учебная телефонная станция</h1>
{{if not .}}<form method="post" action="/call"><label>С какого телефона звоним (пусто – номер скрыт)<br><input name="from" value="+79000000001" inputmode="tel"></label><br><button>Позвонить в расчётный центр</button></form>
{{else}}<p>Звонок с {{if .From}}{{.From}}{{else}}скрытого номера{{end}}</p><ol>{{range .Lines}}<li>{{.}}</li>{{end}}</ol>
{{if .Ended}}<p>Звонок окончен.</p><p><a href="/">Позвонить ещё</a></p>{{else}}<form method="post" action="/call/{{.ID}}"><label>Нажать клавиши (после числа – #)<br><input name="keys" inputmode="tel" autocomplete="off" autofocus></label><br><button>Нажать</button> <button name="do" value="hang">Положить трубку</button></form>{{end}}{{end}}</html>`))

// Handler serves the page on which people call.
func (x *Exchange) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, _ *http.Request) { show(w, nil) })
	mux.HandleFunc("POST /call", func(w http.ResponseWriter, r *http.Request) {
		c, _ := x.Dial(r.FormValue("from")) // what went wrong is heard
		http.Redirect(w, r, "/call/"+c.ID, http.StatusSeeOther)
	})
	mux.HandleFunc("GET /call/{id}", func(w http.ResponseWriter, r *http.Request) { show(w, x.find(r.PathValue("id"))) })
	mux.HandleFunc("POST /call/{id}", func(w http.ResponseWriter, r *http.Request) {
		c := x.find(r.PathValue("id"))
		switch {
		case c == nil:
			http.NotFound(w, r)
			return
		case r.FormValue("do") == "hang":
			c.Hang() //nolint:errcheck // the line is dead either way
		default:
			c.Press(r.FormValue("keys")) //nolint:errcheck // what went wrong is heard
		}
		http.Redirect(w, r, "/call/"+c.ID, http.StatusSeeOther)
	})
	return mux
}

func show(w http.ResponseWriter, c *Call) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	callPage.Execute(w, c) //nolint:errcheck // the reader is away
}
