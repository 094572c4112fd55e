package register

import "testing"

func TestAccountInAPurpose(t *testing.T) {
	for purpose, want := range map[string]string{
		"ЖКУ, лицевой счёт 1600123456, 10.2026":        "1600123456",
		"За ХВС и водоотведение, ЛС В-0014":            "В-0014",
		"оплата л/с 77-01. Иванов":                     "77-01",
		"Лиц. счет № 4000101234567;за 10.2026":         "4000101234567",
		"ST00012|Name=ООО|PersAcc=В-0014|Sum=100":      "В-0014",
		"persAcc: 12/3 период 1026":                    "12/3",
		"Перевод средств по договору 15 от 01.10.2026": "",
		"за класс 7 обучение":                          "",
		"":                                             "",
	} {
		if got := AccountIn(purpose); got != want {
			t.Errorf("%q: %q, want %q", purpose, got, want)
		}
	}
}
