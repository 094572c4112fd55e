package view

import (
	"testing"

	"github.com/a-h/templ"

	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

// often is why no code goes.
const often = "Слишком много попыток. Новый код можно запросить в 14:20."

// titled is a copy of a page's view under another title.
func titled[V any](v V, page func(*V) *web.Page, title string, change func(*V)) V {
	page(&v).Title = title
	change(&v)
	return v
}

func proveSamples() []webtest.Sample {
	first := Prove{Page: stranger("Вход"), Action: "/signin", Next: "/bill", SwitchHref: "/signin?by=mail", ESIAHref: "/signin/esia", PasskeyAction: "/signin/passkey", StaffHref: "/staff/signin", NotMeHref: "/not-me", DemoHref: "/demo"}
	of := func(v *Prove) *web.Page { return &v.Page }
	mail := titled(first, of, "Вход по почте", func(v *Prove) { v.ByMail = true })
	wrong := titled(first, of, "Вход: номер с ошибкой", func(v *Prove) {
		v.Contact, v.Errors = "12345", web.Errors{{Field: "contact", Message: "Телефон пишут так: +7 900 123-45-67"}}
		v.Page.WithErrors(v.Errors)
	})
	many := titled(first, of, "Вход: слишком часто", func(v *Prove) { v.Wait = often })

	code := ProveCode{Page: stranger("Введите код"), Action: "/signin/code", AgainAction: "/signin/again", To: "+7 900 123-45-67", Channel: "sms", Button: "Войти", OtherHref: "/signin"}
	page := func(v *ProveCode) *web.Page { return &v.Page }
	letter := titled(code, page, "Введите код из письма", func(v *ProveCode) { v.Channel, v.To = "mail", "anna@example.ru" })
	again := titled(code, page, "Введите новый код", func(v *ProveCode) { v.Again, v.Channel = true, "call" })
	bad := titled(code, page, "Введите код: не подошёл", func(v *ProveCode) {
		v.Errors = web.Errors{{Field: "code", Message: "Код не подошёл. Сверьте все 6 цифр с последним сообщением."}}
		v.Page.WithErrors(v.Errors)
	})
	over := titled(code, page, "Введите код: попытки прошли", func(v *ProveCode) {
		v.Over, v.Wait = true, "Пять попыток прошли. Запросите новый код."
	})
	limited := titled(code, page, "Введите код: новых пока нет", func(v *ProveCode) { v.Wait = often })

	link := ProveLink{Page: stranger("Вход по ссылке"), Action: "/signin/link/x"}
	old := ProveLink{Page: stranger("Вход по старой ссылке"), Failed: "Ссылка больше не действует: она на 15 минут и на один раз. Запросите новую."}
	return []webtest.Sample{
		{Name: "prove-first", Page: ProvePage(first)}, {Name: "prove-mail", Page: ProvePage(mail)}, {Name: "prove-wrong", Page: ProvePage(wrong)}, {Name: "prove-many", Page: ProvePage(many)},
		{Name: "prove-code", Page: ProveCodePage(code)}, {Name: "prove-code-mail", Page: ProveCodePage(letter)}, {Name: "prove-code-again", Page: ProveCodePage(again)}, {Name: "prove-code-wrong", Page: ProveCodePage(bad)},
		{Name: "prove-code-over", Page: ProveCodePage(over)}, {Name: "prove-code-many", Page: ProveCodePage(limited)},
		{Name: "prove-link", Page: ProveLinkPage(link)}, {Name: "prove-link-old", Page: ProveLinkPage(old)},
	}
}

func notMeSamples() []webtest.Sample {
	ask := NotMe{Page: stranger("Это не я"), Action: "/not-me"}
	done := NotMe{Page: stranger("Это не я: сделано"), Done: true}
	wrong := NotMe{Page: stranger("Это не я: код не подошёл"), Action: "/not-me", Code: "1", Errors: web.Errors{{Field: "code", Message: "Код не подошёл. Сверьте 12 цифр из сообщения или позвоните нам."}}}
	wrong.Page.WithErrors(wrong.Errors)
	many := NotMe{Page: stranger("Это не я: позже"), Action: "/not-me", Wait: "Слишком много попыток. Попробуйте через 15 минут."}
	return []webtest.Sample{{Name: "not-me", Page: NotMePage(ask)}, {Name: "not-me-done", Page: NotMePage(done)}, {Name: "not-me-wrong", Page: NotMePage(wrong)}, {Name: "not-me-many", Page: NotMePage(many)}}
}

func profileSamples() []webtest.Sample {
	fresh := ProveFresh{Page: resident("Подтвердите, что это вы"), Action: "/proof", Next: "/profile", Anew: "/signin?next=%2Fprofile", ESIAHref: "/signin/esia?for=fresh",
		Contacts: []web.Choice{{Value: "1", Label: "+7 900 ***-**-67", Chosen: true}, {Value: "2", Label: "a***@example.ru"}}}
	limited := fresh
	limited.Title, limited.Wait = "Подтвердите позже, что это вы", often
	none := ProveFresh{Page: resident("Подтвердите другим способом"), Anew: "/signin"}
	hello := Welcome{Page: resident("Вы вошли"), AddHref: "/accounts/add", ProfileHref: "/profile"}
	unproved := hello
	unproved.Title, unproved.Limited = "Вы вошли не до конца", true
	return []webtest.Sample{
		{Name: "fresh", Page: ProveFreshPage(fresh)}, {Name: "fresh-many", Page: ProveFreshPage(limited)}, {Name: "fresh-none", Page: ProveFreshPage(none)},
		{Name: "welcome", Page: WelcomePage(hello)}, {Name: "welcome-limited", Page: WelcomePage(unproved)},
		{Name: "profile", Page: sampleProfile("Профиль", nil)},
		{Name: "profile-wrong", Page: sampleProfile("Профиль: контакт занят", web.Errors{{Field: "contact", Message: "С этим контактом входит другой человек. Войдите с ним или укажите другой."}})},
	}
}

// sampleProfile is a profile with each section filled.
func sampleProfile(title string, errors web.Errors) templ.Component {
	v := Profile{Page: resident(title), Errors: errors}
	if errors == nil {
		v.Told = "Контакт убран"
	}
	v.Page.WithErrors(errors)
	p := &v.Page
	return ProfilePage(v, []templ.Component{
		ProfileContactsSection(ProfileContacts{Page: p, AddAction: "/profile/contacts", DelAction: "/profile/contacts/remove", ESIAHref: "/signin/esia?for=contact", Errors: errors,
			Rows: []ProfileContact{{"1", "Телефон", "+7 900 123-45-67"}, {"2", "Почта", "anna@example.ru"}}}),
		ProfilePasskeysSection(ProfilePasskeys{Page: p, AddAction: "/profile/passkeys", DelAction: "/profile/passkeys/remove", Rows: []ProfilePasskey{{"x", "Chrome, Android", at(20, 10, 0), at(23, 9, 0)}}}),
		ProfileSessionsSection(ProfileSessions{Page: p, Action: "/profile/sessions", Rows: []ProfileSession{{"a", "Chrome, Android", at(20, 10, 0), at(24, 11, 0), true}, {"b", "Firefox, Windows", at(3, 10, 0), at(4, 11, 0), false}}}),
		ProfileLookSection(p),
	})
}

// hostileProfile puts a text where people and their browsers write.
func hostileProfile(t *testing.T, p string) {
	t.Helper()
	wrong := web.Errors{{Field: "contact", Message: p}}
	webtest.XSS(t, ProvePage(Prove{Page: stranger("x"), Contact: p, Next: p, SwitchHref: p, Errors: wrong, Wait: p}))
	webtest.XSS(t, ProveCodePage(ProveCode{Page: stranger("x"), To: p, OtherHref: p, Wait: p}))
	webtest.XSS(t, ProveFreshPage(ProveFresh{Page: stranger("x"), Next: p, Anew: p, Contacts: []web.Choice{{Value: p, Label: p}}}))
	page := resident("x")
	webtest.XSS(t, ProfilePage(Profile{Page: page, Errors: wrong}, []templ.Component{
		ProfileContactsSection(ProfileContacts{Page: &page, Contact: p, Rows: []ProfileContact{{p, p, p}}, Errors: wrong}),
		ProfilePasskeysSection(ProfilePasskeys{Page: &page, Rows: []ProfilePasskey{{ID: p, Name: p}}}),
		ProfileSessionsSection(ProfileSessions{Page: &page, Rows: []ProfileSession{{Key: p, Device: p}}}),
	}))
}
