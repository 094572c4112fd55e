package simulator

import (
	"errors"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"
)

// skewAllowed is how far a request's moment may be from ours.
const skewAllowed = 10 * time.Minute

// check reads a request to sign somebody in.
func (s *Simulator) check(q url.Values) error {
	at, err := time.Parse("2006.01.02 15:04:05 -0700", q.Get("timestamp"))
	switch {
	case q.Get("client_id") != s.o.ClientID:
		return errors.New("ESIA-005012: client_id")
	case q.Get("response_type") != "code" || q.Get("state") == "" || q.Get("redirect_uri") == "":
		return errors.New("ESIA-007003: response_type, state, redirect_uri")
	case err != nil || at.Sub(s.o.Now()).Abs() > skewAllowed:
		return errors.New("ESIA-007024: timestamp")
	}
	return s.signed(q.Get("client_secret"), q.Get("client_id"), q.Get("scope"), q.Get("timestamp"), q.Get("state"), q.Get("redirect_uri"))
}

var consentPage = template.Must(template.New("consent").Parse(`<!DOCTYPE html>
<html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Учебные Госуслуги</title></head>
<body style="font:18px/1.5 system-ui,sans-serif;max-width:36rem;margin:2rem auto;padding:0 1rem">
<h1>Учебные Госуслуги</h1>
<p>Система {{.Client}} просит подтвердить, кто вы. Это не настоящие Госуслуги: все люди выдуманы.</p>
<form method="post">
{{range $name, $value := .Hidden}}<input type="hidden" name="{{$name}}" value="{{$value}}">{{end}}
<fieldset><legend>Кто вы</legend>
{{range $i, $p := .People}}<p><label><input type="radio" name="person" value="{{$p.ID}}"{{if eq $i 0}} checked{{end}}> {{$p.Last}} {{$p.First}} {{$p.Middle}} – {{$p.Level}}</label></p>{{end}}
</fieldset>
<p><button name="answer" value="yes" style="font:inherit;padding:.5rem 1rem">Предоставить</button> <button name="answer" value="no" style="font:inherit;padding:.5rem 1rem">Отказать</button></p>
</form></body></html>`))

// consent asks the person.
func (s *Simulator) consent(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	if err := s.check(q); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	hidden := map[string]string{}
	for name := range q {
		hidden[name] = q.Get(name)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = consentPage.Execute(w, map[string]any{"Client": s.o.ClientID, "Hidden": hidden, "People": People})
}

// decide takes the person back with a code, or with his refusal.
func (s *Simulator) decide(w http.ResponseWriter, r *http.Request) {
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if err := s.check(r.PostForm); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	back, err := url.Parse(r.PostForm.Get("redirect_uri"))
	id, _ := strconv.ParseInt(r.PostForm.Get("person"), 10, 64) // a wrong one is nobody
	i := slices.IndexFunc(People, func(p Person) bool { return p.ID == id })
	if err != nil || i < 0 {
		http.Error(w, "ESIA-007003: redirect_uri, person", http.StatusBadRequest)
		return
	}
	q := back.Query()
	q.Set("state", r.PostForm.Get("state"))
	if r.PostForm.Get("answer") == "yes" {
		code := secret()
		s.mu.Lock()
		s.grants[code] = &grant{person: People[i], redirect: r.PostForm.Get("redirect_uri"), state: r.PostForm.Get("state"), scope: r.PostForm.Get("scope")}
		s.mu.Unlock()
		q.Set("code", code)
	} else {
		q.Set("error", "access_denied")
		q.Set("error_description", "ESIA-007004: The resource owner or authorization server denied the request")
	}
	back.RawQuery = q.Encode()
	http.Redirect(w, r, back.String(), http.StatusFound)
}
