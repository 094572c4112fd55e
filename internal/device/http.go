package device

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"

	"kvit/internal/device/profile"
	"kvit/internal/web"
)

// Routes are the doors of devices over HTTP. Whoever knows a device's secret is that device.
func (m *Module) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodPost, Pattern: "/iot/v1/readings", Resource: "device", Action: "send", Machine: true, Handler: m.takeReadings},
		{Method: http.MethodPost, Pattern: "/iot/v1/up", Resource: "device", Action: "send", Machine: true, Handler: m.takeUplink},
		{Method: http.MethodPost, Pattern: "/iot/v1/waterius", Resource: "device", Action: "send", Machine: true, Handler: m.takeWaterius},
	}
}

// taken is what a sender is told of one message.
type taken struct {
	Message int64  `json:"message"`
	State   State  `json:"state"`
	Reason  string `json:"reason,omitempty"`
}

// bearer is who sends, by the secret in the header.
func (m *Module) bearer(r *http.Request) (*Login, error) {
	secret, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer ")
	if !ok {
		return nil, errLogin
	}
	return m.FindToken(r.Context(), web.Host(r), strings.TrimSpace(secret))
}

// takeReadings is our own contract: an object, a list of them, or one a line. The answer tells what became of each.
func (m *Module) takeReadings(w http.ResponseWriter, r *http.Request) error {
	login, err := m.bearer(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	parts, err := split(body)
	if err != nil {
		return err
	}
	list := make([]Incoming, len(parts))
	for i, p := range parts {
		list[i] = Incoming{Door: DoorHTTP, Login: login, Body: p}
	}
	ids, err := m.Accept(r.Context(), list...)
	if err == nil {
		_, err = m.Catch(r.Context())
	}
	if err != nil {
		return err
	}
	answer := make([]taken, len(ids))
	for i, id := range ids {
		answer[i].Message = id
		if answer[i].State, answer[i].Reason, err = m.verdict(r.Context(), id); err != nil {
			return err
		}
	}
	return answerJSON(w, map[string]any{"messages": answer})
}

// partsMax is how many objects one request brings.
const partsMax = 1000

// split takes a body apart: an object, a list, or an object a line. What is no JSON is one message: it is kept as it came.
func split(body []byte) (parts [][]byte, err error) {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil, invalid("device.empty", "Сообщение пустое.")
	}
	var list []json.RawMessage
	if json.Unmarshal(body, &list) == nil {
		for _, p := range list {
			parts = append(parts, p)
		}
	} else {
		in := json.NewDecoder(bytes.NewReader(body))
		for {
			var p json.RawMessage
			err := in.Decode(&p)
			if errors.Is(err, io.EOF) {
				break
			}
			if err != nil {
				return [][]byte{body}, nil
			}
			parts = append(parts, p)
		}
	}
	if len(parts) == 0 || len(parts) > partsMax {
		return nil, invalid("device.parts", "В запросе от 1 до %d сообщений.", partsMax)
	}
	return parts, nil
}

// takeUplink takes what a network server posts: ChirpStack, The Things Stack and others, by the profile of the gateway.
func (m *Module) takeUplink(w http.ResponseWriter, r *http.Request) error {
	login, err := m.bearer(r)
	if err != nil {
		return err
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, profile.BodyMax+1))
	if err != nil {
		return err
	}
	topic := ""
	if event := r.URL.Query().Get("event"); event != "" {
		topic = "event=" + event
	}
	return m.keepOne(w, r, Incoming{Door: DoorHTTP, Login: login, Topic: topic, Body: body})
}

// takeWaterius takes what a Ватериус posts: it has no header to put a secret in, its key stands in the message.
func (m *Module) takeWaterius(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(io.LimitReader(r.Body, profile.BodyMax+1))
	if err != nil {
		return err
	}
	var who struct {
		Key string      `json:"key"`
		ID  json.Number `json:"esp_id"`
	}
	if err := json.Unmarshal(body, &who); err != nil {
		return errLogin
	}
	login, err := m.FindLogin(r.Context(), web.Host(r), who.ID.String(), who.Key)
	if err != nil {
		return err
	}
	body = bytes.ReplaceAll(body, []byte(who.Key), []byte("…")) // what is kept for years holds no secrets
	return m.keepOne(w, r, Incoming{Door: DoorHTTP, Login: login, Body: body})
}

// keepOne answers once a message is on the disk: its sender may forget it.
func (m *Module) keepOne(w http.ResponseWriter, r *http.Request, in Incoming) error {
	ids, err := m.Accept(r.Context(), in)
	if err != nil {
		return err
	}
	return answerJSON(w, taken{Message: ids[0], State: Waiting})
}

func answerJSON(w http.ResponseWriter, v any) error {
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(v)
}
