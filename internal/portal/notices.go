package portal

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/fault"
	"kvit/internal/notice"
	"kvit/internal/portal/view"
	"kvit/internal/privacy"
	"kvit/internal/web"
)

// noticeRoutes are R14, and the door of gateways that call back.
func (m *Module) noticeRoutes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/notices", Resource: "person", Action: "own", Handler: m.notices},
		{Method: http.MethodPost, Pattern: "/notices", Resource: "person", Action: "own", Handler: m.readNotices},
		{Method: http.MethodGet, Pattern: "/notices/{id}", Resource: "person", Action: "own", Handler: m.openNotice},
		{Method: http.MethodGet, Pattern: "/notices/settings", Resource: "person", Action: "own", Handler: m.noticeSettings},
		{Method: http.MethodPost, Pattern: "/notices/settings", Resource: "person", Action: "own", Handler: m.keepNotices},
		{Method: http.MethodPost, Pattern: "/hooks/sms", Resource: "notification", Action: "receive", Machine: true, Handler: m.smsTold},
	}
}

func (m *Module) notices(w http.ResponseWriter, r *http.Request) error {
	who, topic := access.FromContext(r.Context()).UserID, notice.Topic(r.FormValue("topic"))
	list, err := m.Notices.Own(r.Context(), who, topic)
	if err != nil {
		return err
	}
	v := view.Notices{Page: m.page(r, "Сообщения"), Tabs: topicTabs(topic), Topic: string(topic)}
	if v.Unreached, err = m.Notices.Unreached(r.Context(), who); err != nil {
		return err
	}
	for i := range list {
		v.Rows = append(v.Rows, noticeRow(&list[i]))
	}
	v.Unread, v.Action = m.unread(r), "/notices"
	return web.Render(w, r, http.StatusOK, view.NoticesPage(v))
}

// unread is how many messages the person of a request has not read. A page that only shows the number does without it when
// the database does not tell.
func (m *Module) unread(r *http.Request) int {
	who := access.FromContext(r.Context()).UserID
	if who == 0 {
		return 0
	}
	n, err := m.Notices.Unread(r.Context(), who)
	if err != nil {
		return 0
	}
	return n
}

// openNotice shows one message: whoever opened it has read it.
func (m *Module) openNotice(w http.ResponseWriter, r *http.Request) error {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		id = 0 // nobody's
	}
	list, err := m.Notices.Open(r.Context(), access.FromContext(r.Context()).UserID, id)
	if err != nil {
		return err
	}
	v := view.Notices{Page: m.page(r, list[0].Subject)}
	v.Page.Crumbs = []web.Link{{Title: "Сообщения", Href: "/notices"}}
	for i := range list {
		v.Rows = append(v.Rows, noticeRow(&list[i]))
	}
	return web.Render(w, r, http.StatusOK, view.NoticePage(v))
}

// readNotices marks one message, or all, as read.
func (m *Module) readNotices(w http.ResponseWriter, r *http.Request) error {
	id := int64(0) // all
	if r.PostFormValue("do") != "all" {
		var err error
		if id, err = strconv.ParseInt(r.PostFormValue("id"), 10, 64); err != nil || id == 0 {
			return fault.New(fault.NotFound, "notice.unknown", "Такого сообщения у вас нет.")
		}
	}
	if err := m.Notices.MarkRead(r.Context(), access.FromContext(r.Context()).UserID, id); err != nil {
		return err
	}
	back := "/notices"
	if topic := notice.Topic(r.PostFormValue("topic")); slices.Contains(notice.Topics(), topic) {
		back += "?topic=" + string(topic)
	}
	return web.SeeOther(w, r, back)
}

func topicTabs(current notice.Topic) []web.Tab {
	tabs := []web.Tab{{Title: "Все", Href: "/notices", Current: current == ""}}
	for _, t := range notice.Topics() {
		tabs = append(tabs, web.Tab{Title: t.Title(), Href: "/notices?topic=" + string(t), Current: t == current})
	}
	return tabs
}

func noticeRow(n *notice.Notice) view.NoticeRow {
	row := view.NoticeRow{Topic: n.Topic.Title(), Subject: n.Subject, Text: n.Text, Way: n.Channel.Title(), At: max(n.SentAt, n.CreatedAt), ID: strconv.FormatInt(n.OrderID, 10), Unread: n.ReadAt == 0}
	if n.Address != "" {
		row.Way += ", " + n.Address
	}
	switch n.State {
	case notice.Delivered:
		row.State = web.State{Word: "доставлено", Tone: web.OK}
		if n.Channel == notice.Page {
			row.State = web.State{Word: "только здесь", Tone: web.Info}
		}
	case notice.Sent:
		row.State = web.State{Word: "отправлено", Tone: web.Quiet}
	case notice.Failed:
		row.State = web.State{Word: "не доставлено", Tone: web.Bad}
		row.Advice = map[notice.Channel]string{notice.SMS: "SMS не доставлено, проверьте номер", notice.Voice: "Не дозвонились, проверьте номер", notice.Mail: "Письмо не доставлено, проверьте адрес"}[n.Channel]
	default:
		row.State = web.State{Word: "в пути", Tone: web.Warn}
	}
	return row
}

func (m *Module) noticeSettings(w http.ResponseWriter, r *http.Request) error {
	wishes, err := m.Notices.Find(r.Context(), access.FromContext(r.Context()).UserID)
	if err != nil {
		return err
	}
	return m.showNoticeSettings(w, r, http.StatusOK, &wishes, nil)
}

