package esia

import (
	"bytes"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os/exec"
	"strings"
	"time"
)

// toolTimeout is how long an outside program or service may take to sign or verify.
const toolTimeout = 10 * time.Second

// Command signs and verifies by a program of the installation, which has the keys: «PROGRAM sign» takes data and gives the
// signature (DER), «PROGRAM verify ALG SIGNATURE» (base64) takes the data and ends with 0 when the signature is right.
type Command struct{ Path string }

// Sign runs the program.
func (c Command) Sign(ctx context.Context, data []byte) ([]byte, error) {
	return c.run(ctx, data, "sign")
}

// Verify runs the program.
func (c Command) Verify(ctx context.Context, alg string, signed, signature []byte) error {
	_, err := c.run(ctx, signed, "verify", alg, base64.StdEncoding.EncodeToString(signature))
	return err
}

func (c Command) run(ctx context.Context, input []byte, args ...string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, toolTimeout)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.Path, args...)
	var told bytes.Buffer
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), &told
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("%s %s: %w: %.200s", c.Path, args[0], err, told.String())
	}
	return out, nil
}

// Service signs and verifies by a service of the installation: POST URL/sign, POST URL/verify?alg=…&signature=…, 200 is yes.
type Service struct {
	URL  string
	HTTP *http.Client // nil: one with a time limit
}

// Sign asks the service.
func (s Service) Sign(ctx context.Context, data []byte) ([]byte, error) {
	return s.post(ctx, "/sign", data)
}

// Verify asks the service.
func (s Service) Verify(ctx context.Context, alg string, signed, signature []byte) error {
	q := url.Values{"alg": {alg}, "signature": {base64.StdEncoding.EncodeToString(signature)}}
	_, err := s.post(ctx, "/verify?"+q.Encode(), signed)
	return err
}

func (s Service) post(ctx context.Context, path string, body []byte) ([]byte, error) {
	client := s.HTTP
	if client == nil {
		client = &http.Client{Timeout: toolTimeout}
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, strings.TrimRight(s.URL, "/")+path, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/octet-stream")
	resp, err := client.Do(r)
	if err != nil {
		return nil, fmt.Errorf("signing service: %w", err)
	}
	defer resp.Body.Close()
	out, err := io.ReadAll(io.LimitReader(resp.Body, answerMost))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("signing service: %s", resp.Status)
	}
	return out, err
}

// Certificate verifies RSA signatures by a certificate: of the simulator, and of stands that sign so.
type Certificate struct{ Key *rsa.PublicKey }

// ReadCertificate takes a certificate in PEM.
func ReadCertificate(text []byte) (Certificate, error) {
	block, _ := pem.Decode(text)
	if block == nil {
		return Certificate{}, errors.New("no certificate in PEM")
	}
	cert, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return Certificate{}, err
	}
	key, ok := cert.PublicKey.(*rsa.PublicKey)
	if !ok {
		return Certificate{}, errors.New("the key of the certificate is not RSA: use an outside program")
	}
	return Certificate{key}, nil
}

// Verify checks RS256 and RS512; the algorithm is the token's own word, so no other is taken.
func (c Certificate) Verify(_ context.Context, alg string, signed, signature []byte) error {
	switch alg {
	case "RS256":
		sum := sha256.Sum256(signed)
		return rsa.VerifyPKCS1v15(c.Key, crypto.SHA256, sum[:], signature)
	case "RS512":
		sum := sha512.Sum512(signed)
		return rsa.VerifyPKCS1v15(c.Key, crypto.SHA512, sum[:], signature)
	}
	return fmt.Errorf("algorithm %q is not one of the certificate's", alg)
}
