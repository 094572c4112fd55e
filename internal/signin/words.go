package signin

import (
	"fmt"
	"strings"
)

// What a message says its code is for.
var codeFor = map[Purpose]string{
	SignIn: "Код для входа", Fresh: "Код, чтобы подтвердить, что это вы", Contact: "Код, чтобы добавить этот контакт",
}

// secrecy ends each message with a code (ux.md, sample text 10).
const secrecy = "Никому его не называйте, даже сотруднику расчётного центра"

// message is the code in words of its channel.
func (m *Module) message(p *pending, link string) Delivery {
	d := Delivery{Channel: p.Channel, To: p.Value, Key: "code-" + digest(p.Code + p.Value + fmt.Sprint(p.SentAt))[:24], Person: p.Person, Subject: codeFor[p.Purpose]}
	title, spaced := codeFor[p.Purpose], p.Code[:3]+" "+p.Code[3:]
	switch p.Channel {
	case Call:
		spoken := strings.Join(strings.Split(p.Code, ""), ", ")
		d.Text = fmt.Sprintf("%s: %s. Повторяю: %s. %s.", title, spoken, spoken, secrecy)
	case Mail:
		d.Text = fmt.Sprintf("%s: %s. %s.\n\nКод действует 15 минут.\n", title, spaced, secrecy)
		if link != "" {
			d.Text += fmt.Sprintf("\nМожно войти и без кода: откройте ссылку и нажмите «Войти».\n%s/signin/link/%s\n", m.BaseURL(), link)
		}
		d.Text += "\nЕсли вы этого не просили, ничего не делайте: без кода никто не войдёт.\n"
	default:
		d.Text = fmt.Sprintf("%s: %s. %s", title, spaced, secrecy)
	}
	return d
}
