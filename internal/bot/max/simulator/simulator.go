// Package simulator is MAX for trials: its bot API over the network, for one bot, and a page on which people talk to it.
package simulator

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"

	"kvit/internal/bot/chat"
	"kvit/internal/bot/max"
	"kvit/internal/bot/room"
)

// Server is the simulator.
type Server struct {
	*room.Room
	mu    sync.Mutex
	files map[string]*upload
}

// upload is a file on its way into a message.
type upload struct {
	file   *chat.File
	asked  int // messages that came before it was ready
	wanted int
}

// slowTries is how many messages with a new file are refused before it is ready.
const slowTries = 1

// New makes a simulator with some people in it.
func New(o room.Options, people int) *Server {
	o.Name = "Учебный MAX"
	s := &Server{Room: room.New(o), files: map[string]*upload{}}
	s.People(people)
	return s
}

// Handler serves the protocol and the people's page.
func (s *Server) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, do := range map[string]method{
		"GET /me": s.me, "POST /messages": s.messages, "POST /answers": s.answers, "POST /uploads": s.uploads,
		"GET /subscriptions": s.subscriptions, "POST /subscriptions": s.subscribe, "DELETE /subscriptions": s.unsubscribe, "GET /updates": s.updates,
	} {
		mux.HandleFunc(pattern, s.known(do))
	}
	mux.HandleFunc("POST /upload/{token}", s.take) // its address is the right
	s.Pages(mux)
	return mux
}

// method answers a call: a status and what is said.
type method func(r *http.Request) (status int, body any)

// known lets the bot in and lets calls go wrong.
func (s *Server) known(do method) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if !s.Allows(r.Header.Get("Authorization")) {
			answer(w, http.StatusUnauthorized, refusal("verify.token", "Invalid access_token"))
			return
		}
		fate := room.Done
		if to, _ := strconv.ParseInt(r.FormValue("chat_id"), 10, 64); r.Method == http.MethodPost {
			fate = s.Fate(to)
		}
		if fate == room.TooMany {
			w.Header().Set("Retry-After", "1")
			answer(w, http.StatusTooManyRequests, refusal("too.many.requests", "Too many requests"))
			return
		}
		status, body := do(r)
		if fate == room.Lost {
			panic(http.ErrAbortHandler) // done, and the line breaks
		}
		answer(w, status, body)
	}
}

func refusal(code, says string) map[string]string {
	return map[string]string{"code": code, "message": says}
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	json.NewEncoder(w).Encode(body) //nolint:errcheck // the bot is away
}

var success = map[string]bool{"success": true}

func (s *Server) me(*http.Request) (int, any) {
	return http.StatusOK, map[string]any{"user_id": 229229229, "first_name": "Квит", "username": "kvit_demo_bot", "is_bot": true, "name": "Квит"}
}

func (s *Server) answers(r *http.Request) (int, any) {
	if !s.Answered(r.FormValue("callback_id")) {
		return http.StatusBadRequest, refusal("proto.payload", "Invalid callback")
	}
	return http.StatusOK, success
}

// textMax bounds a message, in signs.
const textMax = 4000

// sent is a message as the bot writes it.
type sent struct {
	Text        string `json:"text"`
	Attachments []struct {
		Type    string `json:"type"`
		Payload struct {
			Token   string `json:"token"`
			Buttons [][]struct {
				Type    string `json:"type"`
				Text    string `json:"text"`
				Payload string `json:"payload"`
			} `json:"buttons"`
		} `json:"payload"`
	} `json:"attachments"`
}

