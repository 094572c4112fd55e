// Package remote reaches folders where files are exchanged: of this computer or its network, and by SFTP.
//
// Owns: connecting, proving who the other side is, putting a file so that nobody sees half of it. Does not own: which
// files, when, and what becomes of them (exchange/courier).
//
// Invariants: a server whose key is not the one that was named is not spoken to; a file appears under its name whole or
// not at all; what was put halfway is gone on with, not begun again.
package remote

import (
	"context"
	"io"
	"net"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"kvit/internal/fault"
)

// Target is a folder of somebody. Secrets are named by the file or the variable of the environment they are in.
type Target struct {
	Folder      string `json:"folder"`             // /srv/out, or sftp://user@host:22/in
	HostKey     string `json:"host_key,omitempty"` // SHA256:… of the server's key
	PasswordEnv string `json:"password_env,omitempty"`
	Password    string `json:"password_file,omitempty"`
	KeyEnv      string `json:"key_env,omitempty"`
	Key         string `json:"key_file,omitempty"`
}

// Entry is a file of a folder.
type Entry struct {
	Name      string
	Size      int64
	ChangedAt time.Time
}

// Folder is an open folder. Names are of files in the folder, or in a folder under it: done/1.txt.
type Folder interface {
	// List gives the files of the folder, or of one under it, but not those that begin with a dot.
	List(under string) ([]Entry, error)
	// Get writes a file to w.
	Get(name string, w io.Writer) error
	// Put puts a file under its name once all of it is there. What lies in tmp already is the beginning of it. A file of
	// the name and size that is there already is left as it is.
	Put(ctx context.Context, name, tmp string, from io.ReadSeeker, size int64) error
	// Remove removes a file; one that has gone is no fault. One that may not be removed is KeptCode.
	Remove(name string) error
	Close() error
}

const scheme = "sftp://"

// IsSFTP tells whether the folder is a server's.
func (t *Target) IsSFTP() bool { return strings.HasPrefix(t.Folder, scheme) }

// Check refuses what could never be opened.
func (t *Target) Check() error {
	if !t.IsSFTP() {
		if !filepath.IsAbs(t.Folder) {
			return fault.Newf(fault.Invalid, "remote.folder", "Папка %q: нужен полный путь, например /srv/obmen/voda, или sftp://имя@узел:22/папка.", t.Folder).WithField("folder")
		}
		return nil
	}
	u, err := url.Parse(t.Folder)
	if err != nil || u.Hostname() == "" || u.User == nil || u.User.Username() == "" {
		return fault.New(fault.Invalid, "remote.address", "Адрес SFTP пишется так: sftp://имя@узел:22/папка.").WithField("folder").Because(err)
	}
	if _, has := u.User.Password(); has {
		return fault.New(fault.Invalid, "remote.password", "Пароль в адресе не пишут: положите его в файл и укажите password_file, или в переменную password_env.").WithField("folder")
	}
	if !strings.HasPrefix(t.HostKey, "SHA256:") {
		return fault.New(fault.Invalid, "remote.host_key", "Нужен отпечаток ключа сервера host_key: SHA256:… – узнайте его у поставщика, не у самого сервера.").WithField("host_key")
	}
	if t.PasswordEnv+t.Password+t.KeyEnv+t.Key == "" {
		return fault.New(fault.Invalid, "remote.secret", "Укажите, где лежит пароль или ключ: password_file, password_env, key_file или key_env.").WithField("password_file")
	}
	return nil
}

// Open opens the folder.
func Open(ctx context.Context, t Target) (Folder, error) {
	if err := t.Check(); err != nil {
		return nil, err
	}
	if t.IsSFTP() {
		return dial(ctx, &t)
	}
	if info, err := os.Stat(t.Folder); err != nil || !info.IsDir() {
		return nil, away("Папки %s нет или она недоступна.", t.Folder).Because(err)
	}
	return local{t.Folder}, nil
}

// Host is the name of the server, for people; empty of a folder.
func (t *Target) Host() string {
	if u, err := url.Parse(t.Folder); err == nil && t.IsSFTP() {
		return u.Host
	}
	return ""
}

// KeptCode is the code of a file whose owner lets nobody remove it.
const KeptCode = "remote.kept"

func kept(name string, err error) error {
	return fault.Newf(fault.Forbidden, KeptCode, "Файл %s взят, но не удалён: нет прав.", name).Because(err)
}

func away(format string, args ...any) *fault.Error {
	return fault.Newf(fault.Unavailable, "remote.away", format, args...)
}

// secret reads what a variable or a file holds, without the end of its line.
func secret(variable, file string) ([]byte, error) {
	if variable != "" {
		if v := os.Getenv(variable); v != "" {
			return []byte(v), nil
		}
		return nil, away("Переменная %s пуста: в ней должен быть пароль или ключ.", variable)
	}
	b, err := os.ReadFile(file)
	if err != nil {
		return nil, away("Файл %s с паролем или ключом не читается.", file).Because(err)
	}
	return []byte(strings.TrimRight(string(b), "\r\n")), nil
}

// progress lets a connection last while something moves, and ends it when nothing does.
type progress struct {
	net.Conn
	patience time.Duration
}

// Read reads as long as patience lasts.
func (c progress) Read(b []byte) (int, error) {
	if err := c.SetReadDeadline(time.Now().Add(c.patience)); err != nil {
		return 0, err
	}
	return c.Conn.Read(b)
}

// Write writes as long as patience lasts.
func (c progress) Write(b []byte) (int, error) {
	if err := c.SetWriteDeadline(time.Now().Add(c.patience)); err != nil {
		return 0, err
	}
	return c.Conn.Write(b)
}

// inside is the path of a name under a folder: never out of it.
func inside(name string) string { return strings.TrimPrefix(path.Clean("/"+name), "/") }

// hidden tells the names of files still being written.
func hidden(name string) bool { return strings.HasPrefix(name, ".") }
