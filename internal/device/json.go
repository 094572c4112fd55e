package device

import (
	"encoding/json"
	"time"

	"kvit/internal/calendar"
)

// moment writes a moment as programs read it; empty when there is none.
func moment(at calendar.Micros) string {
	if at == 0 {
		return ""
	}
	return at.Time().Format(time.RFC3339)
}

// MarshalJSON writes numbers as exact decimals and the moment as programs read it.
func (f LastFigure) MarshalJSON() ([]byte, error) {
	type plain LastFigure
	return json.Marshal(struct {
		plain
		At    string `json:"at"`
		Value string `json:"value"`
		Dial  string `json:"dial"`
	}{plain(f), moment(f.At), f.Value.String(), f.Dial.String()})
}

// MarshalJSON writes days and exact decimals as texts.
func (b Binding) MarshalJSON() ([]byte, error) {
	type plain Binding
	until := ""
	if b.Until != 0 {
		until = b.Until.String()
	}
	return json.Marshal(struct {
		plain
		From   string `json:"from"`
		Until  string `json:"until,omitempty"`
		Scale  string `json:"scale"`
		Offset string `json:"offset"`
	}{plain(b), b.From.String(), until, b.Scale.String(), b.Offset.String()})
}
