package reading

import "testing"

// TestEveryDoorChangesTheSameMonth: the page, the operator, a program, a telephone robot, files of three layouts and an
// inspector give one figure, and the month of the water company and of the sewage company that lives off it come to the same.
func TestEveryDoorChangesTheSameMonth(t *testing.T) {
	entry := []byte(`{"account":"100","meter":"4471","value":185,"date":"2026-11-20"}`)
	take := func(channel Channel) func(*town) error {
		return func(w *town) error {
			_, err := w.m.Take(w.ctx, program, Message{Channel: channel, Body: entry})
			return err
		}
	}
	load := func(name, text string) func(*town) error {
		return func(w *town) error {
			_, err := w.m.Load(w.ctx, system, Load{Origin: Origin{Channel: File}, Every: true, Entries: Source{name, []byte(text)}.Entries})
			return err
		}
	}
	give := func(channel Channel, author string) func(*town) error {
		return func(w *town) error {
			actor := resident
			if channel == Centre {
				actor = system
			}
			_, err := w.m.Give(w.ctx, actor, Request{Home: home, Origin: Origin{Channel: channel, Author: author}, Given: []Given{given(cold, 20261120, 185)}})
			return err
		}
	}
	for name, door := range map[string]func(*town) error{
		"page": give(Page, "житель"), "centre": give(Centre, "olga"), "api": take(API), "robot": take(Robot),
		"file": load("a.csv", "100;ХВ-0004471;;185;20.11.2026;касса"), "bank": load("bank.txt", "#DATE_BEGIN 01.11.2026\n#DATE_END 20.11.2026\n100;;;;;9;4471;ХВС;;185;;"),
		"ndjson": load("a.ndjson", string(entry)), "inspector": load("c.csv", "ЛС;№ ПУ;дата;показание;контрольное\n100;4471;20.11.2026;185;да"),
	} {
		t.Run(name, func(t *testing.T) {
			each(t, func(t *testing.T, w *town) {
				if err := door(w); err != nil {
					t.Fatal(err)
				}
				if cold, sewage := w.volume("cold_water", 202611), w.volume("sewage", 202611); cold != "13" || sewage != "16" { // with 3 of hot water
					t.Errorf("cold water %s, sewage %s", cold, sewage)
				}
			})
		})
	}
}
