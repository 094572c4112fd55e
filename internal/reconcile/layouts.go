package reconcile

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"sync"

	"kvit/internal/exchange/charset"
	"kvit/internal/exchange/register"
)

//go:embed layouts/layouts.json
var layoutsText []byte

// layouts are the registers that are known by their look (formats.md 3.2, 3.10).
var layouts = sync.OnceValue(func() (list []register.Profile) {
	if err := json.Unmarshal(layoutsText, &list); err != nil {
		panic(fmt.Sprintf("layouts.json: %v", err)) // the file is ours
	}
	return list
})

// knownLayout is the layout a file begins like; nil when it is none of those known.
func knownLayout(head []byte) *register.Profile {
	text := charset.Detect(head, false).Encoding.Text(head)
	for _, p := range layouts() {
		if begins := regexp.MustCompile(p.Reconcile.Begins); begins.MatchString(text) {
			return &p
		}
	}
	return nil
}
