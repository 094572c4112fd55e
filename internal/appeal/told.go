package appeal

import (
	"fmt"
	"time"
)

// Words the pages and messages share.
const (
	// PenaltyWords tell what the law does meanwhile.
	PenaltyWords = "Закон не останавливает пени на время проверки: за неоплаченную верную сумму они начнутся с 31-го дня после срока (ЖК РФ, ст. 155 ч. 14). Если сумму исправят, пени на лишнее снимут."
	// LateWords tell what a resident may do when nobody has answered in time.
	LateWords = "Обращение передано в расчётный центр. Вы можете пожаловаться и в жилищную инспекцию. За ошибку, которая завысила плату, положен штраф в вашу пользу – половина лишней суммы (ЖК РФ, ст. 157 ч. 6)."
	// RestWords tell that the rest is payable.
	RestWords = "Остальное можно оплатить отдельно."
)

// What names what is checked: «начисление: Горячая вода, октябрь 2026».
func (a *Appeal) What() string {
	what := "начисление"
	if a.Penalty {
		what = "пени"
	}
	if !a.Month.Valid() {
		return what + ": " + a.Service
	}
	return what + ": " + a.Service + ", " + a.Month.Title()
}

// Message is what the resident is told of a step: a subject and one or two sentences; ” when he made it himself and sees
// its page, or it is of no matter to him.
func (a *Appeal) Message(s Step, zone *time.Location) (subject, text string) {
	subject = "Обращение № " + ShowNumber(a.Number)
	switch s.Kind {
	case StepSent:
		return subject, fmt.Sprintf("Проверим %s. Ответ – до %s. %s", a.What(), a.AnswerBy.Words(), RestWords)
	case StepAccepted:
		return subject, fmt.Sprintf("Начали проверять %s. Ответ – до %s.", a.What(), a.AnswerBy.Words())
	case StepAnswered:
		if a.Outcome == Corrected {
			return subject, fmt.Sprintf("Исправляем %s: %s. Увидите в счёте за %s.", a.What(), signed(a), a.ShowsIn.Word())
		}
		return subject, fmt.Sprintf("Ответили про %s: сумма верна. Почему – на странице обращения. Не согласны – нажмите «Не решено» до %s.", a.What(), a.ReopenBy(zone).Words())
	case StepEscalated:
		return subject, "Срок ответа прошёл. Обращение передано в расчётный центр."
	case StepReopened:
		return subject, fmt.Sprintf("Проверим ещё раз. Ответ – до %s.", a.AnswerBy.Words())
	case StepShown:
		return subject, "Исправление видно в счёте: " + s.Words + "."
	}
	return "", ""
}

func signed(a *Appeal) string {
	if a.Change > 0 {
		return "+" + a.Change.Format()
	}
	return a.Change.Format()
}
