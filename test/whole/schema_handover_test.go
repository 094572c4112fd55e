package whole

import (
	"os"
	"path/filepath"
	"strings"
)

// handedOver gives a house of the town to another installation by files, up to the word that it is taken.
func (j judged) handedOver(other judged, city string) {
	j.t.Helper()
	parcel := filepath.Join(j.t.TempDir(), "parcel")
	var ours, theirs struct{ Key string }
	j.is(0, "handover-key", &ours, "handover", "key")
	other.is(0, "handover-key", &theirs, "handover", "key")
	j.is(0, "handover-peers", nil, "handover", "peers", "add", "novy", "--name", "Новый", "--key", theirs.Key)
	other.is(0, "handover-peers", nil, "handover", "peers", "add", "stary", "--name", "Старый", "--key", ours.Key)
	j.fails(1, "handover", "peers", "add", "novy", "--name", "Новый", "--key", ours.Key)
	j.is(0, "handover-peers", nil, "handover", "peers", "list")
	other.is(0, "suppliers-load", nil, "suppliers", "load", filepath.Join(city, "suppliers.yaml"))

	var h struct{ ID string }
	houses, err := os.ReadFile(filepath.Join(city, "registry", "houses.csv"))
	if err != nil {
		j.t.Fatal(err)
	}
	code, _, _ := strings.Cut(strings.Split(string(houses), "\n")[1], ",")
	j.is(0, "handover", &h, "handover", "prepare", "--house", code, "--to", "novy", "--out", parcel, "--by", "olga")
	j.fails(1, "handover", "prepare", "--house", code, "--to", "novy")
	j.is(0, "handover-list", nil, "handover", "list")
	file := func(number, kind string) string {
		return filepath.Join(parcel, "handover-"+h.ID[:8]+"-"+number+"-"+kind+".json")
	}
	other.is(0, "handover-take", nil, "handover", "take", file("01", "offer"))
	other.is(0, "handover-take", nil, "handover", "take", file("01", "offer"))
	other.is(0, "handover", nil, "handover", "show", h.ID[:8])
	other.is(0, "handover", nil, "handover", "accept", h.ID, "--by", "ivan")
	other.fails(1, "handover", "accept", h.ID, "--by", "ivan")
	other.is(0, "handover", nil, "handover", "accept", h.ID, "--by", "anna", "--out", parcel)
	j.fails(1, "handover", "confirm", h.ID, "--by", "petr")
	j.is(0, "handover-take", nil, "handover", "take", file("01", "accept"))
	j.fails(1, "handover", "confirm", h.ID, "--by", "olga")
	j.is(0, "handover", nil, "handover", "confirm", h.ID, "--by", "petr", "--out", parcel)
	other.is(0, "handover-take", nil, "handover", "take", file("02", "confirm"), "--out", parcel)
	j.is(0, "handover-take", nil, "handover", "take", file("02", "done"))
	j.is(0, "handover-send", nil, "handover", "send", h.ID, "--out", parcel, "--again")
	j.fails(1, "handover", "cancel", h.ID, "--reason", "поздно")
	j.is(0, "handover", nil, "handover", "show", h.ID)
	other.is(0, "check", nil, "check")
}
