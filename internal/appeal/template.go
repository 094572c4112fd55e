package appeal

import (
	"regexp"
	"strings"
)

// Template is a text to begin an answer with.
type Template struct {
	Code, Title, Outcome string
	reasons              []string // none: any
	text                 string
}

// templates are those there are. The words in {{}} are put in by Fill; nothing else is computed.
var templates = []Template{
	{"meter", "Пересчитали по показаниям", Corrected, []string{"reading", "average", "norm", "factor"}, "Пересчитали «{{услуга}}» за {{месяц}} по показаниям счётчика. Было {{сумма}}. Исправление – в счёте ниже."},
	{"persons", "Исправили число жильцов", Corrected, []string{"persons"}, "Исправили число жильцов и пересчитали «{{услуга}}» за {{месяц}}."},
	{"area", "Исправили площадь", Corrected, []string{"area"}, "Исправили площадь и пересчитали «{{услуга}}» за {{месяц}}."},
	{"recalc", "Сделали перерасчёт", Corrected, []string{"recalc", "no_recalc", "quality"}, "Сделали перерасчёт за «{{услуга}}», {{месяц}}, счёт {{счёт}}."},
	{"penalty", "Убрали пени", Corrected, []string{ReasonPenalty}, "Пени по строке «{{услуга}}» начислены ошибочно. Убрали их."},
	{"paid", "Нашли платёж", Corrected, []string{"paid"}, "Нашли ваш платёж и учли его по счёту {{счёт}}."},
	{"right", "Сумма верна", Explained, nil, "Проверили «{{услуга}}» за {{месяц}}: {{сумма}}. Сумма верна. "},
	{"no_reading", "Показаний не было", Explained, []string{"average", "norm", "reading"}, "Показаний за {{месяц}} не было, поэтому взяли среднее или норматив. Передайте показания – пересчитаем в следующем счёте."},
	{"verification", "Поверка истекла", Explained, []string{"norm", "factor"}, "Срок поверки счётчика истёк, поэтому считали по нормативу. Поверьте счётчик и пришлите акт."},
}

// Templates are the texts that fit an appeal.
func (a *Appeal) Templates() (list []Template) {
	for _, t := range templates {
		fits := len(t.reasons) == 0
		for _, r := range t.reasons {
			fits = fits || r == a.Reason
		}
		if fits {
			list = append(list, t)
		}
	}
	return list
}

// Fill puts the words of an appeal into a template.
func (a *Appeal) Fill(t Template) string {
	month := "прошлые месяцы"
	if a.Month.Valid() {
		month = a.Month.Title()
	}
	return Fill(t.text, map[string]string{"услуга": a.Service, "месяц": month, "сумма": a.Sum.Format(), "счёт": a.Account})
}

var placeholder = regexp.MustCompile(`\{\{[^{}]*\}\}`)

// Fill puts words in place of {{слово}}. What it does not know stays as it is written, and what is put in is not looked at
// again: a service called «{{сумма}}» stays a name.
func Fill(text string, words map[string]string) string {
	return placeholder.ReplaceAllStringFunc(text, func(found string) string {
		if word, ok := words[strings.TrimSpace(strings.Trim(found, "{}"))]; ok {
			return word
		}
		return found
	})
}
