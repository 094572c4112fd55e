package whole

import (
	"bytes"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// visitor is a person whose browser runs no scripts: he follows links, fills forms in and presses buttons. He counts
// what ux.md section 4 budgets: screens and fields typed into.
type visitor struct {
	t       *testing.T
	client  *http.Client
	base    string
	at      *url.URL
	page    *html.Node
	screens []string // addresses of ours in the order they were seen
	loads   int      // pages of ours fetched, the same one again too
	inputs  int
	typed   map[string][]string
	file    [2]string // field, path
}

func newVisitor(t *testing.T, base string) *visitor {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, client: &http.Client{Jar: jar}, base: base, typed: map[string][]string{}}
}

// through enters by a door of the demo; the doors are not part of any task.
func (v *visitor) through(door string) *visitor {
	v.t.Helper()
	v.open("/demo")
	v.press(door)
	v.begin()
	return v
}

// begin starts a task at the page the visitor is on.
func (v *visitor) begin() {
	v.screens, v.loads, v.inputs = nil, 0, 0
	v.screen()
}

func (v *visitor) open(path string) {
	v.t.Helper()
	r, err := http.NewRequest(http.MethodGet, v.base+path, nil)
	if err != nil {
		v.t.Fatal(err)
	}
	v.send(r)
}

func (v *visitor) send(r *http.Request) {
	v.t.Helper()
	answer, err := v.client.Do(r)
	if err != nil {
		v.t.Fatal(err)
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		v.t.Fatal(err)
	}
	if answer.StatusCode >= 400 {
		v.t.Fatalf("%s %s: %s\n%.600s", r.Method, r.URL.Path, answer.Status, textOf(mustParse(v.t, body)))
	}
	v.at, v.page, v.typed, v.file = answer.Request.URL, mustParse(v.t, body), map[string][]string{}, [2]string{}
	v.screen()
}

