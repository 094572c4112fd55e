// Package simulator is Telegram for trials: its Bot API over the network, for one bot, and a page on which people talk
// to it.
package simulator

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kvit/internal/bot/chat"
	"kvit/internal/bot/room"
	"kvit/internal/bot/telegram"
)

// Server is the simulator.
type Server struct{ *room.Room }

// New makes a simulator with some people in it.
func New(o room.Options, people int) *Server {
	o.Name = "Учебный Telegram"
	s := &Server{room.New(o)}
	s.People(people)
	return s
}

// Handler serves the protocol and the people's page.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/{bot}/{method}", s.method)
	s.Pages(mux)
	return mux
}

// input is what the methods take, whether as JSON or as a form.
type input struct {
	Offset  int64  `json:"offset"`
	Timeout int    `json:"timeout"`
	URL     string `json:"url"`
	Secret  string `json:"secret_token"`
	Chat    int64  `json:"chat_id"`
	Text    string `json:"text"`
	Press   string `json:"callback_query_id"`
	Markup  *struct {
		Rows [][]struct {
			Text string `json:"text"`
			Data string `json:"callback_data"`
		} `json:"inline_keyboard"`
		Keys [][]struct {
			Text    string `json:"text"`
			Contact bool   `json:"request_contact"`
		} `json:"keyboard"`
	} `json:"reply_markup"`
	file *chat.File
}

// method answers a call of the bot.
func (s *Server) method(w http.ResponseWriter, r *http.Request) {
	token, isBot := strings.CutPrefix(r.PathValue("bot"), "bot")
	if !isBot || !s.Allows(token) {
		fail(w, http.StatusUnauthorized, "Unauthorized", 0)
		return
	}
	in, err := read(r)
	if err != nil {
		fail(w, http.StatusBadRequest, "Bad Request: "+err.Error(), 0)
		return
	}
	if r.PathValue("method") == "getUpdates" {
		s.updates(w, r, in)
		return
	}
	fate := s.Fate(in.Chat)
	if fate == room.TooMany {
		fail(w, http.StatusTooManyRequests, "Too Many Requests: retry after 1", 1)
		return
	}
	result, code, says := s.do(r.PathValue("method"), in)
	switch {
	case fate == room.Lost:
		panic(http.ErrAbortHandler) // done, and the line breaks
	case code != 0:
		fail(w, code, says, 0)
	default:
		answer(w, http.StatusOK, map[string]any{"ok": true, "result": result})
	}
}

// bodyMax bounds a call, in bytes.
const bodyMax = 32 << 20

func read(r *http.Request) (in input, err error) {
	if !strings.HasPrefix(r.Header.Get("Content-Type"), "multipart/") {
		err = json.NewDecoder(io.LimitReader(r.Body, bodyMax)).Decode(&in)
		if errors.Is(err, io.EOF) {
			err = nil // a method without parameters
		}
		return in, err
	}
	f, head, err := r.FormFile("document")
	if err != nil {
		return in, err
	}
	defer f.Close()
	in.file = &chat.File{Name: head.Filename}
	if in.file.Body, err = io.ReadAll(io.LimitReader(f, bodyMax)); err != nil {
		return in, err
	}
	in.Text = r.FormValue("caption")
	if markup := r.FormValue("reply_markup"); markup != "" {
		err = json.Unmarshal([]byte(markup), &in.Markup)
	}
	if err == nil {
		in.Chat, err = strconv.ParseInt(r.FormValue("chat_id"), 10, 64)
	}
	return in, err
}

// do does a method; a code other than 0 is its refusal.
func (s *Server) do(method string, in input) (result any, code int, says string) {
	switch method {
	case "getMe":
		return map[string]any{"id": 7000000001, "is_bot": true, "username": "kvit_demo_bot"}, 0, ""
	case "setWebhook":
		s.Tell(room.Hook{URL: in.URL, Header: telegram.SecretHeader, Secret: in.Secret, Body: encode})
		return true, 0, ""
	case "deleteWebhook":
		s.Tell(room.Hook{})
		return true, 0, ""
	case "answerCallbackQuery":
		if !s.Answered(in.Press) {
			return nil, http.StatusBadRequest, "Bad Request: query is too old and response timeout expired or query ID is invalid"
		}
		return true, 0, ""
	case "sendMessage", "sendDocument":
		return s.post(in)
	}
	return nil, http.StatusNotFound, "Not Found"
}

