package webhook

import (
	"crypto/ed25519"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"kvit/internal/fault"
)

// Ways of signing (Standard Webhooks 1.0).
const (
	HMAC    = "hmac"    // HMAC-SHA-256: one secret on both sides
	Ed25519 = "ed25519" // a pair of keys: the receiver has the public one
)

// Prefixes of keys as they are shown.
const (
	secretPrefix  = "whsec_"
	publicPrefix  = "whpk_"
	secretBytes   = 24
	signatureHMAC = "v1,"
	signatureEd   = "v1a,"
)

// newSecret makes a secret of a way of signing.
func newSecret(signing string) ([]byte, error) {
	switch signing {
	case HMAC:
		secret := make([]byte, secretBytes)
		_, err := rand.Read(secret)
		return secret, err
	case Ed25519:
		_, private, err := ed25519.GenerateKey(nil)
		return private, err
	}
	return nil, fault.New(fault.Invalid, "webhook.signing", "Подпись бывает hmac или ed25519.").WithField("signing")
}

// shown is what the receiver checks signatures with: the secret itself, or the public key.
func shown(signing string, secret []byte) string {
	if signing == Ed25519 {
		public := ed25519.PrivateKey(secret).Public().(ed25519.PublicKey)
		return publicPrefix + base64.StdEncoding.EncodeToString(public)
	}
	return secretPrefix + base64.StdEncoding.EncodeToString(secret)
}

// sign is the header webhook-signature: a signature over «id.timestamp.body» by each secret, the newest first.
func sign(signing string, secrets [][]byte, id, timestamp string, body []byte) string {
	content := append([]byte(id+"."+timestamp+"."), body...)
	list := make([]string, len(secrets))
	for i, secret := range secrets {
		if signing == Ed25519 {
			list[i] = signatureEd + base64.StdEncoding.EncodeToString(ed25519.Sign(secret, content))
			continue
		}
		mac := hmac.New(sha256.New, secret)
		mac.Write(content)
		list[i] = signatureHMAC + base64.StdEncoding.EncodeToString(mac.Sum(nil))
	}
	return strings.Join(list, " ")
}
