package console

import (
	"fmt"
	"strconv"
	"strings"

	"kvit/internal/bill"
	"kvit/internal/charge"
	"kvit/internal/money"
	"kvit/internal/web"
)

var (
	kindWords  = map[string]string{charge.KindMonth: "начисление", charge.KindRecalculation: "перерасчёт", charge.KindUndo: "отмена перерасчёта"}
	kindTitles = map[string]string{charge.KindMonth: "Начисление", charge.KindRecalculation: "Перерасчёт", charge.KindUndo: "Отмена перерасчёта"}
)

// runStates are the states of a run as a person reads them.
var runStates = map[string]web.State{
	charge.StateRunning: {Word: "идёт расчёт", Tone: web.Info, Icon: "clock"}, charge.StatePaused: {Word: "приостановлен", Tone: web.Warn, Icon: "pause"},
	charge.StateChecked: {Word: "черновик, ждёт утверждения", Tone: web.Warn}, charge.StateApproved: {Word: "утверждён", Tone: web.OK}, charge.StateUndone: {Word: "отменён", Tone: web.Quiet, Icon: "back"},
}

var publicationStates = map[string]web.State{
	bill.PublicationRunning: {Word: "счета выставляются", Tone: web.Info, Icon: "clock"}, bill.PublicationPaused: {Word: "выставление приостановлено", Tone: web.Warn, Icon: "pause"},
	bill.PublicationDone: {Word: "счета выставлены", Tone: web.OK},
}

// checkTitles are the checks of a run in words.
var checkTitles = map[string]string{
	"I9.lines_equal_postings": "Строки равны проводкам", "I9.buildings_equal_lines": "Итоги домов равны строкам", "I9.line_or_reason": "Ничего не пропущено: у каждой услуги строка или причина",
}

func checkTitle(id string) string {
	if t, ok := checkTitles[id]; ok {
		return t
	}
	return invariantTitle(id)
}

// reasonWords are why a service has no line, or not the usual one.
var reasonWords = map[string]string{
	"charge.nothing": "Начислять нечего: объём или доля равны нулю", "charge.no_rate": "Нет тарифа на этот месяц", "charge.not_given": "Поставщик не прислал сумму", "charge.unknown_service": "Услуги нет в каталоге",
	"charge.no_normative": "Нет норматива", "charge.no_house_data": "Нет данных дома: площади или общего счётчика", "charge.no_house_area": "Нет площади дома или общего имущества", "charge.no_formula": "Нет правила расчёта",
	"charge.formula_failed": "Правило расчёта не сработало", "charge.no_heat_component": "Нет тепловой части тарифа", "charge.no_quality_rule": "Нет правила снижения за качество", "charge.reading_below": "Показание меньше прошлого",
	"penalty.no_due_day": "Пени: в каталоге нет срока оплаты за те месяцы", "penalty.no_stages": "Пени: в каталоге нет ступеней на тот срок", "penalty.no_regime": "Пени: в каталоге нет ставки на тот день",
	"penalty.no_key_rate": "Пени: в каталоге нет ключевой ставки на тот день",
	"charge.zone_unread":  "Нет показания по одной из зон", "charge.later_term": "Услуга начинается позже", "charge.too_large": "Сумма слишком велика: проверьте показания",
}

func reasonWord(code string) string {
	if w, ok := reasonWords[code]; ok {
		return w
	}
	return code
}

// who is an actor of the audit log as a person reads it: without his role; the command line has no name.
func who(actor string) string {
	_, name, named := strings.Cut(actor, ":")
	switch {
	case named:
		return name
	case actor == "cli":
		return "командная строка"
	}
	return actor
}

func scopeWord(houses int) string {
	if houses == 0 {
		return "все дома"
	}
	return fmt.Sprintf("%d\u00a0%s", houses, money.Plural(int64(houses), "дом", "дома", "домов"))
}

func count(n int64) string { return strconv.FormatInt(n, 10) }
