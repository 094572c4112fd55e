package privacy

import "testing"

func TestStoredIsForPeople(t *testing.T) {
	titles, rows := Stored()
	if len(titles) != len(heads) || len(rows) < 5 {
		t.Fatalf("%v, %d rows", titles, len(rows))
	}
	for _, row := range rows {
		for i, cell := range row {
			if cell == "" {
				t.Errorf("%v: nothing under «%s»", row, titles[i])
			}
		}
	}
}
