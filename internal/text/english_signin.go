package text

import "maps"

func init() {
	maps.Copy(commands, signingIn)
	maps.Copy(messages, signInFaults)
}

// signingIn are the settings of Госуслуги and their simulator.
var signingIn = map[string]string{
	"Адрес ЕСИА (Госуслуг); без него через Госуслуги не входят.":                   "Address of ESIA (Gosuslugi); without it nobody signs in by Gosuslugi.",
	"Мнемоника системы в ЕСИА.":                                                    "The system's mnemonic in ESIA.",
	"Кто подписывает для ЕСИА и проверяет её подписи: программа или адрес службы.": "Who signs for ESIA and verifies its signatures: a program or the address of a service.",
	"Сертификат ЕСИА с ключом RSA, PEM; без него проверяет тот, кто подписывает.":  "Certificate of ESIA with an RSA key, PEM; without it the signer verifies.",
	"Хеш своего сертификата, как его выдаёт утилита ЕСИА.":                         "Hash of the own certificate as ESIA's tool prints it.",
	"Мнемоника системы.": "The system's mnemonic.",
	"Странности через запятую: skew, text, noid, foreign, forged, expired, down.": "Quirks, by commas: skew, text, noid, foreign, forged, expired, down.",
	"СПИСОК": "LIST",
	"Госуслуги, часы которых спешат на минуту, а числа приходят строками.":      "Gosuslugi whose clock is a minute fast, and whose numbers come as texts.",
	"Учебные Госуслуги: спрашивают согласие, подписывают, спешат, подделывают.": "Gosuslugi for trials: ask for consent, sign, run fast, forge.",
}

// signInFaults are the faults of proving who one is.
var signInFaults = map[string]string{
	"Код не подошёл. Сверьте 12 цифр из сообщения или позвоните нам.":                                            "The code does not fit. Compare the 12 digits of the message or call us.",
	"Код больше не действует. Запросите новый.":                                                                  "The code is no longer valid. Ask for a new one.",
	"Код не подошёл. Сверьте все 6 цифр с последним сообщением.":                                                 "The code does not fit. Compare all 6 digits with the last message.",
	"Пять попыток прошли. Запросите новый код.":                                                                  "Five tries are over. Ask for a new code.",
	"Код не ушёл: связь со службой сообщений прервалась. Попробуйте ещё раз или выберите звонок.":                "The code was not sent: the line to the service of messages broke. Try again or choose a call.",
	"В коде %d цифр. Введите их все.":                                                                            "The code has %d digits. Enter all of them.",
	"Ссылка больше не действует: она на 15 минут и на один раз. Запросите новую.":                                "The link is no longer valid: it is for 15 minutes and for one time. Ask for a new one.",
	"Этот код был для другого действия. Начните сначала.":                                                        "This code was for another action. Begin anew.",
	"Это единственный способ войти. Сначала добавьте другой.":                                                    "This is the only way to sign in. Add another one first.",
	"Госуслуги не ответили как надо. Попробуйте позже или войдите по телефону.":                                  "Gosuslugi did not answer as they should. Try later or sign in by telephone.",
	"Вход через Госуслуги не подключён.":                                                                         "Signing in by Gosuslugi is not set up.",
	"Этот вход через Госуслуги уже не действует. Начните сначала.":                                               "This signing in by Gosuslugi is over. Begin anew.",
	"Вы не дали Госуслугам подтвердить, что это вы. Можно войти по телефону.":                                    "You did not let Gosuslugi confirm that it is you. You can sign in by telephone.",
	"Это другая запись Госуслуг. Подтвердите той, с которой входили.":                                            "This is another account of Gosuslugi. Confirm with the one you signed in with.",
	"Слишком много попыток. Новый код можно запросить %s.":                                                       "Too many tries. A new code can be asked for %s.",
	"На такие номера сегодня ушло слишком много кодов. Попросите код звонком или почтой, или попробуйте завтра.": "Too many codes went to such numbers today. Ask for a call or a letter, or try tomorrow.",
	"Ключ доступа не подошёл. Попробуйте ещё раз или войдите по телефону.":                                       "The passkey does not fit. Try again or sign in by telephone.",
	"Ключей уже 20. Удалите лишний.":                                                                             "There are 20 passkeys already. Delete one.",
	"Такой странности нет: %s.":                                                                                  "There is no such quirk: %s.",
	"К вашему входу пока не привязан ни один счёт. Добавьте его.":                                                "No account is linked to you yet. Add one.",
	"Для входа через Госуслуги нужны мнемоника системы и программа или служба подписи.":                          "To sign in by Gosuslugi the system's mnemonic and a program or service that signs are needed.",
	"Сертификат ЕСИА %s не читается: нужен PEM с ключом RSA. Для ГОСТ оставьте проверку программе подписи.":      "The certificate of ESIA %s cannot be read: PEM with an RSA key is needed. For GOST leave verifying to the signing program.",
}
