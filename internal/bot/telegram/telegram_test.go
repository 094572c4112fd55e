package telegram

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kvit/internal/bot/chat"
	"kvit/internal/fault"
)

func serve(t *testing.T, do http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(do)
	t.Cleanup(s.Close)
	return &Client{Host: s.URL, Token: "123:secret", Secret: "s", Wait: time.Second}
}

func TestUpdatesAreRead(t *testing.T) {
	c := &Client{Secret: "s"}
	for body, want := range map[string]chat.Update{
		`{"update_id":5,"message":{"chat":{"id":6000000001,"type":"private"},"text":"счёт"}}`:                                                {Key: "5", Seq: 5, Chat: "6000000001", Kind: chat.Text, Text: "счёт"},
		`{"update_id":6,"message":{"chat":{"id":1,"type":"private"},"text":"/start AB3DEF45"}}`:                                              {Key: "6", Seq: 6, Chat: "1", Kind: chat.Started, Text: "AB3DEF45"},
		`{"update_id":7,"callback_query":{"id":"p","data":"bill","message":{"chat":{"id":1,"type":"private"}}}}`:                             {Key: "7", Seq: 7, Chat: "1", Kind: chat.Press, Text: "bill", PressID: "p"},
		`{"update_id":8,"my_chat_member":{"chat":{"id":1,"type":"private"},"new_chat_member":{"status":"kicked"}}}`:                          {Key: "8", Seq: 8, Chat: "1", Kind: chat.Stopped},
		`{"update_id":9,"message":{"chat":{"id":-100,"type":"supergroup"},"text":"счёт"}}`:                                                   {},
		`{"update_id":10,"edited_message":{"chat":{"id":1,"type":"private"},"text":"счёт"}}`:                                                 {},
		`{"update_id":11,"my_chat_member":{"chat":{"id":1,"type":"private"},"new_chat_member":{"status":"member"}}}`:                         {},
		`{"update_id":12,"callback_query":{"id":"p","data":"bill"}}`:                                                                         {},
		`{"update_id":14,"message":{"chat":{"id":7,"type":"private"},"from":{"id":7},"contact":{"phone_number":"79001234567","user_id":7}}}`: {Key: "14", Seq: 14, Chat: "7", Kind: chat.Contact, Text: "+79001234567"},
		`{"update_id":15,"message":{"chat":{"id":7,"type":"private"},"from":{"id":7},"contact":{"phone_number":"79001234567","user_id":8}}}`: {Key: "15", Seq: 15, Chat: "7", Kind: chat.Contact},
		`{"update_id":16,"message":{"chat":{"id":7,"type":"private"},"contact":{"phone_number":"79001234567"}}}`:                             {Key: "16", Seq: 16, Chat: "7", Kind: chat.Contact},
		`{"update_id":13,"message":{"chat":{"id":1,"type":"private"},"text":"/start@kvit_bot"}}`:                                             {Key: "13", Seq: 13, Chat: "1", Kind: chat.Started},
	} {
		list, err := c.Heard(http.Header{SecretHeader: {"s"}}, []byte(body))
		if err != nil || len(list) > 1 || len(list) == 1 && list[0] != want || len(list) == 0 && want.Key != "" {
			t.Errorf("%s: %+v, %v", body, list, err)
		}
	}
	if _, err := c.Heard(http.Header{}, []byte(`{"update_id":5}`)); !fault.Is(err, fault.Forbidden) {
		t.Errorf("without the secret: %v", err)
	}
}

// TestRefusalsAreTold: what is final, what waits, what is tried again; the token is in no fault.
func TestRefusalsAreTold(t *testing.T) {
	for _, x := range []struct {
		status int
		body   string
		code   string
		kind   fault.Kind
	}{
		{http.StatusForbidden, `{"ok":false,"error_code":403,"description":"Forbidden: bot was blocked by the user"}`, chat.Blocked, fault.Forbidden},
		{http.StatusBadRequest, `{"ok":false,"error_code":400,"description":"Bad Request: chat not found"}`, "bot.refused", fault.Invalid},
		{http.StatusConflict, `{"ok":false,"error_code":409,"description":"Conflict"}`, "bot.away", fault.Unavailable},
		{http.StatusBadGateway, `<html>`, chat.Lost, fault.Unavailable},
	} {
		c := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(x.status); w.Write([]byte(x.body)) })
		if _, err := c.Send(context.Background(), "1", chat.Message{Text: "x"}); fault.CodeOf(err) != x.code || !fault.Is(err, x.kind) {
			t.Errorf("%d %s: %v", x.status, x.body, err)
		}
	}
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusTooManyRequests)
		w.Write([]byte(`{"ok":false,"error_code":429,"description":"x","parameters":{"retry_after":7}}`))
	})
	var often *chat.TooOften
	if _, err := c.Send(context.Background(), "1", chat.Message{Text: "x"}); !errors.As(err, &often) || often.After != 7*time.Second {
		t.Errorf("429: %v", err)
	}
	away := &Client{Host: "http://127.0.0.1:1", Token: "123:secret"}
	if _, err := away.Send(context.Background(), "1", chat.Message{Text: "x"}); err == nil || strings.Contains(err.Error(), "123:secret") {
		t.Errorf("the token is in the fault: %v", err)
	}
}
