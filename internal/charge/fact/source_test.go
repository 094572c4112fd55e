package fact

import (
	"context"
	"testing"

	"kvit/internal/db"
	"kvit/internal/db/dbtest"
)

// TestSourceWords: each kind of source is told as people say it; a file that is not there keeps its number.
func TestSourceWords(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var w SourceWords
		for source, want := range map[string]string{
			"facts:facts.yaml:12":   "файл facts.yaml, строка 12",
			"file:99:120":           "файл поставщика № 99, запись 120",
			"api:vodokanal:7f0c":    "программа поставщика vodokanal",
			"person:olga: справка":  "olga, справка",
			"файл старый, строка 3": "файл старый, строка 3",
		} {
			err := d.Read(context.Background(), func(tx *db.Tx) error {
				got, err := w.Say(context.Background(), tx, source)
				if got != want {
					t.Errorf("%s: %q, want %q", source, got, want)
				}
				return err
			})
			if err != nil {
				t.Errorf("%s: %v", source, err)
			}
		}
	})
}
