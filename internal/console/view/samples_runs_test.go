package view

import (
	"time"

	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func sampleRun() Run {
	return Run{
		Page:    centre("Начисление за октябрь 2026"),
		RunRow:  RunRow{Number: 1042, Href: "/c/runs/1042", Month: 202610, Kind: "начисление", Scope: "все дома", State: web.State{Word: "ждёт утверждения", Tone: web.Warn}, By: "olga", At: at(1, 9, 0), Households: 20140, Amount: 12_345_678_90},
		FactsAt: at(1, 9, 0), CheckedAt: at(1, 9, 4), Lines: 201_400,
		Steps:       []RunStep{{Title: "Утвердить расчёт", Ask: "/c/runs/1042/approve"}},
		Checks:      []Invariant{{ID: "I9.lines_equal_postings", Title: "Строки равны проводкам"}, {ID: "I9.line_or_reason", Title: "Ничего не пропущено: у каждой услуги строка или причина", Findings: 2}},
		Services:    []ServiceRow{{Supplier: "ООО «Теплосеть»", Service: "Отопление", Before: 120_000_00, Now: 7_345_678_90}, {Supplier: "АО «Водоканал»", Service: "Холодная вода", Before: 5_200_000_00, Now: 5_000_000_00}},
		Reasons:     []ReasonRow{{Service: "Горячая вода", Title: "Нет норматива", Count: 214}, {Title: "Нет тарифа на этот месяц", Count: 3}},
		Outliers:    []OutlierRow{{Title: "Счёт 1600123456", Text: "АО «Водоканал»", Href: "/c/account/1", Before: 412_00, Now: 9_120_00}, {Title: "Счёт без реестра № 7", Before: 900_00, Now: 0}},
		Differences: "/c/runs/1042/differences",
	}
}

func samplePublication(state web.State, going bool) *Publication {
	return &Publication{State: state, Going: going, Buildings: 120, BuildingsAll: 480, Issued: 5012, Without: 14, Already: 3, Total: 4_645_707_307, Wave: 5000, Pause: 5 * time.Minute, By: "vera", At: at(3, 10, 0)}
}

func runSamples() []webtest.Sample {
	list := Runs{Page: centre("Начисление"), NewTo: "/c/runs/new", Months: []web.Choice{{Value: "2026-10", Label: "октябрь 2026", Chosen: true}}, Rows: []RunRow{sampleRun().RunRow}}
	wrong := list
	wrong.Rows = nil
	wrong.Errors = web.Errors{{Field: "houses", Message: "Дома с кодом H9 в реестре нет."}}
	wrong.WithErrors(wrong.Errors)
	sample := func(name string, change func(*Run)) webtest.Sample {
		v := sampleRun()
		change(&v)
		return webtest.Sample{Name: "run-" + name, Page: RunPage(v)}
	}
	early := func(v *Run) { v.Checks, v.Services, v.Reasons, v.Outliers = nil, nil, nil, nil }
	ask := Ask{
		Page: centre("Выставить счета за октябрь 2026"), Facts: []AskFact{{Name: "Семей", Value: "20140"}, {Name: "Начислено", Sum: 12_345_678_90, IsSum: true}}, Action: "/c/runs/1042/publish", Key: "sample-key-1",
		Button: "Выставить счета", Back: "/c/runs/1042", Waves: &AskWaves{Wave: "5000", Pause: "0"}, Notice: &web.Notice{Tone: web.Warn, Text: "Выставленный счёт нельзя изменить."},
	}
	wrongAsk, closing := ask, ask
	wrongAsk.Errors = web.Errors{{Field: "wave", Message: "Напишите число семей в волне, например 5000."}}
	wrongAsk.WithErrors(wrongAsk.Errors)
	closing.Page, closing.Waves, closing.Danger, closing.Button = centre("Закрыть октябрь 2026"), nil, true, "Закрыть месяц"
	closing.Reason = &web.Field{Name: "reason", Label: "Причина", Hint: "Её прочитает житель"}
	differ := Differences{Page: centre("Расхождения за октябрь 2026"), Month: 202610, Total: 2, Export: "/c/runs/1042/differences.csv", Rows: []DifferenceRow{
		{Supplier: "АО «Водоканал»", Service: "Холодная вода", Account: "Счёт 1600123456", Href: "/c/account/1", Theirs: 412_00, Ours: 398_12}, {Supplier: "АО «Водоканал»", Service: "Водоотведение", Account: "Счёт 1600123457", Ours: 100_00, Missing: true},
	}}
	return []webtest.Sample{
		{Name: "runs-list", Page: RunsPage(list)},
		{Name: "runs-wrong", Page: RunsPage(wrong)},
		sample("running", func(v *Run) {
			early(v)
			v.State, v.Refresh = web.State{Word: "идёт расчёт", Tone: web.Info}, 5
			v.Steps = []RunStep{{Title: "Приостановить", To: "/c/runs/1042/pause", Plain: true, Key: "sample-key-1"}}
			v.Publication = samplePublication(web.State{Word: "выставление приостановлено", Tone: web.Warn}, false)
			v.Progress = &RunProgress{Buildings: 210, BuildingsAll: 480, Households: 9000, HouseholdsAll: 20140, Amount: 5_000_000_00, Rate: 41_000, Left: 90 * time.Second}
		}),
		sample("draft", func(v *Run) {
			v.State.Word, v.Drafts = "черновик, ждёт утверждения", "/c/runs/1042/drafts"
		}),
		sample("stopped", func(v *Run) {
			early(v)
			v.State = web.State{Word: "приостановлен", Tone: web.Warn, Icon: "pause"}
			v.Steps = []RunStep{{Title: "Продолжить", To: "/c/runs/1042/resume", Plain: true, Key: "sample-key-1"}}
			v.Progress = &RunProgress{Buildings: 210, BuildingsAll: 480, Households: 9000, HouseholdsAll: 20140, Amount: 5_000_000_00}
		}),
		sample("failed", func(v *Run) {
			v.State, v.Why, v.Drafts = web.State{Word: "проверки не сошлись", Tone: web.Bad}, "Расчёт ждёт: проверки не сошлись. Исправьте данные и проверьте снова.", "/c/runs/1042/drafts"
			v.Steps = []RunStep{{Title: "Проверить снова", To: "/c/runs/1042/resume", Plain: true, Key: "sample-key-1"}}
		}),
		sample("approved", func(v *Run) {
			v.State, v.ApprovedBy, v.Drafts = web.State{Word: "утверждён", Tone: web.OK}, "vera", "/c/runs/1042/drafts"
			v.Steps = []RunStep{{Title: "Выставить счета", Ask: "/c/runs/1042/publish"}, {Title: "Закрыть месяц", Ask: "/c/runs/1042/close", Plain: true}}
		}),
		sample("publishing", func(v *Run) {
			v.State, v.ApprovedBy, v.Refresh = web.State{Word: "счета выставляются", Tone: web.Info, Icon: "clock"}, "vera", 5
			v.Publication = samplePublication(v.State, true)
			v.Steps = []RunStep{{Title: "Приостановить выставление", To: "/c/runs/1042/pause", Plain: true, Key: "sample-key-1"}}
		}),
		sample("own", func(v *Run) {
			v.Steps, v.Why = nil, "Этот расчёт начали вы. Утвердить его должен другой человек – так ошибку заметят двое."
		}),
		sample("done", func(v *Run) {
			v.ApprovedBy, v.Publication = "vera", samplePublication(web.State{Word: "счета выставлены", Tone: web.OK}, false)
		}),
		{Name: "ask-wrong", Page: AskPage(wrongAsk)},
		{Name: "ask-close", Page: AskPage(closing)},
		{Name: "differences-some", Page: DifferencesPage(differ)},
	}
}
