package blob

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"kvit/internal/fault"
)

func TestPutKeepsBytesOnce(t *testing.T) {
	s, err := Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		digest, size, err := s.Put(context.Background(), strings.NewReader("показания"), 100)
		if err != nil || size != 18 {
			t.Fatalf("%s %d %v", digest, size, err)
		}
		f, err := s.Open(digest)
		if err != nil {
			t.Fatal(err)
		}
		b, _ := io.ReadAll(f)
		f.Close()
		if string(b) != "показания" {
			t.Fatalf("got %q", b)
		}
	}
}

func TestPutRefusesTooMuchAndLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	s, _ := Open(dir)
	if _, _, err := s.Put(context.Background(), strings.NewReader("123456"), 5); fault.CodeOf(err) != "file.too_large" {
		t.Fatalf("%v", err)
	}
	left, _ := os.ReadDir(dir)
	if len(left) != 0 {
		t.Fatalf("left behind: %v", left)
	}
	if _, err := s.Open("../../etc/passwd"); !fault.Is(err, fault.NotFound) {
		t.Fatalf("%v", err)
	}
}

// TestNothingOutsideIsOpened is S10 (reliability.md): a name that is no digest opens nothing, nor does a link that leads away.
func TestNothingOutsideIsOpened(t *testing.T) {
	dir := t.TempDir()
	s, err := Open(filepath.Join(dir, "blobs"))
	if err != nil {
		t.Fatal(err)
	}
	secret := filepath.Join(dir, "secret")
	if err := os.WriteFile(secret, []byte("тайна"), 0o600); err != nil {
		t.Fatal(err)
	}
	digest := strings.Repeat("ab", 32)
	for _, name := range []string{"", "..", "../secret", strings.Repeat("../", 19) + "secret.", strings.Repeat("A", 64), strings.Repeat("/", 64), "%2e%2e%2fsecret", digest + "0"} {
		if f, err := s.Open(name); !fault.Is(err, fault.NotFound) {
			t.Errorf("%q: %v, %v", name, f, err)
		}
		if err := s.Remove(name); !fault.Is(err, fault.NotFound) {
			t.Errorf("remove %q: %v", name, err)
		}
	}
	if err := os.MkdirAll(filepath.Dir(s.Path(digest)), 0o750); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(secret, s.Path(digest)); err != nil {
		t.Fatal(err)
	}
	if f, err := s.Open(digest); err == nil {
		f.Close()
		t.Error("a link led out of the folder")
	}
}
