package db_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// followed is a database whose changes are kept, each as it was pulled.
type followed struct {
	t       *testing.T
	d       *db.DB
	f       *db.Follower
	base    []byte
	written int
	changes [][]byte
}

func follow(t *testing.T) *followed {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kvit.db")
	dbtest.SQLiteFile(t, path)
	d, err := db.Open(context.Background(), db.Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	x := &followed{t: t, d: d}
	if x.f, err = d.Follow(context.Background()); err != nil {
		t.Fatal(err)
	}
	x.copyBase()
	return x
}

func (x *followed) copyBase() {
	x.t.Helper()
	var err error
	if x.base, err = os.ReadFile(x.f.File()); err != nil {
		x.t.Fatal(err)
	}
	x.changes = nil
}

func (x *followed) write(n int) {
	x.t.Helper()
	for range n {
		x.written++
		err := x.d.WriteLocal(context.Background(), func(tx *db.Tx) error {
			_, err := tx.Exec("INSERT INTO setting (name, value) VALUES ($1, $2)", fmt.Sprint("k", x.written), string(bytes.Repeat([]byte{'x'}, 3000)))
			return err
		})
		if err != nil {
			x.t.Fatal(err)
		}
	}
}

func (x *followed) pull() {
	x.t.Helper()
	var b bytes.Buffer
	some, err := x.f.Pull(&b)
	if err != nil {
		x.t.Fatal(err)
	}
	if some {
		x.changes = append(x.changes, b.Bytes())
	}
}

func (x *followed) turn() bool {
	x.t.Helper()
	turned, err := x.f.Turn(context.Background(), func() error { x.pull(); return nil })
	if err != nil {
		x.t.Fatal(err)
	}
	return turned
}

// settings counts the rows of a database made of the base and the first changes.
func (x *followed) settings(changes int) (n int) {
	x.t.Helper()
	path := filepath.Join(x.t.TempDir(), "copy.db")
	if err := os.WriteFile(path, x.base, 0o600); err != nil {
		x.t.Fatal(err)
	}
	file, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		x.t.Fatal(err)
	}
	for _, c := range x.changes[:changes] {
		if err := db.ApplyChange(file, bytes.NewReader(c)); err != nil {
			x.t.Fatal(err)
		}
	}
	file.Close()
	d, err := db.Open(context.Background(), db.Config{Path: path})
	if err != nil {
		x.t.Fatal(err)
	}
	defer d.Close()
	var sound string
	if err := d.Handle().QueryRow("PRAGMA integrity_check").Scan(&sound); err != nil || sound != "ok" {
		x.t.Fatalf("integrity: %s %v", sound, err)
	}
	if err := d.Handle().QueryRow("SELECT count(*) FROM setting WHERE name LIKE 'k%'").Scan(&n); err != nil {
		x.t.Fatal(err)
	}
	return n
}

// TestFollowedChangesMakeTheDatabase: the file as it stood at a turn with the changes pulled since is the database at each of
// these moments, over turns and while transactions are read and written.
func TestFollowedChangesMakeTheDatabase(t *testing.T) {
	x := follow(t)
	total := 0
	for round := range 6 {
		x.write(7)
		total += 7
		x.pull()
		if got := x.settings(len(x.changes)); got != total {
			t.Fatalf("round %d: %d rows, want %d", round, got, total)
		}
		if round == 2 {
			x.write(1)
			total++
			if !x.turn() {
				t.Fatal("nobody reads, and the log was not begun anew")
			}
			before := x.settings(len(x.changes))
			if x.copyBase(); x.settings(0) != before {
				t.Fatalf("the file after a turn has %d rows, want %d", x.settings(0), before)
			}
		}
	}
	if got := x.settings(1); got != 22+7 {
		t.Errorf("at an earlier moment: %d rows, want %d", got, 22+7)
	}
}

// TestFollowerSeesAnotherProcess: another process writes the log into the database and goes on; the follower keeps it from
// beginning the log anew, and sees all. A log that went away all the same is said to be broken.
func TestFollowerSeesAnotherProcess(t *testing.T) {
	x := follow(t)
	x.write(3)
	x.pull()
	other, err := db.Open(context.Background(), db.Config{Path: x.f.File()})
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	var busy, frames, done int
	if err := other.Handle().QueryRow("PRAGMA wal_checkpoint(PASSIVE)").Scan(&busy, &frames, &done); err != nil {
		t.Fatal(err)
	}
	for i := range 3 { // held by the follower, the log goes on
		if _, err := other.Handle().Exec("INSERT INTO setting (name, value) VALUES ($1, 'other')", fmt.Sprintf("kother%d", i)); err != nil {
			t.Fatal(err)
		}
	}
	x.pull()
	if got := x.settings(len(x.changes)); got != 6 {
		t.Errorf("%d rows, want 6", got)
	}
	if err := os.Remove(x.f.File() + "-wal"); err != nil {
		t.Fatal(err)
	}
	if _, err := x.f.Pull(&bytes.Buffer{}); !errors.Is(err, db.ErrBroken) {
		t.Errorf("without its log: %v", err)
	}
}

// TestReadersPutOffATurn: a long read keeps the log; following goes on.
func TestReadersPutOffATurn(t *testing.T) {
	x := follow(t)
	x.write(2)
	err := x.d.Read(context.Background(), func(tx *db.Tx) error {
		var n int
		if err := tx.QueryRow("SELECT count(*) FROM setting").Scan(&n); err != nil {
			return err
		}
		x.write(1)
		if x.turn() {
			t.Error("a turn while somebody reads")
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	x.write(1)
	if !x.turn() {
		t.Error("no turn after the reader left")
	}
	if x.copyBase(); x.settings(0) == 0 {
		t.Error("the file has nothing")
	}
}

// TestCutChangeIsRefused: a change that lacks its end is not applied silently.
func TestCutChangeIsRefused(t *testing.T) {
	x := follow(t)
	x.write(3)
	x.pull()
	file, err := os.CreateTemp(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for _, cut := range []int{0, 5, 100, len(x.changes[0]) - 1} {
		if err := db.ApplyChange(file, bytes.NewReader(x.changes[0][:cut])); err == nil {
			t.Errorf("a change cut at %d of %d bytes was taken", cut, len(x.changes[0]))
		}
	}
}
