package web

import (
	"net/http"
	"slices"
	"strconv"
)

// Prefs is how a person wants to see pages; it lives in cookies, so it holds before signing in too.
type Prefs struct {
	Text  int    // size of text in percent: 100, 125, 150
	Theme string // "" as the system says, light, dark
	Lang  string // ru, en
}

const yearSeconds = 365 * 24 * 3600

var (
	textSizes = []int{100, 125, 150}
	themes    = []string{"system", "light", "dark"}
	languages = []string{"ru", "en"}
)

// prefsOf reads the cookies; anything unknown counts as not set.
func prefsOf(r *http.Request) Prefs {
	p := Prefs{Text: 100, Lang: "ru"}
	if n, err := strconv.Atoi(cookieText(r, "kvit-text")); err == nil && slices.Contains(textSizes, n) {
		p.Text = n
	}
	if theme := cookieText(r, "kvit-theme"); theme == "light" || theme == "dark" {
		p.Theme = theme
	}
	if lang := cookieText(r, "kvit-lang"); slices.Contains(languages, lang) {
		p.Lang = lang
	}
	return p
}

func cookieText(r *http.Request, name string) string {
	c, err := r.Cookie(name)
	if err != nil {
		return ""
	}
	return c.Value
}

// PrefsRoute takes the buttons at the foot of every page and leads back to it.
func PrefsRoute() Route {
	return Route{Method: http.MethodPost, Pattern: "/view", Resource: "view", Action: "change", Handler: setPrefs}
}

func setPrefs(w http.ResponseWriter, r *http.Request) error {
	x := exchangeOf(r.Context())
	keep := func(name, value string) {
		c := &http.Cookie{Name: "kvit-" + name, Value: value, Path: "/", MaxAge: yearSeconds, Secure: x.site.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode}
		http.SetCookie(w, c)
	}
	if n, err := strconv.Atoi(r.PostFormValue("text")); err == nil && slices.Contains(textSizes, n) {
		keep("text", strconv.Itoa(n))
	}
	if theme := r.PostFormValue("theme"); slices.Contains(themes, theme) {
		keep("theme", theme)
	}
	if lang := r.PostFormValue("lang"); slices.Contains(languages, lang) {
		keep("lang", lang)
	}
	return SeeOther(w, r, r.PostFormValue("next"))
}
