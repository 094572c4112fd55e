package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"kvit/internal/access"
	"kvit/internal/bot/chat"
	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
)

// Lines are telephones without a messenger: they write text messages, or call and press keys. A number may be forged, so a line
// gives readings and hears what its own telephone alone receives; it opens no pages.
const (
	SMS   person.Kind = "sms"
	Voice person.Kind = "voice"
)

func isLine(k person.Kind) bool { return k == SMS || k == Voice }

// keypadRights are those of a caller who pressed the code of a paper: eight keys are easier to guess than eight signs.
const keypadRights access.Rights = "r"

// sealLine is the label of numbers of lines.
const sealLine = "bot.line"

// cover puts marks in the place of the numbers of text messages and gives the numbers by them. Messages of what is no telephone
// of Russia (short numbers, names of senders) are dropped: nobody there waits for an answer.
func (m *Module) cover(list []chat.Update) (covered []chat.Update, numbers map[string]string) {
	numbers = map[string]string{}
	for _, u := range list {
		number, err := person.Normal(person.Phone, u.Chat)
		if err != nil {
			continue
		}
		u.Chat = m.Access.Mark(sealLine, number)
		numbers[u.Chat] = number
		covered = append(covered, u)
	}
	return covered, numbers
}

// keepLine keeps the number behind a chat, sealed.
func (m *Module) keepLine(ctx context.Context, tx *db.Tx, to, number string) error {
	_, err := tx.ExecContext(ctx, "INSERT INTO bot_line (chat, sealed, seen_at) VALUES ($1, $2, $3) ON CONFLICT (chat) DO UPDATE SET seen_at = excluded.seen_at", to, m.Access.Seal(sealLine, []byte(number)), int64(m.Now()))
	if err != nil {
		return fmt.Errorf("keep a line: %w", err)
	}
	return nil
}

var errLine = fault.New(fault.Invalid, "bot.line_gone", "Разговор с этим телефоном закончен.")

// numberOf is the telephone behind a chat of a line.
func (m *Module) numberOf(ctx context.Context, to string) (string, error) {
	var sealed []byte
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT sealed FROM bot_line WHERE chat = $1", to).Scan(&sealed)
	})
	if fault.Is(db.Fold(err), fault.NotFound) {
		return "", errLine
	}
	if err != nil {
		return "", err
	}
	number, err := m.Access.Unseal(sealLine, sealed)
	return string(number), err
}

// lineDays is how long the home a telephone chose is remembered.
const lineDays = 30

// forgetLines removes numbers of conversations that ended, and dialogs of telephones that were silent for long.
func forgetLines(ctx context.Context, tx *db.Tx, now, day calendar.Micros) error {
	if _, err := tx.ExecContext(ctx, "DELETE FROM bot_line WHERE seen_at < $1", int64(now-day)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM bot_chat WHERE channel IN ('sms', 'voice') AND changed_at < $1", int64(now-lineDays*day)); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "DELETE FROM bot_update WHERE channel = 'voice' AND done_at = 0 AND ready_at < $1", int64(now-day)) // a call that broke in the middle
	return err
}

// linkByKeypad gives a caller the home of a bill, by a number printed on it and its code as keys.
func (m *Module) linkByKeypad(ctx context.Context, p place, number, keys string) (home int64, err error) {
	ref, err := m.Bills.FindByKeypad(ctx, number, keys)
	if err != nil {
		return 0, err
	}
	return m.addPaperHome(ctx, p, ref, keypadRights)
}

// choices writes the answers to a question as numbers of a text message; commands are words there and are left out.
func (t *talk) choices(text string, rows [][]chat.Button) string {
	var answers []chat.Button
	for _, r := range rows {
		for _, b := range r {
			if isAnswer(b.Data) {
				answers = append(answers, b)
			}
		}
	}
	if len(answers) == 0 {
		return text
	}
	t.state.Choices, t.touched = nil, true
	words := make([]string, len(answers))
	for i, b := range answers {
		t.state.Choices = append(t.state.Choices, b.Data)
		words[i] = fmt.Sprintf("%d – %s", i+1, b.Text)
	}
	return text + "\nОтветьте цифрой: " + strings.Join(words, "; ") + "."
}

// chosen turns a number that answers the question asked last into the press of its button; false when it is something else.
func (t *talk) chosen() bool {
	for i, data := range t.state.Choices {
		if t.Text == fmt.Sprint(i+1) {
			pressed := *t.Update
			pressed.Kind, pressed.Text = chat.Press, data
			t.Update = &pressed
			return true
		}
	}
	return false
}

// lineCommands are what a text message may ask for: papers and lists of topics need a messenger or the site.
var lineCommands = []string{"bill", "readings", "pay", "homes", "stop", "help"}

// onLine is a command of a telephone that writes; false when it is answered elsewhere.
func (t *talk) onLine(ctx context.Context, name string) (done bool, err error) {
	switch {
	case t.person == 0 && name == "help":
		t.greet()
		return true, nil
	case name == "stop":
		return true, t.silence(ctx)
	case name == "help" || !slices.Contains(lineCommands, name):
		t.say("Показания: ХВС 123, ГВС 45. Если счётчик один – только число. Долг: СЧЁТ. Другой адрес: АДРЕС. Не писать сюда: СТОП. " + phoneWords(t.m.Bills.Centre.Phone))
		return true, nil
	}
	return false, nil
}

// silence ends what may be ended: no more text messages to the person but those about signing in, and nothing kept of a
// telephone that came by a paper.
func (t *talk) silence(ctx context.Context) error {
	if t.person != 0 && t.m.Topics != nil {
		topics, err := t.m.Topics(ctx, t.person, SMS)
		if err != nil {
			return err
		}
		for _, x := range topics {
			if !x.Fixed && x.On {
				if err := t.m.SetTopic(ctx, t.person, SMS, x.Code, false); err != nil {
					return err
				}
			}
		}
	}
	t.erase = true
	t.say("Больше не пишем по SMS. О входе в ваш счёт сообщим всё равно. Показания сюда присылать можно.")
	return t.m.closeContact(ctx, t.place)
}

// mayGreet counts answers to a telephone we do not know: one that writes again and again, as a machine does, gets silence.
func (t *talk) mayGreet(ctx context.Context) (bool, error) {
	own, err := t.m.subject(ctx, t.place)
	if err != nil {
		return false, err
	}
	subject := "greet:" + own
	if err := t.m.Access.MayTry(ctx, subject); err != nil {
		if fault.Is(err, fault.Limited) {
			return false, nil
		}
		return false, err
	}
	return true, t.m.Access.MissedPaper(ctx, subject)
}
