package text

// personFaults are the faults of people's contacts and homes.
var personFaults = map[string]string{
	"Контакт пустой.":                     "The contact is empty.",
	"Телефон пишут так: +7 900 123-45-67": "A telephone is written like this: +7 900 123-45-67",
	"Почту пишут так: name@example.ru":    "An e-mail address is written like this: name@example.ru",
	"С этим контактом входит другой человек. Войдите с ним или укажите другой.": "Another person signs in with this contact. Sign in with it or give another one.",
}