func mustParse(t *testing.T, body []byte) *html.Node {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

var secretPart = regexp.MustCompile(`[0-9a-f]{16,}|[0-9a-f]{8}-[0-9a-f-]{27}|/[0-9]+`)

// screen counts the page if it is ours. The check page with another tab, or filled in, is one screen of the table of
// ux.md section 4: screens are told apart by their address without what was asked of them.
func (v *visitor) screen() {
	if v.at == nil || v.base != v.at.Scheme+"://"+v.at.Host {
		return
	}
	v.loads++
	name := secretPart.ReplaceAllString(v.at.Path, "…")
	if len(v.screens) == 0 || v.screens[len(v.screens)-1] != name {
		v.screens = append(v.screens, name)
	}
}

// within fails when a task took more than its budget. One load more than screens is allowed for each choice that
// is shown split before it is paid.
func (v *visitor) within(task string, screens, inputs, again int) {
	v.t.Helper()
	if len(v.screens) > screens || v.inputs > inputs || v.loads > screens+again {
		v.t.Errorf("%s took %d screens (%s), %d inputs, %d loads; the budget is %d screens, %d inputs", task, len(v.screens), strings.Join(v.screens, " → "), v.inputs, v.loads, screens, inputs)
	}
}

// sees fails unless the page says a text.
func (v *visitor) sees(want string) {
	v.t.Helper()
	if text := textOf(v.page); !strings.Contains(text, want) {
		v.t.Fatalf("%s does not say %q:\n%.1500s", v.at.Path, want, text)
	}
}

// follow goes by the first link that says a text.
func (v *visitor) follow(text string) {
	v.t.Helper()
	for _, a := range elements(v.page, "a") {
		if strings.Contains(textOf(a), text) {
			to, err := v.at.Parse(attribute(a, "href"))
			if err != nil {
				v.t.Fatal(err)
			}
			v.open(strings.TrimPrefix(to.String(), v.base))
			return
		}
	}
	v.t.Fatalf("no link %q on %s:\n%.1200s", text, v.at.Path, textOf(v.page))
}

// enter types into a field: an input of the budget.
func (v *visitor) enter(field, value string) { v.inputs++; v.typed[field] = []string{value} }

// tick chooses a box.
func (v *visitor) tick(field, value string) { v.typed[field] = append(v.typed[field], value) }

// byCard chooses to pay by card: the next page is the bank's.
func (v *visitor) byCard() { v.tick("method", "card") }

// leave goes by a link to somebody else's page.
func (v *visitor) leave(text string) {
	v.t.Helper()
	for _, a := range elements(v.page, "a") {
		if strings.Contains(textOf(a), text) {
			r, err := http.NewRequest(http.MethodGet, attribute(a, "href"), nil)
			if err != nil {
				v.t.Fatal(err)
			}
			v.send(r)
			return
		}
	}
	v.t.Fatalf("no link %q on %s:\n%.1200s", text, v.at, textOf(v.page))
}

// attach chooses a file.
func (v *visitor) attach(field, path string) { v.file = [2]string{field, path} }

// press sends the form whose button says a text, with what the page filled in and what was typed.
func (v *visitor) press(text string) {
	v.t.Helper()
	for _, form := range elements(v.page, "form") {
		for _, b := range elements(form, "button") {
			if strings.Contains(textOf(b), text) {
				v.submit(form, b)
				return
			}
		}
	}
	v.t.Fatalf("no button %q on %s:\n%.1200s", text, v.at, textOf(v.page))
}

func (v *visitor) submit(form, button *html.Node) {
	v.t.Helper()
	values := filledIn(form)
	for name, list := range v.typed {
		values[name] = list
	}
	if name := attribute(button, "name"); name != "" {
		values.Set(name, attribute(button, "value"))
	}
	to, err := v.at.Parse(attribute(form, "action"))
	if err != nil {
		v.t.Fatal(err)
	}
	switch {
	case !strings.EqualFold(attribute(form, "method"), "post"):
		to.RawQuery = values.Encode()
		v.open(strings.TrimPrefix(to.String(), v.base))
		return
	case attribute(form, "enctype") != "":
		v.send(v.multipart(to.String(), values))
		return
	}
	r, err := http.NewRequest(http.MethodPost, to.String(), strings.NewReader(values.Encode()))
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	v.send(r)
}

func (v *visitor) multipart(to string, values url.Values) *http.Request {
	v.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, list := range values {
		for _, value := range list {
			if err := w.WriteField(name, value); err != nil {
				v.t.Fatal(err)
			}
		}
	}
	if v.file[0] != "" {
		part, err := w.CreateFormFile(v.file[0], filepath.Base(v.file[1]))
		if err != nil {
			v.t.Fatal(err)
		}
		content, err := os.ReadFile(v.file[1])
		if err != nil {
			v.t.Fatal(err)
		}
		if _, err := part.Write(content); err != nil {
			v.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		v.t.Fatal(err)
	}
	r, err := http.NewRequest(http.MethodPost, to, &body)
	if err != nil {
		v.t.Fatal(err)
	}
	r.Header.Set("Content-Type", w.FormDataContentType())
	return r
}

// filledIn is what a browser would send of a form nobody has touched.
func filledIn(form *html.Node) url.Values {
	values := url.Values{}
	for _, in := range elements(form, "input") {
		kind, name := attribute(in, "type"), attribute(in, "name")
		if name == "" || kind == "file" || (kind == "radio" || kind == "checkbox") && !has(in, "checked") {
			continue
		}
		values.Add(name, attribute(in, "value"))
	}
	for _, list := range elements(form, "select") {
		options := elements(list, "option")
		if len(options) == 0 {
			continue
		}
		chosen := options[0]
		if i := slices.IndexFunc(options, func(o *html.Node) bool { return has(o, "selected") }); i >= 0 {
			chosen = options[i]
		}
		values.Add(attribute(list, "name"), attribute(chosen, "value"))
	}
	return values
}

func elements(n *html.Node, tag string) (list []*html.Node) {
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && d.Data == tag {
			list = append(list, d)
		}
	}
	return list
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func has(n *html.Node, key string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == key })
}

// textOf is what a person reads: one space between words, no-break ones too.
func textOf(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
			b.WriteByte(' ')
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
