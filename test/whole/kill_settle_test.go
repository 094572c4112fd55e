package whole

import (
	"bytes"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"kvit/internal/fiscal/atol/simulator"
)

// settleRounds is how often each step is killed in a row of installations: once, or many times at night.
func settleRounds() int {
	if os.Getenv("KVIT_NIGHTLY") != "" {
		return 10
	}
	return 1
}

// TestSettlementSurvivesKills kills the close of a day, payouts at every step, a return of money of nobody and the printing of
// receipts, each again and again until it ends: nothing goes twice, nothing is lost, and the books are even.
func TestSettlementSurvivesKills(t *testing.T) {
	t.Parallel()
	city := makeCity(t, "40", "15")
	for range settleRounds() {
		dir := t.TempDir()
		p := &place{t: t, flags: []string{"--data", dir}, dir: dir}
		p.takeCity(city)
		p.settleKilled()
		p.printKilled()
		p.run("check")
	}
}

// settleKilled pays the suppliers out and gives a payment of nobody back.
func (p *place) settleKilled() {
	p.t.Helper()
	contracts := filepath.Join(p.dir, "contracts.yaml")
	if err := os.WriteFile(contracts, []byte("centre: {from: 2020-01-01, name: ООО «РКЦ», inn: '9950013244', bank: БАНК УЧЕБНЫЙ, bic: '049900802', account: '40702810699000000064'}\ncontracts: []\n"), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.run("contracts", "load", contracts)
	killed := p.killUntilEnd(firstBound, "day", "close")
	var days []struct{ State string }
	p.runJSON(&days, "day", "list")
	killed += p.killUntilDone(firstBound, "payout", "prepare", "--by", "olga")
	prepared := p.payouts()
	if len(days) != 1 || days[0].State != "closed" || len(prepared) == 0 {
		p.t.Fatalf("%+v, %d payouts", days, len(prepared))
	}
	for _, x := range prepared {
		if id := strconv.FormatInt(x.ID, 10); x.State == "prepared" {
			killed += p.killUntilEnd(firstBound, "payout", "approve", id, "--by", "vera")
			killed += p.killUntilEnd(firstBound, "payout", "send", id, "--by", "vera")
		}
	}
	killed += p.giveBackKilled()
	p.sentOnce(prepared)
	out := filepath.Join(p.dir, "orders")
	killed += p.killUntilDone(firstBound, "payout", "write", "--out", out)
	first, err := os.ReadFile(filepath.Join(out, "kl_to_1c.txt"))
	if err != nil || bytes.Count(first, []byte("\r\n\xca\xee\xed\xe5\xf6\xc4\xee\xea\xf3\xec\xe5\xed\xf2\xe0")) != len(slices.DeleteFunc(p.payouts(), func(x payout) bool { return x.State != "sent" })) {
		p.t.Errorf("the file of orders: %v, %d bytes", err, len(first))
	}
	p.t.Logf("killed %d times", killed)
}

// giveBackKilled gives the first payment of nobody back by a payment order.
func (p *place) giveBackKilled() (killed int) {
	p.t.Helper()
	var waiting []struct{ ID int64 }
	p.runJSON(&waiting, "suspense", "list")
	if len(waiting) == 0 {
		p.t.Fatal("the city has no money of unknown accounts")
	}
	id := strconv.FormatInt(waiting[0].ID, 10)
	p.run("suspense", "return", id, "--reason", "чужой", "--name", "Чужой", "--account", "40702810699000000064", "--bic", "049900802", "--by", "olga")
	killed = p.killUntilEnd(firstBound, "suspense", "confirm", id, "--by", "vera")
	var returns, left []struct{ OrderNo, ID int64 }
	p.runJSON(&returns, "suspense", "returns")
	p.runJSON(&left, "suspense", "list")
	if len(returns) != 1 || len(left) != len(waiting)-1 {
		p.t.Errorf("%d returns, %d wait of %d", len(returns), len(left), len(waiting))
	}
	return killed
}

// sentOnce holds the payouts to those that were prepared, each sent under a number of its own.
func (p *place) sentOnce(prepared []payout) {
	p.t.Helper()
	now, numbers := p.payouts(), map[int]bool{}
	for _, x := range now {
		if x.State == "sent" && numbers[x.OrderNo] || x.State == "prepared" || x.State == "approved" {
			p.t.Errorf("%+v", x)
		}
		numbers[x.OrderNo] = true
	}
	if len(now) != len(prepared) {
		p.t.Errorf("%d payouts, %d were prepared", len(now), len(prepared))
	}
}

// printKilled makes the receipts of a payment and brings them to a register.
func (p *place) printKilled() {
	p.t.Helper()
	p.bank("--mode", "captured")
	till := simulator.New(simulator.Options{Login: "a", Password: "b", Group: "g"})
	server := httptest.NewServer(till.Handler())
	defer server.Close()
	rules := filepath.Join(p.dir, "receipts.yaml")
	if err := os.WriteFile(rules, []byte("- {supplier: '*', from: 2020-01-01, vat: vat20}\n"), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.run("receipts", "policy", "load", rules)
	homes, _ := p.homes()
	p.run(append([]string{"pay", "--sum", "70", "--ahead", "--key", "receipt"}, of(homes[0])...)...)
	killed := p.killUntilDone(4*firstBound, "receipts", "run", "--wait", "10s", "--cashbox-url", server.URL, "--cashbox-login", "a", "--cashbox-password", "b", "--cashbox-group", "g", "--cashbox-inn", "9900000031", "--cashbox-place", "https://epd.example", "--cashbox-email", "centre@example.ru")
	var list struct{ Receipts []struct{ Sum int64 } }
	p.runJSON(&list, "receipts", "list", "--state", "done")
	sum := int64(0)
	for _, r := range list.Receipts {
		sum += r.Sum
	}
	if printed := till.Printed(); len(list.Receipts) == 0 || len(printed) != len(list.Receipts) {
		p.t.Errorf("%d receipts, %d printed, %d kopecks", len(list.Receipts), len(printed), sum)
	}
	p.t.Logf("printing killed %d times", killed)
}
