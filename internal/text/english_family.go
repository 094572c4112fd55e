package text

// agreementFaults are the faults of sharing a bill, and of acting for a resident.
var agreementFaults = map[string]string{
	"Напишите, о чём попросил житель: от %d до %d букв. Он это увидит.":                       "Write what the resident asked for: %d to %d letters. The resident will see it.",
	"Такой договорённости нет: её приняли, отклонили или закончили. Откройте страницу снова.": "There is no such agreement: it was accepted, declined or has ended. Open the page again.",
	"Делить счёт может тот, кто его видит и платит.":                                          "Only those who see and pay the bill can share it.",
	"Вашей части нет. Впишите и себя.":                                                        "Your own part is missing. Add yourself too.",
	"Здесь живут собственник и наниматель. Кто за что платит, решает собственник.":            "An owner and a tenant live here. The owner decides who pays for what.",
	"Одно предложение уже ждёт ответа. Сначала ответьте на него или отзовите.":                "An offer is waiting for an answer already. Answer it or withdraw it first.",
	"Договориться могут от двух до %d человек.":                                               "An agreement takes from two to %d people.",
	"Один человек назван дважды.":                                                             "One person is named twice.",
	"Выберите, как делить: в процентах, суммой или по услугам.":                               "Choose how to share: by percentage, by sum or by service.",
	"Напишите каждому его долю в процентах – больше нуля.":                                    "Write a percentage above zero for each person.",
	"Вместе должно выйти 100 %%, а выходит %s.":                                               "Together it must be 100%%, and it is %s.",
	"Напишите каждому, сколько он платит в месяц. Пусто – у одного: он платит остальное.":     "Write how much each person pays a month. One is left empty: that person pays the rest.",
	"Отдайте каждому хотя бы одну услугу.":                                                    "Give each person at least one service.",
	"Одну услугу платит один человек.":                                                        "One service is paid by one person.",
	"Остальное платит один человек. Выберите кто.":                                            "One person pays the rest. Choose who.",
}
