package telegram

import (
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"kvit/internal/bot/chat"
	"kvit/internal/fault"
)

// update is an event as Telegram tells it.
type update struct {
	ID      int64 `json:"update_id"`
	Message *struct {
		Chat room   `json:"chat"`
		Text string `json:"text"`
		From struct {
			ID int64 `json:"id"`
		} `json:"from"`
		Contact *struct {
			Phone  string `json:"phone_number"`
			UserID int64  `json:"user_id"`
		} `json:"contact"`
	} `json:"message"`
	Press *struct {
		ID      string `json:"id"`
		Data    string `json:"data"`
		Message struct {
			Chat room `json:"chat"`
		} `json:"message"`
	} `json:"callback_query"`
	Member *struct {
		Chat room `json:"chat"`
		New  struct {
			Status string `json:"status"`
		} `json:"new_chat_member"`
	} `json:"my_chat_member"`
}

// room is a chat; private is one with one person.
type room struct {
	ID   int64  `json:"id"`
	Type string `json:"type"`
}

// Heard reads a call to us: Forbidden without our secret.
func (c *Client) Heard(header http.Header, body []byte) ([]chat.Update, error) {
	if c.Secret == "" || subtle.ConstantTimeCompare([]byte(header.Get(SecretHeader)), []byte(c.Secret)) != 1 {
		return nil, fault.New(fault.Forbidden, "bot.secret", "Вызов без секрета бота.")
	}
	var u update
	if err := json.Unmarshal(body, &u); err != nil || u.ID == 0 {
		return nil, fault.New(fault.Invalid, "bot.update", "Сообщение мессенджера не разобрано.").Because(err)
	}
	return u.add(nil), nil
}

// add appends what an update says in our words; one that says nothing to us adds nothing.
func (u *update) add(list []chat.Update) []chat.Update {
	x := chat.Update{Key: strconv.FormatInt(u.ID, 10), Seq: u.ID}
	var in room
	switch {
	case u.Message != nil && u.Message.Contact != nil:
		in, x.Kind = u.Message.Chat, chat.Contact
		if c := u.Message.Contact; c.UserID != 0 && c.UserID == u.Message.From.ID { // the card of somebody else proves nothing
			x.Text = "+" + strings.TrimPrefix(c.Phone, "+")
		}
	case u.Message != nil:
		in, x.Kind, x.Text = u.Message.Chat, chat.Text, u.Message.Text
		if command, rest, _ := strings.Cut(x.Text, " "); command == "/start" || strings.HasPrefix(command, "/start@") {
			x.Kind, x.Text = chat.Started, strings.TrimSpace(rest)
		}
	case u.Press != nil:
		in, x.Kind, x.Text, x.PressID = u.Press.Message.Chat, chat.Press, u.Press.Data, u.Press.ID
	case u.Member != nil && u.Member.New.Status == "kicked":
		in, x.Kind = u.Member.Chat, chat.Stopped
	}
	if in.Type != "private" {
		return list
	}
	x.Chat = strconv.FormatInt(in.ID, 10)
	return append(list, x)
}
