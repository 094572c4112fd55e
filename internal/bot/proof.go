package bot

import (
	"context"
	"fmt"
	"strings"

	"kvit/internal/bill"
	"kvit/internal/bot/chat"
	"kvit/internal/fault"
	"kvit/internal/person"
)

// numberMax bounds a number of an account as people type it, in signs.
const numberMax = 40

// parseProof reads what opens a home: a one-time code alone, or the number of an account and the code of its bill.
func parseProof(text string) (number, code string, ok bool) {
	text = strings.Join(strings.Fields(text), " ")
	if bill.IsTyped(text) {
		return "", text, true
	}
	words := strings.FieldsFunc(text, func(r rune) bool { return r == ' ' || r == ',' || r == ';' })
	for n := 1; n <= 2 && n < len(words); n++ { // a code may be typed in two groups of four
		first, last := strings.Join(words[:len(words)-n], ""), strings.Join(words[len(words)-n:], "")
		if bill.IsTyped(last) && isNumber(first) {
			return first, last, true
		}
	}
	return "", "", false
}

// isNumber tells that a text can be the number of an account: there is a digit in it and it is not long.
func isNumber(s string) bool {
	return strings.ContainsAny(s, "0123456789") && len([]rune(s)) <= numberMax
}

func (t *talk) greet() {
	if t.channel == SMS {
		t.say("Этот телефон мы не знаем. Пришлите номер лицевого счёта и код с квитанции (8 знаков под номером), например: 1600123456 AB3DEF45. После этого показания – так: ХВС 123.")
		return
	}
	t.say("Здравствуйте. Это бот расчётного центра: счёт, показания, справки.\n\n"+
		"Чтобы подключить его, возьмите код на сайте: «Ещё» → «Мессенджеры». Пришлите код сюда.\n\n"+
		"Или пришлите номер лицевого счёта и код с квитанции – 8 знаков под номером. Например: 1600123456 AB3DEF45.\n\n"+
		"Или нажмите «"+shareWord+"»: мессенджер сам скажет нам номер вашего телефона.", t.sharing()...)
}

// shareWord is on the button that shares a telephone.
const shareWord = "Отправить мой номер"

func (t *talk) sharing() [][]chat.Button {
	return [][]chat.Button{row(chat.Button{Text: shareWord, Contact: true}), row(command("Помощь", "help"))}
}

// shared links a chat by the telephone its messenger says is the person's own. Whether we knew it is not told: who proves a
// telephone is its person, as at signing in.
func (t *talk) shared(ctx context.Context) error {
	phone, err := person.Normal(person.Phone, t.Text)
	switch {
	case t.Text == "":
		t.say("Это номер другого человека. Нажмите «"+shareWord+"»: подойдёт только ваш.", t.sharing()...)
		return nil
	case err != nil:
		t.say("Подходят номера России: +7 и десять цифр. Возьмите код на сайте: «Ещё» → «Мессенджеры».", row(command("Помощь", "help")))
		return nil
	}
	if err := t.m.linkByPhone(ctx, t.place, phone); err != nil {
		return err
	}
	if t.person, err = t.m.personOf(ctx, t.place); err != nil {
		return err
	}
	t.ask(asked{})
	t.state.Home = 0
	t.say("Номер получили.")
	t.out[len(t.out)-1].Shared = true
	if err := t.enter(ctx); err != nil {
		return err
	}
	return t.linked(ctx)
}

// proof links a chat by what was typed: at once, or the number first and the code after it.
func (t *talk) proof(ctx context.Context) error {
	number, code, ok := parseProof(t.Text)
	typed := strings.Join(strings.Fields(t.Text), "")
	_, figures := parseFigures(t.Text)
	switch {
	case ok && number == "" && t.state.Ask == askCode:
		return t.link(ctx, t.state.Number, code)
	case ok:
		return t.link(ctx, number, code)
	case t.state.Ask == askCode:
		t.say("Код – это 8 знаков под номером счёта. Пришлите его или начните сначала: номер и код одним сообщением.")
	case !figures && isNumber(typed) && !strings.ContainsAny(typed, ".,;:"):
		t.ask(asked{Ask: askCode, Number: typed})
		t.say("Теперь пришлите код с квитанции – 8 знаков под номером счёта.")
	default:
		t.greet()
	}
	return nil
}

