package view

import "kvit/internal/web/webtest"

func sampleChats() Chats {
	return Chats{
		Page: resident("Мессенджеры"), Bots: []ChatBot{{Messenger: "MAX", Name: "@kvit_bot"}, {Messenger: "Telegram"}},
		Linked: []Chat{{ID: "7", Messenger: "MAX", Since: at(23, 18, 42)}},
	}
}

func chatSamples() []webtest.Sample {
	none, first, code, gone := sampleChats(), sampleChats(), sampleChats(), sampleChats()
	none.Page.Title, none.Bots, none.Linked = "Мессенджеры, которых нет", nil, nil
	first.Page.Title, first.Linked = "Мессенджеры без чатов", nil
	code.Page.Title, code.Code, code.Minutes = "Мессенджеры: код", "AB3D-EF45", 15
	gone.Page.Title, gone.Told = "Мессенджеры после отключения", "Чат отключён. Переписка у нас стёрта"
	return []webtest.Sample{
		{Name: "chats", Page: ChatsPage(sampleChats())}, {Name: "chats-none", Page: ChatsPage(none)}, {Name: "chats-first", Page: ChatsPage(first)},
		{Name: "chats-code", Page: ChatsPage(code)}, {Name: "chats-gone", Page: ChatsPage(gone)},
	}
}
