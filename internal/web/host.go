package web

import (
	"net"
	"net/http"
)

// Host is the address a request came from, by which wrong secrets are counted. Behind a proxy it is the proxy's.
func Host(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
