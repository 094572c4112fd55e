package portal

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"kvit/internal/web"
)

// publicAge is how long, in seconds, anybody between us and a browser may keep a text that is the same for everybody.
const publicAge = 3600

// openToSearch are the pages search engines may show.
var openToSearch = []string{"/$", "/tariffs", "/city", "/status", "/help", "/accessibility", "/privacy", "/static/"}

// robots tells search engines what is for everybody: pages with a code in their address are not.
func (m *Module) robots(w http.ResponseWriter, _ *http.Request) error {
	var b strings.Builder
	b.WriteString("User-agent: *\n")
	for _, path := range openToSearch {
		b.WriteString("Allow: " + path + "\n")
	}
	b.WriteString("Disallow: /\n")
	return web.PlainText(w, publicAge, b.String())
}

// securityText tells whom to report a weakness to (RFC 9116).
func (m *Module) securityText(w http.ResponseWriter, _ *http.Request) error {
	contact := "tel:" + strings.Map(dialled, m.Site.HelpPhone)
	if m.Site.HelpPhone == "" {
		contact = m.Bills.BaseURL + "/help"
	}
	expires := m.Now().Time().AddDate(0, 6, 0).Format(time.RFC3339)
	return web.PlainText(w, publicAge, fmt.Sprintf("Contact: %s\nExpires: %s\nPreferred-Languages: ru, en\n", contact, expires))
}

// dialled keeps what is dialled of a telephone.
func dialled(c rune) rune {
	if c >= '0' && c <= '9' || c == '+' {
		return c
	}
	return -1
}
