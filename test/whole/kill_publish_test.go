package whole

import (
	"strconv"
	"sync"
	"testing"
	"time"
)

// publishCity takes a small city in, charges its month and lets a second person approve it.
func (p *place) publishCity(city string) {
	p.t.Helper()
	p.takeCity(city)
	var run struct{ Run int64 }
	p.runJSON(&run, "charge", "run", "--month", "2026-10", "--by", "olga")
	p.run("charge", "approve", strconv.FormatInt(run.Run, 10), "--by", "vera")
}

// TestPublicationSurvivesKills kills the issuing of bills at random moments and starts it again until it ends, in waves
// of a few households: the bills must be those of a publication nobody killed.
func TestPublicationSurvivesKills(t *testing.T) {
	city := makeCity(t, "80", "17")
	publish := []string{"charge", "publish", "--month", "2026-10", "--wave", "10"}
	eachPlace(t, func(t *testing.T, p *place) {
		p.publishCity(city)
		before, began := digest(p), time.Now()
		p.run(publish...)
		whole := time.Since(began)
		want := digest(p)
		if want == before {
			t.Fatal("nothing was issued")
		}
		p.run(publish...) // done again it changes nothing
		if got := digest(p); got != want {
			t.Fatalf("published again: digest %s, want %s", got, want)
		}
		for killed, rounds := 0, 0; killed < kills(t); rounds++ {
			fresh := p.again(t)
			fresh.publishCity(city)
			times := fresh.killUntilDone(whole, publish...)
			if got := digest(fresh); got != want {
				t.Fatalf("round %d, killed %d times: digest %s, want %s", rounds, times, got, want)
			}
			fresh.run("check")
			killed += times
		}
	})
}

// TestTwoProcessesPublishOnce starts the issuing of the same bills in two processes at once.
func TestTwoProcessesPublishOnce(t *testing.T) {
	city := makeCity(t, "80", "17")
	eachPlace(t, func(t *testing.T, p *place) {
		p.publishCity(city)
		var both sync.WaitGroup
		for range 2 {
			both.Go(func() {
				if out, status := p.try("charge", "publish", "--month", "2026-10", "--wave", "10"); status != 0 {
					t.Errorf("exit status %d: %s", status, out)
				}
			})
		}
		both.Wait()
		p.run("check")
	})
}
