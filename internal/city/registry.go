package city

import (
	"strconv"
	"strings"
)

// writeRegistry writes what a centre may know beforehand: all houses and nobody in them.
func (t *town) writeRegistry(dir string) error {
	s, err := newSink(dir, "registry/houses.csv", "utf-8")
	if err != nil {
		return err
	}
	s.text("house_id,guid,postcode,locality,street_type,street,street_alias,house,letter,korp,year,floors,flats,cadastral,kind\n")
	for _, h := range t.houses {
		st := streets[h.street]
		kind := "private"
		if h.block() {
			kind = "mkd"
		}
		s.text(strings.Join([]string{h.id, h.guid, h.postcode, st.locality, st.kind, st.name, st.alias, h.number, h.letter, h.building,
			strconv.Itoa(h.year), strconv.Itoa(h.floors), strconv.Itoa(h.flats), h.cadaster, kind}, ","), "\n")
	}
	return s.close()
}
