package whole

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"
)

// kills is how many random moments a test kills at: KVIT_KILLS, 2 by default.
func kills(t *testing.T) int {
	t.Helper()
	if s := os.Getenv("KVIT_KILLS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	return 2
}

// TestIntakeSurvivesKills kills intakes at moments spread over the whole run and starts each again until it ends; the
// data must be those of an intake nobody killed.
func TestIntakeSurvivesKills(t *testing.T) {
	city := makeCity(t, "300", "11")
	eachPlace(t, func(t *testing.T, p *place) {
		began := time.Now()
		p.takeCity(city)
		whole := time.Since(began)
		want := digest(p)
		rounds, killed := 0, 0
		for ; killed < kills(t); rounds++ {
			fresh := p.again(t)
			fresh.run("houses", "load", filepath.Join(city, "registry", "houses.csv"))
			fresh.run("suppliers", "load", filepath.Join(city, "suppliers.yaml"))
			times := fresh.killUntilDone(whole, "intake", "--formats", filepath.Join(city, "formats.json"), city)
			if got := digest(fresh); got != want {
				t.Fatalf("round %d, killed %d times: digest %s, want %s", rounds, times, got, want)
			}
			fresh.run("check")
			killed += times
		}
		t.Logf("killed %d times in %d rounds, a run takes %s", killed, rounds, whole)
	})
}

// killUntilDone runs a command, kills it at a random moment before the bound, and runs it again, with a larger bound,
// until a run ends by itself, with status 0.
func (p *place) killUntilDone(bound time.Duration, args ...string) (killed int) {
	p.t.Helper()
	killed, err := p.killed(bound, args...)
	if err != nil {
		p.t.Fatalf("kvit %v after %d kills: %v", args, killed, err)
	}
	return killed
}

// killUntilEnd is killUntilDone for a command that may refuse, as it refuses when nobody kills it.
func (p *place) killUntilEnd(bound time.Duration, args ...string) (killed int) {
	killed, _ = p.killed(bound, args...)
	return killed
}

// killed runs a command until a run ends by itself and tells how that one ended.
func (p *place) killed(bound time.Duration, args ...string) (killed int, err error) {
	p.t.Helper()
	for ; ; bound += bound / 2 {
		cmd := p.command(args...)
		if err := cmd.Start(); err != nil {
			p.t.Fatal(err)
		}
		done := make(chan error, 1)
		go func() { done <- cmd.Wait() }()
		select {
		case err := <-done:
			return killed, err
		case <-time.After(rand.N(bound)):
			cmd.Process.Kill() //nolint:errcheck // it may have just ended
			<-done
			killed++
		}
	}
}
