package view

import (
	"testing"

	"kvit/internal/web/webtest"
)

// sampleLang is the language the samples are drawn in.
var sampleLang = "ru"

// sampleNames are names of people, places, suppliers and banks in the samples: they stay as they are, in sentences too.
var sampleNames = []string{"ул. Ленина, 12, кв. 5"}

// TestEnglishIsComplete draws every sample in English.
func TestEnglishIsComplete(t *testing.T) {
	sampleLang = "en"
	defer func() { sampleLang = "ru" }()
	webtest.English(t, samples(), sampleNames...)
}
