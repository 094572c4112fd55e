package backup

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
)

// kept is a SQLite installation with a folder of copies.
type kept struct {
	t      *testing.T
	d      *db.DB
	m      *Maker
	copies string
	secret string
}

func keep(t *testing.T) *kept {
	t.Helper()
	dir := t.TempDir()
	k := &kept{t: t, copies: filepath.Join(dir, "copies"), secret: filepath.Join(dir, "key.txt")}
	public, secret, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	k.file(k.secret, secret)
	data := filepath.Join(dir, "data")
	k.file(filepath.Join(data, "blobs", "ab", strings.Repeat("ab", 32)), "файл поставщика")
	k.file(filepath.Join(data, "tmp", "x"), "в работе")
	dbtest.SQLiteFile(t, filepath.Join(data, "kvit.db"))
	if k.d, err = db.Open(context.Background(), db.Config{Path: filepath.Join(data, "kvit.db")}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(k.d.Close)
	s, err := Create(k.copies, public)
	if err != nil {
		t.Fatal(err)
	}
	k.m = &Maker{DB: k.d, Dir: data, Store: s, Pause: 20 * time.Millisecond, Now: func() calendar.Micros { return calendar.MicrosOf(time.Now()) }, Log: slog.New(slog.DiscardHandler)}
	return k
}

func (k *kept) file(path, text string) {
	k.t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		k.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		k.t.Fatal(err)
	}
}

