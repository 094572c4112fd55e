package calendar_test

import (
	"testing"

	"gopkg.in/yaml.v3"

	"kvit/internal/calendar"
	"kvit/internal/decimal"
)

// TestYAML: dates, months and numbers as people write them, quoted or not, and back.
func TestYAML(t *testing.T) {
	type row struct {
		Date  calendar.Date   `yaml:"date,omitempty"`
		Month calendar.Month  `yaml:"month,omitempty"`
		Value decimal.Decimal `yaml:"value,omitempty"`
	}
	want := row{20260701, 202607, 3826*decimal.Scale/100 + 1}
	for _, text := range []string{
		"{date: 2026-07-01, month: 2026-07, value: 38.2600001}",
		"{date: '01.07.2026', month: 07.2026, value: '38,2600001'}",
		"{date: 20260701, month: 202607, value: \"38.26000010\"}",
	} {
		var got row
		if err := yaml.Unmarshal([]byte(text), &got); err != nil || got != want {
			t.Errorf("%s: %+v, %v", text, got, err)
		}
		out, err := yaml.Marshal(got)
		var again row
		if err == nil {
			err = yaml.Unmarshal(out, &again)
		}
		if err != nil || again != want {
			t.Errorf("%s: %+v, %v", out, again, err)
		}
	}
	for _, text := range []string{"{date: 2026-02-30}", "{month: осень}", "{value: 1e3}", "{value: 0.00000001}", "{date: [1]}"} {
		if err := yaml.Unmarshal([]byte(text), &row{}); err == nil {
			t.Errorf("%s is accepted", text)
		}
	}
	if out, err := yaml.Marshal(row{}); err != nil || string(out) != "{}\n" {
		t.Errorf("nothing is written as %q, %v", out, err)
	}
}
