package text

// pagesDemo are the doors of a demo: whom one may come in as (internal/app/demo*.go).
var pagesDemo = map[string]string{
	"Поставщик: %s": "Supplier: %s",
	"Житель, у которого кончилась поверка":                       "Resident whose meter is due for verification",
	"Воду считает Квит: норматив и повышающий коэффициент":       "Kvit works out water: the standard rate without a meter and the raising factor",
	"Житель, у которого суммы расходятся":                        "Resident whose sums differ",
	"Поставщик прислал одну сумму за воду, Квит посчитал другую": "The supplier sent one sum for water, Kvit worked out another",
}
