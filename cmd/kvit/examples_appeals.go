package main

func init() {
	for path, list := range map[string][]example{
		"appeals":        {{"kvit appeals list", "Кто и что просит проверить."}},
		"appeals list":   {{"kvit appeals list --state late", "На что не ответили в срок."}, {"kvit appeals list --supplier vodokanal", "Что просят проверить одного поставщика."}},
		"appeals send":   {{"kvit appeals send --supplier vodokanal --account 1600123456 --reason norm --text \"…\" --leave-out", "Житель позвонил: счётчик есть, а посчитали по нормативу."}},
		"appeals show":   {{"kvit appeals show 739-204-118", "Одно обращение со всеми шагами."}},
		"appeals answer": {{"kvit appeals answer 739-204-118 --supplier vodokanal --explained --text \"…\"", "Ответить за поставщика: сумма верна."}, {"kvit appeals answer 739-204-118 --supplier vodokanal --corrected --change=-388.19 --month 2026-11 --text \"…\"", "Исправить сумму."}},
		"anonymise":      {{"kvit anonymise --out copy", "Копия базы SQLite без людей, файлов и журналов."}, {"kvit anonymise --in-place --sure --database-url postgres://…/copy", "То же с копией базы PostgreSQL."}},
		"appeals terms":  {{"kvit appeals terms", "За сколько дней нужно ответить."}, {"kvit appeals terms terms.yaml", "Загрузить сроки, которые изменились."}},
	} {
		examples[path] = list
	}
}
