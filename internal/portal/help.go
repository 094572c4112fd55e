package portal

import (
	"net/http"
	"slices"

	"kvit/docs/privacy"
	"kvit/internal/guide"
	"kvit/internal/portal/view"
	"kvit/internal/web"
)

// help is P9: questions by topics, or those that fit what was typed.
func (m *Module) help(w http.ResponseWriter, r *http.Request) error {
	v := view.Help{Page: m.publicPage(w, r, "Помощь"), Query: asked(r), BillRef: "/help/bill"}
	list := guide.Questions()
	if v.Query != "" {
		v.Asked, list = true, guide.Search(v.Query)
	}
	for i := range list {
		q := &list[i]
		k := slices.IndexFunc(v.Topics, func(t view.HelpTopic) bool { return t.Title == q.Topic })
		if k < 0 {
			k, v.Topics = len(v.Topics), append(v.Topics, view.HelpTopic{Title: q.Topic})
		}
		x := view.HelpQuestion{ID: q.ID, Title: q.Title, Answer: q.Answer, Open: v.Asked}
		for _, l := range q.Links {
			x.Links = append(x.Links, web.Link(l))
		}
		v.Topics[k].Questions = append(v.Topics[k].Questions, x)
	}
	return web.Render(w, r, http.StatusOK, view.HelpPage(v))
}

// readBill explains a bill on its picture.
func (m *Module) readBill(w http.ResponseWriter, r *http.Request) error {
	v := view.ReadBill{Page: m.publicPage(w, r, "Как читать счёт"), Picture: web.Asset("bill.svg")}
	v.Crumbs = append(v.Crumbs, web.Link{Title: "Помощь", Href: "/help"})
	for _, x := range guide.Marks() {
		v.Marks = append(v.Marks, view.ReadMark{Title: x.Title, Text: x.Text})
	}
	return web.Render(w, r, http.StatusOK, view.ReadBillPage(v))
}

func (m *Module) accessibility(w http.ResponseWriter, r *http.Request) error {
	return web.Render(w, r, http.StatusOK, view.AccessibilityPage(view.Accessibility{Page: m.publicPage(w, r, "Доступность страниц")}))
}

// privacy says what is stored and why: the list is that of docs/privacy.
func (m *Module) privacy(w http.ResponseWriter, r *http.Request) error {
	v := view.Privacy{Page: m.publicPage(w, r, "Ваши данные")}
	v.Columns, v.Rows = privacy.Stored()
	return web.Render(w, r, http.StatusOK, view.PrivacyPage(v))
}