// noticeDone are the words after something was done.
var noticeDone = map[string]string{"keep": "Сохранено", "stop": "Больше не пишем. О входе и смене данных сообщим всё равно", "agree": "Снова пишем вам", "browser": "Уведомления в этом браузере включены", "leave": "Уведомления в браузерах выключены"}

func (m *Module) showNoticeSettings(w http.ResponseWriter, r *http.Request, status int, wishes *notice.Wishes, failed error) error {
	who := access.FromContext(r.Context()).UserID
	reaches, err := m.Notices.Reaches(r.Context(), who)
	if err != nil {
		return err
	}
	browsers, err := m.Notices.Browsers(r.Context(), who)
	if err != nil {
		return err
	}
	v := view.NoticeSettings{Page: m.page(r, "Как нам писать вам"), Action: "/notices/settings", Key: web.NewKey(), Told: noticeDone[r.URL.Query().Get("done")], Errors: web.ErrorsOf(failed),
		From: clock(wishes.QuietFrom), To: clock(wishes.QuietTo), OnlyImportant: wishes.OnlyImportant, Voice: wishes.Voice, Calls: m.Notices.Calls(), Agreed: wishes.Agreed, PushKey: m.PushKey, Browsers: browsers}
	if failed != nil {
		v.From, v.To = r.PostFormValue("from"), r.PostFormValue("to")
	}
	for _, c := range notice.Channels() {
		if shown, ok := reaches[c]; ok {
			v.Ways = append(v.Ways, c.Title()+", "+shown)
		}
	}
	for _, t := range notice.Topics() {
		v.Topics = append(v.Topics, topicView(t, wishes, reaches))
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.NoticeSettingsPage(v))
}

func topicView(t notice.Topic, wishes *notice.Wishes, reaches map[notice.Channel]string) view.NoticeTopic {
	x := view.NoticeTopic{Title: t.Title(), Always: t.Always()}
	for _, c := range notice.Channels() {
		if _, ok := reaches[c]; ok {
			x.Ways = append(x.Ways, web.Choice{Value: string(t) + "/" + string(c), Label: c.Title(), Chosen: !wishes.Off(t, c)})
		}
	}
	return x
}

func clock(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// minuteOf reads «21:00», «21.00» and «21»; −1 is none.
func minuteOf(text string) int {
	hour, rest, found := strings.Cut(strings.NewReplacer(".", ":", " ", "").Replace(text), ":")
	h, err := strconv.Atoi(hour)
	minute, wrong := 0, error(nil)
	if found {
		minute, wrong = strconv.Atoi(rest)
	}
	if err != nil || wrong != nil || h < 0 || h > 23 || minute < 0 || minute > 59 {
		return -1
	}
	return h*60 + minute
}

func (m *Module) keepNotices(w http.ResponseWriter, r *http.Request) error {
	who, do := access.FromContext(r.Context()).UserID, r.PostFormValue("do")
	if who == 0 {
		return fault.New(fault.Forbidden, "notice.nobody", "Войдите по номеру телефона: настройки у каждого человека свои.")
	}
	wishes, err := m.Notices.Find(r.Context(), who)
	if err != nil {
		return err
	}
	switch do {
	case "browser":
		if err = m.Privacy.Agreed(r.Context(), who, privacy.Push, "page"); err == nil {
			err = m.Notices.AddBrowser(r.Context(), who, r.PostFormValue("browser"))
		}
	case "leave":
		err = m.Notices.CloseBrowsers(r.Context(), who)
	case "stop", "agree":
		wishes.Agreed = do == "agree"
		err = m.Notices.Keep(r.Context(), who, wishes)
	default:
		do = "keep"
		if err = m.readWishes(r, who, &wishes); err == nil {
			err = m.Notices.Keep(r.Context(), who, wishes)
		}
	}
	if fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) {
		return m.showNoticeSettings(w, r, http.StatusUnprocessableEntity, &wishes, err)
	}
	if err != nil {
		return err
	}
	return web.SeeOther(w, r, "/notices/settings?done="+do)
}

// readWishes reads the form: what was offered and is not ticked is switched off.
func (m *Module) readWishes(r *http.Request, who int64, wishes *notice.Wishes) error {
	reaches, err := m.Notices.Reaches(r.Context(), who)
	if err != nil {
		return err
	}
	for _, t := range notice.Topics() {
		for _, c := range notice.Channels() {
			if _, offered := reaches[c]; offered && !t.Always() {
				wishes.Switch(t, c, slices.Contains(r.PostForm["on"], string(t)+"/"+string(c)))
			}
		}
	}
	wishes.OnlyImportant, wishes.Voice = r.PostFormValue("important") == "1", r.PostFormValue("voice") == "1"
	wishes.QuietFrom, wishes.QuietTo = minuteOf(r.PostFormValue("from")), minuteOf(r.PostFormValue("to"))
	return nil
}

// smsTold takes a call-back of a gateway: a hint to ask it now.
func (m *Module) smsTold(w http.ResponseWriter, r *http.Request) error {
	if err := r.ParseForm(); err != nil {
		return fault.New(fault.Invalid, "sms.hint", "Сообщение шлюза не прочиталось.").Because(err)
	}
	answer := ""
	if m.SMSHint != nil {
		var ids []string
		ids, answer = m.SMSHint(r.PostForm)
		if err := m.Notices.Hint(r.Context(), ids); err != nil {
			return err
		}
	}
	_, err := io.WriteString(w, answer)
	return err
}
