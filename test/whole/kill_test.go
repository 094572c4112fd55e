package whole

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// kills is how many random moments a test kills at: KVIT_KILLS, 5 by default.
func kills(t *testing.T) int {
	t.Helper()
	if s := os.Getenv("KVIT_KILLS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return 5
}

// TestIntakeSurvivesKills kills an intake at random moments and starts it again until it ends; the data must be
// those of an intake nobody killed.
func TestIntakeSurvivesKills(t *testing.T) {
	city := makeCity(t, "400", "11")
	eachPlace(t, func(t *testing.T, p *place) {
		p.takeCity(city)
		want := digest(p)
		for i := range kills(t) {
			fresh := p.again(t)
			fresh.run("houses", "load", filepath.Join(city, "registry", "houses.csv"))
			fresh.run("suppliers", "load", filepath.Join(city, "suppliers.yaml"))
			times := fresh.killUntilDone("intake", "--formats", filepath.Join(city, "formats.json"), city)
			if got := digest(fresh); got != want {
				t.Fatalf("round %d, killed %d times: digest %s, want %s", i, times, got, want)
			}
			fresh.run("check")
		}
	})
}

// killUntilDone runs a command, kills it at a random moment, and runs it again until a run ends by itself, with
// status 0.
func (p *place) killUntilDone(args ...string) (killed int) {
	p.t.Helper()
	killed, err := p.killed(args...)
	if err != nil {
		p.t.Fatalf("kvit %v after %d kills: %v", args, killed, err)
	}
	return killed
}

// killUntilEnd is killUntilDone for a command that may refuse, as it refuses when nobody kills it.
func (p *place) killUntilEnd(args ...string) (killed int) {
	killed, _ = p.killed(args...)
	return killed
}

// killed runs a command until a run ends by itself and tells how that one ended.
func (p *place) killed(args ...string) (killed int, err error) {
	p.t.Helper()
	for wait := 20 * time.Millisecond; ; wait += wait / 2 {
		cmd := p.command(args...)
		if err := cmd.Start(); err != nil {
			p.t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- cmd.Wait() }()
		select {
		case err := <-done:
			return killed, err
		case <-time.After(wait/2 + rand.N(wait)):
			cmd.Process.Kill() //nolint:errcheck // it may have just ended
			<-done
			killed++
		}
	}
}
