// Package telegram is a client of the Telegram Bot API: messages with buttons and files, and updates by long poll or by
// calls to us.
//
// It is our own and not a library: a library's loop acknowledges updates before we have kept them, and eight methods are
// all the need.
//
// Source: Telegram Bot API, methods getMe, getUpdates, setWebhook, deleteWebhook, sendMessage, sendDocument, answerCallbackQuery.
package telegram

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kvit/internal/bot/chat"
)

// Host is where Telegram answers.
const Host = "https://api.telegram.org"

// SecretHeader carries our secret in calls to us.
const SecretHeader = "X-Telegram-Bot-Api-Secret-Token"

// Times and sizes of calls.
const (
	callWait  = 15 * time.Second
	pollWait  = 25 * time.Second // of a long poll, in which nothing happens
	answerMax = 8 << 20
)

// Client speaks with Telegram for one bot.
type Client struct {
	Host   string // without it, Telegram's own
	Token  string
	Secret string        // by which calls to us are known
	Wait   time.Duration // of a long poll; 25 s without it
	HTTP   http.Client
}

// answer is the envelope of every answer.
type answer struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int `json:"retry_after"`
	} `json:"parameters"`
}

// call sends a method with its JSON and reads the result.
func (c *Client) call(ctx context.Context, method string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	return c.send(ctx, method, "application/json", body, callWait, out)
}

// send does one request. The address holds the token: an error never shows it.
func (c *Client) send(ctx context.Context, method, contentType string, body []byte, wait time.Duration, out any) error {
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, cmp.Or(c.Host, Host)+"/bot"+c.Token+"/"+method, bytes.NewReader(body))
	if err != nil {
		return errors.New("telegram: the address or the token has signs no address may have")
	}
	r.Header.Set("Content-Type", contentType)
	res, err := c.HTTP.Do(r)
	if err != nil {
		return chat.Unsure(fmt.Errorf("telegram %s: %s", method, strings.ReplaceAll(err.Error(), c.Token, "…")))
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, answerMax))
	if err != nil {
		return chat.Unsure(fmt.Errorf("telegram %s: %w", method, err))
	}
	return read(method, res.StatusCode, text, out)
}

// read takes an answer apart: what was done, what is final, what is worth another try.
func read(method string, status int, text []byte, out any) error {
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		return chat.Unsure(fmt.Errorf("telegram %s: %d, not JSON: %w", method, status, err))
	}
	switch code := cmp.Or(a.Code, status); {
	case a.OK && out == nil:
		return nil
	case a.OK:
		return json.Unmarshal(a.Result, out)
	case code == http.StatusTooManyRequests:
		return chat.Wait(a.Parameters.RetryAfter)
	case code == http.StatusForbidden:
		return chat.ErrBlocked
	case code >= http.StatusInternalServerError || code == http.StatusConflict || code == http.StatusUnauthorized:
		return chat.Away(fmt.Errorf("telegram %s: %d %s", method, code, a.Description))
	default:
		return chat.Refused(code, a.Description)
	}
}

// Me is the name of the bot, as people find it: @name.
func (c *Client) Me(ctx context.Context) (string, error) {
	var me struct{ Username string }
	err := c.call(ctx, "getMe", struct{}{}, &me)
	return "@" + me.Username, err
}

// kinds of updates that we want.
var kinds = []string{"message", "callback_query", "my_chat_member"}

// Listen asks for calls to an address; with an empty one updates are polled. What waits is not lost by either.
func (c *Client) Listen(ctx context.Context, url string) error {
	if url == "" {
		return c.call(ctx, "deleteWebhook", map[string]any{"drop_pending_updates": false}, nil)
	}
	return c.call(ctx, "setWebhook", map[string]any{"url": url, "secret_token": c.Secret, "allowed_updates": kinds}, nil)
}

