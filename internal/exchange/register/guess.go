package register

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"slices"
	"strings"

	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/dbf"
	"kvit/internal/fault"
)

// Evidence says why a guessed profile is as it is, and how well it reads the file it was guessed from.
type Evidence struct {
	Reasons     []Reason `json:"reasons"`
	Rows        int      `json:"rows"`
	Quarantined int      `json:"quarantined"`
	Confidence  float64  `json:"confidence"` // share of rows that read without quarantine, lowered by what was not found
	Missing     []string `json:"missing,omitempty"`
}

// Reason is one decision of a guess.
type Reason struct {
	Key   string `json:"key"` // role or key of the profile
	Value string `json:"value"`
	Why   string `json:"why"` // Russian
}

func (e *Evidence) add(key, value, why string) {
	e.Reasons = append(e.Reasons, Reason{key, value, why})
}

// sampleRows is how many records a guess looks at.
const sampleRows = 400

// Guess proposes a profile from a file alone. What it could not find out is named in Evidence.Missing; a file no
// profile can read (an old .xls, a web page) is a fault that says what to do.
func Guess(path string) (Profile, Evidence, error) {
	f, closeFile, err := OpenFile(path)
	if err != nil {
		return Profile{}, Evidence{}, err
	}
	defer closeFile()
	p, e, err := GuessFile(f)
	return p, e, named(err, f.Name)
}

// GuessFile is Guess for a file that is open already.
func GuessFile(f File) (Profile, Evidence, error) {
	g := &guess{file: f}
	if err := g.container(); err != nil {
		return Profile{}, g.e, err
	}
	g.p.File = f.Name
	if err := g.p.Validate(); err != nil {
		return g.p, g.e, g.failed().Because(err)
	}
	g.prove()
	return g.p, g.e, nil
}

// failed says that no sums were found, and what the file looks like instead.
func (g *guess) failed() *fault.Error {
	if slices.ContainsFunc(g.columns, func(c *column) bool {
		return strings.Contains(caption(c.name), "показани") || c.role == "reading_cur"
	}) {
		return fault.New(fault.Invalid, "guess.failed", "Похоже, в файле показания приборов, а не суммы. Если суммы в нём есть, опишите файл профилем вручную.")
	}
	return fault.New(fault.Invalid, "guess.failed", "Не удалось понять, где в файле суммы и лицевые счета. Опишите файл профилем вручную.")
}

// guess is a guess being made.
type guess struct {
	file    File
	in      *input
	p       Profile
	e       Evidence
	columns []*column
	// statement says that the file is a bank statement: whose account a sum is stands in words of the purpose,
	// and the numbers beside it are requisites.
	statement bool
	unsure    bool // which sum is owed was a guess without a sign
}

// column is one place where values stand, with the values of the sample.
type column struct {
	place  Place
	name   string // caption, key, attribute
	values []sampleValue
	role   string
	also   string // a second role of the same column
	facts  facts
}

type sampleValue struct {
	text   string
	number bool // by the format itself
	date   bool
}

// container decides the kind by the first bytes.
func (g *guess) container() error {
	in, err := openInput(g.file, &Profile{Kind: KindCSV, File: g.file.Name})
	if err != nil {
		return err
	}
	defer in.Close()
	g.in = in
	if in.stream == nil {
		g.e.add("kind", KindXLSX, "архив с частями книги Excel")
		return g.sheet()
	}
	head, _ := in.sample()
	if isTable(head) {
		g.e.add("kind", KindDBF, "заголовок таблицы dBase")
		return g.table()
	}
	if err := notRegister(head); err != nil {
		return err
	}
	return g.decoded(head)
}

func isTable(head []byte) bool {
	r, err := dbf.NewReader(bytes.NewReader(head), nil)
	return err == nil && len(r.Fields) > 0
}

// notRegister refuses what no profile can read.
func notRegister(head []byte) error {
	text := strings.ToLower(string(head[:min(len(head), 1024)]))
	switch {
	case bytes.HasPrefix(head, []byte(oldBook)), strings.HasPrefix(strings.TrimSpace(text), "<!doctype html"), strings.Contains(text, "<html"), strings.Contains(text, "urn:schemas-microsoft-com:office:spreadsheet"):
		return notBook(File{Data: bytes.NewReader(head), Size: int64(len(head))})
	}
	return notText(head)
}

