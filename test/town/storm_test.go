package town

import (
	"math/rand/v2"
	"os"
	"sync"
	"syscall"

	"github.com/jackc/pgx/v5/pgconn"
)

// storm breaks commits of a program with many clients; it may end the process at one of them.
type storm struct {
	mu   sync.Mutex
	rng  *rand.Rand
	left int // commits until the kill; below zero: there is none
}

func newStorm(seed uint64, deeds int, kill bool) *storm {
	s := &storm{rng: rand.New(rand.NewPCG(seed, 77)), left: -1}
	if kill {
		s.left = deeds/6 + s.rng.IntN(deeds/6) // commits are fewer than deeds: some find nothing to do, others share one
	}
	return s
}

// draw says what happens to a commit: nothing, mostly.
func (s *storm) draw() (k kind) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.left--; s.left == 0 {
		return []kind{killedBefore, killedAfter}[s.rng.IntN(2)]
	}
	if s.rng.IntN(12) > 0 {
		return ""
	}
	return []kind{answerLost, conflict, refused}[s.rng.IntN(3)]
}

func (s *storm) commit(commit func() error) error {
	k := s.draw()
	if k == "" || k == answerLost || k == killedAfter {
		if err := commit(); err != nil {
			return err
		}
	}
	switch k {
	case killedBefore, killedAfter:
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	case conflict:
		return &pgconn.PgError{Code: "40001"}
	case answerLost, refused:
		return away
	}
	return nil
}
