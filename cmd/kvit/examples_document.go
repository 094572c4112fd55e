package main

// documentExamples make a document and check one.
var documentExamples = []example{
	{"kvit document make --supplier energia --account 500014859820 --kind nodebt --pdf spravka.pdf", "Справка, что долга нет, – в файл."},
	{"kvit document make --supplier energia --account 500014859820 --kind account --from 2026-09 --to 2026-11", "Выписка за три месяца по всем поставщикам семьи."},
	{"kvit document make --supplier energia --account 500014859820 --kind bill --large --pdf bill.pdf", "Счёт на сегодня крупным шрифтом."},
	{"kvit document check 7M4T-2KQ9-ABCD", "Подлинная ли справка с таким номером."},
	{"kvit document check K-2610-2222222222 --code 1A2B-3C4D", "Выставленный счёт: номер и код проверки – в нижней строке."},
}

// printExamples print the bills of a month.
var printExamples = []example{
	{"kvit bills print --month 2026-10 --out print --base-url https://kvit.example", "Все дома: файл на дом и список файлов."},
	{"kvit bills print --month 2026-10 --out print --house D0007 --all", "Один дом, и тем, кто отказался от бумаги."},
}

func init() {
	for path, list := range map[string][]example{
		"document": documentExamples, "document make": documentExamples[:3], "document check": documentExamples[3:],
		"bills": printExamples, "bills print": printExamples,
	} {
		examples[path] = list
	}
}
