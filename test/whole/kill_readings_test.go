package whole

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/eclipse/paho.golang/paho"
)

// killedReadings is an installation whose device and program give readings of one meter while the server is killed.
type killedReadings struct {
	*place
	mqtt   string
	base   string
	secret string
	token  string
	stop   func()
}

// start starts the server with its broker.
func (k *killedReadings) start() {
	k.t.Helper()
	k.base, k.stop = k.serve("--mqtt", k.mqtt)
}

// publish tells the figure of a day as the device; false is not acknowledged.
func (k *killedReadings) publish(day int) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
	defer cancel()
	var d net.Dialer
	conn, err := d.DialContext(ctx, "tcp", k.mqtt)
	if err != nil {
		return false
	}
	defer conn.Close()
	c := paho.NewClient(paho.ClientConfig{Conn: conn})
	if _, err := c.Connect(ctx, &paho.Connect{ClientID: "d", KeepAlive: 30, CleanStart: true, Username: "d-17", UsernameFlag: true, Password: []byte(k.secret), PasswordFlag: true}); err != nil {
		return false
	}
	r, err := c.Publish(ctx, &paho.Publish{Topic: "zhkh/home/d-17", QoS: 1, Payload: []byte(message(day))})
	return err == nil && r.ReasonCode < 0x80
}

// dayOf is a day of the past, a later one for a larger number.
func dayOf(n int) string { return time.Now().AddDate(0, 0, n-200).Format(time.DateOnly) }

func message(day int) string {
	return fmt.Sprintf(`{"ts":"%sT06:00:00Z","values":{"v":%d.5}}`, dayOf(day), 1100+day)
}

// post gives a reading as the supplier's program, and tells what became of it; empty is no answer.
func (k *killedReadings) post(day int) (state string) {
	body := fmt.Sprintf(`{"account":"7001","service":"cold_water","value":%d,"date":"%s","confirm":"right"}`, 1100+day, dayOf(day))
	r, err := http.NewRequest(http.MethodPost, k.base+"/api/v1/readings", strings.NewReader(body))
	if err != nil {
		k.t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+k.token)
	r.Header.Set("Content-Type", "application/x-ndjson")
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		return ""
	}
	defer res.Body.Close()
	text, err := io.ReadAll(res.Body)
	var out struct{ Lines []struct{ State string } }
	if err != nil || json.Unmarshal(text, &out) != nil || len(out.Lines) != 1 {
		return ""
	}
	return out.Lines[0].State
}

// TestReadingsSurviveKills kills the server while a device publishes and a program posts: what was acknowledged is there,
// nothing is there twice, and every invariant holds.
func TestReadingsSurviveKills(t *testing.T) {
	eachPlace(t, func(t *testing.T, p *place) {
		p.takeFacts()
		p.routeSample("1", "1000")
		k := &killedReadings{place: p, mqtt: freeAddress(t, p)}
		k.register()
		told, given := map[int]bool{}, map[int]bool{}
		day := 0
		for round := range kills(t) {
			k.start()
			end := time.AfterFunc(time.Duration(30+70*round)*time.Millisecond, k.stop)
			for alive := true; alive && day < 180; day += 2 {
				if alive = k.publish(day); alive {
					told[day] = true
				}
				if state := k.post(day + 1); state == "taken" || state == "corrected" {
					given[day+1] = true
				} else {
					alive = false
				}
			}
			end.Stop()
			k.stop()
		}
		k.start()
		for d := range given {
			if state := k.post(d); state != "same" {
				t.Errorf("a reading of %s that was taken is %q after a kill", dayOf(d), state)
			}
		}
		k.settled(told)
		k.stop()
		p.run("check")
		t.Logf("acknowledged: %d messages, %d readings", len(told), len(given))
	})
}

// register makes the device and the token.
func (k *killedReadings) register() {
	k.t.Helper()
	list := filepath.Join(k.t.TempDir(), "devices.csv")
	write(k.t, list, "id;channel;supplier;account;service;from\nd-17;v;sup1;7001;cold_water;2020-01-01\n")
	var loaded struct{ Rows []struct{ Secret string } }
	k.runJSON(&loaded, "devices", "load", list)
	k.secret = loaded.Rows[0].Secret
	var token struct{ Token string }
	k.runJSON(&token, "users", "token", "--supplier", "sup1", "--scopes", "reading:write")
	k.token = token.Token
}

// settled waits until every message has its state, and looks for those that were acknowledged.
func (k *killedReadings) settled(told map[int]bool) {
	k.t.Helper()
	var shown struct {
		Messages []struct{ Body, State string }
	}
	for range 1000 {
		out := k.run("--json", "devices", "show", "d-17", "--messages", "1000")
		if err := json.Unmarshal(out, &shown); err != nil {
			k.t.Fatal(err)
		}
		if !bytes.Contains(out, []byte(`"waiting"`)) {
			break
		}
		time.Sleep(50 * time.Millisecond)
	}
	read := map[string]int{}
	for _, m := range shown.Messages {
		if m.State == "read" {
			read[m.Body]++
		} else if m.State != "double" {
			k.t.Errorf("%s is %s", m.Body, m.State)
		}
	}
	for day := range told {
		if n := read[message(day)]; n != 1 {
			k.t.Errorf("the acknowledged message of %s is read %d times", dayOf(day), n)
		}
	}
}
