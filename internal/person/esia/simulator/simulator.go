// Package simulator is a ЕСИА for trials: pages of consent, codes, signed tokens, data of made-up people, and the service that
// signs for the installation. It speaks the protocol of package esia over HTTP, and its quirks on request.
package simulator

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/hex"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Quirks: what real stands did, and what a forger would.
const (
	Skew    = "skew"    // tokens begin a minute in the future
	Text    = "text"    // numbers and truths come as texts
	NoID    = "noid"    // no id_token
	Foreign = "foreign" // the state of the answer is another's
	Forged  = "forged"  // tokens are signed by another key
	Expired = "expired" // tokens are over
	Down    = "down"    // the token service answers 503
)

// Quirks are all of them.
var Quirks = []string{Skew, Text, NoID, Foreign, Forged, Expired, Down}

// Person is somebody made up who may sign in.
type Person struct {
	ID                  int64
	First, Middle, Last string
	SNILS               string
	Trusted             bool
	Level               string // as the page of consent says it
}

// People are those the page of consent offers.
var People = []Person{
	{1000298933, "Мария", "Петровна", "Пробная", "000-000-600 01", true, "подтверждённая запись"},
	{1000298934, "Пётр", "Иванович", "Проверкин", "000-000-600 02", false, "стандартная запись"},
	{1000298935, "Анна", "Сергеевна", "Черновая", "", false, "упрощённая запись"},
}

// Options set a simulator.
type Options struct {
	ClientID string
	Quirks   []string
	Now      func() time.Time
}

// grant is a consent that was given, by its code.
type grant struct {
	person      Person
	redirect    string
	state       string
	scope       string
	spentBefore bool
}

// Simulator is one ЕСИА.
type Simulator struct {
	o      Options
	key    *rsa.PrivateKey
	forger *rsa.PrivateKey
	client *rsa.PrivateKey // of the installation: the signing service has it
	cert   *x509.Certificate
	own    *x509.Certificate

	mu     sync.Mutex
	grants map[string]*grant
	tokens map[string]Person
}

const keyBits = 2048

// New makes a simulator with keys of its own.
func New(o Options) (*Simulator, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	for _, q := range o.Quirks {
		if !slices.Contains(Quirks, q) {
			return nil, fmt.Errorf("quirk %q is not known", q)
		}
	}
	s := &Simulator{o: o, grants: map[string]*grant{}, tokens: map[string]Person{}}
	var err error
	for _, k := range []**rsa.PrivateKey{&s.key, &s.forger, &s.client} {
		if *k, err = rsa.GenerateKey(rand.Reader, keyBits); err != nil {
			return nil, err
		}
	}
	if s.own, err = certificate("ЕСИА для проб", s.key, o.Now()); err != nil {
		return nil, err
	}
	s.cert, err = certificate(o.ClientID, s.client, o.Now())
	return s, err
}

func certificate(name string, key *rsa.PrivateKey, now time.Time) (*x509.Certificate, error) {
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: now.Add(-time.Hour), NotAfter: now.AddDate(1, 0, 0)}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		return nil, err
	}
	return x509.ParseCertificate(der)
}

// Certificate is what tokens are checked by, PEM.
func (s *Simulator) Certificate() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: s.own.Raw})
}

func (s *Simulator) has(quirk string) bool { return slices.Contains(s.o.Quirks, quirk) }

func secret() string {
	b := make([]byte, 16)
	rand.Read(b)
	return hex.EncodeToString(b)
}

// Handler serves ЕСИА and, below /signer, the installation's signing service.
func (s *Simulator) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /aas/oauth2/v2/ac", s.consent)
	mux.HandleFunc("POST /aas/oauth2/v2/ac", s.decide)
	mux.HandleFunc("POST /aas/oauth2/v3/te", s.token)
	mux.HandleFunc("GET /rs/prns/{id}", s.person)
	mux.HandleFunc("GET /certificate.pem", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/x-pem-file")
		_, _ = w.Write(s.Certificate())
	})
	mux.HandleFunc("POST /signer/sign", s.sign)
	mux.HandleFunc("POST /signer/verify", s.verify)
	return mux
}
