package max

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kvit/internal/bot/chat"
	"kvit/internal/fault"
)

// samples are payloads as MAX sends them, kept beside the checkout.
const samples = "../../../../shared/samples/bots/max"

func sample(t *testing.T, name string) []byte {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(samples, name))
	if err != nil {
		t.Skipf("SKIPPED: %s is not beside the checkout: %v", samples, err)
	}
	return body
}

func heard(t *testing.T, body []byte) []chat.Update {
	t.Helper()
	c := &Client{Secret: "s"}
	list, err := c.Heard(http.Header{SecretHeader: {"s"}}, body)
	if err != nil {
		t.Fatal(err)
	}
	return list
}

func TestSamplesAreRead(t *testing.T) {
	if list := heard(t, sample(t, "webhook.message_created.json")); len(list) != 0 {
		t.Errorf("a chat of several people is answered: %+v", list)
	}
	if list := heard(t, sample(t, "webhook.bot_started.json")); len(list) != 1 || list[0].Kind != chat.Started || list[0].Chat != "182182182" || list[0].Key == "" {
		t.Errorf("%+v", list)
	}
	if list := heard(t, sample(t, "webhook.bot_stopped.json")); len(list) != 1 || list[0].Kind != chat.Stopped {
		t.Errorf("%+v", list)
	}
	page := sample(t, "update.message_callback.json")
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		if r.FormValue("marker") != "7" || r.Header.Get("Authorization") != "token" {
			t.Errorf("asked with %s", r.URL)
		}
		w.Write(page)
	})
	list, marker, err := c.Poll(context.Background(), "7")
	if err != nil || marker != "25493970" || len(list) != 1 || list[0].Kind != chat.Press || list[0].Text != "picture" || list[0].PressID == "" || list[0].Chat != "182182182" {
		t.Errorf("%+v, %s, %v", list, marker, err)
	}
}

// TestOnlyTheOwnTelephoneIsBelieved: a card is the sender's own when MAX signed it and says so; the same card of another, a card
// without the signature or with another text proves nothing.
func TestOnlyTheOwnTelephoneIsBelieved(t *testing.T) {
	const card = `BEGIN:VCARD\r\nTEL;TYPE=cell:79001234567\r\nEND:VCARD\r\n`
	mac := hmac.New(sha256.New, []byte("token"))
	mac.Write([]byte(strings.ReplaceAll(card, `\r\n`, "\r\n")))
	hash := hex.EncodeToString(mac.Sum(nil))
	c := &Client{Secret: "s", Token: "token"}
	for _, x := range []struct {
		card, hash string
		owner      int
		want       string
	}{{card, hash, 7, "+79001234567"}, {card, strings.ToUpper(hash), 7, "+79001234567"}, {card, hash, 8, ""}, {card, "", 7, ""}, {strings.Replace(card, "4567", "4568", 1), hash, 7, ""}} {
		body := fmt.Sprintf(`{"update_type":"message_created","message":{"recipient":{"chat_id":70,"chat_type":"dialog"},"body":{"mid":"m","seq":1,"text":"","attachments":[{"type":"contact","payload":{"vcf_info":"%s","hash":"%s","max_info":{"user_id":%d}}}]},"sender":{"user_id":7}}}`, x.card, x.hash, x.owner)
		list, err := c.Heard(http.Header{SecretHeader: {"s"}}, []byte(body))
		if err != nil || len(list) != 1 || list[0].Kind != chat.Contact || list[0].Text != x.want {
			t.Errorf("%+v: %+v, %v", x, list, err)
		}
	}
}

// TestLongNumbersStayWhole: a number of a message is larger than 2^53.
func TestLongNumbersStayWhole(t *testing.T) {
	const seq = 116327994376978687
	list := heard(t, []byte(`{"update_type":"message_created","timestamp":1775025604499,"message":{"recipient":{"chat_id":9007199254740993,"chat_type":"dialog"},"timestamp":1775053255737,"body":{"mid":"mid.1","seq":116327994376978687,"text":"счёт"},"sender":{"is_bot":false}}}`))
	if len(list) != 1 || list[0].Seq != seq || list[0].Chat != "9007199254740993" || list[0].Text != "счёт" || list[0].Key != "mid.1" {
		t.Errorf("%+v", list)
	}
}

func TestCallsWithoutTheSecretAreRefused(t *testing.T) {
	for _, c := range []*Client{{Secret: "s"}, {}} {
		if _, err := c.Heard(http.Header{SecretHeader: {"x"}}, []byte(`{"update_type":"bot_started"}`)); !fault.Is(err, fault.Forbidden) {
			t.Errorf("secret %q: %v", c.Secret, err)
		}
	}
}

func serve(t *testing.T, do http.HandlerFunc) *Client {
	t.Helper()
	s := httptest.NewServer(do)
	t.Cleanup(s.Close)
	return &Client{Host: s.URL, Token: "token", Wait: time.Second, Pause: time.Millisecond}
}

// TestRefusalsAreTold: what is final, what waits, what is tried again.
func TestRefusalsAreTold(t *testing.T) {
	for _, x := range []struct {
		status int
		body   string
		code   string
		kind   fault.Kind
	}{
		{http.StatusForbidden, `{"code":"chat.denied","message":"x"}`, chat.Blocked, fault.Forbidden},
		{http.StatusBadRequest, `{"code":"proto.payload","message":"x"}`, "bot.refused", fault.Invalid},
		{http.StatusUnauthorized, `{"code":"verify.token","message":"Invalid access_token"}`, "bot.away", fault.Unavailable},
		{http.StatusBadGateway, `<html>`, "bot.away", fault.Unavailable},
		{http.StatusOK, `<html>`, chat.Lost, fault.Unavailable},
	} {
		c := serve(t, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(x.status); w.Write([]byte(x.body)) })
		if _, err := c.Send(context.Background(), "1", chat.Message{Text: "x"}); fault.CodeOf(err) != x.code || !fault.Is(err, x.kind) {
			t.Errorf("%d %s: %v", x.status, x.body, err)
		}
	}
	c := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "3")
		w.WriteHeader(http.StatusTooManyRequests)
	})
	var often *chat.TooOften
	if _, err := c.Send(context.Background(), "1", chat.Message{Text: "x"}); !errors.As(err, &often) || often.After != 3*time.Second {
		t.Errorf("429: %v", err)
	}
}

// TestFilesAreWaitedFor: a file that is not ready is tried again, and not for ever.
func TestFilesAreWaitedFor(t *testing.T) {
	tries, ready := 0, 3
	c := serve(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/uploads":
			json.NewEncoder(w).Encode(map[string]string{"url": "http://" + r.Host + "/to"})
		case "/to":
			w.Write([]byte(`{"token":"t1"}`))
		default:
			if tries++; tries < ready {
				w.WriteHeader(http.StatusBadRequest)
				w.Write([]byte(`{"code":"attachment.not.ready","message":"x"}`))
				return
			}
			w.Write([]byte(`{"message":{"body":{"mid":"mid.9"}}}`))
		}
	})
	m := chat.Message{Text: "x", File: &chat.File{Name: "a.pdf", Body: []byte("%PDF")}}
	if id, err := c.Send(context.Background(), "1", m); err != nil || id != "mid.9" || tries != 3 {
		t.Errorf("%q after %d tries: %v", id, tries, err)
	}
	ready, tries = 1000, 0
	if _, err := c.Send(context.Background(), "1", m); fault.CodeOf(err) != "bot.file_not_ready" || tries != readyTries {
		t.Errorf("after %d tries: %v", tries, err)
	}
}
