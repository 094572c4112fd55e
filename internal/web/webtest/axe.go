package webtest

import (
	"context"
	_ "embed"
	"fmt"

	"github.com/chromedp/chromedp"
)

//go:embed axe/axe.min.js
var axeScript string

// axeRun asks axe-core for all it knows of WCAG 2.2 AA and good practice, and gives the violations as text.
const axeRun = `axe.run(document, {resultTypes: ["violations"]}).then(r => r.violations.map(v =>
  v.id + " (" + v.impact + "): " + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " " + n.html.slice(0, 120)).join(" | ")).join("; "))`

// Accessible fails when axe-core finds a violation on the page shown.
func Accessible(ctx context.Context) error {
	there, err := chromedp.Run(ctx, chromedp.Evaluate[bool]("!!window.axe"))
	if err == nil && !there {
		_, err = chromedp.Run(ctx, chromedp.Evaluate[any](axeScript+"; null"))
	}
	if err != nil {
		return fmt.Errorf("axe: %w", err)
	}
	found, err := chromedp.Run(ctx, chromedp.Evaluate[string](axeRun, chromedp.EvalAwaitPromise))
	if err != nil {
		return fmt.Errorf("axe: %w", err)
	}
	if found != "" {
		return fmt.Errorf("axe: %s", found)
	}
	return nil
}
