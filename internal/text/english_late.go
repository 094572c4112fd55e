package text

// late are what the bill says of months not paid and their penalties.
var late = map[string]string{
	"Не оплачено за %s: %s %s, %s из %s, срок оплаты %s":              "Not paid for %s: %s %s, %s of %s, due on %s",
	"  с %s по %s, дней %d: %s × %s %% ÷ %d = %s":                     "  from %s to %s, %d days: %s × %s %% ÷ %d = %s",
	"  пени начнутся с %s, если не оплатить раньше":                   "  the penalty begins on %s unless it is paid before",
	"  пени на %s: %s, из них уже начислено %s; завтра прибавится %s": "  penalty by %s: %s, of it charged already %s; tomorrow adds %s",
	"Политика %s: значение %q неизвестно. Есть %s, %s и %s.":          "The policy %s: the value %q is not known. There are %s, %s and %s.",
}
