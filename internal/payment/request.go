package payment

import (
	"encoding/json"
	"fmt"

	"kvit/internal/payment/gateway"
)

// request is what an acquirer was asked for, kept with the order: a repeat under the same key has to be the same to the
// letter.
type request struct {
	Description string         `json:"description,omitempty"`
	ReturnURL   string         `json:"returnUrl,omitempty"`
	Hold        bool           `json:"hold,omitempty"`
	Save        bool           `json:"save,omitempty"`
	Payer       string         `json:"payer,omitempty"`
	SavedID     string         `json:"saved,omitempty"` // of payment_saved; its token is never copied here
	Contact     string         `json:"contact,omitempty"`
	Receipt     []gateway.Line `json:"receipt,omitempty"`
}

// text is the stored form; ” of orders that no acquirer was asked for.
func (r *request) text() string {
	b, err := json.Marshal(r)
	if err != nil {
		panic(fmt.Sprintf("payment request does not marshal: %v", err)) // plain values of ours
	}
	if string(b) == "{}" {
		return ""
	}
	return string(b)
}

// Scan reads the stored form.
func (r *request) Scan(v any) error {
	var b []byte
	switch x := v.(type) {
	case string:
		b = []byte(x)
	case []byte:
		b = x
	default:
		return fmt.Errorf("payment request of type %T", v)
	}
	*r = request{}
	if len(b) == 0 {
		return nil
	}
	return json.Unmarshal(b, r)
}

// of is the request for an order as the acquirer gets it.
func (r *request) of(o *Order, token string, again bool) gateway.Request {
	return gateway.Request{
		Key: o.PublicID, Sum: o.Sum, Method: o.Method, Description: r.Description, ReturnURL: replaceID(r.ReturnURL, o.PublicID), Since: o.CreatedAt.Time(), Again: again,
		Hold: r.Hold, Save: r.Save, Payer: r.Payer, Saved: token, Contact: r.Contact, Receipt: r.Receipt,
	}
}
