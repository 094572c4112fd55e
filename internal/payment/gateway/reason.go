package gateway

// Reasons are the words for an acquirer's codes of refused payments.
type Reasons map[string]string

// Because gives codes their words.
func (r Reasons) Because(reason string, codes ...string) Reasons {
	for _, code := range codes {
		r[code] = reason
	}
	return r
}

// Of is why a payment was refused; a code without words is a refusal without an explanation.
func (r Reasons) Of(code string) string {
	if words, ok := r[code]; ok {
		return words
	}
	return r[""]
}

// NewReasons begins a list of reasons.
func NewReasons() Reasons {
	return Reasons{}.Because("банк отказал без объяснения", "")
}
