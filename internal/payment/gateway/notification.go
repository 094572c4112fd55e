package gateway

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
)

// depthMax bounds how deep the JSON of a notification may go.
const depthMax = 16

// ErrSource says that a notification came from an address the acquirer does not send from.
var ErrSource = errors.New("notification of a foreign source")

// From tells whether an address is one of the prefixes.
func From(a netip.Addr, list []netip.Prefix) bool {
	a = a.Unmap()
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}

// Digest names a notification by its bytes.
func Digest(body []byte) string {
	h := sha256.Sum256(body)
	return hex.EncodeToString(h[:8])
}

// CheckDepth refuses JSON that goes too deep before anything is made of it.
func CheckDepth(body []byte) error {
	depth, text := 0, false
	for i := 0; i < len(body); i++ {
		switch c := body[i]; {
		case text && c == '\\':
			i++
		case c == '"':
			text = !text
		case text:
		case c == '{' || c == '[':
			if depth++; depth > depthMax {
				return fmt.Errorf("notification is deeper than %d", depthMax)
			}
		case c == '}' || c == ']':
			depth--
		}
	}
	if !json.Valid(body) {
		return errors.New("notification is not JSON")
	}
	return nil
}
