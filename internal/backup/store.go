package backup

import (
	"compress/gzip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"filippo.io/age"

	"kvit/internal/fault"
)

// Names in the folder of copies.
const (
	markName   = "kvit-backup.json"
	chainsName = "chains"
	filesName  = "files"
	lockName   = "lock"
	sealed     = ".age"
)

// Store is a folder of copies, best on another machine's disk.
//
//	kvit-backup.json            what the folder is, the public key
//	files/ab/<digest>.age       files of the folder of data, once each
//	chains/<id>/chain.json      a run of copies without a gap
//	chains/<id>/log.ndjson      its whole copies and changes, in order
//	chains/<id>/<piece>.age     their bytes: gzip, sealed with age
type Store struct {
	dir    string
	public *age.X25519Recipient // nil: only reading
	ids    []age.Identity       // nil: pieces are not opened
}

// mark is the file that says what the folder is.
type mark struct {
	Format int    `json:"format"`
	Public string `json:"public"`
}

// format is that of the folder, as this program writes it.
const format = 1

// Create opens a folder to write copies sealed with a public key into; made when it is missing.
func Create(dir, public string) (*Store, error) {
	if public == "" {
		return nil, fault.New(fault.Invalid, "backup.key", "Копии пишутся только зашифрованными: укажите открытый ключ, --backup-key или KVIT_BACKUP_KEY. Новый ключ: kvit backup key.")
	}
	r, err := parsePublic(public)
	if err != nil {
		return nil, err
	}
	s := &Store{dir: dir, public: r}
	for _, d := range []string{dir, filepath.Join(dir, chainsName), filepath.Join(dir, filesName)} {
		if err := os.MkdirAll(d, 0o750); err != nil {
			return nil, fault.Newf(fault.Unavailable, "backup.dir", "Папка копий %s не создаётся. Проверьте место и права.", d).Because(err)
		}
	}
	if _, err := s.readMark(); err == nil || !errors.Is(err, fs.ErrNotExist) {
		return s, err
	}
	return s, s.replace(markName, mark{format, r.String()})
}

// Open opens a folder of copies to read. secret is the file of the key that opens them; ” when nothing is to be opened.
func Open(dir, secret string) (*Store, error) {
	s := &Store{dir: dir}
	if _, err := s.readMark(); err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fault.Newf(fault.NotFound, "backup.none", "В папке %s нет копий Квита.", dir)
		}
		return nil, err
	}
	if secret == "" {
		return s, nil
	}
	var err error
	s.ids, err = ReadSecret(secret)
	return s, err
}

func (s *Store) readMark() (m mark, err error) {
	b, err := os.ReadFile(filepath.Join(s.dir, markName))
	if err != nil {
		return m, err
	}
	if err := json.Unmarshal(b, &m); err != nil || m.Format != format {
		return m, fault.Newf(fault.Invalid, "backup.format", "Папка копий %s записана другой версией Квита.", s.dir).Because(err)
	}
	return m, nil
}

// replace writes a small file whole or not at all.
func (s *Store) replace(name string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	return replaceFile(filepath.Join(s.dir, name), b)
}

func replaceFile(path string, b []byte) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".part-*")
	if err != nil {
		return noSpace(err)
	}
	defer os.Remove(f.Name())
	_, err = f.Write(b)
	if err = errors.Join(err, f.Sync(), f.Close()); err == nil {
		err = os.Rename(f.Name(), path)
	}
	return noSpace(errors.Join(err, syncDir(filepath.Dir(path))))
}

func noSpace(err error) error {
	if err == nil {
		return nil
	}
	return fault.New(fault.Unavailable, "backup.write", "Копия не записалась: проверьте место и права в папке копий.").Because(err)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// lock keeps writers (shared) and the one who removes (alone) apart; Conflict when the other is at it.
func (s *Store) lock(alone bool) (unlock func(), err error) {
	f, err := os.OpenFile(filepath.Join(s.dir, lockName), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, noSpace(err)
	}
	how := syscall.LOCK_SH
	if alone {
		how = syscall.LOCK_EX
	}
	if err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, fault.New(fault.Conflict, "backup.busy", "С папкой копий сейчас работает другая команда. Повторите позже.").Because(err)
	}
	return func() { f.Close() }, nil
}

