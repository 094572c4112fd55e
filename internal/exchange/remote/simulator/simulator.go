// Package simulator is an SFTP server for tests and trials: accounts with passwords, a folder, and faults on demand. It
// drops connections in the middle of a file, has a full disk, is slow, refuses to rename or to remove.
//
// It keeps nothing but the folder and its own key.
package simulator

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/subtle"
	"encoding/pem"
	"errors"
	"io"
	"log/slog"
	mrand "math/rand/v2"
	"net"
	"os"
	"path"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// Options set the simulator's temper. Probabilities are 0 to 1.
type Options struct {
	Dir      string            // what clients see as /
	Users    map[string]string // passwords by names
	KeyFile  string            // the server's own key, made when it is not there
	Drop     float64           // writes that end in a dropped connection
	Full     int64             // bytes the disk takes in all; 0 is no bound
	Slow     time.Duration     // each write or read takes
	NoRename float64           // renames refused
	NoRemove float64           // removals refused
	Seed     uint64
}

// Server is an SFTP server.
type Server struct {
	o       Options
	config  *ssh.ServerConfig
	key     ssh.Signer
	root    *os.Root
	mu      sync.Mutex
	rng     *mrand.Rand
	written atomic.Int64
}

// New makes a server; it listens by Serve.
func New(o Options) (*Server, error) {
	s := &Server{o: o, rng: mrand.New(mrand.NewPCG(o.Seed, 1))}
	if err := os.MkdirAll(o.Dir, 0o750); err != nil {
		return nil, err
	}
	var err error
	if s.root, err = os.OpenRoot(o.Dir); err != nil {
		return nil, err
	}
	if s.key, err = hostKey(o.KeyFile); err != nil {
		return nil, err
	}
	s.config = &ssh.ServerConfig{PasswordCallback: func(c ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
		want, known := o.Users[c.User()]
		if !known || subtle.ConstantTimeCompare([]byte(want), password) != 1 {
			return nil, errors.New("wrong name or password")
		}
		return nil, nil
	}}
	s.config.AddHostKey(s.key)
	return s, nil
}

// Fingerprint is that of the server's key, as clients pin it.
func (s *Server) Fingerprint() string { return ssh.FingerprintSHA256(s.key.PublicKey()) }

// hostKey reads the server's key or makes it; without a file it lasts as long as the server.
func hostKey(file string) (ssh.Signer, error) {
	if text, err := os.ReadFile(file); err == nil {
		return ssh.ParsePrivateKey(text)
	}
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		return nil, err
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		return nil, err
	}
	text := pem.EncodeToMemory(block)
	if file != "" {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			return nil, err
		}
	}
	return ssh.ParsePrivateKey(text)
}

// Serve takes connections until the context ends.
func (s *Server) Serve(ctx context.Context, l net.Listener) error {
	stop := context.AfterFunc(ctx, func() { l.Close() })
	defer stop()
	for {
		conn, err := l.Accept()
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		go s.serve(ctx, conn)
	}
}

// serve speaks with one client.
func (s *Server) serve(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	_, channels, requests, err := ssh.NewServerConn(conn, s.config)
	if err != nil {
		slog.Debug("sftp simulator", "error", err)
		return
	}
	go ssh.DiscardRequests(requests)
	for c := range channels {
		if c.ChannelType() != "session" {
			if err := c.Reject(ssh.UnknownChannelType, "sessions only"); err != nil {
				return
			}
			continue
		}
		channel, requests, err := c.Accept()
		if err != nil {
			return
		}
		go answerSubsystem(requests)
		go s.session(channel, conn)
	}
}

// answerSubsystem agrees to the only thing there is.
func answerSubsystem(requests <-chan *ssh.Request) {
	for r := range requests {
		ok := r.Type == "subsystem" && len(r.Payload) > 4 && string(r.Payload[4:]) == "sftp"
		if err := r.Reply(ok, nil); err != nil {
			return
		}
	}
}

func (s *Server) session(channel ssh.Channel, conn net.Conn) {
	h := &files{Server: s, conn: conn}
	server := sftp.NewRequestServer(channel, sftp.Handlers{FileGet: h, FilePut: h, FileCmd: h, FileList: h})
	if err := server.Serve(); err != nil && err != io.EOF {
		slog.Debug("sftp simulator", "error", err)
	}
	server.Close()
}

// chance tells whether something of a probability happens.
func (s *Server) chance(p float64) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return p > 0 && s.rng.Float64() < p
}

// inRoot is the path of a name within the folder.
func inRoot(name string) string {
	if p := strings.TrimPrefix(path.Clean("/"+name), "/"); p != "" {
		return p
	}
	return "."
}