func (k *kept) set(value string) {
	k.t.Helper()
	err := k.d.WriteLocal(context.Background(), func(tx *db.Tx) error {
		_, err := tx.Exec("INSERT INTO setting (name, value) VALUES ('v', $1) ON CONFLICT (name) DO UPDATE SET value = excluded.value", value)
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
}

func (k *kept) once() *Copy {
	k.t.Helper()
	c, err := k.m.Once(context.Background())
	if err != nil {
		k.t.Fatal(err)
	}
	return c
}

// back gives the value that comes back at a moment, or the code of why it does not.
func (k *kept) back(at calendar.Micros, secret string) string {
	k.t.Helper()
	s, err := Open(k.copies, secret)
	if err != nil {
		return fault.CodeOf(err)
	}
	dir := filepath.Join(k.t.TempDir(), "back")
	if _, err := s.Restore(context.Background(), RestoreRequest{At: at, Data: dir}); err != nil {
		if _, there := os.Stat(dir); there == nil {
			k.t.Error("a refused return left a folder of data")
		}
		return fault.CodeOf(err)
	}
	if b, err := os.ReadFile(filepath.Join(dir, "blobs", "ab", strings.Repeat("ab", 32))); err != nil || string(b) != "файл поставщика" {
		k.t.Errorf("the file came back as %q: %v", b, err)
	}
	if _, err := os.Stat(filepath.Join(dir, "tmp")); err == nil {
		k.t.Error("what was in work came back")
	}
	d, err := db.Open(context.Background(), db.Config{Path: filepath.Join(dir, "kvit.db")})
	if err != nil {
		k.t.Fatal(err)
	}
	defer d.Close()
	var v, sound string
	if err := d.Handle().QueryRow("SELECT value FROM setting WHERE name = 'v'").Scan(&v); err != nil {
		k.t.Fatal(err)
	}
	if err := d.Handle().QueryRow("PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
		k.t.Errorf("integrity: %s %v", sound, err)
	}
	return v
}

// pieces are the files of the folder of copies.
func (k *kept) pieces() (list []string) {
	k.t.Helper()
	err := filepath.WalkDir(k.copies, func(path string, e os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, sealed) {
			list = append(list, path)
		}
		return err
	})
	if err != nil {
		k.t.Fatal(err)
	}
	return list
}

// TestCopyComesBack: a copy comes back as it was, later changes in it or not by the moment; nothing of it can be read without
// the key.
func TestCopyComesBack(t *testing.T) {
	k := keep(t)
	k.set("первое")
	first := k.once()
	k.set("второе")
	k.once()
	for at, want := range map[calendar.Micros]string{0: "второе", first.First: "первое", 1: "backup.early"} {
		if got := k.back(at, k.secret); got != want {
			t.Errorf("at %d: %s, want %s", at, got, want)
		}
	}
	if got := k.back(0, ""); got != "backup.key" {
		t.Errorf("without a key: %s", got)
	}
	_, other, err := NewKey()
	if err != nil {
		t.Fatal(err)
	}
	k.file(k.secret+"2", other)
	if got := k.back(0, k.secret+"2"); got != "backup.key" {
		t.Errorf("with another key: %s", got)
	}
	for _, path := range k.pieces() {
		b, err := os.ReadFile(path)
		if err != nil || strings.Contains(string(b), "SQLite") || strings.Contains(string(b), "поставщика") {
			t.Errorf("%s is readable: %v", path, err)
		}
	}
}

// TestDamagedCopyIsRefused: each piece changed by a bit, cut or missing is named, and nothing comes back from it; a copy cut at half
// counts as none.
func TestDamagedCopyIsRefused(t *testing.T) {
	k := keep(t)
	k.set("целое")
	k.once()
	for _, path := range k.pieces() {
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		bit := append([]byte{}, whole...)
		bit[len(bit)/2] ^= 1
		for what, b := range map[string][]byte{"a bit": bit, "cut": whole[:len(whole)/2], "gone": nil} {
			os.Remove(path)
			if b != nil {
				k.file(path, string(b))
			}
			if got := k.back(0, k.secret); got != "backup.broken" && got != "backup.missing" {
				t.Errorf("%s, %s: %s came back", filepath.Base(path), what, got)
			}
			s, err := Open(k.copies, "")
			if err != nil {
				t.Fatal(err)
			}
			if c, err := s.Check(context.Background(), nil); err != nil || c.OK || len(c.Wrong) != 1 {
				t.Errorf("%s, %s: %+v %v", filepath.Base(path), what, c, err)
			}
		}
		k.file(path, string(whole))
	}
	logs, _ := filepath.Glob(filepath.Join(k.copies, chainsName, "*", "log.ndjson"))
	text, err := os.ReadFile(logs[0])
	if err != nil {
		t.Fatal(err)
	}
	k.file(logs[0], string(text[:len(text)-5])) // the copy was cut before its whole copy was written down
	if got := k.back(0, k.secret); got != "backup.none" {
		t.Errorf("a copy cut at half: %s", got)
	}
}

// TestKeepingUp: while copies are kept, any moment comes back; old ones are removed when a later whole copy makes them needless.
func TestKeepingUp(t *testing.T) {
	k := keep(t)
	k.set("раньше")
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); k.m.KeepUp(ctx) }()
	copied := func() calendar.Micros {
		at := k.m.Now()
		for end := time.Now().Add(2 * time.Minute); ; time.Sleep(5 * time.Millisecond) {
			s := k.m.Status()
			if s.WholeAt != 0 && s.LastAt > at {
				return k.m.Now()
			}
			if time.Now().After(end) {
				t.Fatalf("%+v", s)
			}
		}
	}
	before := copied()
	k.set("позже")
	after := copied()
	stop()
	<-done
	if a, b := k.back(before, k.secret), k.back(after, k.secret); a != "раньше" || b != "позже" {
		t.Errorf("%s, %s", a, b)
	}
	k.set("совсем поздно")
	k.once()
	s, err := Open(k.copies, "")
	if err != nil {
		t.Fatal(err)
	}
	gone, err := s.Prune(context.Background(), k.m.Now())
	if err != nil || gone.Chains != 1 {
		t.Errorf("%+v %v", gone, err)
	}
	if a, b := k.back(0, k.secret), k.back(before, k.secret); a != "совсем поздно" || b != "backup.early" {
		t.Errorf("after removing: %s, %s", a, b)
	}
}

// TestNothingIsOverwritten: data are given back into an empty folder only.
func TestNothingIsOverwritten(t *testing.T) {
	k := keep(t)
	k.set("x")
	k.once()
	s, err := Open(k.copies, k.secret)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.Restore(context.Background(), RestoreRequest{Data: k.m.Dir}); fault.CodeOf(err) != "restore.not_empty" {
		t.Errorf("over data: %v", err)
	}
}
