package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func copiesSamples() []webtest.Sample {
	good := Copies{Page: centre("Копии"), On: true, Dir: "/mnt/copies", WholeAt: at(24, 3, 0), LastAt: at(24, 12, 0)}
	late := good
	late.Late, late.Trouble, late.WholeAt, late.LastAt = true, "Копия не записалась: проверьте место и права в папке копий.", 0, 0
	back := good
	back.Return = &CopyReturn{No: "1", DataAt: at(24, 11, 0), UntilAt: at(24, 12, 0), Step: "webhooks", DoneTo: "/c/copies", Key: "sample-key-1",
		Choices: []web.Choice{{Value: "again", Label: "Отправить", Chosen: true}, {Value: "sent", Label: "Уже отправлено"}},
		Steps: []CopyStep{
			{Title: "Проверить данные", By: "ольга", At: at(24, 12, 1), State: web.State{Word: "сделан", Tone: web.OK}},
			{Title: "Разрешить вызовы программ поставщиков", Hint: "Если программы уже получили то, что ждало отправки, выберите sent.", Command: "kvit restore done webhooks --choice again|sent", Holds: "вызовы программ поставщиков", State: web.State{Word: "сейчас", Tone: web.Warn}, Now: true},
			{Title: "Разрешить чеки", Holds: "кассовые чеки", State: web.State{Word: "ждёт", Tone: web.Quiet}},
		}}
	done := back
	finished := *back.Return
	finished.Finished, finished.DoneTo = true, ""
	done.Return, done.On = &finished, false
	return []webtest.Sample{{Name: "copies", Page: CopiesPage(good)}, {Name: "copies-late", Page: CopiesPage(late)}, {Name: "copies-return", Page: CopiesPage(back)}, {Name: "copies-done", Page: CopiesPage(done)}}
}
