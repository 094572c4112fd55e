package text

// lines are what commands say of telephones that write and call.
var lines = map[string]string{
	"Пароль телефонной станции, которая спрашивает, что говорить звонящим; лучше через переменную. Без него звонков нет.": "Password of the telephone exchange that asks what to say to callers; better by the variable. Without it there are no calls.",
	"Модуль речи телефонной станции.":                        "Speech module of the telephone exchange.",
	"Голос этого модуля.":                                    "Voice of that module.",
	"пароль телефонной станции":                              "password of the telephone exchange",
	"модуль речи телефонной станции":                         "speech module of the telephone exchange",
	"голос телефонной станции":                               "voice of the telephone exchange",
	"Кого спрашивать.":                                       "Whom to ask.",
	"Пароль станции.":                                        "Password of the exchange.",
	"Спрашивать о каждом шаге дважды.":                       "Ask about each step twice.",
	"Написать SMS расчётному центру: %s, позвонить ему: %s.": "Write a text to the settlement centre: %s, call it: %s.",
	"Учебная телефонная станция: звонят со страницы, слышат текст, нажимают клавиши.":                                  "A telephone exchange for trials: people call from a page, hear text, press keys.",
	"Телефонная станция: со страницы http://127.0.0.1:8096 звонят в расчётный центр, слышат текст и нажимают клавиши.": "A telephone exchange: from the page http://127.0.0.1:8096 people call the centre, hear text and press keys.",
}

// lineFaults are the messages of telephones that write and call, of marks of read and of news of the service.
var lineFaults = map[string]string{
	"Такого сообщения у вас нет.":                                                      "You have no such message.",
	"в inbox нужны path, id, from, text и {after} в fields":                            "inbox needs path, id, from, text, and {after} in fields",
	"Запрос телефонной станции не разобран.":                                           "The request of the telephone exchange is not understood.",
	"Вызов телефонной станции без секрета.":                                            "A call of a telephone exchange without the secret.",
	"Разговор с этим телефоном закончен.":                                              "The conversation with this telephone is over.",
	"Ссылка больше не действует. Подпишитесь на странице «Состояние сервиса» ещё раз.": "The link does not work any more. Subscribe on the page “State of the service” again.",
}
