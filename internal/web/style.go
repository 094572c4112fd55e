package web

import (
	"strconv"

	"kvit/internal/calendar"
	"kvit/internal/money"
)

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

func stylePairs() PairChart {
	c := PairChart{Title: "Холодной воды ушло на 9\u00a0м³ меньше, чем годом раньше", Summary: "За те же месяцы было 73\u00a0м³, стало 64\u00a0м³.", Now: "последние 12 месяцев", Before: "год назад", Unit: "м³"}
	for i := range 12 {
		month := calendar.Month(202511).Add(i)
		now, before := int64(5+i*7%4), int64(6+i*5%3)
		c.Points = append(c.Points, PairPoint{
			Month: month.Title(), Short: string([]rune(month.Word())[:3]), Now: now, NowText: strconv.FormatInt(now, 10), HasNow: i != 4,
			Before: before, BeforeText: strconv.FormatInt(before, 10), HasBefore: i > 0,
		})
	}
	return c
}

func styleAgenda() Agenda {
	return Agenda{Title: "Календарь месяца", Month: 202611, Today: 20261124, Events: []AgendaEvent{
		{20261105, "Счёт за октябрь", "bill", true}, {20261116, "Последний день оплаты", "wallet", true}, {20261125, "Последний день показаний", "meter", false},
	}}
}

func styleQuartiles() QuartileChart {
	return QuartileChart{
		Title: "Холодная вода: у вас больше, чем у половины квартир дома", Unit: "м³", Flats: 48, Low: 1, Lower: 4, Middle: 6, Upper: 9, High: 21, Own: 7,
		LowerText: "4", MiddleText: "6", UpperText: "9", OwnText: "7",
	}
}
