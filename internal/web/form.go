package web

import (
	"cmp"
	"net/http"
	"net/url"
	"strings"

	"kvit/internal/fault"
	"kvit/internal/inert"
)

// KeyField is the hidden field with the form's own key: the second press shows the result of the first.
const KeyField = "_key"

// NewKey makes a form key.
func NewKey() string { return randomText()[:22] }

// FormKey gives the key a request carries, in the form or in the header Idempotency-Key. Without one it is Invalid.
func FormKey(r *http.Request) (string, error) {
	key := cmp.Or(r.Header.Get("Idempotency-Key"), r.PostFormValue(KeyField))
	if !validKey(key) {
		return "", fault.New(fault.Invalid, "form.key", "Нужен ключ повтора: от 8 до 64 латинских букв, цифр и дефисов.").WithField("Idempotency-Key")
	}
	return key, nil
}

func validKey(key string) bool {
	if len(key) < 8 || len(key) > 64 {
		return false
	}
	for _, c := range key {
		if !strings.ContainsRune("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_", c) {
			return false
		}
	}
	return true
}

// LocalPath gives next when it is a path of this site, else fallback (reliability.md S9).
func LocalPath(next, fallback string) string {
	if !strings.HasPrefix(next, "/") || len(next) > 2000 || strings.ContainsFunc(next, unsafeInPath) {
		return fallback
	}
	u, err := url.Parse(next)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil {
		return fallback
	}
	if clean := u.Path; strings.HasPrefix(clean, "//") || strings.ContainsFunc(clean, unsafeInPath) {
		return fallback
	}
	return next
}

func unsafeInPath(c rune) bool { return c == '\\' || c <= ' ' || c == 0xfffd || inert.Hides(c) }

// SeeOther ends a POST: the browser fetches a local path anew, so a reload repeats nothing.
func SeeOther(w http.ResponseWriter, r *http.Request, path string) error {
	w.Header().Set("Location", LocalPath(path, "/"))
	w.WriteHeader(http.StatusSeeOther)
	return nil
}

// Errors are the faults of a form, in the order of its fields.
type Errors []FieldError

// FieldError is what is wrong with one field and what to do; Field is the name of the input, empty for the form
// as a whole.
type FieldError struct {
	Field, Message string
}

// ErrorsOf makes the list from the fault of an operation; nil stays nil.
func ErrorsOf(err error) Errors {
	if err == nil {
		return nil
	}
	f := fault.As(err)
	return Errors{{f.Field, f.Message}}
}

// Of gives the message of a field, empty when there is none.
func (e Errors) Of(field string) string {
	for _, one := range e {
		if one.Field == field {
			return one.Message
		}
	}
	return ""
}

// IsForm tells a fault of the input, which a form shows beside its fields, from all others.
func IsForm(err error) bool {
	return fault.Is(err, fault.Invalid) || fault.Is(err, fault.Conflict) || fault.Is(err, fault.Limited)
}
