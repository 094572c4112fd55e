package web

import (
	"net/http"
	"net/url"
	"strings"

	"kvit/internal/inert"
)

// Attach says that what follows is a file to keep, of a kind (a media type) and under a name.
func Attach(w http.ResponseWriter, kind, name string) { file(w, "attachment", kind, name) }

// Show says that what follows is a file to look at.
func Show(w http.ResponseWriter, kind, name string) { file(w, "inline", kind, name) }

func file(w http.ResponseWriter, how, kind, name string) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", Disposition(how, name))
}

// Disposition is the value of Content-Disposition (RFC 6266): the name in plain signs for old programs, and whole in UTF-8
// where it has others. Whatever is given, it is a name of a file and nothing else.
func Disposition(how, name string) string {
	name = inert.FileName(name)
	plain := strings.Map(func(r rune) rune {
		if r > '~' {
			return '_'
		}
		return r
	}, name)
	value := how + `; filename="` + plain + `"`
	if plain != name {
		value += "; filename*=UTF-8''" + strings.NewReplacer("+", "%20", "%7E", "~").Replace(url.QueryEscape(name))
	}
	return value
}
