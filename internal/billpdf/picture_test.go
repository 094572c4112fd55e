package billpdf

import (
	"encoding/xml"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"kvit/internal/guide"
	"kvit/internal/money"
)

var update = flag.Bool("update", false, "draw the picture of a bill anew")

// picture is where pages take the picture of a bill from.
const picture = "../web/assets/bill.svg"

// TestPictureIsOfTheBill: the picture on the help page is the bill as it is drawn today, with a number at each thing the
// list under it explains. After the bill has changed: go test ./internal/billpdf -run Picture -update.
func TestPictureIsOfTheBill(t *testing.T) {
	pdf := write(t, render(t, pictured()))
	svg := drawn(t, pdf)
	if *update {
		if err := os.WriteFile(picture, []byte(svg), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	kept, err := os.ReadFile(picture)
	if err != nil {
		t.Fatal(err)
	}
	if words := regexp.MustCompile(`>[^<]+</text>`); strings.Join(words.FindAllString(svg, -1), "") != strings.Join(words.FindAllString(string(kept), -1), "") {
		t.Error("the bill says other words than its picture: draw it anew")
	}
	if n := strings.Count(string(kept), "<circle"); n != len(guide.Marks()) {
		t.Errorf("%d numbers on the picture, %d are explained", n, len(guide.Marks()))
	}
}

// pictured is the bill of the picture: three suppliers people know.
func pictured() Document {
	d := sample(3, 1)
	for i, s := range []struct {
		name, service string
		due           money.Amount
	}{{"АО «Водоканал»", "Холодная вода", 118242}, {"ООО «Теплосеть»", "Отопление", 423193}, {"Фонд капитального ремонта", "Взнос на капитальный ремонт", 80000}} {
		d.Suppliers[i].Name, d.Suppliers[i].Due, d.Suppliers[i].Account = s.name, s.due, fmt.Sprintf("160012345%d", i)
		d.Suppliers[i].Lines[0].Service, d.Suppliers[i].Lines[0].Charge = s.service, s.due
	}
	return d
}

// drawn makes a small SVG of the first page: words where they stand, filled shapes as one path each colour, numbers at the
// words the list names.
func drawn(t *testing.T, pdf string) string {
	var b strings.Builder
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 595 842" font-family="PT Sans, Onest, Arial, sans-serif" fill="#15212B"><rect width="595" height="842" fill="#FFF"/>` + "\n")
	for _, colour := range shapes(t, pdf) {
		b.WriteString(colour + "\n")
	}
	words := pageWords(t, pdf)
	for _, w := range words {
		size, weight := (w.Bottom-w.Top)/1.294, ""
		if size > 10.5 {
			weight = ` font-weight="600"`
		}
		fmt.Fprintf(&b, `<text x="%.1f" y="%.1f" font-size="%.1f" textLength="%.1f" lengthAdjust="spacingAndGlyphs"%s>`, w.Left, w.Top+size*1.018, size, w.Right-w.Left, weight)
		_ = xml.EscapeText(&b, []byte(w.Text)) // memory does not fail
		b.WriteString("</text>\n")
	}
	for i, m := range guide.Marks() {
		at := anchored(words, m.Anchor)
		if at == nil {
			t.Fatalf("the bill does not say %q", m.Anchor)
		}
		x, y := at.Left-11, (at.Top+at.Bottom)/2
		fmt.Fprintf(&b, `<circle cx="%.0f" cy="%.0f" r="9" fill="#A8201A"/><text x="%.0f" y="%.1f" font-size="12" font-weight="600" text-anchor="middle" fill="#FFF">%d</text>`+"\n", x, y, x, y+4.2, i+1)
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// pageWord is a word of the page and where it stands, in points.
type pageWord struct {
	Left   float64 `xml:"xMin,attr"`
	Top    float64 `xml:"yMin,attr"`
	Right  float64 `xml:"xMax,attr"`
	Bottom float64 `xml:"yMax,attr"`
	Text   string  `xml:",chardata"`
}

func pageWords(t *testing.T, pdf string) []pageWord {
	t.Helper()
	out, err := exec.Command(tool(t, "pdftotext"), "-bbox", "-l", "1", pdf, "-").Output()
	if err != nil {
		t.Fatal(err)
	}
	var doc struct {
		Words []pageWord `xml:"body>doc>page>word"`
	}
	if err := xml.Unmarshal(out, &doc); err != nil {
		t.Fatal(err)
	}
	return doc.Words
}

// anchored finds the words that say a text; spaces do not count.
func anchored(words []pageWord, text string) *pageWord {
	text = bare(text)
	for i := range words {
		said := ""
		for k := i; k < len(words) && len(said) < len(text); k++ {
			said += bare(words[k].Text)
		}
		if strings.HasPrefix(said, text) {
			return &words[i]
		}
	}
	return nil
}

func bare(s string) string {
	return strings.NewReplacer(" ", "", "\u00a0", "", "\u202f", "").Replace(s)
}

var filled = regexp.MustCompile(`<path [^>]*fill(?:="|:)rgb\(([\d.]+)%, ?([\d.]+)%, ?([\d.]+)%\)[^>]* d="([^"]+)"`)

// shapes are the filled shapes of the page, those of one colour together.
func shapes(t *testing.T, pdf string) (list []string) {
	t.Helper()
	svg := filepath.Join(t.TempDir(), "bill.svg")
	if err := exec.Command(tool(t, "pdftocairo"), "-svg", "-f", "1", "-l", "1", pdf, svg).Run(); err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(svg)
	if err != nil {
		t.Fatal(err)
	}
	var order []string
	paths := map[string]string{}
	for _, m := range filled.FindAllStringSubmatch(string(text), -1) {
		colour := "#" + level(m[1]) + level(m[2]) + level(m[3])
		if paths[colour] == "" {
			order = append(order, colour)
		}
		for part := range strings.SplitSeq(m[4], "M") {
			paths[colour] += box(part)
		}
	}
	for _, colour := range order {
		list = append(list, fmt.Sprintf(`<path fill="%s" d="%s"/>`, colour, paths[colour]))
	}
	return list
}

func level(percent string) string {
	p, _ := strconv.ParseFloat(percent, 64) // of our own pattern
	return fmt.Sprintf("%02X", int(p*255/100+0.5))
}

var numbers = regexp.MustCompile(`-?[\d.]+`)

// box is a part of a shape as the rectangle around it: all shapes of a bill are made of rectangles.
func box(path string) string {
	var x, y []float64
	for i, n := range numbers.FindAllString(path, -1) {
		v, _ := strconv.ParseFloat(n, 64) // of our own pattern
		if i%2 == 0 {
			x = append(x, v)
		} else {
			y = append(y, v)
		}
	}
	if len(y) < 2 { // where the next part would begin
		return ""
	}
	left, right, top, low := x[0], x[0], y[0], y[0]
	for i := range y {
		left, right, top, low = min(left, x[i]), max(right, x[i]), min(top, y[i]), max(low, y[i])
	}
	return fmt.Sprintf("M%.1f %.1fh%.1fv%.1fh-%.1fz", left, top, right-left, low-top, right-left)
}
