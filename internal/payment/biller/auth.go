package biller

import (
	"crypto/md5" //nolint:gosec // the protocol's own signature
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"net"
	"net/http"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"kvit/internal/payment/gateway/agent"
)

// address is who asks: the other end of the connection, or, when that is a proxy of ours, the last address before it.
func (s *Settings) address(r *http.Request) netip.Addr {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		host = r.RemoteAddr
	}
	addr := parseAddr(host)
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		next := parseAddr(strings.TrimSpace(hop))
		if !holds(s.proxies, addr) || !next.IsValid() {
			break
		}
		addr = next
	}
	return addr
}

// parseAddr reads an address; what is none is the zero address, which no network holds.
func parseAddr(s string) netip.Addr {
	addr, err := netip.ParseAddr(s)
	if err != nil {
		return netip.Addr{}
	}
	return addr.Unmap()
}

func holds(list []netip.Prefix, addr netip.Addr) bool {
	return slices.ContainsFunc(list, func(p netip.Prefix) bool { return p.Contains(addr) })
}

// allows tells whether an address is one of the agent's.
func (s *Settings) allows(addr netip.Addr) bool { return len(s.ips) == 0 || holds(s.ips, addr) }

// Where a key stands.
const (
	keyHeader = "X-Agent-Key"
	keyParam  = "key"
)

// knows tells whether the request proves to be the agent's. Comparisons take the same time wherever they differ.
func (m *Module) knows(a *Agent, r *http.Request, p agent.Params) (bool, error) {
	switch a.Auth {
	case AuthBasic:
		login, password, ok := r.BasicAuth()
		return equal(login, a.Login) && a.opens(password) && ok, nil
	case AuthKey:
		key := r.Header.Get(keyHeader)
		if key == "" {
			key = p.Get(keyParam)
		}
		return a.opens(key), nil
	case AuthHash:
		return m.signed(a, p)
	}
	return true, nil // by its address, which was looked at
}

func equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }

// opens tells whether a secret is the agent's.
func (a *Agent) opens(secret string) bool {
	h := sha256.Sum256([]byte(secret))
	return a.digest != "" && equal(hex.EncodeToString(h[:]), a.digest)
}

var placeholder = regexp.MustCompile(`\{[A-Za-z_]+\}`)

// signed checks the md5 of a request: parameters named in braces and the secret, as agreed with the agent.
func (m *Module) signed(a *Agent, p agent.Params) (bool, error) {
	secret, err := m.Access.Unseal(sealLabel(a.Code), a.sealed)
	if err != nil {
		return false, err
	}
	text := placeholder.ReplaceAllStringFunc(a.Hash, func(name string) string {
		name = strings.ToLower(strings.Trim(name, "{}"))
		if name == "secret" {
			return string(secret)
		}
		return p.Get(name)
	})
	sum := md5.Sum([]byte(text)) //nolint:gosec // as above
	return equal(strings.ToLower(p.Get(a.dialect.HashParam())), hex.EncodeToString(sum[:])), nil
}
