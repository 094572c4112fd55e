package zipped

import (
	"archive/zip"
	"bytes"
	"io"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"kvit/internal/fault"
)

func pack(t testing.TB, headers ...zip.FileHeader) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, h := range headers {
		w, err := z.CreateHeader(&h)
		if err != nil {
			t.Fatal(err)
		}
		io.WriteString(w, "тело")
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestNamesOfOldArchiversAreInCP866(t *testing.T) {
	name, _ := charmap.CodePage866.NewEncoder().String("реестр.txt")
	raw := pack(t, zip.FileHeader{Name: name, NonUTF8: true}, zip.FileHeader{Name: "папка/"}, zip.FileHeader{Name: "папка/второй.txt"})
	m, err := Open(bytes.NewReader(raw), int64(len(raw)))
	if err != nil || len(m) != 2 || m[0].Name != "реестр.txt" || m[1].Name != "папка/второй.txt" {
		t.Fatalf("%+v %v", m, err)
	}
	r, err := m[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if body, err := io.ReadAll(r); err != nil || string(body) != "тело" {
		t.Error(string(body), err)
	}
}

func TestNamesThatLeadOutsideAreRefused(t *testing.T) {
	for _, name := range []string{"../a", `..\a`, "/etc/a", "a/../../b"} {
		raw := pack(t, zip.FileHeader{Name: name})
		if _, err := Open(bytes.NewReader(raw), int64(len(raw))); fault.CodeOf(err) != "zip.path" {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestEncryptedAndOverlappingMembersAreRefused(t *testing.T) {
	raw := pack(t, zip.FileHeader{Name: "a"})
	locked := bytes.Clone(raw)
	locked[bytes.Index(locked, []byte("PK\x01\x02"))+8] |= 1
	if _, err := Open(bytes.NewReader(locked), int64(len(locked))); fault.CodeOf(err) != "zip.encrypted" {
		t.Error(err)
	}
	two := pack(t, zip.FileHeader{Name: "a"}, zip.FileHeader{Name: "b"})
	second := bytes.LastIndex(two, []byte("PK\x01\x02"))
	copy(two[second+42:], []byte{0, 0, 0, 0}) // both directory entries point to the first body
	if _, err := Open(bytes.NewReader(two), int64(len(two))); fault.CodeOf(err) != "zip.bomb" {
		t.Error(err)
	}
}

func TestASizeTheDirectoryLiesAboutIsCounted(t *testing.T) {
	c := &counted{ReadCloser: io.NopCloser(bytes.NewReader(make([]byte, 1000))), left: 999, name: "a"}
	if _, err := io.ReadAll(c); fault.CodeOf(err) != "zip.bomb" {
		t.Error(err)
	}
}

func FuzzOpen(f *testing.F) {
	f.Add(pack(f, zip.FileHeader{Name: "a.csv"}))
	f.Fuzz(func(t *testing.T, b []byte) {
		members, err := Open(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			return
		}
		for _, m := range members {
			if r, err := m.Open(); err == nil {
				io.Copy(io.Discard, r)
				r.Close()
			}
		}
	})
}
