package app

import (
	"os"
	"testing"
)

// inOrder leaves a test out of the daily search for races: its requests come one after another, and what works beside them –
// jobs, senders, listeners – races in the tests that stay. The long sets (KVIT_KILLS) search it too.
func inOrder(t *testing.T) {
	t.Helper()
	if testing.Short() && os.Getenv("KVIT_KILLS") == "" {
		t.Skip("SKIPPED: -short: one request after another has little to race with")
	}
}