func (s *Server) messages(r *http.Request) (int, any) {
	to, err := strconv.ParseInt(r.URL.Query().Get("chat_id"), 10, 64)
	var in sent
	if err == nil {
		err = json.NewDecoder(r.Body).Decode(&in)
	}
	if err != nil || len([]rune(in.Text)) > textMax || in.Text == "" && len(in.Attachments) == 0 {
		return http.StatusBadRequest, refusal("proto.payload", "Invalid message")
	}
	m := room.Message{Text: in.Text}
	for _, a := range in.Attachments {
		if a.Type == "file" {
			if m.File = s.ready(a.Payload.Token); m.File == nil {
				return http.StatusBadRequest, refusal("attachment.not.ready", "Key: errors.process.attachment.file.not.processed")
			}
		}
		for _, row := range a.Payload.Buttons {
			var line []chat.Button
			for _, b := range row {
				line = append(line, chat.Button{Text: b.Text, Data: b.Payload, Contact: b.Type == "request_contact"})
			}
			m.Buttons = append(m.Buttons, line)
		}
	}
	id, let := s.Post(to, m)
	if !let {
		return http.StatusForbidden, refusal("chat.denied", "error.dialog.suspended")
	}
	return http.StatusOK, map[string]any{"message": map[string]any{"recipient": dialog(to), "timestamp": time.Now().UnixMilli(), "body": map[string]any{"mid": mid(id), "seq": seq(time.Now(), id), "text": in.Text}}}
}

// ready is the file of a token, once MAX has worked on it.
func (s *Server) ready(token string) *chat.File {
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.files[token]
	if u == nil || u.file == nil {
		return nil
	}
	if u.asked++; u.asked <= u.wanted {
		return nil
	}
	return u.file
}

func (s *Server) uploads(r *http.Request) (int, any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	token := fmt.Sprintf("file-%d", len(s.files)+1)
	s.files[token] = &upload{wanted: slowTries}
	return http.StatusOK, map[string]string{"url": "http://" + r.Host + "/upload/" + token}
}

// fileMax bounds a file, in bytes.
const fileMax = 32 << 20

func (s *Server) take(w http.ResponseWriter, r *http.Request) {
	f, head, err := r.FormFile("data")
	s.mu.Lock()
	defer s.mu.Unlock()
	u := s.files[r.PathValue("token")]
	if err != nil || u == nil {
		answer(w, http.StatusBadRequest, refusal("proto.payload", "No file"))
		return
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, fileMax))
	if err != nil {
		answer(w, http.StatusBadRequest, refusal("proto.payload", "No file"))
		return
	}
	u.file = &chat.File{Name: head.Filename, Body: body}
	answer(w, http.StatusOK, map[string]string{"token": r.PathValue("token")})
}

func (s *Server) subscriptions(*http.Request) (int, any) {
	list := []map[string]string{}
	if url := s.Hooked(); url != "" {
		list = append(list, map[string]string{"url": url})
	}
	return http.StatusOK, map[string]any{"subscriptions": list}
}

func (s *Server) subscribe(r *http.Request) (int, any) {
	var in struct{ URL, Secret string }
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil || in.URL == "" {
		return http.StatusBadRequest, refusal("proto.payload", "Invalid subscription")
	}
	s.Tell(room.Hook{URL: in.URL, Header: max.SecretHeader, Secret: in.Secret, Body: func(e room.Event) []byte {
		body, _ := json.Marshal(encode(e, s.Token())) // of texts and numbers
		return body
	}})
	return http.StatusOK, success
}

func (s *Server) unsubscribe(*http.Request) (int, any) {
	s.Tell(room.Hook{})
	return http.StatusOK, success
}

// updates answers a long poll. Its marker is past the last event told.
func (s *Server) updates(r *http.Request) (int, any) {
	marker, _ := strconv.ParseInt(r.FormValue("marker"), 10, 64)
	seconds, _ := strconv.Atoi(r.FormValue("timeout"))
	list := []any{}
	for _, e := range s.After(r.Context(), marker, time.Duration(seconds)*time.Second) {
		list, marker = append(list, encode(e, s.Token())), later(marker, e.ID)
	}
	return http.StatusOK, map[string]any{"updates": list, "marker": marker}
}

func later(a, b int64) int64 {
	if a > b {
		return a
	}
	return b
}
