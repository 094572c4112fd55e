package portal

import (
	"io"
	"net/http"
	"strings"

	"kvit/internal/fault"
	"kvit/internal/payment/gateway"
)

// notified takes a notification of an acquirer.
func (m *Module) notified(w http.ResponseWriter, r *http.Request) error {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return fault.New(fault.Invalid, "notification.body", "Уведомление не прочиталось.").Because(err)
	}
	headers := map[string]string{}
	for name, values := range r.Header {
		headers[strings.ToLower(name)] = strings.Join(values, ",") // a header sent twice is no signature
	}
	answer, err := m.Payments.Notify(r.Context(), r.PathValue("name"), gateway.Notification{Body: body, Headers: headers, From: m.Site.Source(r), At: m.Now().Time()})
	if err != nil {
		return err
	}
	_, err = io.WriteString(w, answer)
	return err
}
