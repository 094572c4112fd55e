package view

import (
	"testing"

	"kvit/internal/web/webtest"
)

func TestZZ(t *testing.T) { webtest.All(t, append(documentSamples(), checkSamples()...)) }
