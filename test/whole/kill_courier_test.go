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

// sftp starts a supplier's server that drops connections, and gives its address and the fingerprint of its key.
func (p *place) sftp(dir string) (address, key string) {
	p.t.Helper()
	cmd := exec.Command(kvit(p.t), "simulate", "sftp", "--listen", "127.0.0.1:0", "--dir", dir, "--user", "voda:s", "--drop", "0.2", "--seed", "4")
	out, err := cmd.StdoutPipe()
	if err != nil {
		p.t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		p.t.Fatal(err)
	}
	p.t.Cleanup(func() {
		cmd.Process.Kill() //nolint:errcheck // it may have ended
		cmd.Wait()         //nolint:errcheck // killed on purpose
	})
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		p.t.Fatalf("the simulator said nothing: %v", err)
	}
	address, key, _ = strings.Cut(strings.TrimSpace(line), " ")
	return strings.TrimPrefix(address, "sftp://"), key
}

// TestFilesSurviveKills: the exchange with a supplier is killed again and again while its server drops connections; every
// payment the feed tells of is in one file, once, and no file is half there.
func TestFilesSurviveKills(t *testing.T) {
	city := makeCity(t, "60", "5")
	dir := t.TempDir()
	p := &place{t: t, flags: []string{"--data", dir}, dir: dir}
	p.bank("--mode", "captured")
	p.takeCity(city)
	homes, _ := p.homes()
	code, _, _ := strings.Cut(homes[0], ":")
	server := t.TempDir()
	address, key := p.sftp(server)
	p.env = append(p.env, "KVIT_TEST_PASSWORD=s")
	schedule := filepath.Join(t.TempDir(), "exchange.yaml")
	text := fmt.Sprintf("supplier: %s\ncode: pay\nwhat: payments\nfrom: 2026-01-01\nhours: \"06:00\"\nfolder: sftp://voda@%s/\nhost_key: %s\npassword_env: KVIT_TEST_PASSWORD\n"+
		"layout: {kind: csv, encoding: utf-8, file_name: '{serial}.csv', columns: [{role: event}, {role: amount}]}\n", code, address, key)
	if err := os.WriteFile(schedule, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p.run("exchange", "schedule", schedule)
	killed := 0
	for i := range 3 {
		p.run(append([]string{"pay", "--sum", fmt.Sprintf("%d.00", 30000+i), "--ahead", "--key", fmt.Sprint("k", i)}, of(homes[0])...)...)
		killed += p.killUntilEnd(firstBound, "exchange", "run", "--now")
	}
	for end := time.Now().Add(20 * time.Second); ; {
		if _, status := p.try("exchange", "run", "--now"); status == 0 {
			break
		}
		if time.Now().After(end) {
			t.Fatal("the files never arrive")
		}
	}
	var told int
	for line := range strings.Lines(string(p.run("--json", "events", "tail", "--supplier", code))) {
		if strings.Contains(line, `"kind":"payment"`) {
			told++
		}
	}
	rows := map[string]int{}
	files, err := filepath.Glob(filepath.Join(server, "*.csv"))
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(text)) {
			event, _, whole := strings.Cut(strings.TrimRight(line, "\r\n"), ";")
			if !whole || !strings.HasSuffix(line, "\r\n") {
				t.Errorf("%s has half a row: %q", f, line)
			}
			rows[event]++
		}
	}
	for event, n := range rows {
		if n != 1 {
			t.Errorf("%s is in files %d times", event, n)
		}
	}
	if len(rows) != told || told < 3 {
		t.Errorf("%d payments are in %d files, the feed tells of %d", len(rows), len(files), told)
	}
	p.run("check")
	t.Logf("killed %d times, %d payments in %d files", killed, told, len(files))
	if killed < 3 {
		t.Errorf("only %d kills", killed)
	}
}
