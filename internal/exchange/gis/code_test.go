package gis

import "testing"

// TestClassOfRefusals: a refusal is understood by its code, else by its words, else by the letters of its code.
func TestClassOfRefusals(t *testing.T) {
	for _, c := range []struct {
		code, text string
		want       Class
	}{
		{"EXP001000", "Произошла ошибка при передаче данных. Попробуйте осуществить передачу данных повторно", ClassAgain},
		{"EXP009999", "", ClassAgain},
		{"INT009999", "Превышено время ожидания", ClassAgain},
		{"INT001000", "", ClassUnknown},
		{"INT009998", "Сообщение с указанным идентификатором не найдено", ClassUnknown},
		{"INT002034", "", ClassExists},
		{"INT015004", "Лицевой счёт с таким номером уже существует", ClassExists},
		{"INT002012", "Нет объектов для экспорта", ClassNothing},
		{"INT004100", "Элемент справочника не действует", ClassList},
		{"AUT011003", "Доступ запрещён для поставщика данных", ClassAccess},
		{"AUT099999", "", ClassAccess},
		{"SGN000001", "Ошибка проверки", ClassAccess},
		{"FMT001300", "Документ не соответствует схеме", ClassFormat},
		{"FMT009999", "", ClassFormat},
		{"INT002000", "Не пройдена проверка", ClassData},
		{"int777777", "", ClassData},
		{"", "неведомое", ClassData},
	} {
		f := Failure{c.code, c.text}
		if got := f.Class(); got != c.want || got.Advice() == "" {
			t.Errorf("%s %q is %q, want %q, advice %q", c.code, c.text, got, c.want, got.Advice())
		}
	}
}
