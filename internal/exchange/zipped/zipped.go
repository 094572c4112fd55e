// Package zipped opens archives of registers safely.
//
// Owns: bounds against archives that unpack without end, safe names, code page of names. Does not own: what the
// members are. Unpacked sizes are taken from the directory and counted again while reading, because the
// directory may lie. Archives inside archives are not opened.
package zipped

import (
	"archive/zip"
	"io"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"kvit/internal/fault"
)

// Bounds (reliability.md, section 10).
const (
	MaxMembers  = 100
	MaxUnpacked = 2 << 30
	MaxRatio    = 100       // unpacked to packed, judged after RatioGrace bytes
	RatioGrace  = 100 << 10 // unpacked bytes that are always allowed
)

// Member is one file of an archive.
type Member struct {
	Name string // in UTF-8, with forward slashes
	Size int64
	file *zip.File
}

// Signature is how an archive begins.
const Signature = "PK\x03\x04"

// Open lists the files of an archive, folders left out. Every bound that the directory shows is checked here.
func Open(r io.ReaderAt, size int64) ([]Member, error) {
	return open(r, size, MaxMembers)
}

// OpenBook is Open for workbooks, which are archives too and may hold many more parts.
func OpenBook(r io.ReaderAt, size int64) ([]Member, error) {
	return open(r, size, 100*MaxMembers)
}

func open(r io.ReaderAt, size int64, limit int) ([]Member, error) {
	z, err := zip.NewReader(r, size)
	if err != nil && err != zip.ErrInsecurePath {
		return nil, fault.New(fault.Invalid, "zip.broken", "Архив не открывается: он повреждён или передан не целиком.").Because(err)
	}
	if len(z.File) > limit {
		return nil, fault.Newf(fault.Invalid, "zip.too_many", "В архиве больше %d файлов.", limit)
	}
	var members []Member
	var total uint64
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") || litter(f.Name) {
			continue
		}
		m, err := check(f)
		if err != nil {
			return nil, err
		}
		if total += f.UncompressedSize64; total > MaxUnpacked {
			return nil, bomb(m.Name)
		}
		members = append(members, m)
	}
	return members, overlap(z.File)
}

// litter tells the members archivers of other systems add by themselves: they hold nothing of the sender's.
func litter(name string) bool {
	base := path.Base(strings.ReplaceAll(name, `\`, "/"))
	return strings.HasPrefix(name, "__MACOSX/") || base == ".DS_Store" || strings.EqualFold(base, "thumbs.db") || strings.EqualFold(base, "desktop.ini")
}

func check(f *zip.File) (Member, error) {
	name := f.Name
	if f.NonUTF8 {
		if decoded, err := charmap.CodePage866.NewDecoder().String(name); err == nil {
			name = decoded
		}
	}
	name = strings.ReplaceAll(name, `\`, "/")
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return Member{}, fault.Newf(fault.Invalid, "zip.path", "Имя файла в архиве ведёт за его пределы: «%s». Соберите архив без папок.", path.Base(name))
	}
	if f.Flags&1 != 0 {
		return Member{}, fault.New(fault.Invalid, "zip.encrypted", "Архив закрыт паролем. Передайте его без пароля.")
	}
	if f.UncompressedSize64 > RatioGrace && f.UncompressedSize64 > MaxRatio*f.CompressedSize64 {
		return Member{}, bomb(name)
	}
	return Member{Name: name, Size: int64(f.UncompressedSize64), file: f}, nil
}

// overlap refuses archives whose members share bytes, the trick of the denser bombs.
func overlap(files []*zip.File) error {
	type piece struct{ from, to int64 }
	var pieces []piece
	for _, f := range files {
		from, err := f.DataOffset()
		if err != nil {
			return fault.New(fault.Invalid, "zip.broken", "Архив не открывается: он повреждён или передан не целиком.").Because(err)
		}
		to := from + int64(f.CompressedSize64)
		for _, p := range pieces {
			if from < p.to && p.from < to {
				return bomb(f.Name)
			}
		}
		if to > from && len(pieces) < MaxMembers {
			pieces = append(pieces, piece{from, to})
		}
	}
	return nil
}

func bomb(name string) error {
	return fault.Newf(fault.Invalid, "zip.bomb", "Архив распаковывается в слишком большой объём («%s»). Передайте файлы без архива или частями.", path.Base(name))
}

// Open reads the member, counting: more bytes than the bounds allow end it with zip.bomb.
func (m Member) Open() (io.ReadCloser, error) {
	r, err := m.file.Open()
	if err != nil {
		return nil, fault.Newf(fault.Invalid, "zip.broken", "Файл в архиве не открывается: «%s».", m.Name).Because(err)
	}
	allowed := min(int64(MaxUnpacked), max(int64(RatioGrace), MaxRatio*int64(m.file.CompressedSize64)))
	return &counted{ReadCloser: r, left: allowed, name: m.Name}, nil
}

type counted struct {
	io.ReadCloser
	left int64
	name string
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, bomb(c.name)
	}
	if err != nil && err != io.EOF {
		return n, fault.Newf(fault.Invalid, "zip.broken", "Архив повреждён или передан не целиком: «%s».", c.name).Because(err)
	}
	return n, err
}

// IsArchive tells whether the name says that a member is an archive itself.
func (m Member) IsArchive() bool {
	switch strings.ToLower(path.Ext(m.Name)) {
	case ".zip", ".rar", ".7z", ".gz", ".tar":
		return true
	}
	return false
}
