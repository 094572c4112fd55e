package web

import (
	"bytes"
	"io"
	"strings"
	"testing"

	"kvit/internal/web/webtest"
)

// sampleLang is the language the samples are drawn in.
var sampleLang = "ru"

// TestEnglishIsComplete draws every sample in English.
func TestEnglishIsComplete(t *testing.T) {
	sampleLang = "en"
	defer func() { sampleLang = "ru" }()
	webtest.English(t, samples(), "Эта страница открыта сотрудникам расчётного центра. Попросите доступ у администратора.", "Месяц уже закрыт. Откройте страницу ещё раз.",
		"Попробуйте в 14:20.", "Банк не отвечает. Попробуйте через минуту.")
}

// TestInEnglish holds what is said over, and what stays as it is.
func TestInEnglish(t *testing.T) {
	for russian, english := range map[string]string{
		`<p>Показать</p>`:                                       `<p>Show</p>`,
		`<p> Показать <b>числа</b></p>`:                         `<p> Show <b>числа</b></p>`,
		"<p>Показать\n\t\tчисла</p>":                            `<p>Show the figures</p>`,
		`<p translate="no">Показать</p><p>Показать</p>`:         `<p translate="no">Показать</p><p>Show</p>`,
		`<p lang="ru">a<br/><b>Показать</b></p><i>Показать</i>`: `<p lang="ru">a<br/><b>Показать</b></p><i>Show</i>`,
		`<textarea>Показать</textarea><p>Показать</p>`:          `<textarea>Показать</textarea><p>Show</p>`,
		`<img alt="Причина" src="/a?b&amp;c"/>`:                 `<img alt="Cause" src="/a?b&amp;c"/>`,
		`<input type="submit" value="Показать"/>`:               `<input type="submit" value="Показать"/>`,
		`<td data-label="Сумма">5</td>`:                         `<td data-label="Sum">5</td>`,
		`<svg viewBox="0 0 1 1"><text>окт</text></svg>`:         `<svg viewBox="0 0 1 1"><text>Oct</text></svg>`,
		`<title>Счёт за октябрь 2026 – Расчётный центр</title>`: "<title>Bill for October\u00a02026 – Settlement centre</title>",
		`<p>до 15 декабря, вторник</p>`:                         "<p>by 15\u00a0December, Tuesday</p>",
		`<p>«Водоканал» &lt;Показать&gt;</p>`:                   `<p>«Водоканал» &lt;Показать&gt;</p>`,
	} {
		var b strings.Builder
		if err := inEnglish(&b, bytes.NewBufferString(russian)); err != nil {
			t.Fatal(err)
		}
		if b.String() != english {
			t.Errorf("%s\n is %s\nnot %s", russian, b.String(), english)
		}
	}
}

// BenchmarkEnglish is what a page costs more in English.
func BenchmarkEnglish(b *testing.B) {
	var page bytes.Buffer
	if err := samples()[0].Page.Render(b.Context(), &page); err != nil {
		b.Fatal(err)
	}
	if err := inEnglish(io.Discard, bytes.NewReader(page.Bytes())); err != nil { // the dictionary is read once
		b.Fatal(err)
	}
	b.SetBytes(int64(page.Len()))
	for b.Loop() {
		var out bytes.Buffer
		if err := inEnglish(&out, bytes.NewReader(page.Bytes())); err != nil {
			b.Fatal(err)
		}
	}
}
