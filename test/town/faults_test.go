package town

import (
	"math/rand/v2"
	"runtime"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"kvit/internal/fault"
)

// faults breaks the commits of the program. Which kinds happen at all, and how often, is drawn once a town.
type faults struct {
	rng   *rand.Rand
	kinds []kind // those that happen in this town
	often int    // of ten thousand commits
	still int    // more than zero: nothing breaks
	calm  bool   // the step runs in several goroutines: nobody dies, commits fail
	hits  map[point]int
}

// kind is what a fault does.
type kind string

// Kinds of faults.
const (
	killedBefore kind = "killed before the commit"
	killedAfter  kind = "killed after the commit"
	answerLost   kind = "committed, the answer lost"
	conflict     kind = "conflict with another"
	refused      kind = "database away"
)

// point is where a fault struck: the operation whose commit it was.
type point struct {
	kind      kind
	operation string
}

// killed is what a killed program panics with.
type killed struct{ point }

func newFaults(rng *rand.Rand) *faults {
	f := &faults{rng: rng, often: 50 + rng.IntN(400), hits: map[point]int{}}
	for _, k := range []kind{killedBefore, killedAfter, answerLost, conflict, refused} {
		if rng.IntN(2) == 0 {
			f.kinds = append(f.kinds, k)
		}
	}
	return f
}

// commit is given to the database: it commits, or does what a fault does.
func (f *faults) commit(commit func() error) error {
	if f == nil || f.still > 0 || len(f.kinds) == 0 || f.rng.IntN(10_000) >= f.often {
		return commit()
	}
	p := point{f.kinds[f.rng.IntN(len(f.kinds))], operation()}
	if f.calm && (p.kind == killedBefore || p.kind == killedAfter) {
		p.kind = refused
	}
	f.hits[p]++
	switch p.kind {
	case killedBefore:
		panic(killed{p})
	case killedAfter:
		if err := commit(); err != nil {
			return err
		}
		panic(killed{p})
	case answerLost:
		if err := commit(); err != nil {
			return err
		}
		return away
	case conflict:
		return &pgconn.PgError{Code: "40001"}
	default:
		return away
	}
}

var away = fault.New(fault.Unavailable, "town.fault", "База данных не отвечает.")

// operation names who commits: the nearest function that is not of the database's package.
func operation() string {
	pcs := make([]uintptr, 32)
	frames := runtime.CallersFrames(pcs[:runtime.Callers(3, pcs)])
	for {
		f, more := frames.Next()
		if !strings.Contains(f.Function, "internal/db.") || !more {
			name, _, _ := strings.Cut(f.Function[strings.LastIndexByte(f.Function, '/')+1:], ".func")
			return name
		}
	}
}
