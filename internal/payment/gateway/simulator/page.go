package simulator

import (
	"cmp"
	"html/template"
	"net/http"

	"kvit/internal/payment/gateway"
)

var payerPage = template.Must(template.New("page").Parse(`<!doctype html><html lang="ru"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Учебный банк</title>
<style>button:focus-visible { outline: 3px solid #1a4fb4; outline-offset: 2px; }</style>
<h1>Учебный банк</h1><p>Это не настоящий банк: деньги не спишутся.</p><p>{{.Description}}</p><p><strong>{{.Sum}}</strong></p>
<form method="post" action="/pay/{{.ID}}">{{if .Paid}}<p>Оплачено.</p><p><button name="do" value="refunded">Вернуть деньги в кабинете банка</button></p>{{else}}
<p><button name="do" value="captured">Оплатить</button></p><p><button name="do" value="declined">Отказать: нет денег на карте</button></p><p><button name="do" value="expired">Не успеть</button></p>{{end}}
<p><button name="do" value="nothing">Уйти, ничего не решив</button></p></form></html>`))

// page is what the payer sees at the bank.
func (s *Server) page(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p, ok := s.byID[cmp.Or(r.PathValue("id"), r.PathValue("link"))]
	if !ok {
		http.NotFound(w, r)
		return
	}
	p.shown = true
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	payerPage.Execute(w, map[string]any{"Description": p.Description, "Sum": p.Sum.Format(), "ID": p.id, "Paid": p.state == gateway.Captured}) //nolint:errcheck // the payer is away
}

// decide does what the payer pressed and sends him back.
func (s *Server) decide(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	p, ok := s.byID[r.PathValue("id")]
	back := "/"
	if ok {
		back = cmp.Or(p.ReturnURL, "/pay/"+p.id)
		switch r.FormValue("do") {
		case "captured":
			s.pay(p)
		case "declined":
			s.decline(p, declinedNoMoney)
		case "expired":
			s.decline(p, "expired_on_confirmation")
		case "refunded":
			s.giveBack(p, p.taken-p.returned, "")
		}
	}
	s.mu.Unlock()
	if !ok {
		http.NotFound(w, r)
		return
	}
	http.Redirect(w, r, back, http.StatusSeeOther)
}
