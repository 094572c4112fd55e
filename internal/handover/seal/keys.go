package seal

import (
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"os"
	"path/filepath"
	"strings"

	"kvit/internal/fault"
)

// Keys are the installation's own: what it signs with and what messages to it are closed for.
type Keys struct {
	sign ed25519.PrivateKey
	box  *ecdh.PrivateKey
}

// Public is the half of a centre's keys that others pin.
type Public struct {
	sign ed25519.PublicKey
	box  *ecdh.PublicKey
}

// keyFile holds both private keys, base64, in the folder of keys.
const keyFile = "handover.key"

// OpenKeys reads the installation's keys, made on first use with the rights of their owner only.
func OpenKeys(dir string) (Keys, error) {
	path := filepath.Join(dir, keyFile)
	text, err := os.ReadFile(path)
	if os.IsNotExist(err) {
		return makeKeys(dir, path)
	}
	if err != nil {
		return Keys{}, fault.Newf(fault.Unavailable, "handover.key", "Ключ передачи домов %s не читается. Проверьте права.", path).Because(err)
	}
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(text)))
	if err == nil && len(raw) == ed25519.SeedSize+32 {
		var box *ecdh.PrivateKey
		if box, err = ecdh.X25519().NewPrivateKey(raw[ed25519.SeedSize:]); err == nil {
			return Keys{ed25519.NewKeyFromSeed(raw[:ed25519.SeedSize]), box}, nil
		}
	}
	return Keys{}, fault.Newf(fault.Invalid, "handover.key_broken", "Ключ передачи домов %s испорчен. Верните его из резервной копии.", path).Because(err)
}

func makeKeys(dir, path string) (Keys, error) {
	k, err := NewKeys()
	if err != nil {
		return k, err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return k, err
	}
	text := base64.StdEncoding.EncodeToString(append(k.sign.Seed(), k.box.Bytes()...))
	return k, os.WriteFile(path, []byte(text+"\n"), 0o600)
}

// NewKeys makes keys.
func NewKeys() (k Keys, err error) {
	if _, k.sign, err = ed25519.GenerateKey(nil); err != nil {
		return k, err
	}
	k.box, err = ecdh.X25519().GenerateKey(rand.Reader)
	return k, err
}

// Public is the half to give to others.
func (k Keys) Public() Public {
	return Public{k.sign.Public().(ed25519.PublicKey), k.box.PublicKey()}
}

// publicPrefix begins the text of a public key.
const publicPrefix = "kvit1."

// String is the key as it is handed over: kvit1. and the two keys in base64url.
func (p Public) String() string {
	if p.box == nil {
		return ""
	}
	return publicPrefix + base64.RawURLEncoding.EncodeToString(append([]byte(p.sign), p.box.Bytes()...))
}

// Fingerprint is short enough to be read out over the telephone: 80 bits of the key's SHA-256 in groups of four signs.
func (p Public) Fingerprint() string {
	sum := sha256.Sum256([]byte(p.String()))
	text := hex.EncodeToString(sum[:10])
	var groups []string
	for ; len(text) > 0; text = text[4:] {
		groups = append(groups, text[:4])
	}
	return strings.Join(groups, " ")
}

// ParsePublic reads what String gives. Invalid when it is anything else.
func ParsePublic(text string) (p Public, err error) {
	bad := fault.New(fault.Invalid, "handover.public_key", "Это не ключ центра: он начинается с kvit1. и печатается командой kvit handover key.").WithField("key")
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), publicPrefix)
	raw, err := base64.RawURLEncoding.DecodeString(rest)
	if err != nil || !ok || len(raw) != ed25519.PublicKeySize+32 {
		return p, bad.Because(err)
	}
	p.sign = ed25519.PublicKey(raw[:ed25519.PublicKeySize])
	if p.box, err = ecdh.X25519().NewPublicKey(raw[ed25519.PublicKeySize:]); err != nil {
		return p, bad.Because(err)
	}
	return p, nil
}
