package whole

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// bank starts the acquirer's simulator as a process of its own and points the place at it.
func (p *place) bank(args ...string) (base string) {
	p.t.Helper()
	cmd := exec.Command(kvit(p.t), append([]string{"simulate", "acquirer", "--listen", "127.0.0.1:0", "--secret", "s"}, args...)...)
	out, err := cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.bankProcess = cmd
	p.t.Cleanup(func() {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		cmd.Wait()         //nolint:errcheck // killed on purpose
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		p.t.Fatalf("the simulator said nothing: %v", err)
	}
	base = strings.TrimSpace(line)
	p.env = append(p.env, "KVIT_ACQUIRER_URL="+base, "KVIT_ACQUIRER_ID=simulator", "KVIT_ACQUIRER_SECRET=s")
	return base
}

// homes are the first accounts of two baskets in different houses, and the houses' codes.
func (p *place) homes() (accounts, houses []string) {
	p.t.Helper()
	path := filepath.Join(p.dir, "baskets.json")
	p.run("baskets", "export", "--out", path)
	var res struct {
		Baskets []struct {
			House    string
			Accounts []string
		}
	}
	readJSON(p.t, path, &res)
	for _, b := range res.Baskets {
		if len(b.Accounts) > 2 && b.House != "" && (len(houses) == 0 || houses[0] != b.House) {
			accounts, houses = append(accounts, b.Accounts[0]), append(houses, b.House)
		}
		if len(houses) == 2 {
			return accounts, houses
		}
	}
	p.t.Fatal("the city has no two homes in different houses")
	return nil, nil
}

// of are the flags that name an account written «supplier:number».
func of(account string) []string {
	supplier, number, _ := strings.Cut(account, ":")
	return []string{"--supplier", supplier, "--account", number}
}

// firstBound is within the time a payment takes: it is killed at least once, as a rule.
const firstBound = 40 * time.Millisecond

// TestMoneySurvivesKills kills payments for one home, payments for two homes and moves of an account between houses at
// random moments, each again and again until it ends; the data must be those of the same script nobody killed.
func TestMoneySurvivesKills(t *testing.T) {
	city := makeCity(t, "120", "12")
	rounds := max(2, kills(t)/5) // each round kills each of the operations at several moments
	eachPlace(t, func(t *testing.T, p *place) {
		fresh := p.again(t)
		script := func(p *place, run, may func(args ...string)) string {
			p.bank("--mode", "captured")
			p.takeCity(city)
			homes, houses := p.homes()
			for i := range rounds {
				sum := fmt.Sprintf("%d.%02d", 100+37*i, 1+i)
				run(append([]string{"pay", "--sum", sum, "--ahead", "--key", fmt.Sprint("one", i)}, of(homes[0])...)...)
				may(append([]string{"pay", "--all", "--ahead", "--key", fmt.Sprint("all", i)}, of(homes[i%2])...)...)
				run(append([]string{"accounts", "move", "--house", houses[(i+1)%2], "--reason", "проверка"}, of(homes[0])...)...)
				run(append([]string{"pay", "--sum", sum, "--ahead", "--with", homes[1], "--key", fmt.Sprint("two", i)}, of(homes[0])...)...)
			}
			var shown struct{ House string }
			p.runJSON(&shown, append([]string{"bill", "show"}, of(homes[0])...)...)
			if shown.House != houses[rounds%2] {
				t.Errorf("after %d moves the account is in %s, want %s", rounds, shown.House, houses[rounds%2])
			}
			p.run("check")
			return digest(p)
		}
		want := script(p, func(args ...string) { p.run(args...) }, func(args ...string) { p.try(args...) })
		killed := 0
		got := script(fresh, func(args ...string) { killed += fresh.killUntilDone(firstBound, args...) }, func(args ...string) { killed += fresh.killUntilEnd(firstBound, args...) })
		if got != want {
			t.Errorf("killed %d times: digest %s, want %s", killed, got, want)
		}
		t.Logf("killed %d times", killed)
		if killed < kills(t) {
			t.Errorf("only %d kills", killed)
		}
	})
}

// TestTwoProcessesOneKey: the same payment asked for by several processes at once is one payment, and all of them say
// so; different clients that pay one basket at once pay it as often as they asked.
func TestTwoProcessesOneKey(t *testing.T) {
	city := makeCity(t, "60", "14")
	eachPlace(t, func(t *testing.T, p *place) {
		p.bank("--mode", "captured")
		p.takeCity(city)
		homes, _ := p.homes()
		var before, after struct{ Total int64 }
		p.runJSON(&before, append([]string{"bill", "show"}, of(homes[0])...)...)
		if before.Total <= 100_00 {
			t.Fatalf("the home owes %d", before.Total)
		}
		pay := func(keys ...string) {
			t.Helper()
			var running []*exec.Cmd
			for _, k := range keys {
				cmd := p.command(append([]string{"pay", "--sum", "50", "--key", k}, of(homes[0])...)...)
				cmd.Stderr = os.Stderr
				if err := cmd.Start(); err != nil {
					t.Fatal(err)
				}
				running = append(running, cmd)
			}
			for _, cmd := range running {
				if err := cmd.Wait(); err != nil {
					t.Errorf("%v: %v", cmd.Args, err)
				}
			}
		}
		pay("same", "same", "same")
		p.runJSON(&after, append([]string{"bill", "show"}, of(homes[0])...)...)
		if after.Total != before.Total-50_00 {
			t.Errorf("one key: to pay %d, was %d", after.Total, before.Total)
		}
		pay("first", "second")
		p.runJSON(&after, append([]string{"bill", "show"}, of(homes[0])...)...)
		if after.Total != before.Total-150_00 {
			t.Errorf("two keys: to pay %d, was %d", after.Total, before.Total)
		}
		if _, status := p.try(append([]string{"pay", "--sum", "51", "--key", "same"}, of(homes[0])...)...); status != 1 {
			t.Errorf("the key with another sum: exit status %d, want 1", status)
		}
		p.run("check")
	})
}

// TestPaidBillIsPaid: whatever the month of the register and the day it came, a bill paid in full is paid.
func TestPaidBillIsPaid(t *testing.T) {
	for _, month := range []string{time.Now().AddDate(0, -2, 0).Format("2006-01"), time.Now().Format("2006-01"), time.Now().AddDate(0, 2, 0).Format("2006-01")} {
		city := t.TempDir()
		if out, err := exec.Command(kvit(t), "city", "make", "--out", city, "--households", "40", "--seed", "15", "--month", month).CombinedOutput(); err != nil {
			t.Fatalf("city make: %v: %s", err, out)
		}
		dir := t.TempDir()
		p := &place{t: t, flags: []string{"--data", dir}, dir: dir}
		p.bank("--mode", "captured")
		p.takeCity(city)
		homes, _ := p.homes()
		var before, after struct{ Total int64 }
		p.runJSON(&before, append([]string{"bill", "show"}, of(homes[0])...)...)
		p.run(append([]string{"pay", "--all", "--key", "k"}, of(homes[0])...)...)
		p.runJSON(&after, append([]string{"bill", "show"}, of(homes[0])...)...)
		if before.Total == 0 || after.Total != 0 {
			t.Errorf("month %s: %d was due, %d after paying it all", month, before.Total, after.Total)
		}
	}
}

// TestBadNewsFromTheBank: the server and the simulator are processes of their own; notifications come late, twice, out
// of order or never, and all payments end as those of a bank that behaves.
func TestBadNewsFromTheBank(t *testing.T) {
	city := makeCity(t, "60", "16")
	eachPlace(t, func(t *testing.T, p *place) {
		p.takeCity(city)
		homes, _ := p.homes()
		bank := p.bank("--mode", "manual", "--callback", "http://"+freeAddress(t, p)+"/hooks/acquirer/yookassa", "--duplicate", "0.5", "--shuffle", "0.5", "--lose", "0.3", "--delay", "30ms", "--seed", "7")
		p.serveAtAddress()
		const payments = 12
		var list []string
		for i := range payments {
			out, status := p.try(append([]string{"--json", "pay", "--sum", "10", "--ahead", "--key", fmt.Sprint("k", i)}, of(homes[0])...)...)
			if status != 3 {
				t.Fatalf("nobody has decided yet: exit status %d: %s", status, out)
			}
			list = append(list, p.gatewayID(bank, out))
		}
		for i, id := range list {
			do := "captured"
			if i%4 == 3 {
				do = "declined"
			}
			press(t, bank+"/pay/"+id, do)
		}
		deadline := time.Now().Add(5 * time.Minute)
		for i := range payments {
			want := 0
			if i%4 == 3 {
				want = 1
			}
			for {
				_, status := p.try(append([]string{"pay", "--sum", "10", "--ahead", "--key", fmt.Sprint("k", i)}, of(homes[0])...)...)
				if status == want {
					break
				}
				if time.Now().After(deadline) {
					t.Fatalf("payment %d: exit status %d, want %d", i, status, want)
				}
			}
		}
		var shown struct {
			Lines []struct{ PaidSince int64 }
		}
		p.runJSON(&shown, append([]string{"bill", "show"}, of(homes[0])...)...)
		var paid int64
		for _, l := range shown.Lines {
			paid += l.PaidSince
		}
		if paid != 9*10_00 {
			t.Errorf("paid %d, want %d", paid, 9*10_00)
		}
		p.run("check")
	})
}
