package exchange

import "testing"

// TestAReversalByReference: a negative document that names another of the account reverses it, whatever its kind says
// and wherever it stands.
func TestAReversalByReference(t *testing.T) {
	bill := row{Pos: 2, DocNo: "17", sums: sums{Charge: 15000, Due: 15000}}
	reversal := row{Pos: 1, DocNo: "98", DocRef: "17", sums: sums{Charge: -5000, Due: -5000}}
	refund := row{Pos: 3, DocNo: "18", sums: sums{Charge: -100, Due: -100}}
	var found []finding
	j := judge([]row{reversal, bill, refund}, func(f finding) { found = append(found, f) })
	if len(found) != 1 || found[0].Type != "storno" || found[0].Pos != 1 {
		t.Errorf("findings: got %+v, want a storno at 1", found)
	}
	if len(j.Lines) != 1 || j.Lines[0].Charge != 9900 {
		t.Errorf("lines: got %+v, want a charge of 9900", j.Lines)
	}
}
