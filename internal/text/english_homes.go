package text

// homeFaults are the faults of people's homes: who they are to them, whom they let in, what they share.
var homeFaults = map[string]string{
	"Выберите, кто вы этому дому.":                                             "Choose who you are to this home.",
	"Такого человека или адреса в списке нет.":                                 "There is no such person or home in the list.",
	"Доступ собственника и нанимателя может закрыть только расчётный центр.":   "Only the settlement centre can end the access of an owner or a tenant.",
	"Выберите, что разрешить.":                                                 "Choose what to allow.",
	"Этот день уже прошёл. Возьмите сегодняшний или позже.":                    "This day is over. Take today or a later one.",
	"Приглашений уже десять. Отзовите лишние.":                                 "There are ten invitations already. Withdraw some.",
	"Это ваш телефон. Введите телефон близкого.":                               "This is your telephone. Enter that of your relative.",
	"Такого приглашения нет: его приняли, отозвали или его срок прошёл.":       "There is no such invitation: it was taken, withdrawn or is over.",
	"Вы уже выехали отсюда.":                                                   "You have moved out of here already.",
	"Укажите последний день: не раньше года назад и не позже чем через год.":   "Give the last day: not earlier than a year ago and not later than in a year.",
	"Кто за что платит, решает собственник.":                                   "The owner decides who pays for what.",
	"Этого счёта в предложениях больше нет. Откройте страницу снова.":          "This account is proposed no longer. Open the page again.",
	"Номер не совпал. Введите его целиком, как на квитанции этого поставщика.": "The number does not match. Enter it in full as on this supplier's paper.",
}
