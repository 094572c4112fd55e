package whole

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
)

// points are the crash points of a command that are tried: all up to the last commit at night, some of them else.
func points(t *testing.T) []string {
	if os.Getenv("KVIT_KILLS") != "" {
		var all []string
		for n := 1; n <= 12; n++ {
			all = append(all, fmt.Sprint("before:", n), fmt.Sprint("after:", n))
		}
		return all
	}
	return []string{fmt.Sprint("before:", 1+rand.IntN(4)), fmt.Sprint("after:", 1+rand.IntN(4))}
}

// dying runs a command that kills itself at a crash point, and then again as it is: it ends, or says that it is done already.
func (p *place) dying(point string, args ...string) (died bool) {
	p.t.Helper()
	cmd := p.command(args...)
	cmd.Env = append(cmd.Env, "KVIT_CRASH_AT_COMMIT="+point)
	died = cmd.Run() != nil && cmd.ProcessState.ExitCode() == -1
	if _, status := p.try(args...); status > 1 {
		p.t.Errorf("kvit %v after it died at %s: exit status %d", args, point, status)
	}
	return died
}

// TestCrashPointsOfMoney kills payments, refunds, the close of a day and payouts at their commits, before and after each; the data
// must be those of the same script nobody killed (F3, F4, F5).
func TestCrashPointsOfMoney(t *testing.T) {
	city := makeCity(t, "30", "21")
	tried := points(t)
	eachPlace(t, func(t *testing.T, p *place) {
		died := 0
		fresh := p.again(t)
		want := p.moneyScript(city, tried, func(_ string, args ...string) { p.try(args...) })
		got := fresh.moneyScript(city, tried, func(point string, args ...string) {
			if fresh.dying(point, args...) {
				died++
			}
		})
		if got != want {
			t.Errorf("killed %d times: %s, want %s", died, got, want)
		}
		if died < len(tried) {
			t.Errorf("only %d of the commands died", died)
		}
		t.Logf("killed %d times", died)
	})
}

// moneyScript pays, gives back, closes the day and pays out, each by run at a crash point, and tells what came of it.
func (p *place) moneyScript(city string, tried []string, run func(point string, args ...string)) string {
	p.t.Helper()
	p.bank("--mode", "captured")
	p.takeCity(city)
	homes, _ := p.homes()
	for i, point := range tried {
		pay := append([]string{"pay", "--sum", fmt.Sprintf("%d.%02d", 100+i, i), "--ahead", "--with", homes[1], "--key", fmt.Sprint("k", i)}, of(homes[0])...)
		run(point, pay...)
		var paid struct{ Payment string }
		p.runJSON(&paid, pay...)
		run(point, "refund", paid.Payment, "--sum", "10", "--key", fmt.Sprint("r", i))
	}
	contracts := filepath.Join(p.dir, "contracts.yaml")
	if err := os.WriteFile(contracts, []byte("centre: {name: РКЦ, inn: '9950013244', bic: '049900802', account: '40702810699000000064', bank: Б}\n"), 0o600); err != nil {
		p.t.Fatal(err)
	}
	p.run("contracts", "load", contracts)
	run(tried[0], "day", "close", "--day", time.Now().Format(time.DateOnly))
	run(tried[len(tried)-1], "payout", "prepare")
	list := p.payouts()
	for i := range list[:min(2, len(list))] {
		run(tried[i%len(tried)], "payout", "approve", strconv.FormatInt(list[i].ID, 10), "--by", "petr")
		run(tried[i%len(tried)], "payout", "send", strconv.FormatInt(list[i].ID, 10))
	}
	p.run("check")
	told := ""
	for _, x := range p.payouts() {
		told += fmt.Sprintf(" %s:%s:%d:%d", x.Supplier, x.State, x.Paid, x.OrderNo)
	}
	if !strings.Contains(told, ":sent:") {
		p.t.Errorf("nothing was sent: %s", told)
	}
	return digest(p) + told
}

// payout is a payout as the list tells of it.
type payout struct {
	ID                              int64
	Supplier, State                 string
	Paid, Left, Collected, Refunded int64
	OrderNo                         int
}

// payouts are all of them, by supplier.
func (p *place) payouts() (list []payout) {
	p.t.Helper()
	p.runJSON(&list, "payout", "list")
	slices.SortFunc(list, func(a, b payout) int { return strings.Compare(a.Supplier, b.Supplier) })
	return list
}
