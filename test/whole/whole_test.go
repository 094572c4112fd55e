// Package whole tests the real binary as a user drives it: commands, files, kills.
package whole

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"kvit/internal/db/dbtest"
)

var (
	buildOnce sync.Once
	binary    string
	buildErr  error
)

// kvit is the path of the binary: KVIT_BINARY, or built once for all tests.
func kvit(t *testing.T) string {
	t.Helper()
	buildOnce.Do(func() {
		if binary = os.Getenv("KVIT_BINARY"); binary != "" {
			return
		}
		dir, err := os.MkdirTemp("", "kvit-binary-")
		if err != nil {
			buildErr = err
			return
		}
		binary = filepath.Join(dir, "kvit")
		cmd := exec.Command("go", "build", "-o", binary, "kvit/cmd/kvit")
		cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
		if out, err := cmd.CombinedOutput(); err != nil {
			buildErr = errors.New(string(out))
		}
	})
	if buildErr != nil {
		t.Fatal(buildErr)
	}
	return binary
}

// place is where a program keeps its data: flags for either database.
type place struct {
	t     *testing.T
	flags []string
	dir   string

	env     []string // of its commands, beside the test's own
	address string   // its server listens on

	bankProcess *exec.Cmd // the simulator it asks
}

// eachPlace runs fn with a fresh installation on each database, side by side: a program mostly waits.
func eachPlace(t *testing.T, fn func(t *testing.T, p *place)) {
	t.Run("on", func(t *testing.T) { // waits for both
		inTurn(t, func(t *testing.T, p *place) {
			t.Parallel()
			fn(t, p)
		})
	})
}

// inTurn runs fn on one database after the other.
func inTurn(t *testing.T, fn func(t *testing.T, p *place)) {
	t.Run("sqlite", func(t *testing.T) { fn(t, freshSQLite(t)) })
	t.Run("postgres", func(t *testing.T) {
		dir := t.TempDir()
		fn(t, &place{t: t, flags: []string{"--data", dir, "--database-url", dbtest.PostgresURL(t)}, dir: dir})
	})
}

// freshSQLite is an installation whose tables are there, as those of PostgreSQL are.
func freshSQLite(t *testing.T) *place {
	t.Helper()
	dir := t.TempDir()
	dbtest.SQLiteFile(t, filepath.Join(dir, "kvit.db"))
	return &place{t: t, flags: []string{"--data", dir}, dir: dir}
}

// command prepares a command on the place.
func (p *place) command(args ...string) *exec.Cmd {
	cmd := exec.Command(kvit(p.t), append(append([]string{}, p.flags...), args...)...)
	cmd.Env = append(append(os.Environ(), "KVIT_LANG=ru"), p.env...)
	return cmd
}

// run runs a command that must end with status 0 and gives its output.
func (p *place) run(args ...string) []byte {
	p.t.Helper()
	out, status := p.try(args...)
	if status != 0 {
		p.t.Fatalf("kvit %s: exit status %d: %.3000s", strings.Join(args, " "), status, out)
	}
	return out
}

// try runs a command and gives its output and exit status; what it says on stderr goes to the test log.
func (p *place) try(args ...string) (out []byte, status int) {
	p.t.Helper()
	cmd := p.command(args...)
	var errOut bytes.Buffer
	cmd.Stderr = &errOut
	out, err := cmd.Output()
	if errOut.Len() > 0 {
		p.t.Logf("kvit %s: %s", strings.Join(args, " "), errOut.String())
	}
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		p.t.Fatal(err)
	}
	return out, cmd.ProcessState.ExitCode()
}

// runJSON runs a command with --json and decodes its document.
func (p *place) runJSON(v any, args ...string) {
	p.t.Helper()
	out := p.run(append([]string{"--json"}, args...)...)
	if err := json.Unmarshal(out, v); err != nil {
		p.t.Fatalf("kvit %s: %v in %.300s", strings.Join(args, " "), err, out)
	}
}

// makeCity writes a city with kvit's own generator and gives its folder.
func makeCity(t *testing.T, households, seed string) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.Command(kvit(t), "city", "make", "--out", dir, "--households", households, "--seed", seed).CombinedOutput(); err != nil {
		t.Fatalf("city make: %v: %s", err, out)
	}
	return dir
}

// takeCity loads a city's houses and suppliers and takes its files in.
func (p *place) takeCity(city string) {
	p.t.Helper()
	p.run("houses", "load", filepath.Join(city, "registry", "houses.csv"))
	if _, err := os.Stat(filepath.Join(city, "suppliers.yaml")); err == nil {
		p.run("suppliers", "load", filepath.Join(city, "suppliers.yaml"))
	}
	p.run("intake", "--formats", filepath.Join(city, "formats.json"), city)
}

func readJSON(t *testing.T, path string, v any) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, v); err != nil {
		t.Fatalf("%s: %v", path, err)
	}
}

// again is a fresh installation on the same kind of database.
func (p *place) again(t *testing.T) *place {
	t.Helper()
	if len(p.flags) == 2 {
		return freshSQLite(t)
	}
	dir := t.TempDir()
	return &place{t: t, flags: []string{"--data", dir, "--database-url", dbtest.PostgresURL(t)}, dir: dir}
}
