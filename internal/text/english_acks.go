package text

// acks are what the queue to ГИС ЖКХ says of acknowledgments, code lists and ends.
var acks = map[string]string{
	"квитирование": "acknowledgments", "отмены квитирования": "acknowledgments taken back",

	"В справочнике № %d ГИС ЖКХ нет записи «%s»: впишите в gis поставщика ту, что там есть.": "Code list %d of GIS ZhKH has no entry “%s”: write into gis of the supplier one that is there.",
	"Извещение о платеже ещё не размещено в ГИС ЖКХ.":                                        "The notice of the payment is not in GIS ZhKH yet.",
	"Нет платёжного документа, который можно сквитировать с платежом (ИПД).":                 "There is no payment document to acknowledge the payment with.",
	"Квитирования нет: отменять нечего.":                                                     "There is no acknowledgment to take back.",
	"Прибора учёта ещё нет в ГИС ЖКХ.":                                                       "The meter is not in GIS ZhKH yet.",
}