// Poll waits for updates after a marker, and gives the marker to go on from: asking with it acknowledges them.
func (c *Client) Poll(ctx context.Context, marker string) ([]chat.Update, string, error) {
	offset, _ := strconv.ParseInt(marker, 10, 64) // none at the first time
	wait := cmp.Or(c.Wait, pollWait)
	in := map[string]any{"offset": offset, "limit": 100, "timeout": int(wait / time.Second), "allowed_updates": kinds}
	body, err := json.Marshal(in)
	if err != nil {
		return nil, marker, err
	}
	var raw []update
	if err := c.send(ctx, "getUpdates", "application/json", body, wait+callWait, &raw); err != nil {
		return nil, marker, err
	}
	var list []chat.Update
	for i := range raw {
		offset = max(offset, raw[i].ID+1)
		list = raw[i].add(list)
	}
	return list, strconv.FormatInt(offset, 10), nil
}

// Send tells a chat something, and gives the number of the message. A press is answered first, so that its button rests.
func (c *Client) Send(ctx context.Context, to string, m chat.Message) (id string, err error) {
	if m.PressID != "" {
		if err := c.call(ctx, "answerCallbackQuery", map[string]any{"callback_query_id": m.PressID}, nil); isAway(err) {
			return "", err // one that is too old to be answered is no reason to say nothing
		}
	}
	chatID, err := strconv.ParseInt(to, 10, 64)
	if err != nil {
		return "", chat.Refused(0, "chat "+to)
	}
	var sent struct {
		ID int64 `json:"message_id"`
	}
	if m.File != nil {
		err = c.document(ctx, to, &m, &sent)
	} else {
		in := map[string]any{"chat_id": chatID, "text": m.Text, "link_preview_options": map[string]bool{"is_disabled": true}}
		switch {
		case m.AsksContact():
			in["reply_markup"] = contactKeyboard(m.Buttons)
		case m.Shared:
			in["reply_markup"] = map[string]bool{"remove_keyboard": true}
		case len(m.Buttons) > 0:
			in["reply_markup"] = keyboard(m.Buttons)
		}
		err = c.call(ctx, "sendMessage", in, &sent)
	}
	return strconv.FormatInt(sent.ID, 10), err
}

func isAway(err error) bool {
	var often *chat.TooOften
	return err != nil && (errors.As(err, &often) || errors.Is(err, context.Canceled))
}

// button is one of an inline keyboard.
type button struct {
	Text string `json:"text"`
	Data string `json:"callback_data"`
}

func keyboard(rows [][]chat.Button) map[string][][]button {
	out := make([][]button, 0, len(rows))
	for _, row := range rows {
		line := make([]button, 0, len(row))
		for _, b := range row {
			line = append(line, button{b.Text, b.Data})
		}
		out = append(out, line)
	}
	return map[string][][]button{"inline_keyboard": out}
}

// contactKeyboard is shown in the place of the letters: only there Telegram has a button that shares the telephone. Its other
// buttons say their words.
func contactKeyboard(rows [][]chat.Button) map[string]any {
	type key struct {
		Text    string `json:"text"`
		Contact bool   `json:"request_contact,omitempty"`
	}
	out := make([][]key, 0, len(rows))
	for _, row := range rows {
		line := make([]key, 0, len(row))
		for _, b := range row {
			line = append(line, key{b.Text, b.Contact})
		}
		out = append(out, line)
	}
	return map[string]any{"keyboard": out, "resize_keyboard": true, "one_time_keyboard": true}
}

// document sends a file with its text.
func (c *Client) document(ctx context.Context, to string, m *chat.Message, out any) error {
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	fields := [][2]string{{"chat_id", to}, {"caption", m.Text}}
	if len(m.Buttons) > 0 {
		markup, err := json.Marshal(keyboard(m.Buttons))
		if err != nil {
			return err
		}
		fields = append(fields, [2]string{"reply_markup", string(markup)})
	}
	for _, f := range fields {
		if err := w.WriteField(f[0], f[1]); err != nil {
			return err
		}
	}
	part, err := w.CreateFormFile("document", m.File.Name)
	if err == nil {
		_, err = part.Write(m.File.Body)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return err
	}
	return c.send(ctx, "sendDocument", w.FormDataContentType(), body.Bytes(), 2*callWait, out)
}
