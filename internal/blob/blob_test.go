package blob

import (
	"context"
	"io"
	"os"
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
