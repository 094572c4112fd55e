package text

// pagesDisputes are what appeals about a line of a bill say: causes, states, steps, what the law says.
var pagesDisputes = map[string]string{
	"Показания взяты не те": "The readings are wrong", "Напишите верные или приложите фото счётчика": "Write the right ones or add a photo of the meter",
	"Взяли среднее, а показания я передавал": "The average was taken, but I gave readings", "Взяли норматив, а счётчик есть": "The standard rate was taken, but I have a meter", "Повышающий коэффициент взят зря": "The raising factor should not apply",
	"Число жильцов не то": "The number of residents is wrong", "Площадь не та": "The area is wrong", "Тариф не тот": "The tariff is wrong", "Много на общие нужды дома": "Too much for the building's common needs",
	"Перерасчёт сделан не так": "The recalculation is wrong", "Перерасчёта нет, а он нужен": "There should be a recalculation", "Уезжали или услуга прерывалась: напишите дни": "You were away or the service was interrupted: write the days",
	"Услуги не было или она плохая": "There was no service or it was bad", "Напишите, когда": "Write when", "Мой платёж не учли": "My payment was not counted", "Напишите день и сумму": "Write the day and the sum",
	"Пени начислены зря": "The penalty should not be there", "Напишите, что не так": "Write what is wrong",

	"не отправлено": "not sent", "проверяют": "being checked", "есть ответ": "answered", "проверяют снова": "being checked again", "решено": "solved",
	"сумму исправляют": "the sum is being corrected", "сумма верна": "the sum is right",
	"Отправлено": "Sent", "Начали проверять": "Checking began", "Ответ": "Answer", "Не решено": "Not solved",
	"Срок ответа прошёл, передано в расчётный центр": "The term of the answer passed, handed to the settlement centre", "Отвечает расчётный центр": "The settlement centre answers", "Исправление на счёте": "The correction is on the account",
	"Закон не останавливает пени на время проверки: за неоплаченную верную сумму они начнутся с 31-го дня после срока (ЖК РФ, ст. 155 ч. 14). Если сумму исправят, пени на лишнее снимут.":               "The law does not stop the penalty during the check: on a sum that is right and not paid it begins on the 31st day after the due date (Housing Code, art. 155 part 14). If the sum is corrected, the penalty on what was too much is taken off.",
	"Обращение передано в расчётный центр. Вы можете пожаловаться и в жилищную инспекцию. За ошибку, которая завысила плату, положен штраф в вашу пользу – половина лишней суммы (ЖК РФ, ст. 157 ч. 6).": "The appeal was handed to the settlement centre. You can complain to the housing inspectorate too. For a mistake that raised the charge a fine of half of the excess is due to you (Housing Code, art. 157 part 6).",
	"Обращение № %s": "Appeal No. %s", "Файл %s, строка %s": "File %s, line %s", "Коэффициент": "Factor", "Откуда": "From where",
	"вы": "you", "поставщик": "the supplier", "расчётный центр": "the settlement centre", "Квит": "Kvit",
}
