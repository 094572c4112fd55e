package whole

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"syscall"
	"testing"
	"time"

	"kvit/internal/db"
)

// TestBankSilentForDays: payments begin, the bank falls silent for three days, then tells of everything at once, shuffled and
// doubled, and the server is killed in the middle (F3, F15). The data are those of a bank that answered at once.
func TestBankSilentForDays(t *testing.T) {
	city := makeCity(t, "20", "23")
	payments := 6
	if os.Getenv("KVIT_KILLS") != "" {
		payments = 60
	}
	eachPlace(t, func(t *testing.T, p *place) {
		good := p.again(t)
		good.bank("--mode", "captured")
		good.takeCity(city)
		homes, _ := good.homes()
		pay := func(i int) []string {
			return append([]string{"--json", "pay", "--sum", fmt.Sprint(10 + i), "--ahead", "--key", fmt.Sprint("k", i)}, of(homes[i%2])...)
		}
		for i := range payments {
			good.run(pay(i)...)
		}
		p.takeCity(city)
		bank := p.bank("--mode", "manual", "--callback", "http://"+freeAddress(t, p)+"/hooks/acquirer/yookassa", "--duplicate", "0.5", "--shuffle", "0.5", "--delay", "20ms", "--seed", "9")
		var asked []string
		for i := range payments {
			out, status := p.try(pay(i)...)
			if status != 3 {
				t.Fatalf("nobody has decided yet: exit status %d: %s", status, out)
			}
			asked = append(asked, p.gatewayID(bank, out))
		}
		p.freeze(syscall.SIGSTOP)
		p.statement("UPDATE payment_order SET created_at = created_at - 259200000000, changed_at = changed_at - 259200000000")
		kill := p.serveAtAddress()
		time.Sleep(200 * time.Millisecond) // it asks, and nobody answers
		p.freeze(syscall.SIGCONT)
		rand.Shuffle(len(asked), func(i, k int) { asked[i], asked[k] = asked[k], asked[i] })
		for i, id := range asked {
			press(t, bank+"/pay/"+id, "captured")
			if i == len(asked)/2 {
				kill()
			}
		}
		p.serveAtAddress()
		p.settles(pay, payments)
		good.try("reconcile", "run") // as the server does; what it finds is not asked here
		p.try("reconcile", "run")
		p.run("check")
		if got, want := digest(p), digest(good); got != want {
			t.Errorf("digest %s, want %s", got, want)
		}
	})
}

// settles waits until every payment is captured.
func (p *place) settles(pay func(i int) []string, payments int) {
	p.t.Helper()
	end := time.Now().Add(60 * time.Second)
	for i := range payments {
		for {
			out, status := p.try(pay(i)...)
			if status == 0 {
				break
			}
			if time.Now().After(end) {
				p.t.Fatalf("payment %d: exit status %d: %s", i, status, out)
			}
		}
	}
}

// freeze stops the bank or lets it go on.
func (p *place) freeze(signal syscall.Signal) {
	p.t.Helper()
	if err := p.bankProcess.Process.Signal(signal); err != nil {
		p.t.Fatal(err)
	}
}

// statement runs a statement on the data, on either database.
func (p *place) statement(query string) {
	p.t.Helper()
	c := db.Config{Path: p.dir + "/kvit.db"}
	if len(p.flags) > 2 {
		c = db.Config{URL: p.flags[3]}
	}
	d, err := db.Open(context.Background(), c)
	if err != nil {
		p.t.Fatal(err)
	}
	defer d.Close()
	if _, err := d.Handle().Exec(query); err != nil {
		p.t.Fatal(err)
	}
}
