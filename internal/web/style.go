package web

import "kvit/internal/money"

// Style is the page for reviewers: every token and component with its states.
type Style struct {
	Page
}

// tokens are the colours of site.css in the order they are shown.
var tokens = []string{"text", "muted", "accent", "ok", "warn", "bad", "info", "control", "line"}

func styleStates() []State {
	return []State{{"оплачено", OK, ""}, {"скоро срок", Warn, ""}, {"отклонено", Bad, "cross"}, {"ждём банк", Info, "clock"}, {"отозван", Quiet, "back"}}
}

func styleBars() BarList {
	return BarList{Title: "Больше всего стоит отопление", Rows: []Bar{{"Отопление", 340110}, {"Горячая вода", 82895}, {"Водоотведение", 41472}, {"Перерасчёт", -1200}}}
}

func styleSums() []money.Amount { return []money.Amount{621435, 5, 0, -120055, 123456789012} }

func styleNotices() []Notice {
	return []Notice{
		{Tone: OK, Title: "Всё сделано", Text: "Ничего не ждёт человека."},
		{Tone: Warn, Title: "Есть счёт новее", Text: "Сумма могла измениться.", Link: &Link{"Открыть новый счёт", "#main"}},
		{Tone: Bad, Title: "Банк отклонил платёж", Text: "Списания не было."},
		{Tone: Info, Title: "Ждём банк", Text: "Ответ будет до 15:30."},
	}
}

func styleErrors() Errors {
	return Errors{{"sum", "Сумму пишут цифрами: 1182,42"}, {"way", "Выберите, как заплатить"}}
}

func styleChoices() Choices {
	return Choices{Name: "way", Label: "Как заплатить", Error: "Выберите, как заплатить", Items: []Choice{{"sbp", "СБП", "без комиссии", false}, {"card", "Карта", "без комиссии", false}}}
}

func styleFall() Fall {
	return Fall{Title: "Больше всего прибавило отопление", Steps: []FallStep{
		{Label: "Было за сентябрь 2026", Sum: 518606, To: 518606, Total: true},
		{Label: "отопление: расход", Sum: 150029, From: 518606, To: 668635},
		{Label: "горячая вода: способ расчёта", Sum: -47200, From: 668635, To: 621435},
		{Label: "Стало за октябрь 2026", Sum: 621435, To: 621435, Total: true},
	}}
}
