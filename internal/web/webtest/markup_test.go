package webtest

import (
	"strings"
	"testing"
)

const frameOfPage = `<!DOCTYPE html><html lang="ru"><head><title>x</title></head><body><main><h1>x</h1>%</main></body></html>`

// TestFaultsAreSeen plants one fault at a time: a check that sees nothing is worse than none.
func TestFaultsAreSeen(t *testing.T) {
	if faults := Markup(strings.Replace(frameOfPage, "%", "", 1)); len(faults) != 0 {
		t.Fatalf("a clean page: %v", faults)
	}
	for name, c := range map[string]struct{ body, want string }{
		"two h1":                   {`<h1>y</h1>`, "2 h1"},
		"heading skipped":          {`<h3>y</h3>`, "h3"},
		"inline style":             {`<p style="color:red">y</p>`, "style"},
		"inline handler":           {`<p onclick="x()">y</p>`, "onclick"},
		"inline script":            {`<script>x()</script>`, "inline"},
		"foreign picture":          {`<img alt="" src="https://cdn.example/x.png">`, "foreign"},
		"field without label":      {`<input name="a">`, "no label"},
		"label for nothing":        {`<label for="zz">y</label>`, "nowhere"},
		"id twice":                 {`<p id="a"></p><p id="a"></p>`, "twice"},
		"form without token":       {`<form method="post" action="/x"></form>`, "no token"},
		"token in an address":      {`<form method="get" action="/x"><input type="hidden" name="_form" value="0123456789abcdef0123"></form>`, "address"},
		"card field":               {`<form method="get" action="/x"><label for="c">y</label><input id="c" autocomplete="cc-number"></form>`, "card"},
		"table without caption":    {`<table><tr><th scope="col">y</th></tr></table>`, "caption"},
		"table without headers":    {`<table><caption>y</caption><tr><td>y</td></tr></table>`, "headers"},
		"row of another width":     {`<table><caption>y</caption><tr><th scope="col">y</th></tr><tr><td>1</td><td>2</td></tr></table>`, "cells"},
		"picture without words":    {`<img src="/x.png">`, "alt"},
		"empty link":               {`<a href="/x"></a>`, "link"},
		"button without words":     {`<button></button>`, "button"},
		"tags crossed":             {`<b><i>y</b></i>`, "closes"},
		"block inside a paragraph": {`<p><div></div></p>`, "inside"},
	} {
		if faults := strings.Join(Markup(strings.Replace(frameOfPage, "%", c.body, 1)), "; "); !strings.Contains(faults, c.want) {
			t.Errorf("%s: found %q", name, faults)
		}
	}
	for name, body := range map[string]string{
		"stop word": "<p>Неверный код</p>", "exclamation": "<p>Ура!</p>", "hyphen for minus": "<p>-12,00\u00a0₽</p>", "breaking space": "<p>12,00 ₽</p>", "space before comma": "<p>дом , улица</p>",
		"word sticks to a sum": "<p>до<data>1</data></p>", "sum sticks to a word": "<p><data>1</data>потом</p>",
	} {
		if faults := Tone(strings.Replace(frameOfPage, "%", body, 1)); len(faults) == 0 {
			t.Errorf("%s: not seen", name)
		}
	}
	if faults := Tone(strings.Replace(frameOfPage, "%", "<p>К оплате <data>12,00\u00a0₽</data> до 15 декабря</p>", 1)); len(faults) != 0 {
		t.Errorf("calm words: %v", faults)
	}
}

// TestWhatActsIsSeen plants what would run, and what only looks like it.
func TestWhatActsIsSeen(t *testing.T) {
	for _, body := range []string{
		`<a href="javascript:x()">y</a>`, `<a href=" JavaScript:x()">y</a>`, "<a href=\"java\tscript:x()\">y</a>", "<a href=\"\x01javascript:x()\">y</a>", `<a href="vbscript:x">y</a>`, `<a href="data:text/html,x">y</a>`, `<form action="javascript:x()"></form>`,
		`<button formaction="javascript:x()">y</button>`, `<svg><a xlink:href="javascript:x()">y</a></svg>`, `<img src="data:text/html,x" alt="">`, `<p onclick="x()">y</p>`, `<p style="x">y</p>`, `<iframe></iframe>`, `<script>x()</script>`,
		`<base href="/x">`, `<meta http-equiv="refresh" content="0;url=//evil.example">`, `<object data="x"></object>`,
	} {
		if len(Active(body)) == 0 {
			t.Errorf("not seen: %s", body)
		}
	}
	calm := `<a href="/bill?at=1:2">y</a><a href="tel:+7">z</a><a href="https://x.example/">w</a><a href="about:invalid#TemplFailedSanitizationURL">v</a><script src="/static/x.js"></script><img src="data:image/png;base64,x" alt=""> &lt;a href=javascript:x()&gt; javascript:x()`
	if faults := Active(calm); len(faults) > 0 {
		t.Errorf("texts and own addresses: %v", faults)
	}
}
