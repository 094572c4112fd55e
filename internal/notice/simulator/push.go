package simulator

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"io"
	"math/big"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Service is a push service together with the browsers behind it: it gives subscriptions, and opens what is sealed for them.
type Service struct {
	heard
	base     string
	browsers map[string]*browser // under heard.mu
}

type browser struct {
	key    *ecdh.PrivateKey
	secret []byte
	gone   bool
}

// NewService makes a push service reached at a base address.
func NewService(o Options, base string) *Service {
	return &Service{heard: newHeard(o), base: base, browsers: map[string]*browser{}}
}

// Handler serves the protocol, and POST /subscribe that gives a subscription as a browser writes it.
func (s *Service) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /push/{id}", s.push)
	mux.HandleFunc("POST /subscribe", func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, s.Subscribe()) }) //nolint:errcheck // the client is away
	mux.HandleFunc("GET /got", func(w http.ResponseWriter, _ *http.Request) { answer(w, s.Got()) })
	return mux
}

var plain = base64.RawURLEncoding

// Subscribe makes a browser and gives its subscription.
func (s *Service) Subscribe() string {
	key, err := ecdh.P256().GenerateKey(rand.Reader)
	if err != nil {
		panic(err) // the system has no random numbers
	}
	b := &browser{key: key, secret: make([]byte, 16)}
	rand.Read(b.secret) //nolint:errcheck // it never fails
	s.mu.Lock()
	defer s.mu.Unlock()
	id := strconv.Itoa(len(s.browsers) + 1)
	s.browsers[id] = b
	text, err := json.Marshal(object{"endpoint": s.base + "/push/" + id, "keys": object{"p256dh": plain.EncodeToString(key.PublicKey().Bytes()), "auth": plain.EncodeToString(b.secret)}})
	if err != nil {
		panic(err) // two texts
	}
	return string(text)
}

// Leave makes a browser go: its subscription is answered with 410 from now on.
func (s *Service) Leave(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.browsers[id].gone = true
}

func (s *Service) push(w http.ResponseWriter, r *http.Request) {
	f := s.draw()
	body, err := io.ReadAll(io.LimitReader(r.Body, 4097))
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.browsers[r.PathValue("id")]
	switch {
	case f.fail:
		w.WriteHeader(http.StatusServiceUnavailable)
	case f.busy:
		w.WriteHeader(http.StatusTooManyRequests)
	case b == nil || b.gone || f.refuse:
		w.WriteHeader(http.StatusGone)
	case err != nil || len(body) > 4096:
		w.WriteHeader(http.StatusRequestEntityTooLarge)
	case signed(r.Header.Get("Authorization"), s.base) != nil:
		w.WriteHeader(http.StatusForbidden)
	case r.Header.Get("Content-Encoding") != "aes128gcm" || r.Header.Get("TTL") == "":
		w.WriteHeader(http.StatusBadRequest)
	default:
		s.show(w, b, body, r.PathValue("id"), f)
	}
}

// show opens a message on its browser; the lock is held.
func (s *Service) show(w http.ResponseWriter, b *browser, body []byte, id string, f fate) {
	text, err := b.open(body)
	var n struct{ Title, Text, Tag string }
	if err != nil || json.Unmarshal(text, &n) != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if !f.undelivered {
		s.keep(Got{Kind: Push, To: id, Subject: n.Title, Text: n.Text, At: time.Now()})
	}
	if f.lose {
		hangUp()
	}
	w.Header().Set("Location", s.base+"/message/"+strconv.Itoa(len(s.list)))
	w.WriteHeader(http.StatusCreated)
}

var errForged = errors.New("not signed by the key it names")

// signed checks the signature of RFC 8292: «vapid t=…, k=…», a token for this service that has not run out.
func signed(header, base string) error {
	rest, ok := strings.CutPrefix(header, "vapid t=")
	token, key, parted := strings.Cut(rest, ", k=")
	parts := strings.Split(token, ".")
	if !ok || !parted || len(parts) != 3 {
		return errForged
	}
	point, err := plain.DecodeString(key)
	if err != nil {
		return errForged
	}
	signature, wrong := plain.DecodeString(parts[2])
	if wrong != nil || len(signature) != 64 {
		return errForged
	}
	public, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), point)
	if err != nil {
		return errForged
	}
	digest := sha256.Sum256([]byte(parts[0] + "." + parts[1]))
	if !ecdsa.Verify(public, digest[:], new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])) {
		return errForged
	}
	text, err := plain.DecodeString(parts[1])
	var claims struct {
		Aud string
		Exp int64
	}
	if err != nil || json.Unmarshal(text, &claims) != nil || claims.Aud != base || claims.Exp < time.Now().Unix() {
		return errForged
	}
	return nil
}

// open opens what RFC 8291 seals: salt, size of a record, the sender's key, one record.
func (b *browser) open(body []byte) ([]byte, error) {
	if len(body) < 21 || len(body) < 21+int(body[20]) || binary.BigEndian.Uint32(body[16:20]) < uint32(len(body)-21-int(body[20])) {
		return nil, errors.New("too short for a header")
	}
	salt, point, record := body[:16], body[21:21+int(body[20])], body[21+int(body[20]):]
	sender, err := ecdh.P256().NewPublicKey(point)
	if err != nil {
		return nil, err
	}
	shared, err := b.key.ECDH(sender)
	if err != nil {
		return nil, err
	}
	info := "WebPush: info\x00" + string(b.key.PublicKey().Bytes()) + string(point)
	secret, err := hkdf.Key(sha256.New, shared, b.secret, info, 32)
	if err != nil {
		return nil, err
	}
	key, err := hkdf.Key(sha256.New, secret, salt, "Content-Encoding: aes128gcm\x00", 16)
	if err != nil {
		return nil, err
	}
	nonce, err := hkdf.Key(sha256.New, secret, salt, "Content-Encoding: nonce\x00", 12)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	text, err := gcm.Open(nil, nonce, record, nil)
	if err != nil {
		return nil, err
	}
	end := strings.LastIndexByte(strings.TrimRight(string(text), "\x00"), 2)
	if end < 0 {
		return nil, errors.New("no end of the text")
	}
	return text[:end], nil
}
