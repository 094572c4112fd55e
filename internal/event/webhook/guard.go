package webhook

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
	"unicode"

	"golang.org/x/net/idna"

	"kvit/internal/fault"
)

// Guard holds calls to addresses that others named to the public network (reliability.md section 6): an address is
// judged when the connection is made, after its name was resolved, so a name that changes in between gains nothing.
type Guard struct {
	Private []string // hosts of this installation's own network, «host» or «host:port», by name in the configuration alone
	Own     []string // our own names: never called

	resolver *net.Resolver // of tests; nil is the system's
}

// global is what public addresses of IPv6 are given out of: others lead to networks of somebody's own, or to an address of
// IPv4 by a translator.
var global = netip.MustParsePrefix("2000::/3")

// refusedNets are the networks nobody outside may make us call.
var refusedNets = prefixes("0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
	"192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
	"2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20")

func prefixes(list ...string) (nets []netip.Prefix) {
	for _, s := range list {
		nets = append(nets, netip.MustParsePrefix(s))
	}
	return nets
}

// public tells whether an address may be called.
func public(a netip.Addr) bool {
	a = a.Unmap().WithZone("")
	return a.IsValid() && (a.Is4() || global.Contains(a)) && !slices.ContainsFunc(refusedNets, func(p netip.Prefix) bool { return p.Contains(a) })
}

// ports that may be called.
var ports = []string{"443", "8443"}

func refused(why string) error {
	return fault.Newf(fault.Invalid, "webhook.url", "Такой адрес вызывать нельзя: %s. Нужен https://, порт 443 или 8443 и имя в открытой сети.", why).WithField("url")
}

// CheckURL judges an address before it is kept and gives it in its plain form. It is not the guard: the dialer is.
func (g *Guard) CheckURL(raw string) (string, error) {
	u, err := url.Parse(strings.TrimSpace(raw))
	switch {
	case err != nil || u.Host == "" || u.Opaque != "":
		return "", refused("он не разбирается")
	case u.User != nil:
		return "", refused("в нём имя или пароль")
	case len(raw) > 1000 || u.Fragment != "":
		return "", refused("он слишком длинный или с решёткой")
	}
	host, err := plainHost(u.Hostname())
	if err != nil {
		return "", err
	}
	port := u.Port()
	if u.Host = host; strings.Contains(host, ":") {
		u.Host = "[" + host + "]"
	}
	if port != "" {
		u.Host += ":" + port
	}
	if g.named(host, port) && (u.Scheme == "http" || u.Scheme == "https") {
		return u.String(), nil
	}
	if u.Scheme != "https" {
		return "", refused("он не https")
	}
	if port != "" && !slices.Contains(ports, port) {
		return "", refused("порт " + port)
	}
	return u.String(), g.checkHost(host)
}

// plainHost is a host in ASCII, in small letters and without the last dot: look-alikes of letters and digits become
// what they look like.
func plainHost(host string) (string, error) {
	if _, err := netip.ParseAddr(host); err == nil {
		return host, nil
	}
	ascii, err := idna.Lookup.ToASCII(strings.TrimSuffix(host, "."))
	if err != nil || ascii == "" || strings.HasSuffix(ascii, ".") {
		return "", refused("имя узла неверно")
	}
	return strings.ToLower(ascii), nil
}

func (g *Guard) checkHost(host string) error {
	if a, err := netip.ParseAddr(host); err == nil {
		if !public(a) {
			return refused("адрес не из открытой сети")
		}
		return nil
	}
	last := host[strings.LastIndexByte(host, '.')+1:]
	switch {
	case last == host:
		return refused("имя без точки")
	case !strings.ContainsFunc(last, unicode.IsLetter) || strings.HasPrefix(last, "0x"):
		return refused("числовая запись адреса") // 2130706433, 0x7f.1, 127.1
	case slices.Contains([]string{"localhost", "local", "internal", "intranet", "home", "lan", "arpa", "invalid", "test"}, last):
		return refused("имя внутренней сети")
	case slices.Contains(g.Own, host):
		return refused("это наш собственный адрес")
	}
	return nil
}

// named tells whether the configuration names a host as one of our own network.
func (g *Guard) named(host, port string) bool {
	return slices.Contains(g.Private, host) || port != "" && slices.Contains(g.Private, net.JoinHostPort(host, port))
}

// dialTime is how long a connection may take to be made.
const dialTime = 10 * time.Second

// dial connects to a host by name. What the configuration does not name is judged by every address its name came to,
// and once more by the one the connection goes to.
func (g *Guard) dial(ctx context.Context, network, address string) (net.Conn, error) {
	host, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, err
	}
	d := net.Dialer{Timeout: dialTime}
	if g.named(host, port) {
		return d.DialContext(ctx, network, address)
	}
	if err := g.checkHost(host); err != nil {
		return nil, err
	}
	resolver := g.resolver
	if resolver == nil {
		resolver = net.DefaultResolver
	}
	found, err := resolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(found, func(a netip.Addr) bool { return !public(a) }) {
		return nil, refused("адрес не из открытой сети")
	}
	d.Control = func(_, resolved string, _ syscall.RawConn) error { return allowed(resolved) }
	var errs []error
	for _, a := range found {
		conn, err := d.DialContext(ctx, network, net.JoinHostPort(a.Unmap().String(), port))
		if err == nil {
			return conn, nil
		}
		errs = append(errs, err)
	}
	return nil, errors.Join(errs...)
}

// allowed judges the address and port a connection goes to.
func allowed(resolved string) error {
	to, err := netip.ParseAddrPort(resolved)
	if err != nil {
		return fmt.Errorf("address %q: %w", resolved, err)
	}
	if !public(to.Addr()) {
		return refused("адрес не из открытой сети")
	}
	if !slices.Contains(ports, fmt.Sprint(to.Port())) {
		return refused(fmt.Sprint("порт ", to.Port()))
	}
	return nil
}

// callTime is how long a call may take in all, answerMax how much of an answer is read.
const (
	callTime  = 15 * time.Second
	answerMax = 64 << 10
	headerMax = 16 << 10
)

// client calls through the guard and follows nobody elsewhere.
func (g *Guard) client() *http.Client {
	return &http.Client{
		Timeout:       callTime,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: g.dial, ForceAttemptHTTP2: true, DisableCompression: true, MaxResponseHeaderBytes: headerMax,
			MaxIdleConns: 100, MaxIdleConnsPerHost: callsMax, IdleConnTimeout: time.Minute, TLSHandshakeTimeout: dialTime,
		},
	}
}