// Bounds of Telegram.
const (
	textMax    = 4096
	captionMax = 1024
)

func (s *Server) post(in input) (result any, code int, says string) {
	m := room.Message{Text: in.Text, File: in.file}
	if in.Markup != nil {
		for _, row := range in.Markup.Rows {
			var line []chat.Button
			for _, b := range row {
				if len(b.Data) > chat.DataMax || len(b.Data) == 0 {
					return nil, http.StatusBadRequest, "Bad Request: BUTTON_DATA_INVALID"
				}
				line = append(line, chat.Button{Text: b.Text, Data: b.Data})
			}
			m.Buttons = append(m.Buttons, line)
		}
		for _, row := range in.Markup.Keys {
			var line []chat.Button
			for _, b := range row {
				line = append(line, chat.Button{Text: b.Text, Contact: b.Contact})
			}
			m.Buttons = append(m.Buttons, line)
		}
	}
	switch n := len([]rune(in.Text)); {
	case n == 0 && in.file == nil:
		return nil, http.StatusBadRequest, "Bad Request: message text is empty"
	case n > textMax || in.file != nil && n > captionMax:
		return nil, http.StatusBadRequest, "Bad Request: message is too long"
	}
	id, let := s.Post(in.Chat, m)
	if !let {
		return nil, http.StatusForbidden, "Forbidden: bot was blocked by the user"
	}
	return map[string]any{"message_id": id}, 0, ""
}

// updates answers a long poll. While calls are asked for, polling is a conflict.
func (s *Server) updates(w http.ResponseWriter, r *http.Request, in input) {
	if s.Hooked() != "" {
		fail(w, http.StatusConflict, "Conflict: can't use getUpdates method while webhook is active", 0)
		return
	}
	list := []json.RawMessage{}
	for _, e := range s.After(r.Context(), in.Offset-1, time.Duration(in.Timeout)*time.Second) {
		list = append(list, encode(e))
	}
	answer(w, http.StatusOK, map[string]any{"ok": true, "result": list})
}

// encode writes an event as an update.
func encode(e room.Event) []byte {
	in := map[string]any{"id": e.Chat, "type": "private", "first_name": "Житель"}
	from := map[string]any{"id": e.Chat, "is_bot": false, "first_name": "Житель"}
	u := map[string]any{"update_id": e.ID}
	switch e.Kind {
	case chat.Started:
		u["message"] = map[string]any{"message_id": e.Message, "date": e.At.Unix(), "chat": in, "from": from, "text": strings.TrimSpace("/start " + e.Text)}
	case chat.Text:
		u["message"] = map[string]any{"message_id": e.Message, "date": e.At.Unix(), "chat": in, "from": from, "text": e.Text}
	case chat.Contact:
		u["message"] = map[string]any{"message_id": e.Message, "date": e.At.Unix(), "chat": in, "from": from, "contact": map[string]any{"phone_number": strings.TrimPrefix(e.Text, "+"), "first_name": "Житель", "user_id": e.Owner}}
	case chat.Press:
		u["callback_query"] = map[string]any{"id": e.PressID, "from": from, "data": e.Text, "message": map[string]any{"message_id": e.Message, "date": e.At.Unix(), "chat": in}}
	case chat.Stopped:
		u["my_chat_member"] = map[string]any{"chat": in, "from": from, "date": e.At.Unix(), "new_chat_member": map[string]any{"status": "kicked"}}
	}
	body, _ := json.Marshal(u) // of texts and numbers
	return body
}

func fail(w http.ResponseWriter, code int, says string, after int) {
	body := map[string]any{"ok": false, "error_code": code, "description": says}
	if after > 0 {
		body["parameters"] = map[string]int{"retry_after": after}
	}
	answer(w, code, body)
}

func answer(w http.ResponseWriter, code int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	json.NewEncoder(w).Encode(body) //nolint:errcheck // the bot is away
}
