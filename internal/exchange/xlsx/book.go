// Package xlsx streams the rows of an Office Open XML workbook in constant memory.
//
// Owns: parts of the workbook, shared and inline strings, which numbers are dates, bounds. Does not own: which
// rows are data, what a cell means. Numbers are handed out and written as text and never pass through a float.
//
// Invariants: one row is held at a time; shared strings over MaxStrings bytes go to a temporary file; formulas
// are not computed, the value stored beside them counts.
package xlsx

import (
	"bytes"
	"io"
	"path"
	"strconv"
	"strings"

	"kvit/internal/exchange/xmlrec"
	"kvit/internal/exchange/zipped"
	"kvit/internal/fault"
)

// Bounds (reliability.md, section 10).
const (
	MaxColumns = 256
	MaxCell    = 64 << 10
	MaxRows    = 5_000_000
	MaxStrings = 32 << 20 // bytes of shared strings held in memory
	maxStyles  = 100_000
	maxSheets  = 1000
)

// Book is an open workbook.
type Book struct {
	parts    map[string]zipped.Member
	sheets   []Sheet
	dates    []bool // by style: the number is a date
	date1904 bool
	strings  *stringTable
}

// Sheet is one table of a workbook.
type Sheet struct {
	Name   string
	Hidden bool
	part   string
}

// Open reads what a workbook says about itself: sheets, styles, the place of shared strings.
func Open(r io.ReaderAt, size int64) (*Book, error) {
	members, err := zipped.OpenBook(r, size)
	if err != nil {
		return nil, err
	}
	b := &Book{parts: map[string]zipped.Member{}}
	for _, m := range members {
		b.parts[strings.ToLower(m.Name)] = m
	}
	if err := b.workbook(); err != nil {
		return nil, err
	}
	if err := b.styles(); err != nil {
		return nil, err
	}
	return b, nil
}

// Close gives back the temporary file of shared strings, if there was one.
func (b *Book) Close() error {
	if b.strings == nil {
		return nil
	}
	return b.strings.Close()
}

// Sheets are the tables in their order in the book.
func (b *Book) Sheets() []Sheet { return b.sheets }

// Date1904 tells whether serial numbers of dates count from 1904.
func (b *Book) Date1904() bool { return b.date1904 }

func (b *Book) part(name string) (io.ReadCloser, bool, error) {
	m, ok := b.parts[strings.ToLower(name)]
	if !ok {
		return nil, false, nil
	}
	r, err := m.Open()
	return r, true, err
}

// each calls fn for every start tag of a part; a part that is not there has no tags.
func (b *Book) each(name string, fn func(*xmlrec.Token)) error {
	r, ok, err := b.part(name)
	if !ok || err != nil {
		return err
	}
	defer r.Close()
	scan := xmlrec.NewScanner(skipMark(r))
	for {
		token, err := scan.Next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if token.Kind == xmlrec.Start {
			fn(token)
		}
	}
}

func skipMark(r io.Reader) io.Reader {
	var head [3]byte
	n, _ := io.ReadFull(r, head[:])
	if string(head[:n]) == "\xef\xbb\xbf" {
		return r
	}
	return io.MultiReader(bytes.NewReader(head[:n]), r)
}

func attr(t *xmlrec.Token, name string) string {
	for i := range t.Attrs {
		if string(t.Attrs[i].Name) == name {
			return string(t.Attrs[i].Value)
		}
	}
	return ""
}

func (b *Book) workbook() error {
	targets := map[string]string{}
	book := "xl/workbook.xml"
	err := b.each("_rels/.rels", func(t *xmlrec.Token) {
		if strings.HasSuffix(attr(t, "Type"), "/officeDocument") {
			book = strings.TrimPrefix(attr(t, "Target"), "/")
		}
	})
	if err != nil {
		return err
	}
	folder := path.Dir(book)
	rels := folder + "/_rels/" + path.Base(book) + ".rels"
	if err := b.each(rels, func(t *xmlrec.Token) {
		if string(t.Name) == "Relationship" && len(targets) < maxSheets {
			targets[attr(t, "Id")] = resolve(folder, attr(t, "Target"))
		}
	}); err != nil {
		return err
	}
	err = b.each(book, func(t *xmlrec.Token) {
		switch string(t.Name) {
		case "workbookPr":
			v := attr(t, "date1904")
			b.date1904 = v == "1" || v == "true"
		case "sheet":
			if part, ok := targets[attr(t, "id")]; ok && len(b.sheets) < maxSheets {
				b.sheets = append(b.sheets, Sheet{attr(t, "name"), attr(t, "state") != "" && attr(t, "state") != "visible", part})
			}
		}
	})
	if err == nil && len(b.sheets) == 0 {
		return fault.New(fault.Invalid, "xlsx.no_sheets", "В книге нет ни одного листа: это не файл Excel (.xlsx) или он повреждён.")
	}
	return err
}

func resolve(folder, target string) string {
	if strings.HasPrefix(target, "/") {
		return target[1:]
	}
	return path.Join(folder, target)
}

// styles finds out which cell formats are dates.
func (b *Book) styles() error {
	custom := map[string]bool{}
	inFormats := false
	return b.each("xl/styles.xml", func(t *xmlrec.Token) {
		switch string(t.Name) {
		case "numFmt":
			if len(custom) < maxStyles {
				custom[attr(t, "numFmtId")] = isDateFormat(attr(t, "formatCode"))
			}
		case "cellXfs":
			inFormats = true
		case "cellStyles", "dxfs", "cellStyleXfs":
			inFormats = false
		case "xf":
			if inFormats && len(b.dates) < maxStyles {
				id := attr(t, "numFmtId")
				n, _ := strconv.Atoi(id)
				b.dates = append(b.dates, custom[id] || builtinDate(n))
			}
		}
	})
}

func builtinDate(id int) bool {
	return id >= 14 && id <= 22 || id >= 27 && id <= 36 || id >= 45 && id <= 47 || id >= 50 && id <= 58
}

// isDateFormat looks for signs of day, month, year outside quotes and brackets.
func isDateFormat(code string) bool {
	quoted, bracket := false, false
	for i := 0; i < len(code); i++ {
		switch c := code[i]; {
		case c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[':
			bracket = true
		case c == ']':
			bracket = false
		case !bracket && strings.IndexByte("dDyYmM", c) >= 0:
			return true
		}
	}
	return false
}
