package portal

import (
	"net/http"
	"strconv"

	"kvit/internal/access"
	"kvit/internal/bot"
	"kvit/internal/fault"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// chatRoutes are the messengers of a resident.
func (m *Module) chatRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/profile/bots", Resource: "chat", Action: "own", Handler: m.chats},
		{Method: http.MethodPost, Pattern: "/profile/bots", Resource: "chat", Action: "own", Handler: m.changeChats},
	}
}

func (m *Module) chats(w http.ResponseWriter, r *http.Request) error {
	told := ""
	if r.URL.Query().Get("done") == "unlinked" {
		told = "Чат отключён. Переписка у нас стёрта"
	}
	return m.showChats(w, r, "", told)
}

func (m *Module) showChats(w http.ResponseWriter, r *http.Request, code, told string) error {
	v := view.Chats{Page: m.page(r, "Мессенджеры"), Code: code, Minutes: bot.CodeMinutes, Told: told}
	for _, k := range m.Bots.Channels() {
		v.Bots = append(v.Bots, view.ChatBot{Messenger: bot.Titles[k], Name: m.Bots.BotName(r.Context(), k)})
	}
	list, err := m.Bots.Linked(r.Context(), access.FromContext(r.Context()).UserID)
	if err != nil {
		return err
	}
	for _, c := range list {
		v.Linked = append(v.Linked, view.Chat{ID: strconv.FormatInt(c.ID, 10), Messenger: bot.Titles[c.Kind], Since: c.ConfirmedAt})
	}
	return web.Render(w, r, http.StatusOK, view.ChatsPage(v))
}

// changeChats makes a code, shown once, or unlinks a chat.
func (m *Module) changeChats(w http.ResponseWriter, r *http.Request) error {
	actor := access.FromContext(r.Context())
	if r.PostFormValue("do") != "unlink" {
		code, err := m.Bots.Code(r.Context(), actor)
		if err != nil {
			return err
		}
		return m.showChats(w, r, code, "")
	}
	id, err := strconv.ParseInt(r.PostFormValue("chat"), 10, 64)
	if err != nil {
		return fault.New(fault.NotFound, "bot.chat_unknown", "Такого чата в вашем списке нет.")
	}
	if err := m.Bots.UnlinkOwn(r.Context(), actor, id); err != nil {
		return err
	}
	return web.SeeOther(w, r, "/profile/bots?done=unlinked")
}
