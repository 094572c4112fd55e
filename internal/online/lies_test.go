package online_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"kvit/internal/db/dbtest"
	"kvit/internal/online"
	"kvit/internal/online/simulator"
)

// TestLiesAreNotBelieved: what is not the protocol to the letter is no balance, however near it comes: a sum that is not
// there is not nothing to pay, a sum in roubles is not one in kopecks. A media type is read as such.
func TestLiesAreNotBelieved(t *testing.T) {
	c := newCentre(t, dbtest.One(t), simulator.Options{})
	s := c.voda()
	kind, body := "", ""
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var q online.Request
		text, err := io.ReadAll(r.Body)
		if err == nil {
			err = json.Unmarshal(text, &q)
		}
		if err != nil {
			t.Error(err)
		}
		w.Header().Set("Content-Type", kind)
		_, _ = io.WriteString(w, strings.ReplaceAll(body, "ID", q.ID)) // a caller who is gone is no fault of the test
	}))
	t.Cleanup(server.Close)
	s.Online.URL = server.URL
	asOf := `"asOf":"` + time.UnixMicro(c.clock.Load()).UTC().Format(time.RFC3339) + `"`
	one := func(due string) string { return `{"id":"ID","balances":[{"account":"100",` + due + asOf + `}]}` }
	for name, x := range map[string]struct {
		kind, body string
		good       bool
	}{
		"as documented":       {"application/json", one(`"due":123456,`), true},
		"with a charset":      {"Application/JSON; charset=utf-8", one(`"due":0,`), true},
		"unknown here":        {"application/json", `{"id":"ID","balances":[],"errors":[{"account":"100","code":"unknown"}]}`, true},
		"no sum":              {"application/json", one(""), false},
		"null":                {"application/json", one(`"due":null,`), false},
		"a text":              {"application/json", one(`"due":"123456",`), false},
		"roubles":             {"application/json", one(`"due":1234.56,`), false},
		"no zone":             {"application/json", `{"id":"ID","balances":[{"account":"100","due":1,"asOf":"2026-09-21T13:33:20"}]}`, false},
		"no moment":           {"application/json", `{"id":"ID","balances":[{"account":"100","due":1}]}`, false},
		"told twice":          {"application/json", `{"id":"ID","balances":[{"account":"100","due":1,` + asOf + `},{"account":"100","due":2,` + asOf + `}]}`, false},
		"told and unknown":    {"application/json", `{"id":"ID","balances":[{"account":"100","due":1,` + asOf + `}],"errors":[{"account":"100","code":"unknown"}]}`, false},
		"another's account":   {"application/json", `{"id":"ID","balances":[{"account":"200","due":1,` + asOf + `}]}`, false},
		"of another request":  {"application/json", strings.ReplaceAll(one(`"due":1,`), "ID", "0"), false},
		"a page":              {"text/html", "<html>занято</html>", false},
		"a page that claims":  {"application/json", "<html>занято</html>", false},
		"cut":                 {"application/json", one(`"due":1,`)[:30], false},
		"two answers":         {"application/json", one(`"due":1,`) + one(`"due":2,`), false},
		"json by other names": {"application/jsonlines", one(`"due":1,`), false},
	} {
		kind, body = x.kind, x.body
		if _, err := c.m.Query(context.Background(), &s, []online.Account{{Number: "100"}}); (err == nil) != x.good {
			t.Errorf("%s: %v", name, err)
		}
	}
}
