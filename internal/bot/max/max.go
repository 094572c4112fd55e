// Package max is a client of the bot API of MAX: messages with buttons and files, and updates by long poll or by calls to
// us.
//
// Numbers of messages (seq) are 64-bit and larger than 2^53: they are never read as floating point. The host has changed
// more than once and is a setting.
//
// Source: dev.max.ru, methods /me, /messages, /answers, /uploads, /subscriptions, /updates.
package max

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"kvit/internal/bot/chat"
	"kvit/internal/fault"
)

// Host is where MAX answers.
const Host = "https://platform-api2.max.ru"

// SecretHeader carries our secret in calls to us.
const SecretHeader = "X-Max-Bot-Api-Secret"

// Times and sizes of calls.
const (
	callWait  = 15 * time.Second
	pollWait  = 25 * time.Second // of a long poll, in which nothing happens
	answerMax = 8 << 20
)

// Client speaks with MAX for one bot.
type Client struct {
	Host   string // without it, that of MAX
	Token  string
	Secret string        // by which calls to us are known
	Wait   time.Duration // of a long poll; 25 s without it
	Pause  time.Duration // before a file that is not ready is tried again; 1 s without it
	HTTP   http.Client
}

// refusal is an answer that something was not done.
type refusal struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// notReady is the code while MAX still works on a file.
const notReady = "attachment.not.ready"

var errNotReady = errors.New(notReady)

// call does one request and reads its answer.
func (c *Client) call(ctx context.Context, method, path string, query url.Values, in, out any) error {
	var body []byte
	if in != nil {
		var err error
		if body, err = json.Marshal(in); err != nil {
			return err
		}
	}
	r, err := http.NewRequestWithContext(ctx, method, cmp.Or(c.Host, Host)+path+"?"+query.Encode(), bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Authorization", c.Token)
	r.Header.Set("Content-Type", "application/json")
	return c.do(r, path, out)
}

// short is call with the usual patience.
func (c *Client) short(ctx context.Context, method, path string, query url.Values, in, out any) error {
	ctx, cancel := context.WithTimeout(ctx, callWait)
	defer cancel()
	return c.call(ctx, method, path, query, in, out)
}

func (c *Client) do(r *http.Request, what string, out any) error {
	res, err := c.HTTP.Do(r)
	if err != nil {
		return chat.Unsure(fmt.Errorf("max %s: %w", what, err))
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, answerMax))
	if err != nil {
		return chat.Unsure(fmt.Errorf("max %s: %w", what, err))
	}
	if res.StatusCode == http.StatusOK {
		if out == nil {
			return nil
		}
		if err := json.Unmarshal(text, out); err != nil {
			return chat.Unsure(fmt.Errorf("max %s: not its JSON: %w", what, err))
		}
		return nil
	}
	return refused(what, res, text)
}

// refused tells what is final from what is worth another try.
func refused(what string, res *http.Response, text []byte) error {
	var f refusal
	_ = json.Unmarshal(text, &f) // without a code the status speaks
	switch status := res.StatusCode; {
	case status == http.StatusTooManyRequests:
		after, _ := strconv.Atoi(res.Header.Get("Retry-After"))
		return chat.Wait(after)
	case f.Code == notReady:
		return errNotReady
	case status == http.StatusForbidden || f.Code == "chat.denied" || f.Code == "dialog.suspended":
		return chat.ErrBlocked
	case status >= http.StatusInternalServerError || status == http.StatusUnauthorized:
		return chat.Away(fmt.Errorf("max %s: %d %s %s", what, status, f.Code, f.Message))
	default:
		return chat.Refused(status, f.Code+" "+f.Message)
	}
}

// Me is the name of the bot, as people find it: @name.
func (c *Client) Me(ctx context.Context) (string, error) {
	var me struct{ Username string }
	err := c.short(ctx, http.MethodGet, "/me", nil, nil, &me)
	return "@" + me.Username, err
}

// kinds of updates that we want.
var kinds = []string{"message_created", "message_callback", "bot_started", "bot_stopped", "dialog_removed"}

