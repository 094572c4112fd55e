package remote

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"net"
	"net/url"
	"os"
	"path"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"

	"kvit/internal/fault"
)

// How long a server may take to answer the call, and to say anything later.
const (
	dialTime = 15 * time.Second
	patience = 60 * time.Second
)

// server is a folder of an SFTP server.
type server struct {
	dir    string
	ssh    *ssh.Client
	client *sftp.Client
}

// dial connects to the server of a target.
func dial(ctx context.Context, t *Target) (Folder, error) {
	u, err := url.Parse(t.Folder)
	if err != nil {
		return nil, err
	}
	auth, err := t.auth()
	if err != nil {
		return nil, err
	}
	port := u.Port()
	if port == "" {
		port = "22"
	}
	address := net.JoinHostPort(u.Hostname(), port)
	conn, err := (&net.Dialer{Timeout: dialTime}).DialContext(ctx, "tcp", address)
	if err != nil {
		return nil, away("Сервер %s не отвечает.", address).Because(err)
	}
	c, channels, requests, err := ssh.NewClientConn(progress{conn, patience}, address, &ssh.ClientConfig{
		User: u.User.Username(), Auth: auth, HostKeyCallback: pinned(t.HostKey), Timeout: dialTime,
	})
	if err != nil {
		conn.Close()
		if f := fault.As(err); f.Code == wrongKey {
			return nil, f
		}
		return nil, away("Сервер %s не пустил: проверьте имя, пароль или ключ.", address).Because(err)
	}
	s := &server{dir: path.Clean("/" + u.Path), ssh: ssh.NewClient(c, channels, requests)}
	if s.client, err = sftp.NewClient(s.ssh); err != nil {
		s.ssh.Close()
		return nil, away("Сервер %s не говорит по SFTP.", address).Because(err)
	}
	return s, nil
}

// wrongKey is the code of a server that is another than the one named.
const wrongKey = "remote.other_host"

func pinned(fingerprint string) ssh.HostKeyCallback {
	return func(host string, _ net.Addr, key ssh.PublicKey) error {
		if got := ssh.FingerprintSHA256(key); got != fingerprint {
			return fault.Newf(fault.Unavailable, wrongKey, "Ключ сервера %s другой: %s. Это не тот сервер, или поставщик сменил ключ: спросите его.", host, got)
		}
		return nil
	}
}

func (t *Target) auth() ([]ssh.AuthMethod, error) {
	if t.KeyEnv+t.Key == "" {
		password, err := secret(t.PasswordEnv, t.Password)
		return []ssh.AuthMethod{ssh.Password(string(password))}, err
	}
	text, err := secret(t.KeyEnv, t.Key)
	if err != nil {
		return nil, err
	}
	key, err := ssh.ParsePrivateKey(append(text, '\n'))
	if err != nil {
		return nil, away("Ключ для сервера %s не читается.", t.Host()).Because(err)
	}
	return []ssh.AuthMethod{ssh.PublicKeys(key)}, nil
}

func (s *server) path(name string) string { return path.Join(s.dir, inside(name)) }

// List gives the files of a folder under it.
func (s *server) List(under string) (list []Entry, err error) {
	found, err := s.client.ReadDir(s.path(under))
	if err != nil {
		return nil, away("Папка %s на сервере не читается.", s.path(under)).Because(err)
	}
	for _, info := range found {
		if info.Mode().IsRegular() && !hidden(info.Name()) {
			list = append(list, Entry{info.Name(), info.Size(), info.ModTime()})
		}
	}
	return list, nil
}

// Get writes a file to w.
func (s *server) Get(name string, w io.Writer) error {
	f, err := s.client.Open(s.path(name))
	if err != nil {
		return away("Файл %s на сервере не читается.", name).Because(err)
	}
	defer f.Close()
	if _, err := f.WriteTo(w); err != nil {
		return away("Файл %s прочитан не до конца.", name).Because(err)
	}
	return nil
}

// Put writes under another name and renames.
func (s *server) Put(ctx context.Context, name, tmp string, from io.ReadSeeker, size int64) error {
	if info, err := s.client.Stat(s.path(name)); err == nil {
		return there(name, info.Size(), size)
	}
	f, err := s.client.OpenFile(s.path(tmp), os.O_CREATE|os.O_RDWR)
	if err != nil {
		return unwritten(name, err)
	}
	err = goOn(ctx, f, from, size)
	if err = errors.Join(err, f.Close()); err != nil {
		return unwritten(name, err)
	}
	if info, err := s.client.Stat(s.path(tmp)); err != nil || info.Size() != size {
		return unwritten(name, err)
	}
	if err := s.client.Rename(s.path(tmp), s.path(name)); err != nil { // fails where something has the name
		return away("Сервер не даёт переименовать файл в %s.", name).Because(err)
	}
	return nil
}

// Remove removes a file.
func (s *server) Remove(name string) error {
	err := s.client.Remove(s.path(name))
	var refused *sftp.StatusError
	switch {
	case err == nil, errors.Is(err, fs.ErrNotExist):
		return nil
	case errors.Is(err, fs.ErrPermission), errors.As(err, &refused):
		return kept(name, err)
	}
	return away("Сервер %s не отвечает.", s.ssh.RemoteAddr()).Because(err)
}

// Close ends the connection.
func (s *server) Close() error { return errors.Join(s.client.Close(), s.ssh.Close()) }

// there judges a file that has the name already: one of the same size was put by a try whose end nobody heard of.
func there(name string, have, size int64) error {
	if have == size {
		return nil
	}
	return fault.Newf(fault.Conflict, "remote.exists", "Файл %s там уже есть, и он другой: %d байт вместо %d. Разберитесь с получателем.", name, have, size)
}

func unwritten(name string, err error) error {
	return away("Файл %s не записан: нет места, прав или связи.", name).Because(err)
}
