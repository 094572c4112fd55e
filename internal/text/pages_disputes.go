package text

// pagesDisputes are what appeals about a line of a bill say: causes, states, steps, what the law says.
var pagesDisputes = map[string]string{
	"Напишите верные или приложите фото счётчика": "Write the right ones or add a photo of the meter",

	"Уезжали или услуга прерывалась: напишите дни": "You were away or the service was interrupted: write the days",
	"Напишите, когда": "Write when", "Напишите день и сумму": "Write the day and the sum",
	"Напишите, что не так": "Write what is wrong",

	"сумму исправляют": "the sum is being corrected", "сумма верна": "the sum is right",

	"Закон не останавливает пени на время проверки: за неоплаченную верную сумму они начнутся с 31-го дня после срока (ЖК РФ, ст. 155 ч. 14). Если сумму исправят, пени на лишнее снимут.":               "The law does not stop the penalty during the check: on a sum that is right and not paid it begins on the 31st day after the due date (Housing Code, art. 155 part 14). If the sum is corrected, the penalty on what was too much is taken off.",
	"Обращение передано в расчётный центр. Вы можете пожаловаться и в жилищную инспекцию. За ошибку, которая завысила плату, положен штраф в вашу пользу – половина лишней суммы (ЖК РФ, ст. 157 ч. 6).": "The appeal was handed to the settlement centre. You can complain to the housing inspectorate too. For a mistake that raised the charge a fine of half of the excess is due to you (Housing Code, art. 157 part 6).",
	"Файл %s, строка %s": "File %s, line %s", "Коэффициент": "Factor", "Откуда": "From where",
}
