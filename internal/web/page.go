package web

import (
	"cmp"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"
)

// Page is what every page shares; views embed it. NewPage fills what the request knows, handlers add the rest.
type Page struct {
	Title        string // of the document and, unless Heading is given, the h1
	Heading      string
	Name         string // of the service
	Nav          []NavItem
	More         []NavItem // consoles: what is used less, behind «Ещё»
	Account      *AccountSwitch
	Search       *Search // consoles
	Actor        string  // who is signed in, shown beside the way out
	SignOut      string  // where the form of the way out is sent; empty hides it
	SignIn       string  // where to sign in; empty hides it
	Acting       string  // somebody of the centre acts for the resident: what he has to know; empty: nobody does
	ActingReason string  // why, in his words
	Crumbs       []Link
	Refresh      int    // seconds until the page fetches itself anew; 0 never
	Desk         bool   // of a cash desk: larger
	LeaveTo      string // where a page with somebody's data goes by itself after LeaveAfter seconds; empty: it stays
	LeaveAfter   int
	Notices      []Notice
	Public       bool   // the same for everybody: search engines may show it
	Home         string // mark of the home a resident looks at, for what his browser keeps; empty for others

	Prefs     Prefs
	Path      string // of this page, to come back to
	Token     string // of the forms
	HelpPhone string
	HelpHours string
	Now       time.Time // in the region's zone
}

// NavItem is an entry of the navigation. Only what exists is listed.
type NavItem struct {
	Title, Href, Icon string
	Current           bool
	Count             int    // waits for a person; 0 is not shown
	Counted           string // what is counted, for who does not see; without it things that wait for a decision
}

// counted says what the number of an entry is of.
func (n *NavItem) counted() string { return " " + cmp.Or(n.Counted, "ждут решения") }

// within tells whether the page belongs to one of the entries.
func within(items []NavItem) bool {
	return slices.ContainsFunc(items, func(n NavItem) bool { return n.Current })
}

// everybody are the pages that every page leads to.
var everybody = []Link{{"Помощь", "/help"}, {"Тарифы", "/tariffs"}, {"Кто обслуживает дом", "/city"}, {"Состояние сервиса", "/status"}, {"Доступность", "/accessibility"}, {"Ваши данные", "/privacy"}}

// Link is an address with its words.
type Link struct{ Title, Href string }

// AccountSwitch is the choice of home at the top of a resident's page: Homes are chosen by a form sent to Action, and stay chosen;
// Others lead elsewhere.
type AccountSwitch struct {
	Current string
	Action  string
	Homes   []SwitchHome
	Others  []Link
}

// SwitchHome is a home that may be chosen.
type SwitchHome struct{ Value, Title string }

// Search is the one field of a console.
type Search struct{ Action, Value string }

// NewPage starts a page for a request.
func NewPage(r *http.Request, title string) Page {
	x := exchangeOf(r.Context())
	p := Page{
		Title: title, Name: cmp.Or(x.site.Name, "Квит"), Prefs: x.prefs, HelpPhone: x.site.HelpPhone, HelpHours: x.site.HelpHours,
		Now: x.now, Path: "/",
	}
	if p.Now.IsZero() {
		p.Now = x.site.now()
	}
	if r.Method == http.MethodGet {
		p.Path = LocalPath(r.URL.RequestURI(), "/")
	}
	if x != nowhere {
		p.Token = x.site.token(x)
	}
	return p
}

// H1 is the heading of the page.
func (p *Page) H1() string { return cmp.Or(p.Heading, p.Title) }

// WithErrors makes the title of a form that came back begin with what to do (ux.md 7).
func (p *Page) WithErrors(e Errors) {
	if len(e) > 0 {
		p.Heading = p.H1()
		p.Title = "Проверьте данные: " + p.Title
	}
}

// textSize is the attribute of the large text, empty for the usual size.
func (p *Page) textSize() string {
	if p.Prefs.Text <= 100 {
		return ""
	}
	return strconv.Itoa(p.Prefs.Text)
}

func (p *Page) themeName() string { return cmp.Or(p.Prefs.Theme, "system") }

// PhoneHref is a telephone as an address: digits only.
func PhoneHref(phone string) string {
	digits := make([]byte, 0, len(phone))
	for _, c := range []byte(phone) {
		if c >= '0' && c <= '9' || c == '+' {
			digits = append(digits, c)
		}
	}
	return "tel:" + string(digits)
}

// themeTitles are the words on the buttons, in the order of themes.
var themeTitles = []string{"Как в системе", "Светлые", "Тёмные"}

// mainAttrs tell the script how often to look whether the page has changed; without scripts it fetches itself anew.
func (p *Page) mainAttrs() templ.Attributes {
	if p.Refresh == 0 {
		return templ.Attributes{}
	}
	return templ.Attributes{"data-refresh": strconv.Itoa(p.Refresh)}
}

// htmlAttrs are the marks on <html> that the style sheet reads.
func (p *Page) htmlAttrs(class string) templ.Attributes {
	attrs := templ.Attributes{}
	if p.Desk {
		class += " desk"
	}
	if class != "" {
		attrs["class"] = class
	}
	if p.Prefs.Theme != "" {
		attrs["data-theme"] = p.Prefs.Theme
	}
	if size := p.textSize(); size != "" {
		attrs["data-text"] = size
	}
	return attrs
}

// bodyAttrs tell the script whose page it is.
func (p *Page) bodyAttrs() templ.Attributes {
	if p.Home == "" {
		return templ.Attributes{}
	}
	return templ.Attributes{"data-home": p.Home}
}
