package backup

import (
	"bytes"
	"os"
	"strings"

	"filippo.io/age"

	"kvit/internal/fault"
)

// NewKey makes a pair of keys: whoever makes copies needs the public one only, the secret one opens them and is kept apart
// from the data and from the copies.
func NewKey() (public, secret string, err error) {
	id, err := age.GenerateX25519Identity()
	if err != nil {
		return "", "", err
	}
	return id.Recipient().String(), id.String(), nil
}

// parsePublic reads the key copies are sealed with.
func parsePublic(key string) (*age.X25519Recipient, error) {
	r, err := age.ParseX25519Recipient(strings.TrimSpace(key))
	if err != nil {
		return nil, fault.New(fault.Invalid, "backup.key", "Открытый ключ копий не разобран: он начинается с age1. Новый ключ: kvit backup key.").Because(err)
	}
	return r, nil
}

// ReadSecret reads the file of the secret key.
func ReadSecret(path string) ([]age.Identity, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fault.Newf(fault.Invalid, "backup.key", "Файл ключа %s не открылся.", path).Because(err)
	}
	ids, err := age.ParseIdentities(bytes.NewReader(b))
	if err != nil {
		return nil, fault.Newf(fault.Invalid, "backup.key", "В файле %s нет секретного ключа: он начинается с AGE-SECRET-KEY-1.", path).Because(err)
	}
	return ids, nil
}
