package appeal

import (
	"slices"
	"strings"

	"kvit/internal/charge/why"
)

// Reason is why a line may be wrong.
type Reason struct {
	Code, Words string
	Hint        string
	fits        func(*why.Explanation) bool
}

// Codes of reasons that are treated apart.
const (
	ReasonPenalty = "penalty"
	ReasonOther   = "other"
)

// Reasons are all there are, in the order they are shown. One with no test fits every line.
var Reasons = []Reason{
	{"reading", "Показания взяты не те", "Напишите верные или приложите фото счётчика", measured},
	{"average", "Взяли среднее, а показания я передавал", "", by("average", "given")},
	{"norm", "Взяли норматив, а счётчик есть", "", by("normative", "given")},
	{"factor", "Повышающий коэффициент взят зря", "", raised},
	{"persons", "Число жильцов не то", "", perPerson},
	{"area", "Площадь не та", "", perArea},
	{"rate", "Тариф не тот", "", charged},
	{"common", "Много на общие нужды дома", "", commonNeeds},
	{"recalc", "Перерасчёт сделан не так", "", func(x *why.Explanation) bool { return x.Recalc != 0 }},
	{"no_recalc", "Перерасчёта нет, а он нужен", "Уезжали или услуга прерывалась: напишите дни", charged},
	{"quality", "Услуги не было или она плохая", "Напишите, когда", charged},
	{"paid", "Мой платёж не учли", "Напишите день и сумму", nil},
	{ReasonPenalty, "Пени начислены зря", "", func(x *why.Explanation) bool { return x.Penalty > 0 }},
	{ReasonOther, "Другое", "Напишите, что не так", nil},
}

// wordsNeeded are the reasons that say nothing without words.
var wordsNeeded = []string{ReasonOther, "quality", "no_recalc", "paid"}

// ReasonWords say a reason; an unknown one says itself.
func ReasonWords(code string) string {
	for i := range Reasons {
		if Reasons[i].Code == code {
			return Reasons[i].Words
		}
	}
	return code
}

// Fit gives the reasons that make sense for a line.
func Fit(x *why.Explanation) (list []Reason) {
	for _, r := range Reasons {
		if r.fits == nil || r.fits(x) {
			list = append(list, r)
		}
	}
	return list
}

func charged(x *why.Explanation) bool { return x.Origin != why.ByPayer }

// by tells a line whose volume was found in one of the ways; «given» is a supplier's figure, of which we do not know.
func by(methods ...string) func(*why.Explanation) bool {
	return func(x *why.Explanation) bool {
		return slices.ContainsFunc(x.Steps, func(c why.Calculation) bool {
			return slices.Contains(methods, c.Method) && (c.Method != "given" || perUnit(c.Unit, x.Title))
		})
	}
}

// measured tells a line a meter may stand behind.
func measured(x *why.Explanation) bool {
	return by("meter", "average", "building", "given")(x)
}

func raised(x *why.Explanation) bool {
	return slices.ContainsFunc(x.Steps, func(c why.Calculation) bool {
		return c.Factor != "" && c.Factor != "1" || c.Kind == "surcharge" || c.Method == "given" && perUnit(c.Unit, x.Title)
	})
}

func perPerson(x *why.Explanation) bool {
	return slices.ContainsFunc(x.Steps, func(c why.Calculation) bool {
		return c.Persons != "" || strings.Contains(c.NormUnit, "person") || c.Method == "given" && (perUnit(c.Unit, x.Title) || says(x.Title, "тко", "отход", "мусор", "бытов"))
	})
}

func perArea(x *why.Explanation) bool {
	return slices.ContainsFunc(x.Steps, func(c why.Calculation) bool {
		return strings.Contains(c.NormUnit, "m2") || c.Unit == "м²" || c.Base != "" || c.Method == "given" && says(x.Title, "содержание", "ремонт", "отоплен", "отопл", "тко", "отход", "капит", "взнос", "общ")
	})
}

func commonNeeds(x *why.Explanation) bool {
	return says(x.Title, "общее имущество", "общего имущества", "общие нужды", "общедом", "одн", "сои")
}

// meteredWords name the services meters are of, as suppliers write them.
var meteredWords = []string{"вод", "хвс", "гвс", "канал", "стоки", "электр", "свет", "энерг", "газ", "тепл", "отопл"}

// perUnit tells a service that is measured: by its unit, else by its name.
func perUnit(unit, title string) bool {
	switch unit {
	case "м³", "кВт·ч", "Гкал":
		return true
	case "":
		return says(title, meteredWords...)
	}
	return false
}

func says(title string, words ...string) bool {
	title = strings.ToLower(title)
	return slices.ContainsFunc(words, func(w string) bool { return strings.Contains(title, w) })
}
