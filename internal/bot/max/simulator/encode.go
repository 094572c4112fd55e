package simulator

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"kvit/internal/bot/chat"
	"kvit/internal/bot/room"
)

// mid is the id of a message.
func mid(id int64) string { return fmt.Sprintf("mid.%032x", id) }

// seq is the 64-bit number of a message: past 2^53, as real ones are.
func seq(at time.Time, id int64) int64 { return at.UnixMilli()<<16 | id&0xffff }

func dialog(to int64) map[string]any {
	return map[string]any{"chat_id": to, "chat_type": "dialog", "user_id": to}
}

func person(id int64) map[string]any {
	return map[string]any{"user_id": id, "first_name": "Житель", "is_bot": false, "name": "Житель"}
}

// encode writes an event as an update to the bot of a token.
func encode(e room.Event, token string) map[string]any {
	at := e.At.UnixMilli()
	u := map[string]any{"timestamp": at, "user_locale": "ru"}
	switch e.Kind {
	case chat.Started:
		u["update_type"], u["chat_id"], u["user"], u["payload"] = "bot_started", e.Chat, person(e.Chat), e.Text
	case chat.Stopped:
		u["update_type"], u["chat_id"], u["user"] = "bot_stopped", e.Chat, person(e.Chat)
	case chat.Text:
		u["update_type"] = "message_created"
		u["message"] = map[string]any{"recipient": dialog(e.Chat), "timestamp": at, "sender": person(e.Chat), "body": map[string]any{"mid": mid(e.Message), "seq": seq(e.At, e.ID), "text": e.Text}}
	case chat.Contact:
		card := "BEGIN:VCARD\r\nVERSION:3.0\r\nTEL;TYPE=cell:" + strings.TrimPrefix(e.Text, "+") + "\r\nFN:Житель\r\nEND:VCARD\r\n"
		mac := hmac.New(sha256.New, []byte(token))
		mac.Write([]byte(card))
		u["update_type"] = "message_created"
		u["message"] = map[string]any{"recipient": dialog(e.Chat), "timestamp": at, "sender": person(e.Chat), "body": map[string]any{"mid": mid(e.Message), "seq": seq(e.At, e.ID), "text": "",
			"attachments": []any{map[string]any{"type": "contact", "payload": map[string]any{"vcf_info": card, "max_info": person(e.Owner), "hash": hex.EncodeToString(mac.Sum(nil))}}}}}
	case chat.Press:
		u["update_type"] = "message_callback"
		u["callback"] = map[string]any{"timestamp": at, "callback_id": e.PressID, "user": person(e.Chat), "payload": e.Text}
		u["message"] = map[string]any{"recipient": dialog(e.Chat), "timestamp": at, "body": map[string]any{"mid": mid(e.Message), "seq": seq(e.At, e.Message), "text": e.Under}}
	}
	return u
}
