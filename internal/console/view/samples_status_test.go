package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func statusSamples() []webtest.Sample {
	quiet := Status{Page: centre("Состояние сервиса"), TellTo: "/c/status", Key: "sample-key-1", Next: "2026-11-24T13:00", From: "2026-11-24T12:00", Until: "2026-11-25T12:00",
		Components: []StatusComponent{
			{Title: "Страницы", State: web.State{Word: "работает", Tone: web.OK}, Since: at(3, 0, 0)},
			{Title: "Оплата: Т-Банк", Note: "Банк отвечает не на все платежи.", State: web.State{Word: "с перебоями", Tone: web.Warn}, Since: at(24, 11, 40)},
		}}
	busy := quiet
	busy.Incidents = []StatusIncident{{ID: "7", Title: "Не проходят платежи картой", State: web.State{Word: "с перебоями", Tone: web.Warn}, Began: at(24, 11, 40), Next: at(24, 13, 0),
		News: []StatusNews{{"Банк чинит оборудование. Платите через СБП.", at(24, 12, 0)}, {"Банк не отвечает.", at(24, 11, 45)}}}}
	busy.Messages = []StatusMessage{{"8", "Ночью платежи не проходят", "Банк меняет оборудование. Счета открываются как обычно.", at(25, 23, 0), at(26, 1, 0)}}
	wrong := busy
	wrong.Failed, wrong.Title = "begin", "Не открывается счёт"
	wrong.Errors = web.Errors{{Field: "begin-text", Message: "Напишите, что случилось, простыми словами."}, {Field: "state", Message: "Выберите: работает с перебоями или не работает."}}
	wrong.WithErrors(wrong.Errors)
	late := busy
	late.Failed, late.Text = "7", "Чиним."
	late.Errors = web.Errors{{Field: "7-next", Message: "Укажите, когда будут следующие новости: время должно быть впереди."}}
	late.WithErrors(late.Errors)
	look := busy
	look.TellTo, look.Components = "", nil
	return []webtest.Sample{{Name: "cstatus", Page: StatusPage(quiet)}, {Name: "cstatus-busy", Page: StatusPage(busy)}, {Name: "cstatus-wrong", Page: StatusPage(wrong)}, {Name: "cstatus-late", Page: StatusPage(late)}, {Name: "cstatus-look", Page: StatusPage(look)}}
}
