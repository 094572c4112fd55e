package remote_test

import (
	"bytes"
	"context"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"kvit/internal/exchange/remote"
	"kvit/internal/exchange/remote/simulator"
	"kvit/internal/fault"
)

// serve starts a supplier's server and tells how it is reached.
func serve(t *testing.T, o simulator.Options) remote.Target {
	t.Helper()
	o.Dir, o.Users = t.TempDir(), map[string]string{"voda": "тайна"}
	s, err := simulator.New(o)
	if err != nil {
		t.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- s.Serve(ctx, l) }()
	t.Cleanup(func() { cancel(); <-done })
	password := filepath.Join(t.TempDir(), "password")
	if err := os.WriteFile(password, []byte("тайна\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(o.Dir, "in"), 0o750); err != nil {
		t.Fatal(err)
	}
	return remote.Target{Folder: "sftp://voda@" + l.Addr().String() + "/in", HostKey: s.Fingerprint(), Password: password}
}

// put opens the folder anew and puts a file once.
func put(t *testing.T, target remote.Target, name string, body []byte) error {
	t.Helper()
	f, err := remote.Open(context.Background(), target)
	if err != nil {
		return err
	}
	err = f.Put(context.Background(), name, "."+name+".part", bytes.NewReader(body), int64(len(body)))
	_ = f.Close() // a dropped connection cannot be ended
	return err
}

// got is what the receiver sees.
func got(t *testing.T, target remote.Target, name string) (body string, files int) {
	t.Helper()
	f, err := remote.Open(context.Background(), target)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	list, err := f.List("")
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if len(list) > 0 {
		if err := f.Get(name, &b); err != nil {
			t.Fatal(err)
		}
	}
	return b.String(), len(list)
}

// TestFilesArriveWhole: by folder and by SFTP, however the server behaves, a file is there whole or not at all, and what was
// put halfway is gone on with.
func TestFilesArriveWhole(t *testing.T) {
	body := bytes.Repeat([]byte("строка реестра;1;2;3\r\n"), 30_000)
	for name, o := range map[string]simulator.Options{"a good server": {}, "it drops connections": {Drop: 0.2, Seed: 3}, "it refuses to rename at times": {NoRename: 0.7, Seed: 5}} {
		t.Run(name, func(t *testing.T) {
			target := serve(t, o)
			failed := 0
			for put(t, target, "реестр.txt", body) != nil {
				if _, n := got(t, target, "реестр.txt"); n != 0 {
					t.Fatal("half a file is seen")
				}
				if failed++; failed > 60 {
					t.Fatal("never arrives")
				}
			}
			if name != "a good server" && failed == 0 {
				t.Error("the server did not misbehave")
			}
			if err := put(t, target, "реестр.txt", body); err != nil {
				t.Errorf("put again: %v", err)
			}
			if text, n := got(t, target, "реестр.txt"); text != string(body) || n != 1 {
				t.Errorf("%d bytes in %d files, want %d in one", len(text), n, len(body))
			}
			if err := put(t, target, "реестр.txt", body[1:]); fault.CodeOf(err) != "remote.exists" {
				t.Errorf("another file of the same name: %v", err)
			}
		})
	}
	dir := remote.Target{Folder: t.TempDir()}
	for range 2 {
		if err := put(t, dir, "реестр.txt", body); err != nil {
			t.Error(err)
		}
	}
	if text, n := got(t, dir, "реестр.txt"); text != string(body) || n != 1 {
		t.Errorf("a folder: %d bytes in %d files", len(text), n)
	}
	if err := put(t, dir, "реестр.txt", body[1:]); fault.CodeOf(err) != "remote.exists" {
		t.Errorf("a folder has another file of the name: %v", err)
	}
	if err := put(t, dir, "../../x", []byte("x")); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(filepath.Join(dir.Folder, "x")); err != nil {
		t.Error("a name led out of the folder")
	}
}

// TestFullDiskIsTold: and the file is not there.
func TestFullDiskIsTold(t *testing.T) {
	target := serve(t, simulator.Options{Full: 50_000})
	if err := put(t, target, "a.txt", bytes.Repeat([]byte("x"), 100_000)); fault.KindOf(err) != fault.Unavailable || !strings.Contains(err.Error(), "не записан") {
		t.Errorf("%v", err)
	}
	if _, n := got(t, target, "a.txt"); n != 0 {
		t.Error("half a file is seen")
	}
}

// TestStrangersGetNothing: another server, another password.
func TestStrangersGetNothing(t *testing.T) {
	target := serve(t, simulator.Options{})
	other := target
	other.HostKey = "SHA256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU"
	if err := put(t, other, "a.txt", []byte("x")); fault.CodeOf(err) != "remote.other_host" {
		t.Errorf("another key: %v", err)
	}
	t.Setenv("WRONG", "нет")
	wrong := target
	wrong.Password, wrong.PasswordEnv = "", "WRONG"
	if err := put(t, wrong, "a.txt", []byte("x")); fault.KindOf(err) != fault.Unavailable {
		t.Errorf("a wrong password: %v", err)
	}
	start := time.Now()
	away := target
	away.Folder = "sftp://voda@127.0.0.1:1/in"
	if err := put(t, away, "a.txt", nil); fault.KindOf(err) != fault.Unavailable || time.Since(start) > 5*time.Second {
		t.Errorf("nobody there: %v", err)
	}
}

// TestTargetsAreChecked: what could never be opened is refused when it is written down.
func TestTargetsAreChecked(t *testing.T) {
	for folder, code := range map[string]string{
		"out": "remote.folder", "sftp://host/in": "remote.address", "sftp://u:p@host/in": "remote.password", "sftp://u@host/in": "remote.host_key", "/srv/out": "",
	} {
		target := remote.Target{Folder: folder}
		if err := target.Check(); code == "" != (err == nil) || err != nil && fault.CodeOf(err) != code {
			t.Errorf("%s: %v", folder, err)
		}
	}
	target := remote.Target{Folder: "sftp://u@host/in", HostKey: "SHA256:x"}
	if err := target.Check(); fault.CodeOf(err) != "remote.secret" {
		t.Errorf("no secret: %v", err)
	}
}

// TestAFileThatMayNotBeRemoved is told apart from a server that is away, and one that has gone is no fault.
func TestAFileThatMayNotBeRemoved(t *testing.T) {
	target := serve(t, simulator.Options{NoRemove: 1})
	if err := put(t, target, "a.dbf", []byte("x")); err != nil {
		t.Fatal(err)
	}
	f, err := remote.Open(context.Background(), target)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Remove("a.dbf"); fault.CodeOf(err) != remote.KeptCode {
		t.Errorf("a file that may not be removed: %v", err)
	}
	_ = f.Close() // what is tried next needs a connection that is gone
	if err := f.Remove("a.dbf"); !fault.Is(err, fault.Unavailable) {
		t.Errorf("a server that is away: %v", err)
	}
	local, err := remote.Open(context.Background(), remote.Target{Folder: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if err := local.Remove("gone.dbf"); err != nil {
		t.Errorf("a file that has gone: %v", err)
	}
}
