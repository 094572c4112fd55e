package text

// allocationFaults are the sentences of sharing payments and of autopay.
var allocationFaults = map[string]string{
	"Автоплатёж не подключён.": "Autopay is not switched on.",
	"Вперёд этому поставщику не платят, а %s больше долга. Уменьшите сумму.": "This supplier takes no advances, and %s is above the debt. Lower the sum.",
	"День списания – число от 1 до %d: такое есть в каждом месяце.":          "The day to pay is a number from 1 to %d: every month has such a day.",
	"К вашему входу не привязан ни один лицевой счёт.":                       "No account is linked to your sign-in.",
	"К оплате %s, а вы указали %s. Ещё %s платят отдельно, по названию: это пени или долг старше срока давности. Чтобы заплатить вперёд, выберите «вперёд» (--ahead).": "%s is due, and you gave %s. Another %s is paid apart, by name: it is penalty or a debt past limitation. To pay ahead, choose ahead (--ahead).",
	"Наименьшая часть платежа %s ₽: бывает от 0 до %d.":                             "The least part of a payment is %s ₽: it may be from 0 to %d.",
	"Напишите, больше какой суммы не списывать: от %s.":                             "Say which sum must not be exceeded: from %s.",
	"Предел меньше суммы платежа. Увеличьте предел или уменьшите сумму.":            "The limit is below the sum of the payment. Raise the limit or lower the sum.",
	"Списание уже прошло или отменено. Обновите страницу.":                          "The payment was made or called off already. Reload the page.",
	"Срок давности %d лет: бывает от 1 до %d.":                                      "A limitation of %d years: it may be from 1 to %d.",
	"Сумма должна быть больше нуля. Чтобы платить весь счёт, оставьте поле пустым.": "The sum must be above zero. To pay the whole bill, leave the field empty.",
	"способ оплаты больше не хранится":                                              "the way of paying is no longer kept",
}
