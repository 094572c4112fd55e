package max

import (
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"kvit/internal/bot/chat"
	"kvit/internal/fault"
)

// update is an event as MAX tells it. Times are milliseconds.
type update struct {
	Type      string `json:"update_type"`
	Timestamp int64  `json:"timestamp"`
	ChatID    int64  `json:"chat_id"` // of bot_started, bot_stopped
	Payload   string `json:"payload"` // of the link the bot was started by
	Message   *struct {
		Recipient struct {
			ChatID int64  `json:"chat_id"`
			Type   string `json:"chat_type"`
		} `json:"recipient"`
		Timestamp int64 `json:"timestamp"`
		Body      struct {
			Mid  string `json:"mid"`
			Seq  int64  `json:"seq"`
			Text string `json:"text"`

			Attachments []shared `json:"attachments"`
		} `json:"body"`
		Sender struct {
			UserID int64 `json:"user_id"`
			IsBot  bool  `json:"is_bot"`
		} `json:"sender"`
	} `json:"message"`
	Callback *struct {
		Timestamp int64  `json:"timestamp"`
		ID        string `json:"callback_id"`
		Payload   string `json:"payload"`
	} `json:"callback"`
}

// Heard reads a call to us: Forbidden without our secret.
func (c *Client) Heard(header http.Header, body []byte) ([]chat.Update, error) {
	if c.Secret == "" || subtle.ConstantTimeCompare([]byte(header.Get(SecretHeader)), []byte(c.Secret)) != 1 {
		return nil, fault.New(fault.Forbidden, "bot.secret", "Вызов без секрета бота.")
	}
	var u update
	if err := json.Unmarshal(body, &u); err != nil || u.Type == "" {
		return nil, fault.New(fault.Invalid, "bot.update", "Сообщение мессенджера не разобрано.").Because(err)
	}
	return c.add(nil, &u), nil
}

// add appends what an update says in our words; one that says nothing to us adds nothing. MAX numbers no updates: a
// message is known by its mid, a press by its callback, the rest by chat and time.
func (c *Client) add(list []chat.Update, u *update) []chat.Update {
	switch x := u.Message; {
	case u.Type == "message_created" && x != nil && x.Recipient.Type == "dialog" && !x.Sender.IsBot && len(x.Body.Attachments) > 0 && x.Body.Attachments[0].Type == "contact":
		return append(list, chat.Update{Key: x.Body.Mid, At: x.Timestamp, Seq: x.Body.Seq, Chat: id(x.Recipient.ChatID), Kind: chat.Contact, Text: c.phone(&x.Body.Attachments[0], x.Sender.UserID)})
	case u.Type == "message_created" && x != nil && x.Recipient.Type == "dialog" && !x.Sender.IsBot:
		kind, text := chat.Text, x.Body.Text
		if rest, ok := strings.CutPrefix(text, "/start"); ok {
			kind, text = chat.Started, strings.TrimSpace(rest)
		}
		return append(list, chat.Update{Key: x.Body.Mid, At: x.Timestamp, Seq: x.Body.Seq, Chat: id(x.Recipient.ChatID), Kind: kind, Text: text})
	case u.Type == "message_callback" && x != nil && u.Callback != nil && x.Recipient.Type == "dialog":
		return append(list, chat.Update{Key: u.Callback.ID, At: u.Callback.Timestamp, Chat: id(x.Recipient.ChatID), Kind: chat.Press, Text: u.Callback.Payload, PressID: u.Callback.ID})
	case u.Type == "bot_started":
		return append(list, u.about(chat.Started))
	case u.Type == "bot_stopped" || u.Type == "dialog_removed":
		return append(list, u.about(chat.Stopped))
	}
	return list
}

// shared is what goes with a message of a person; of a contact its card.
type shared struct {
	Type    string `json:"type"`
	Payload struct {
		VCF  string `json:"vcf_info"`
		Hash string `json:"hash"` // HMAC-SHA256 of the card under the bot's token, hexadecimal
		Max  struct {
			UserID int64 `json:"user_id"`
		} `json:"max_info"`
	} `json:"payload"`
}

// phone is the telephone of a card that MAX signed as the sender's own; empty for every other card.
func (c *Client) phone(a *shared, sender int64) string {
	mac := hmac.New(sha256.New, []byte(c.Token))
	mac.Write([]byte(a.Payload.VCF))
	if sender == 0 || a.Payload.Max.UserID != sender || !hmac.Equal([]byte(strings.ToLower(a.Payload.Hash)), []byte(hex.EncodeToString(mac.Sum(nil)))) {
		return ""
	}
	for line := range strings.Lines(a.Payload.VCF) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), ":")
		if strings.HasPrefix(strings.ToUpper(name), "TEL") && value != "" {
			return "+" + strings.TrimPrefix(value, "+")
		}
	}
	return ""
}

func (u *update) about(k chat.Kind) chat.Update {
	return chat.Update{Key: u.Type + " " + id(u.ChatID) + " " + id(u.Timestamp), At: u.Timestamp, Chat: id(u.ChatID), Kind: k, Text: u.Payload}
}

func id(n int64) string { return strconv.FormatInt(n, 10) }
