package whole

import "path/filepath"

// copies makes a copy, looks at it, gives it back and goes through the first steps after a return.
func (j judged) copies() {
	j.t.Helper()
	dir := j.t.TempDir()
	to, key := filepath.Join(dir, "copies"), filepath.Join(dir, "kvit.key")
	var keys struct{ Public string }
	j.is(0, "backup-key", &keys, "backup", "key", "--out", key)
	j.is(0, "backup-make", nil, "backup", "--backup-to", to, "--backup-key", keys.Public)
	j.is(0, "backup-list", nil, "backup", "list", "--backup-to", to)
	j.is(0, "backup-check", nil, "backup", "check", "--backup-to", to, "--key", key)
	j.is(0, "backup-prune", nil, "backup", "prune", "--backup-to", to, "--backup-days", "1")
	j.is(0, "restore-status", nil, "restore", "status")
	j.is(0, "drill", nil, "drill", "--households", "10", "--load", "300ms", "--pause", "100ms")
	back := judged{&place{t: j.t, flags: []string{"--data", filepath.Join(dir, "back")}, dir: filepath.Join(dir, "back"), env: j.env}, j.schemas}
	var rep struct{ Digest string }
	back.is(0, "restore-make", &rep, "restore", "--from", to, "--key", key)
	var want struct{ Digest string }
	j.is(0, "check-digest", &want, "check", "--digest")
	if rep.Digest != want.Digest {
		j.t.Errorf("the digest of the returned data is %s, want %s", rep.Digest, want.Digest)
	}
	back.is(0, "check", nil, "restore", "check")
	back.is(0, "restore-ask", nil, "restore", "ask")
	back.is(0, "restore-done", nil, "restore", "done", "registers", "--by", "olga")
	back.fails(1, "payout", "prepare")
	back.fails(1, "restore", "done", "files", "--choice", "sent")
}