// Piece is a sealed file of the folder of copies.
type Piece struct {
	Name   string `json:"name"`
	Size   int64  `json:"size"`   // of its bytes before they are packed
	Plain  string `json:"plain"`  // SHA-256 of them
	Stored int64  `json:"stored"` // as it lies
	Digest string `json:"digest"` // SHA-256 of the file as it lies
}

// put seals what write gives into a file and reads it back: what is there is what was written. The file is whole or absent.
func (s *Store) put(path string, write func(io.Writer) error) (p Piece, err error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return p, noSpace(err)
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".part-*")
	if err != nil {
		return p, noSpace(err)
	}
	defer os.Remove(f.Name())
	stored, plain := &counted{h: sha256.New(), w: f}, &counted{h: sha256.New()}
	seal, err := age.Encrypt(stored, s.public)
	if err != nil {
		f.Close()
		return p, err
	}
	zip, _ := gzip.NewWriterLevel(seal, gzip.BestSpeed) // the level is right
	plain.w = zip
	if err := write(plain); err != nil {
		f.Close()
		return p, err
	}
	if err := errors.Join(zip.Close(), seal.Close(), f.Sync(), f.Close()); err != nil {
		return p, noSpace(err)
	}
	p = Piece{Name: filepath.Base(path), Size: plain.n, Plain: plain.digest(), Stored: stored.n, Digest: stored.digest()}
	if err := sameBytes(f.Name(), p); err != nil {
		return p, err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return p, noSpace(err)
	}
	return p, noSpace(syncDir(filepath.Dir(path)))
}

// sameBytes reads a piece back as it lies.
func sameBytes(path string, p Piece) error {
	f, err := os.Open(path)
	if err != nil {
		return missing(p, err)
	}
	defer f.Close()
	h := sha256.New()
	n, err := io.Copy(h, f)
	if err != nil || n != p.Stored || hex.EncodeToString(h.Sum(nil)) != p.Digest {
		return broken(p, err)
	}
	return nil
}

func missing(p Piece, err error) error {
	return fault.Newf(fault.Conflict, "backup.missing", "В копии не хватает файла %s.", p.Name).Because(err)
}

func broken(p Piece, err error) error {
	return fault.Newf(fault.Conflict, "backup.broken", "Файл копии %s испорчен: отпечаток другой.", p.Name).Because(err)
}

// open opens a sealed file for reading; its end is checked against what was written.
func (s *Store) open(path string, p Piece, read func(io.Reader) error) error {
	if s.ids == nil {
		return fault.New(fault.Invalid, "backup.key", "Копия зашифрована: укажите файл секретного ключа, --key.")
	}
	f, err := os.Open(path)
	if err != nil {
		return missing(p, err)
	}
	defer f.Close()
	plain, err := age.Decrypt(f, s.ids...)
	if err != nil {
		var wrong *age.NoIdentityMatchError
		if errors.As(err, &wrong) {
			return fault.New(fault.Invalid, "backup.key", "Этот ключ не открывает копии: они зашифрованы другим.").Because(err)
		}
		return broken(p, err)
	}
	zip, err := gzip.NewReader(plain)
	if err != nil {
		return broken(p, err)
	}
	in, c := &failing{r: zip}, &counted{h: sha256.New()}
	err = read(io.TeeReader(in, c))
	if err == nil {
		_, err = io.Copy(c, in) // what the reader left
	}
	if in.failed != nil || err == nil && (c.n != p.Size || c.digest() != p.Plain) {
		return broken(p, in.failed)
	}
	return err
}

// failing remembers what went wrong with the sealed bytes, apart from what goes wrong with whoever reads them.
type failing struct {
	r      io.Reader
	failed error
}

func (f *failing) Read(b []byte) (int, error) {
	n, err := f.r.Read(b)
	if err != nil && !errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		f.failed = err
	}
	return n, err
}

// counted counts and digests what goes through it.
type counted struct {
	w io.Writer
	h hash.Hash
	n int64
}

func (c *counted) Write(b []byte) (int, error) {
	c.h.Write(b)
	c.n += int64(len(b))
	if c.w == nil {
		return len(b), nil
	}
	return c.w.Write(b)
}

func (c *counted) digest() string { return hex.EncodeToString(c.h.Sum(nil)) }

// reading ends a long read when the context does.
type reading struct {
	ctx context.Context
	r   io.Reader
}

func (x reading) Read(b []byte) (int, error) {
	if err := x.ctx.Err(); err != nil {
		return 0, fmt.Errorf("copying: %w", err)
	}
	return x.r.Read(b)
}