// Listen asks for calls to an address; with an empty one every subscription ends and updates are polled.
func (c *Client) Listen(ctx context.Context, address string) error {
	if address != "" {
		return c.short(ctx, http.MethodPost, "/subscriptions", nil, map[string]any{"url": address, "update_types": kinds, "secret": c.Secret}, nil)
	}
	var have struct {
		Subscriptions []struct{ URL string }
	}
	if err := c.short(ctx, http.MethodGet, "/subscriptions", nil, nil, &have); err != nil {
		return err
	}
	for _, s := range have.Subscriptions {
		if err := c.short(ctx, http.MethodDelete, "/subscriptions", url.Values{"url": {s.URL}}, nil, nil); err != nil {
			return err
		}
	}
	return nil
}

// Poll waits for updates after a marker, and gives the marker to go on from: asking with it acknowledges them.
func (c *Client) Poll(ctx context.Context, marker string) ([]chat.Update, string, error) {
	wait := cmp.Or(c.Wait, pollWait)
	query := url.Values{"limit": {"100"}, "timeout": {strconv.Itoa(int(wait / time.Second))}}
	for _, k := range kinds {
		query.Add("types", k)
	}
	if marker != "" {
		query.Set("marker", marker)
	}
	ctx, cancel := context.WithTimeout(ctx, wait+callWait)
	defer cancel()
	var page struct {
		Updates []update `json:"updates"`
		Marker  *int64   `json:"marker"`
	}
	if err := c.call(ctx, http.MethodGet, "/updates", query, nil, &page); err != nil {
		return nil, marker, err
	}
	var list []chat.Update
	for i := range page.Updates {
		list = c.add(list, &page.Updates[i])
	}
	if page.Marker != nil {
		marker = strconv.FormatInt(*page.Marker, 10)
	}
	return list, marker, nil
}

// attachment is what goes with a message: buttons or a file.
type attachment struct {
	Type    string `json:"type"`
	Payload any    `json:"payload"`
}

// button is one of an inline keyboard.
type button struct {
	Type    string `json:"type"`
	Text    string `json:"text"`
	Payload string `json:"payload,omitempty"`
}

// Send tells a chat something, and gives the id of the message. A press is answered first, so that its button rests.
func (c *Client) Send(ctx context.Context, to string, m chat.Message) (id string, err error) {
	if m.PressID != "" {
		err := c.short(ctx, http.MethodPost, "/answers", url.Values{"callback_id": {m.PressID}}, map[string]any{"notification": "Секунду"}, nil)
		var often *chat.TooOften
		if errors.As(err, &often) {
			return "", err // one that is too old to be answered is no reason to say nothing
		}
	}
	var with []attachment
	if m.File != nil {
		token, err := c.upload(ctx, m.File)
		if err != nil {
			return "", err
		}
		with = append(with, attachment{"file", map[string]string{"token": token}})
	}
	if len(m.Buttons) > 0 {
		with = append(with, attachment{"inline_keyboard", map[string]any{"buttons": keyboard(m.Buttons)}})
	}
	return c.post(ctx, to, map[string]any{"text": m.Text, "attachments": with})
}

func keyboard(rows [][]chat.Button) [][]button {
	out := make([][]button, 0, len(rows))
	for _, row := range rows {
		line := make([]button, 0, len(row))
		for _, b := range row {
			kind := "callback"
			if b.Contact {
				kind = "request_contact"
			}
			line = append(line, button{kind, b.Text, b.Data})
		}
		out = append(out, line)
	}
	return out
}

// readyTries is how often a message with a file that is not ready is tried, each time after twice the pause.
const readyTries = 5

// post sends a message; while its file is not ready it waits.
func (c *Client) post(ctx context.Context, to string, body any) (id string, err error) {
	pause := cmp.Or(c.Pause, time.Second)
	for range readyTries {
		var sent struct {
			Message struct {
				Body struct{ Mid string }
			}
		}
		err = c.short(ctx, http.MethodPost, "/messages", url.Values{"chat_id": {to}}, body, &sent)
		if !errors.Is(err, errNotReady) {
			return sent.Message.Body.Mid, err
		}
		select {
		case <-ctx.Done():
			return "", ctx.Err()
		case <-time.After(pause):
		}
		pause *= 2
	}
	return "", fault.New(fault.Unavailable, "bot.file_not_ready", "MAX ещё готовит файл. Повторим позже.").Because(err)
}
