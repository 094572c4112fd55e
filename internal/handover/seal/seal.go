// Package seal closes messages between two installations: each is encrypted to the one that receives it and signed by the
// one that sends it, by keys both have exchanged and pinned beforehand.
//
// Owns: the installation's keys of hand-over, the form of a closed message. Does not own: what messages say (handover), whose
// keys are believed (handover's peers).
//
// Invariants: a signature covers every field of a message, the receiver and the ciphertext too, so a message cannot be
// turned to another receiver, number or house; a message that was changed does not open. Ed25519 (RFC 8032), X25519 (RFC
// 7748), HKDF with SHA-256 (RFC 5869), AES-256-GCM (NIST SP 800-38D).
package seal

import (
	"bytes"
	"compress/gzip"
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdh"
	"crypto/ed25519"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"

	"kvit/internal/fault"
)

// Format names the form of messages; another form is refused.
const Format = "kvit-handover/1"

// BodyMax bounds what a message holds once it is opened, bytes.
const BodyMax = 256 << 20

// Message is a closed message. Everything but the body may be read by whoever carries it.
type Message struct {
	Format    string `json:"format"`
	Handover  string `json:"handover"` // whose step it is, a UUID
	Kind      string `json:"kind"`
	Number    int    `json:"number"` // of the sender's messages about this hand-over, from 1; 0 asks and is not kept
	Have      int    `json:"have"`   // the last of the receiver's messages about it that the sender has worked
	From      string `json:"from"`   // public keys
	To        string `json:"to"`
	MadeAt    string `json:"madeAt"` // RFC 3339
	Ephemeral []byte `json:"ephemeral"`
	Body      []byte `json:"body"`
	Signature []byte `json:"signature"`
}

// Close puts a body into a message and signs it: From, To, Ephemeral, Body and Signature are filled.
func (k Keys) Close(m *Message, to Public, body []byte) error {
	once, err := ecdh.X25519().GenerateKey(rand.Reader)
	if err != nil {
		return err
	}
	m.Format, m.From, m.To, m.Ephemeral = Format, k.Public().String(), to.String(), once.PublicKey().Bytes()
	shared, err := once.ECDH(to.box)
	if err != nil {
		return err
	}
	sealer, err := sealerOf(shared, m.Ephemeral, to)
	if err != nil {
		return err
	}
	packed, err := pack(body)
	if err != nil {
		return err
	}
	m.Body = sealer.Seal(nil, make([]byte, sealer.NonceSize()), packed, m.head()) // the key is of this message alone
	m.Signature = ed25519.Sign(k.sign, m.signed())
	return nil
}

// Open gives the body of a message that came from a pinned sender. Forbidden when it is not his, is for another, or was
// changed on the way.
func (k Keys) Open(m *Message, from Public) ([]byte, error) {
	if err := m.verify(from); err != nil {
		return nil, err
	}
	if m.To != k.Public().String() {
		return nil, fault.New(fault.Forbidden, "handover.not_ours", "Сообщение закрыто для другого центра: на нашем ключе оно не откроется. Попросите отправителя сверить наш ключ: kvit handover key.")
	}
	broken := fault.New(fault.Forbidden, "handover.sealed", "Сообщение не расшифровалось: оно испорчено.")
	once, err := ecdh.X25519().NewPublicKey(m.Ephemeral)
	if err != nil {
		return nil, broken.Because(err)
	}
	shared, err := k.box.ECDH(once)
	if err != nil {
		return nil, broken.Because(err)
	}
	sealer, err := sealerOf(shared, m.Ephemeral, k.Public())
	if err != nil {
		return nil, err
	}
	packed, err := sealer.Open(nil, make([]byte, sealer.NonceSize()), m.Body, m.head())
	if err != nil {
		return nil, broken.Because(err)
	}
	return unpack(packed)
}

func (m *Message) verify(from Public) error {
	switch {
	case m.Format != Format:
		return fault.Newf(fault.Invalid, "handover.format", "Это не сообщение о передаче дома или оно другой версии: %q. Здесь понимают %s.", m.Format, Format)
	case m.From != from.String():
		return fault.New(fault.Forbidden, "handover.wrong_key", "Сообщение подписано не тем ключом, который закреплён за этим центром. Сверьте ключ с ним по телефону.")
	case !ed25519.Verify(from.sign, m.signed(), m.Signature):
		return fault.New(fault.Forbidden, "handover.signature", "Подпись не сходится: сообщение изменили по дороге. Попросите прислать его ещё раз.")
	}
	return nil
}

// Digest names a message: SHA-256 of what is signed, hex.
func (m *Message) Digest() string {
	sum := sha256.Sum256(m.signed())
	return hex.EncodeToString(sum[:])
}

// head is what is bound to the ciphertext.
func (m *Message) head() []byte {
	var b bytes.Buffer
	for _, part := range []string{m.Format, m.Handover, m.Kind, fmt.Sprint(m.Number), fmt.Sprint(m.Have), m.From, m.To, m.MadeAt} {
		writePart(&b, []byte(part))
	}
	return b.Bytes()
}

func (m *Message) signed() []byte {
	b := bytes.NewBuffer(m.head())
	writePart(b, m.Ephemeral)
	writePart(b, m.Body)
	return b.Bytes()
}

// writePart writes bytes after their length, so that no two lists of parts look alike.
func writePart(b *bytes.Buffer, part []byte) {
	b.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
	b.Write(part)
}

func sealerOf(shared, once []byte, to Public) (cipher.AEAD, error) {
	key, err := hkdf.Key(sha256.New, shared, append(bytes.Clone(once), to.box.Bytes()...), Format, 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

func pack(body []byte) ([]byte, error) {
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	_, err := z.Write(body)
	err = errors.Join(err, z.Close())
	return b.Bytes(), err
}

func unpack(packed []byte) ([]byte, error) {
	z, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(io.LimitReader(z, BodyMax+1))
	if err == nil && len(body) > BodyMax {
		err = fault.Newf(fault.Invalid, "handover.large", "Сообщение больше %d МБ.", BodyMax>>20)
	}
	return body, err
}
