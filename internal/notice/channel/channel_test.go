package channel

import (
	"errors"
	"testing"

	"kvit/internal/fault"
)

func TestALineIsOneLine(t *testing.T) {
	for in, want := range map[string]string{
		"Код 482 913":                      "Код 482 913",
		"Код\r\nBcc: all@example.ru":       "Код Bcc: all@example.ru",
		"a\u2028b\u0000c\x1b[31m":          "a b c [31m",
		"\n\nсначала пусто":                "сначала пусто",
		"%0d%0aBcc: остаётся как написано": "%0d%0aBcc: остаётся как написано",
	} {
		if got := Line(in); got != want {
			t.Errorf("Line(%q) = %q, want %q", in, got, want)
		}
	}
	if got := Lines("один\r\nдва\rтри\u0007"); got != "один\nдва\nтри" {
		t.Errorf("lines are %q", got)
	}
}

func TestTextMessagesCarryNoLinks(t *testing.T) {
	for _, bad := range []string{"http://x", "Оплатите на HTTPS://kvit.example", "зайдите на www.kvit", "kvit.ru", "на сайте жкх.рф.", "t.me/kvit", "kvit.xn--p1ai", "tg://join", "мой.сайт.com/оплата"} {
		if WithoutLinks(bad) == nil {
			t.Errorf("%q passes", bad)
		}
	}
	for _, good := range []string{"К оплате 6 214,35 ₽ до 15 декабря, ул. Ленина, д. 12.Кв. 5", "Код 482 913. Никому его не называйте", "8:10–20:00", "в т.ч. пени 3,97", "ст. 153 ЖК"} {
		if err := WithoutLinks(good); err != nil {
			t.Errorf("%q: %v", good, err)
		}
	}
}

func TestFaultsTellWhatToDo(t *testing.T) {
	cause := errors.New("cause")
	for _, c := range []struct {
		err    error
		kind   fault.Kind
		unsure bool
	}{{Refused(cause), fault.Invalid, false}, {Away(cause), fault.Unavailable, false}, {Busy(cause), fault.Limited, false}, {Setup(cause), fault.Unavailable, false}, {Unsure(cause), fault.Unavailable, true}} {
		if !fault.Is(c.err, c.kind) || IsUnsure(c.err) != c.unsure || !errors.Is(c.err, cause) {
			t.Errorf("%v: kind or unsure is wrong", c.err)
		}
	}
}
