package app

import (
	"encoding/json"
	"os/exec"
	"strings"
	"testing"
)

// ranks is the one table of who may import whom: a package imports lower ranks only. Packages below one in the
// list (exchange/dbf) are found by their longest prefix.
var ranks = map[string]int{
	"fault": 0, "calendar": 0, "decimal": 0, "inert": 0,
	"money": 1, "text": 1, "formula": 1,
	"exchange/charset": 2, "qr": 2, "db": 2, "payment/gateway": 2,
	"exchange/delim": 3, "exchange/dbf": 3, "exchange/xmlrec": 3, "exchange/jsonrec": 3, "exchange/zipped": 3,
	"billpdf": 3, "pdf": 2, "db/dbtest": 3, "event": 3, "replay": 3, "payment/gateway/sbp": 3, "payment/gateway/yookassa": 3, "payment/gateway/tbank": 3, "payment/gateway/raiffeisen": 3, "payment/gateway/cloudpayments": 3, "payment/gateway/simulator": 4,
	"exchange/onec": 4, "exchange/xlsx": 4, "job": 4, "blob": 4, "audit": 4, "web": 4,
	"exchange/register": 5, "access": 5, "portal/view": 5, "console/view": 5, "exchange/gis": 5,
	"housing": 6, "exchange/gis/simulator": 6, "exchange/gis/gistest": 6,
	"supplier": 7,
	"tariff":   8, "ledger": 8,
	"account": 9, "charge/calc": 9, "penalty": 9, "benefit": 9, "poll": 9, "analytics": 9,
	"match": 10, "charge/why": 10, "charge/fact": 10,
	"charge": 11, "payment": 11, "charge/sample": 11, "event/feed": 11,
	"bill": 12, "charge/casefile": 12, "event/webhook": 12, "reading": 12,
	"exchange": 13, "exchange/gis/queue": 13, "city": 13, "charge/record": 13,
	"charge/losses": 12, "conflict": 12,
	"device/profile": 2, "device/simulator": 3, "device": 13, "device/broker": 14,
	"portal": 14, "console": 14, "api": 14,
	"exchange/remote": 4, "exchange/remote/simulator": 5, "exchange/courier": 13,
	"app":   15,
	"meter": 11, "online": 11, "online/simulator": 12,
	"reading/photo": 2, "reading/form": 13,
	"autopay":                         13,
	"payment/gateway/agent/simulator": 3, "payment/biller": 13,
	"fiscal/atol": 2, "fiscal/atol/simulator": 3, "fiscal": 12, "cashdesk": 13,
	"exchange/statement": 5, "reconcile": 13,
	"settlement":    12,
	"handover/seal": 2, "handover": 13,
	"db/cluster": 1, "restore": 5, "backup": 3,
	"refund": 12, "qr/scan": 3,
	"person": 6, "proposal": 12,
	"bot/chat": 1, "bot/telegram": 2, "bot/max": 2, "bot/room": 2, "bot/telegram/simulator": 3, "bot/max/simulator": 3, "bot": 13,
	"statement": 13,
	"status":    5, "guide": 1,
	"appeal": 13, "privacy": 7,
	"notice/channel": 1, "notice/sms": 2, "notice/mail": 2, "notice/push": 2, "notice/simulator": 3, "notice": 8,
	"person/esia": 2, "person/esia/simulator": 3, "signin": 7,
	"supplier/task": 8, "bot/voice": 2, "bot/voice/simulator": 3,
}

// TestImportsGoToLowerRanks holds the architecture: a package without a rank fails, and so does an import of an
// equal or higher rank.
func TestImportsGoToLowerRanks(t *testing.T) {
	inOrder(t)
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "kvit/internal/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for dec.More() {
		var pkg struct {
			ImportPath string
			Imports    []string
		}
		if err := dec.Decode(&pkg); err != nil {
			t.Fatal(err)
		}
		own, ok := rank(pkg.ImportPath)
		if !ok {
			t.Errorf("%s has no rank: add it to the table", pkg.ImportPath)
			continue
		}
		for _, imported := range pkg.Imports {
			if other, ok := rank(imported); ok && other >= own {
				t.Errorf("%s (rank %d) imports %s (rank %d)", pkg.ImportPath, own, imported, other)
			}
		}
	}
}

func rank(path string) (int, bool) {
	name, ours := strings.CutPrefix(path, "kvit/internal/")
	if !ours {
		return 0, false
	}
	for name != "" {
		if r, ok := ranks[name]; ok {
			return r, true
		}
		i := strings.LastIndexByte(name, '/')
		if i < 0 {
			return 0, false
		}
		name = name[:i]
	}
	return 0, false
}
