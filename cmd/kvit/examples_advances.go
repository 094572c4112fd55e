package main

// advancesExamples deal with what is paid ahead to suppliers that left.
var advancesExamples = []example{
	{"kvit advances list", "Показать, что ждёт и куда уйдёт…"},
	{"kvit advances settle --supplier teplo --by olga", "…и сделать так; повтор ничего не меняет."},
}

func init() {
	examples["advances"] = advancesExamples
	examples["advances list"], examples["advances settle"] = advancesExamples[:1], advancesExamples[1:]
}
