package register

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/zipped"
	"kvit/internal/fault"
)

// OpenFile opens a register on disk, with the memo file of a DBF table beside it. Close it when done.
func OpenFile(name string) (File, func() error, error) {
	f, err := os.Open(name)
	if err != nil {
		return File{}, nil, fault.Newf(fault.NotFound, "file.not_found", "Файл не открывается: %s.", filepath.Base(name)).Because(err)
	}
	info, err := f.Stat()
	if err != nil {
		return File{}, nil, err
	}
	file := File{Name: filepath.Base(name), Data: f, Size: info.Size()}
	memo := openMemo(name)
	if memo == nil {
		return file, f.Close, nil
	}
	file.Memo = memo
	return file, func() error { memo.Close(); return f.Close() }, nil
}

func openMemo(name string) *os.File {
	base := strings.TrimSuffix(name, filepath.Ext(name))
	if !strings.EqualFold(filepath.Ext(name), ".dbf") {
		return nil
	}
	for _, ext := range []string{".fpt", ".FPT", ".dbt", ".DBT"} {
		if f, err := os.Open(base + ext); err == nil {
			return f
		}
	}
	return nil
}

// input is a file ready to be read: unpacked if it was an archive.
type input struct {
	File
	stream *bufio.Reader
	member string
	close  []func() error
}

func (in *input) Close() {
	for i := len(in.close) - 1; i >= 0; i-- {
		in.close[i]()
	}
}

// openInput looks through an archive around the register. A workbook is an archive itself and stays as it is.
func openInput(f File, p *Profile) (*input, error) {
	in := &input{File: f}
	if f.Size == 0 {
		return nil, fault.New(fault.Invalid, "file.empty", "Файл пуст. Передайте его ещё раз.")
	}
	if !begins(f, zipped.Signature) {
		in.stream = bufio.NewReaderSize(io.NewSectionReader(f.Data, 0, f.Size), charset.SampleSize)
		return in, nil
	}
	members, err := zipped.OpenBook(f.Data, f.Size)
	if err != nil {
		return nil, err
	}
	if isBook(members) {
		return in, nil
	}
	if members, err = zipped.Open(f.Data, f.Size); err != nil {
		return nil, err
	}
	m, err := choose(members, p)
	if err != nil {
		return nil, err
	}
	return in, in.unpack(m, p)
}

func begins(f File, signature string) bool {
	head := make([]byte, len(signature))
	n, _ := f.Data.ReadAt(head, 0)
	return string(head[:n]) == signature
}

func isBook(members []zipped.Member) bool {
	for _, m := range members {
		if strings.EqualFold(m.Name, "[Content_Types].xml") {
			return true
		}
	}
	return false
}

// choose finds the register in an archive: the only file, or the one the profile names.
func choose(members []zipped.Member, p *Profile) (zipped.Member, error) {
	var found []zipped.Member
	for _, m := range members {
		if len(members) == 1 || p.Matches(m.Name) {
			found = append(found, m)
		}
	}
	if len(found) != 1 {
		return zipped.Member{}, fault.Newf(fault.Invalid, "zip.which", "В архиве файлов: %d, из них подходят профилю: %d. Оставьте один файл.", len(members), len(found))
	}
	if found[0].IsArchive() {
		return zipped.Member{}, fault.New(fault.Invalid, "zip.nested", "В архиве лежит ещё один архив. Передайте файл в одном архиве.")
	}
	return found[0], nil
}

// Matches tells whether a file name is the profile's: its own name or its mask.
func (p *Profile) Matches(name string) bool {
	base := path.Base(filepath.ToSlash(name))
	if p.FileMask != "" {
		mask, err := regexp.Compile(p.FileMask)
		return err == nil && mask.MatchString(base)
	}
	return p.File != "" && strings.EqualFold(base, path.Base(filepath.ToSlash(p.File)))
}

// FileParts are the named groups of the mask in a file name: date, number, account.
func (p *Profile) FileParts(name string) map[string]string {
	mask, err := regexp.Compile(p.FileMask)
	if p.FileMask == "" || err != nil {
		return nil
	}
	match := mask.FindStringSubmatch(path.Base(filepath.ToSlash(name)))
	parts := map[string]string{}
	for i, group := range mask.SubexpNames() {
		if group != "" && i < len(match) {
			parts[group] = match[i]
		}
	}
	return parts
}

// unpack opens the member as a stream; a workbook needs to be read at any place and goes to a temporary file.
func (in *input) unpack(m zipped.Member, p *Profile) error {
	in.member = m.Name
	in.Name = path.Base(m.Name)
	r, err := m.Open()
	if err != nil {
		return err
	}
	in.close = append(in.close, r.Close)
	if p.Kind != KindXLSX && p.Kind != KindXLSXGrouped {
		in.Data = nil
		in.stream = bufio.NewReaderSize(r, charset.SampleSize)
		return nil
	}
	f, err := os.CreateTemp("", "kvit-book-*")
	if err != nil {
		return err
	}
	os.Remove(f.Name())
	in.close = append(in.close, f.Close)
	in.Size, err = io.Copy(f, r)
	in.Data = f
	return err
}

// sample is the beginning of the stream, not taken from it; whole says that there is no more.
func (in *input) sample() (head []byte, whole bool) {
	head, err := in.stream.Peek(charset.SampleSize)
	return head, err != nil
}

// farSample looks further into a file whose beginning has no letters to judge by.
func (in *input) farSample(from int64) []byte {
	if in.Data == nil {
		return nil
	}
	buf := make([]byte, 1<<20)
	for at := from; at < in.Size; {
		n, err := in.Data.ReadAt(buf, at)
		if i := firstHigh(buf[:n]); i >= 0 {
			more, _ := in.Data.ReadAt(buf[:charset.SampleSize], at+int64(i))
			return buf[:more]
		}
		at += int64(n)
		if err != nil {
			return nil
		}
	}
	return nil
}

func firstHigh(b []byte) int {
	return bytes.IndexFunc(b, func(r rune) bool { return r >= 0x80 })
}
