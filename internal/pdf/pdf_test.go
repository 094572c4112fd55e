package pdf

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const latin = "abcdefghijklmnopqrstuvwxyz ()\\"

// font is the one the bills are drawn in, with few signs in common.
func font(t testing.TB) *Font {
	t.Helper()
	f, err := ParseFont("PTSans-Regular", program(t), latin)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func program(t testing.TB) []byte {
	t.Helper()
	b, err := os.ReadFile("../billpdf/fonts/PTS55F.ttf")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func written(t testing.TB, f *File) []byte {
	t.Helper()
	var b bytes.Buffer
	if _, err := f.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestTextComesBack: whatever the font has can be read from the file, with signs beyond the common ones and those a string
// must escape; files with the same signs share the cut, others bear another name.
func TestTextComesBack(t *testing.T) {
	tool, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("KVIT_TEST_SKIP_TOOLS") == "1" {
			t.Skip("ПРОПУЩЕНО: нет программы pdftotext")
		}
		t.Fatal("нет программы pdftotext: установите poppler-utils")
	}
	face, tags := font(t), map[string]string{}
	for _, text := range []string{`a common (text\) here`, "Ёлка на Ұйғыр, Ґанок", "Şişli № 7 – 12,5 м²", "неизвестный знак 😀 не мешает"} {
		f := New(Info{Title: text, Lang: "ru-RU", Made: "20260101000000"}, 10)
		f.AddPage()
		f.SetFont(face, 12)
		f.Lines(180, 6, text, Left)
		b := written(t, f)
		path := filepath.Join(t.TempDir(), "a.pdf")
		if err := os.WriteFile(path, b, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(tool, path, "-").Output()
		want := strings.ReplaceAll(text, "😀", "")
		if got := strings.TrimSpace(string(out)); err != nil || strings.Join(strings.Fields(got), " ") != strings.Join(strings.Fields(want), " ") {
			t.Errorf("wrote %q, read %q %v", text, got, err)
		}
		tag := regexp.MustCompile(`/BaseFont/(\w+)\+`).FindSubmatch(b)
		if other, known := tags[string(tag[1])]; known {
			t.Errorf("%q and %q share the name of their cut", text, other)
		}
		tags[string(tag[1])] = text
	}
}

// TestPlacesOfObjects: the table at the end says where every object begins; a reader finds nothing without it.
func TestPlacesOfObjects(t *testing.T) {
	f := New(Info{}, 10)
	f.Foot = func(page, pages int) { f.Line(10, 280, 20, 280) }
	for range 3 {
		f.AddPage()
		f.SetFont(font(t), 9)
		f.Cell(20, 5, "text", Under, Right)
	}
	for name, b := range map[string][]byte{"three pages": written(t, f), "no page drawn": written(t, New(Info{}, 10))} {
		from, err := strconv.Atoi(string(regexp.MustCompile(`startxref\n(\d+)`).FindSubmatch(b)[1]))
		if err != nil || !bytes.HasPrefix(b[from:], []byte("xref\n")) {
			t.Fatalf("%s: the table is not at %d", name, from)
		}
		places := regexp.MustCompile(`(\d{10}) 00000 n `).FindAllSubmatch(b[from:], -1)
		for i, m := range places {
			if at, _ := strconv.Atoi(string(m[1])); !bytes.HasPrefix(b[at:], fmt.Appendf(nil, "%d 0 obj\n", i+1)) {
				t.Errorf("%s: object %d is not at %d", name, i+1, at)
			}
		}
		if pages := bytes.Count(b, []byte("/Type/Page/")); !bytes.Contains(b, fmt.Appendf(nil, "/Count %d/", pages)) || pages == 0 {
			t.Errorf("%s: %d pages are not those counted", name, pages)
		}
	}
}

// TestSplit: a text breaks at spaces, a word only when it is longer than a line, and nothing of it is lost.
func TestSplit(t *testing.T) {
	f := New(Info{}, 10)
	f.AddPage()
	f.SetFont(font(t), 10)
	for _, c := range []struct {
		text string
		wide float64
		want []string
	}{
		{"", 40, []string{""}},
		{"one two", 100, []string{"one two"}},
		{"one two", f.TextWidth("one tw") + 2*cellMargin, []string{"one", "two"}},
		{"one\ntwo", 100, []string{"one", "two"}},
		{"1 000 ₽ и ещё", f.TextWidth("1 000 ₽ ") + 2*cellMargin, []string{"1 000 ₽", "и ещё"}},
		{"onetwo", f.TextWidth("onet") + 2*cellMargin, []string{"onet", "wo"}},
		{"ab", 2 * cellMargin, []string{"a", "b"}},
	} {
		if got := f.Split(c.text, c.wide); !slices.Equal(got, c.want) {
			t.Errorf("%q in %.1f mm: %q, want %q", c.text, c.wide, got, c.want)
		}
	}
}

// TestBrokenFonts: a font cut short or scribbled over is refused or read, never a panic.
func TestBrokenFonts(t *testing.T) {
	ttf := program(t)
	for size := 0; size < len(ttf); size += 9973 {
		if _, err := ParseFont("cut", ttf[:size], latin); err == nil {
			t.Errorf("a font of %d bytes of %d is taken", size, len(ttf))
		}
	}
	for at := 4; at < 400; at++ {
		bad := slices.Clone(ttf)
		bad[at] ^= 0x5A
		if f, err := ParseFont("bad", bad, latin); err == nil {
			f.cutTo(f.common)
		}
	}
}