// strangers are how files begin that no reader of text can make sense of.
var strangers = []string{"%PDF", "Rar!", "7z\xbc\xaf", `{\rtf`, "\x1f\x8b", "\x89PNG", "\xff\xd8\xff", "GIF8", "MZ\x90", "\x7fELF", "BZh9", "\xfd7zXZ", "SQLite format 3"}

// notText refuses documents, pictures, programs and archives by how they begin.
func notText(head []byte) error {
	for _, s := range strangers {
		if bytes.HasPrefix(head, []byte(s)) {
			return fault.New(fault.Invalid, "file.kind", "Это не реестр: PDF, RTF, картинки и архивы кроме ZIP не читаются. Выгрузите данные в CSV, XLSX, DBF или XML.")
		}
	}
	return nil
}

// decoded goes on with text: JSON, XML, 1C or fields with a delimiter.
func (g *guess) decoded(head []byte) error {
	enc, found, _ := g.in.detect("")
	g.e.add("encoding", found.Name, found.Evidence)
	g.p.Encoding = found.Name
	if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
		g.p.Encoding = "utf-8-sig"
	}
	if enc == charset.UTF16LE {
		g.p.Encoding = "utf-16-le-bom"
	}
	sample, err := io.ReadAll(io.LimitReader(charset.NewReader(g.in.stream, enc), 2*charset.SampleSize))
	if err != nil {
		return err
	}
	text := string(sample)
	if enc.SingleByte() || enc == charset.UTF8 {
		text = strings.ToValidUTF8(text, "\ufffd")
	}
	whole := len(sample) < 2*charset.SampleSize
	body := strings.TrimSpace(text)
	switch {
	case body == "":
		return fault.New(fault.Invalid, "file.empty", "Файл пуст.")
	case body[0] == '<':
		g.e.add("kind", KindXML, "файл начинается с тега")
		return g.xml(text)
	case body[0] == '{' || body[0] == '[' && strings.ContainsAny(body[1:min(len(body), 20)], "{"):
		return g.json(body, whole)
	case looks1C(text):
		return g.oneC(text)
	}
	return g.text(text, whole)
}

// prove reads the file by the profile guessed and keeps how that went.
func (g *guess) prove() {
	sum, err := Read(context.Background(), g.file, g.p, Options{Stop: 20_000}, func(*Row) error { return nil })
	g.e.Rows, g.e.Quarantined = sum.Rows, sum.Quarantined
	if sum.Rows > 0 {
		g.e.Confidence = float64(sum.Rows-sum.Quarantined) / float64(sum.Rows)
	}
	if err != nil {
		g.e.Confidence = 0
		g.e.Missing = append(g.e.Missing, fault.As(err).Message)
	}
	if g.unsure {
		g.e.Confidence /= 2
	}
	roles := g.p.roles()
	if _, payments := roles["amount"]; !payments {
		for _, need := range []string{"account", "due"} {
			if _, ok := roles[need]; !ok {
				g.e.Missing = append(g.e.Missing, need)
				g.e.Confidence *= .5
			}
		}
	}
	if c := sum.Control; c.Declared && sum.Rows < 20_000 {
		if c.Equal {
			g.e.add("control_total", c.File.String(), "итог файла совпал с суммой строк")
		} else if c.Found && c.File/10 > c.Read || c.Found && c.Read/10 > c.File {
			g.p.ControlTotal = nil // that number was no total of these rows
		}
	}
}

// tail is the end of the file in UTF-8, or "" when only a stream is at hand.
func (g *guess) tail(n int64) string {
	if g.in.Data == nil {
		return ""
	}
	from := max(0, g.file.Size-n)
	buf := make([]byte, g.file.Size-from)
	if _, err := g.in.Data.ReadAt(buf, from); err != nil && err != io.EOF {
		return ""
	}
	enc, _ := charset.Parse(g.p.Encoding)
	if enc == charset.UTF16LE || enc == charset.UTF16BE {
		return ""
	}
	return strings.ToValidUTF8(enc.Text(buf), "")
}

// lines splits text whatever its line ends.
func lines(text string) []string {
	var list []string
	s := bufio.NewScanner(strings.NewReader(strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(text)))
	s.Buffer(make([]byte, 64<<10), 4<<20)
	for s.Scan() {
		list = append(list, s.Text())
	}
	return list
}
