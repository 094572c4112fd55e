package whole

import (
	"encoding/json"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"
)

// freeAddress reserves the address the server of the place will listen on.
func freeAddress(t *testing.T, p *place) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	p.address = l.Addr().String()
	return p.address
}

// serveAtAddress starts the server where freeAddress said and waits until it answers.
func (p *place) serveAtAddress() (kill func()) {
	p.t.Helper()
	cmd := p.command("serve", "--listen", p.address)
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	kill = func() {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		cmd.Wait()         //nolint:errcheck // killed on purpose
	}
	p.t.Cleanup(kill)
	for range 3000 {
		if res, err := http.Get("http://" + p.address + "/"); err == nil {
			res.Body.Close()
			return kill
		}
		time.Sleep(100 * time.Millisecond)
	}
	p.t.Fatal("the server did not answer in five minutes")
	return nil
}

// gatewayID asks the simulator for its id of the payment that a command told of.
func (p *place) gatewayID(bank string, out []byte) string {
	p.t.Helper()
	var said struct{ Payment string }
	if err := json.Unmarshal(out, &said); err != nil {
		p.t.Fatalf("%v in %.200s", err, out)
	}
	req, err := http.NewRequest(http.MethodGet, bank+"/v3/payments?limit=100", nil)
	if err != nil {
		p.t.Fatal(err)
	}
	req.SetBasicAuth("simulator", "s")
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer res.Body.Close()
	var list struct {
		Items []struct {
			ID       string
			Metadata struct {
				Order string `json:"order_id"`
			}
		}
	}
	if err := json.NewDecoder(res.Body).Decode(&list); err != nil {
		p.t.Fatal(err)
	}
	for _, x := range list.Items {
		if x.Metadata.Order == said.Payment {
			return x.ID
		}
	}
	p.t.Fatalf("the bank does not know payment %s", said.Payment)
	return ""
}

// press is a button of the bank's page.
func press(t *testing.T, page, do string) {
	t.Helper()
	client := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := client.Post(page, "application/x-www-form-urlencoded", strings.NewReader("do="+do))
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
}
