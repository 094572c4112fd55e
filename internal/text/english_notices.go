package text

import "maps"

func init() {
	maps.Copy(commands, notices)
	maps.Copy(messages, noticeFaults)
}

// notices are the ways people are told things, and their simulators.
var notices = map[string]string{
	"Коды, SMS и письма показа: http://%s/demo/phone.": "Codes, texts and letters of the demo: http://%s/demo/phone.",
	"Внешние стороны для проверок: эквайер, касса, агент, поставщик, ГИС ЖКХ, приборы, SMS, почта, SFTP.": "Outside parties for trials: acquirer, cash register, agent, supplier, GIS ZhKH, devices, SMS, mail, SFTP.",
	"SMS-шлюз: smsc, smsru или файл профиля .yaml; без него SMS не отправляются.":                         "SMS gateway: smsc, smsru or a profile's .yaml file; without it no texts are sent.",
	"ПРОФИЛЬ": "PROFILE",
	"Адрес SMS-шлюза; без него – из профиля.": "Address of the SMS gateway; the profile's own by default.",
	"Имя у SMS-шлюза.": "Login at the SMS gateway.",
	"Пароль или ключ SMS-шлюза; лучше через переменную.":                              "Password or key of the SMS gateway; better by the variable.",
	"Имя отправителя, согласованное со шлюзом.":                                       "Sender's name as agreed with the gateway.",
	"Почтовый сервер: smtp://имя:пароль@узел:587; без него писем нет.":                "Mail server: smtp://name:password@host:587; without it there are no letters.",
	"Адрес отправителя писем.":                                                        "Address letters are sent from.",
	"Сертификаты, которыми подписан почтовый сервер, PEM; без него – системные.":      "Certificates the mail server's is signed by, PEM; the system's by default.",
	"Ключ DKIM, PEM; без него письма не подписываются.":                               "DKIM key, PEM; without it letters are not signed.",
	"Селектор ключа DKIM.":                                                            "Selector of the DKIM key.",
	"Службы уведомлений сверх известных браузерных: узел:порт.":                       "Push services besides those of browsers: host:port.",
	"Задержка каждого ответа.":                                                        "Delay of every answer.",
	"Через сколько сообщение доставлено.":                                             "How long until a message is delivered.",
	"Доля ответов с ошибкой сервера, 0–1.":                                            "Share of answers with a server error, 0–1.",
	"Доля отказов навсегда, 0–1.":                                                     "Share of refusals for good, 0–1.",
	"Доля отказов «слишком часто», 0–1.":                                              "Share of refusals “too often”, 0–1.",
	"Доля принятых сообщений, ответ о которых потерян, 0–1.":                          "Share of messages taken whose answer is lost, 0–1.",
	"Доля сообщений, которые не дойдут, 0–1.":                                         "Share of messages that never arrive, 0–1.",
	"Доля уведомлений о доставке, которые не придут, 0–1.":                            "Share of delivery call-backs never sent, 0–1.",
	"Пароль или ключ.":                                                                "Password or key.",
	"Куда сообщать о доставке.":                                                       "Where to call back about delivery.",
	"Где слушать SMTP.":                                                               "Where to listen for SMTP.",
	"Где показывать принятые письма по HTTP; без него – нигде.":                       "Where to show received letters over HTTP; nowhere by default.",
	"Шлюз, который теряет каждый десятый ответ и сообщает о доставке через 5 секунд.": "A gateway that loses every tenth answer and tells of delivery after 5 seconds.",
	"Почтовый сервер, который каждое пятое письмо просит прислать позже; письма видны на http://127.0.0.1:8095/got.": "A mail server that asks to send every fifth letter later; letters are seen at http://127.0.0.1:8095/got.",
	"Служба уведомлений, у которой каждый десятый браузер уже отписался.":                                            "A push service every tenth browser of which is gone.",
	"Учебный SMS-шлюз: доставляет, звонит, теряет ответы, отказывает, молчит.":                                       "SMS gateway for trials: delivers, calls, loses answers, refuses, keeps silent.",
	"Учебный почтовый сервер: принимает, просит позже, отказывает, обрывает связь.":                                  "Mail server for trials: takes, asks to come later, refuses, hangs up.",
	"Учебная служба уведомлений браузеров.":                                                                          "Push service of browsers for trials.",
}

// noticeFaults are what goes wrong with messages to people.
var noticeFaults = map[string]string{
	"Почта настроена не до конца: %s.":                  "Mail is not set up to the end: %s.",
	"адрес сервера пишется smtp://имя:пароль@узел:порт": "a server's address is written smtp://name:password@host:port",
	"нужен адрес отправителя":                           "a sender's address is needed",
	"адрес сервера не подходит":                         "the server's address does not do",
	"файл сертификатов не прочитался":                   "the file of certificates cannot be read",
	"ключу DKIM нужен селектор":                         "a DKIM key needs a selector",
	"ключ DKIM не прочитался":                           "the DKIM key cannot be read",
	"ключ DKIM не в PEM":                                "the DKIM key is not PEM",
	"ключ DKIM не RSA и не Ed25519":                     "the DKIM key is neither RSA nor Ed25519",
	"адрес отправителя не подходит":                     "the sender's address does not do",
	"Браузер прислал подписку, которую мы не понимаем. Попробуйте включить уведомления ещё раз.": "The browser sent a subscription we do not understand. Try to switch notifications on again.",
	"Сообщение не приняли. Проверьте номер или адрес.":                                           "The message was refused. Check the number or the address.",
	"Служба сообщений не отвечает. Повторим позже.":                                              "The messaging service does not answer. We will try later.",
	"Служба сообщений просит подождать. Повторим позже.":                                         "The messaging service asks to wait. We will try later.",
	"Служба сообщений не принимает наши сообщения. Проверьте пароль и остаток на её счёте.":      "The messaging service does not take our messages. Check the password and the money left with it.",
	"Служба сообщений не ответила. Спросим, принято ли сообщение.":                               "The messaging service did not answer. We will ask whether the message was taken.",
	"В SMS и мессенджерах ссылок не бывает. Уберите адрес из текста.":                            "Texts and messengers carry no links. Take the address out of the text.",
	"Профиля SMS-шлюза %q нет. Есть: %s; или укажите файл .yaml.":                                "There is no profile %q of an SMS gateway. There are: %s; or name a .yaml file.",
	"файл не прочитался":                     "the file cannot be read",
	"нужны profile, url и send.path":         "profile, url and send.path are needed",
	"в send.fields нужны {to} и {text}":      "send.fields need {to} and {text}",
	"own_id требует {key} в send.fields":     "own_id needs {key} in send.fields",
	"без own_id нужен send.id":               "without own_id, send.id is needed",
	"для ask нужны state и states.delivered": "ask needs state and states.delivered",
	"Профиль SMS-шлюза не подходит: %s.":     "The profile of the SMS gateway does not do: %s.",
}