// link proves and answers. What was wrong is not told.
func (t *talk) link(ctx context.Context, number, code string) error {
	if number == "" && !bill.IsTyped(code) {
		t.greet()
		return nil
	}
	home, err := t.m.prove(ctx, t.place, number, code)
	switch {
	case fault.Is(err, fault.Limited):
		t.say("Слишком много попыток. Попробуйте через 15 минут.")
		return nil
	case fault.CodeOf(err) == fault.CodeOf(errProof):
		t.ask(asked{})
		t.say(fmt.Sprintf("По этим данным ничего не нашли. Сверьте номер и код с последней квитанцией. Код с сайта действует %d минут.", CodeMinutes))
		return nil
	case err != nil:
		return t.refusable(err)
	}
	if err := t.m.agreed(ctx, t.place); err != nil {
		return err
	}
	if t.person, err = t.m.personOf(ctx, t.place); err != nil {
		return err
	}
	t.ask(asked{})
	t.state.Home = home
	if err := t.enter(ctx); err != nil {
		return err
	}
	return t.linked(ctx)
}

// linked tells what was found: the address with what tells the flat hidden, and no name.
func (t *talk) linked(ctx context.Context) error {
	if t.actor.HomeID == 0 {
		t.say("Чат подключён. Адресов у вас пока нет: пришлите номер лицевого счёта и код с квитанции.", row(command("Помощь", "help")))
		return nil
	}
	name, err := t.homeWords(ctx)
	if err != nil {
		return err
	}
	if t.channel == SMS {
		t.say("Готово: " + name + ". Пришлите показания, например: ХВС 123, ГВС 45. Если счётчик один – только число.")
		return nil
	}
	t.say(fmt.Sprintf("Готово. Чат подключён: %s. Что сделаем?", name), t.menu()...)
	return nil
}

// help tells what the bot can do.
func (t *talk) help() {
	if t.person == 0 {
		t.greet()
		return
	}
	t.say("Что можно написать:\n"+
		"• «счёт» – сколько платить, до какого дня и почему\n"+
		"• «показания» – или сразу: ХВС 123, ГВС 45, свет день 8450, ночь 3120\n"+
		"• «справки» – файл сюда же\n"+
		"• «сообщения» – о чём писать\n"+
		"• «стоп» – отключить чат и стереть переписку у нас\n\n"+
		"Мы никогда не спрашиваем здесь карту, паспорт и коды из SMS и не присылаем ссылок на оплату. "+
		phoneWords(t.m.Bills.Centre.Phone), append(t.menu(), row(command("Отключить чат", "stop")))...)
}

func phoneWords(phone string) string {
	if phone == "" {
		return "Вопросы – в расчётный центр."
	}
	return "Вопросы – по телефону " + phone + "."
}

// stopPress is the answer that unlinks a chat.
const stopPress = "stop:yes"

// stopAsk asks before the chat is unlinked: what is erased does not come back.
func (t *talk) stopAsk() {
	if t.person == 0 {
		t.erase = true
		t.say("Этот чат не подключён. О нём у нас ничего не хранится.")
		return
	}
	t.say("Отключить чат? Мы сотрём переписку и больше сюда не напишем. Счета и показания останутся.", row(t.button("Отключить", "stop", "yes")), row(command("Оставить", "help")))
}

// stop unlinks the chat and erases all there is of it.
func (t *talk) stop(ctx context.Context) error {
	if err := t.m.closeContact(ctx, t.place); err != nil {
		return err
	}
	t.erase = true
	t.out = append(t.out, chat.Message{Text: "Чат отключён, переписка у нас стёрта. Чтобы вернуться, пришлите новый код с сайта.", PressID: t.PressID})
	return nil
}
