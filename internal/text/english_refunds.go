package text

// refunds are the sentences of commands about money that goes back.
var refunds = map[string]string{
	"Сколько рублей один сотрудник центра возвращает сам; больше – двое.": "How many roubles one person of the centre gives back alone; more takes two.",
	"сколько рублей один сотрудник возвращает сам":                        "how many roubles one person gives back alone",
	"РУБЛИ": "ROUBLES",
}

// refundFaults are what is said of homes one pays for, money asked back, disputes and codes of papers.
var refundFaults = map[string]string{
	"На снимке не видно кода. Снимите его ближе, ровно и без бликов или вставьте текст кода.": "The picture shows no code. Take it closer, straight and without glare, or paste the text of the code.",
	"Учебный банк не ответил.":                           "The trial bank did not answer.",
	"Название – до %d букв.":                             "The name has up to %d letters.",
	"Это ваш адрес, он в счёте и так есть.":              "This is your own address, it is in the bill anyway.",
	"Больше %d адресов добавить нельзя. Уберите лишний.": "No more than %d addresses can be added. Remove one.",

	"Заявление № %d уже решено: %s.":                               "Request no. %d is decided already: %s.",
	"Больше %s возвращают двое. Согласен ещё один человек, не вы.": "More than %s is given back by two. Another person has to agree, not you.",
	"Отметьте, почему вернуть деньги.":                             "Mark why the money is to go back.",
	"Напишите, почему вернуть деньги.":                             "Write why the money is to go back.",
	"Напишите короче: до %d букв.":                                 "Write less: up to %d letters.",
	"Заявление уже решают, отозвать его нельзя.":                   "The request is being decided, it cannot be taken back.",
	"Заявления № %d нет.":                                          "There is no request no. %d.",
	"Напишите плательщику, почему отказали, до %d букв.":           "Tell the payer why it was refused, up to %d letters.",
	"Аванса от этого платежа осталось %s.":                         "Of the money this payment paid ahead %s is left.",
	"рассматриваем":                                                "being looked at",
	"ждёт второго согласия":                                        "waits for a second person",
	"возвращено":     "given back",
	"отказано":       "refused",
	"банк не вернул": "the bank did not give it back",
	"отозвано":       "taken back",

	"Отметьте, что говорит плательщик.":                        "Mark what the payer says.",
	"Сумма спора – от 0,01 ₽ до %s.":                           "The sum of a dispute is from 0.01 ₽ to %s.",
	"Укажите день, когда банк сообщил о споре.":                "Give the day the bank told of the dispute.",
	"Срок ответа – не раньше дня, когда банк сообщил о споре.": "The term of the answer is not before the day the bank told of the dispute.",
	"Напишите, что приложено, до %d букв.":                     "Write what is attached, up to %d letters.",
	"Спор № %d уже решён: %s.":                                 "Dispute no. %d is decided already: %s.",
	"Спора № %d нет.":                                          "There is no dispute no. %d.",
	"собираем документы":                                       "gathering documents",
	"ждём решения банка":                                       "waiting for the bank",
	"выигран":                                                  "won",
	"проигран":                                                 "lost",
	"спор выигран":                                             "the dispute is won",
	"Решите: один платёж дважды или два разных.":               "Decide: one payment twice, or two different ones.",
	"Плательщик говорит, что не платил":                        "The payer says he did not pay",
	"Списали дважды":                                           "Charged twice",
	"Списали другую сумму":                                     "Another sum was charged",
	"Услуги не было":                                           "There was no service",
	"Другое":                                                   "Other",

	"Штриховой код %q: %s. Пример: {account:15}{period:MMYY}{sum:9}{check:2}.": "Linear code %q: %s. Example: {account:15}{period:MMYY}{sum:9}{check:2}.",
	"лишний знак %s":                       "a sign too many %s",
	"у поля %s нет длины":                  "field %s has no length",
	"поля %s нет":                          "there is no field %s",
	"нужно поле account, всего до %s цифр": "field account is needed, up to %s digits in all",
	"поставщик %s":                         "supplier %s",
}
