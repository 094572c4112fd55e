package web

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"strings"
)

// Signed is a value with a signature of this installation: nobody else can make one. Purpose keeps values of different uses
// apart.
func (s *Site) Signed(purpose, value string) string {
	return value + "." + base64.RawURLEncoding.EncodeToString(s.mark(purpose, value))
}

// Unsigned gives the value of a text made by Signed for the same purpose; empty for any other text.
func (s *Site) Unsigned(purpose, text string) string {
	at := strings.LastIndexByte(text, '.')
	if at < 0 {
		return ""
	}
	sum, err := base64.RawURLEncoding.DecodeString(text[at+1:])
	if err != nil || !hmac.Equal(sum, s.mark(purpose, text[:at])) {
		return ""
	}
	return text[:at]
}

func (s *Site) mark(purpose, value string) []byte {
	m := hmac.New(sha256.New, s.Key)
	m.Write([]byte("signed\x00" + purpose + "\x00" + value))
	return m.Sum(nil)
}
