package whole

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// call calls a method of the browser's protocol and gives its answer.
func (w *walk) call(method string, params map[string]any) (answer map[string]any) {
	w.t.Helper()
	if params == nil {
		params = map[string]any{}
	}
	err := chromedp.Do(w.ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		var raw json.RawMessage
		if err := t.Call(ctx, method, params, &raw); err != nil {
			return err
		}
		return json.Unmarshal(raw, &answer)
	}))
	if err != nil {
		w.t.Fatalf("%s: %v", method, err)
	}
	return answer
}

// plugIn gives the browser a key of its own: the fingerprint always fits. The keys it holds already are put into it.
func (w *walk) plugIn(keys []any) (authenticator string) {
	w.t.Helper()
	answer := w.call("WebAuthn.addVirtualAuthenticator", map[string]any{"options": map[string]any{
		"protocol": "ctap2", "transport": "internal", "hasResidentKey": true, "hasUserVerification": true, "isUserVerified": true, "automaticPresenceSimulation": true,
	}})
	authenticator, _ = answer["authenticatorId"].(string)
	for _, key := range keys {
		w.call("WebAuthn.addCredential", map[string]any{"authenticatorId": authenticator, "credential": key})
	}
	return authenticator
}

// pullOut takes the authenticator away and gives the keys it held.
func (w *walk) pullOut(authenticator string) []any {
	w.t.Helper()
	held, _ := w.call("WebAuthn.getCredentials", map[string]any{"authenticatorId": authenticator})["credentials"].([]any)
	w.call("WebAuthn.removeVirtualAuthenticator", map[string]any{"authenticatorId": authenticator})
	return held
}

// signInByPhone signs a new person in by a code.
func (w *walk) signInByPhone(phone string) {
	w.t.Helper()
	before := w.codes()
	w.open("/signin")
	w.fill("Телефон", phone)
	w.enter("Получить код")
	w.see("Код не пришёл?")
	w.fill("Код", w.told(before))
	w.send()
	w.see("Вы вошли")
}

// createKey makes a key on the page of the profile.
func (w *walk) createKey() {
	w.t.Helper()
	w.open("/profile")
	w.press("form[data-passkey=create] button", 0)
	w.see("Ключ создан")
}

// enterByKey presses the button of the key on the page of signing in.
func (w *walk) enterByKey() {
	w.t.Helper()
	w.open("/signin")
	w.press("form[data-passkey=get] button", 0)
}

// signedOut fails when the browser is somebody.
func (w *walk) signedOut() {
	w.t.Helper()
	w.open("/profile")
	if at := w.run("location.pathname"); at != "/signin" {
		w.t.Errorf("signed in all the same: %s", at)
	}
}

// TestPasskeysInABrowser makes keys of the device and signs in with them, as the script of our pages and a browser do it: one, a
// second, none that was removed, none from a page of another name, none without the fingerprint.
func TestPasskeysInABrowser(t *testing.T) {
	w := smallDemo(t, "localhost") // keys belong to names
	w.call("WebAuthn.enable", map[string]any{"enableUI": false})
	first := w.plugIn(nil)
	w.signInByPhone("9051112255")
	w.createKey()
	firstKeys := w.pullOut(first)
	if len(firstKeys) != 1 {
		t.Fatalf("%d keys on the device", len(firstKeys))
	}
	second := w.plugIn(nil)
	w.createKey()
	if n := strings.Count(w.text(), "Удалить"); n < 2 {
		t.Errorf("%d keys on the page", n)
	}

	w.call("Network.clearBrowserCookies", nil)
	w.enterByKey()
	w.see("Вы вошли")
	secondKeys := w.pullOut(second)
	w.call("Network.clearBrowserCookies", nil)
	first = w.plugIn(firstKeys)
	w.enterByKey()
	w.see("Вы вошли")

	w.open("/profile")
	w.press("form[action='/profile/passkeys/remove'] button", 0) // the oldest is the first
	w.see("Ключ удалён")
	w.call("Network.clearBrowserCookies", nil)
	w.enterByKey()
	w.see("Ключ доступа не подошёл")
	w.signedOut()
	w.pullOut(first)

	second = w.plugIn(secondKeys)
	w.call("WebAuthn.setUserVerified", map[string]any{"authenticatorId": second, "isUserVerified": false})
	w.enterByKey()
	w.see("Ключ не сработал")
	w.signedOut()
	w.call("WebAuthn.setUserVerified", map[string]any{"authenticatorId": second, "isUserVerified": true})

	home := w.base
	w.base = strings.Replace(home, "//localhost", "//evil.localhost", 1)
	w.enterByKey()
	w.until("a page of another name gets nothing", `/Ключ не сработал|Ключ доступа не подошёл/.test(document.body.innerText) ? "yes" : document.body.innerText.slice(0, 200)`)
	w.signedOut()
	w.base = home
	w.enterByKey()
	w.see("Вы вошли")
}
