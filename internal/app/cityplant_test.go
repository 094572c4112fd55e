package app

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"kvit/internal/charge"
)

// TestPlantedDifferencesAreNamed: sums changed in the files of three suppliers, with what is due, are named with their
// likely cause, and nothing else is.
func TestPlantedDifferencesAreNamed(t *testing.T) {
	inOrder(t)
	c := makeSynthCity(t, 300, 5, "2026-07", "0")
	want := map[string]charge.Cause{}
	c.plantWater(want)
	c.plantHeat(want)
	c.plantPower(want)
	c.take()
	got := map[string]charge.Cause{}
	for _, d := range c.charge() {
		if !c.second(d.Supplier, d.Account) {
			got[d.Supplier+":"+d.Account+":"+d.Service] = d.Cause
		}
	}
	if !maps.Equal(got, want) {
		t.Errorf("named %v\nwant %v", got, want)
	}
}

// rewrite changes a file of the city.
func (c *synthCity) rewrite(name string, change func([]byte) []byte) {
	c.t.Helper()
	path := filepath.Join(c.dir, name)
	body, err := os.ReadFile(path)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := os.WriteFile(path, change(body), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// dbfRecord is a record of a DBF file that can be changed in place.
type dbfRecord struct {
	body   []byte
	fields map[string][2]int // offset and width
}

func (r *dbfRecord) get(field string) string {
	f := r.fields[field]
	return strings.TrimSpace(string(r.body[f[0] : f[0]+f[1]]))
}

func (r *dbfRecord) number(t *testing.T, field string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(r.get(field), 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func (r *dbfRecord) set(field string, format string, v float64) {
	f := r.fields[field]
	copy(r.body[f[0]:f[0]+f[1]], fmt.Sprintf("%*s", f[1], fmt.Sprintf(format, v)))
}

// addCharge changes what is charged, and what is due with it.
func (r *dbfRecord) addCharge(t *testing.T, more float64) {
	t.Helper()
	r.set("NACH", "%.2f", r.number(t, "NACH")+more)
	r.set("SALDO_K", "%.2f", r.number(t, "SALDO_K")+more)
}

func eachDBF(body []byte, fn func(*dbfRecord)) {
	head, size := int(binary.LittleEndian.Uint16(body[8:])), int(binary.LittleEndian.Uint16(body[10:]))
	fields, at := map[string][2]int{}, 1
	for p := 32; body[p] != '\r'; p += 32 {
		width := int(body[p+16])
		fields[strings.TrimRight(string(body[p:p+11]), "\x00")] = [2]int{at, width}
		at += width
	}
	for p := head; p+size <= len(body); p += size {
		fn(&dbfRecord{body: body[p : p+size], fields: fields})
	}
}

// plantWater charges cold water ten roubles more at one account, and sewage without its hot water at another.
func (c *synthCity) plantWater(want map[string]charge.Cause) {
	c.t.Helper()
	hot := map[string]float64{}
	for _, h := range c.truth.Households {
		for _, a := range h.Acc {
			if a[0] == "vodokanal" && h.has("teploset") {
				hot[a[1].(string)] = float64(h.Calc.HW) / 1000
			}
		}
	}
	c.rewrite(fmt.Sprintf("vodokanal_%02d%02d.dbf", c.month.Number(), c.month.Year()%100), func(body []byte) []byte {
		cold, sewage := "", ""
		eachDBF(body, func(r *dbfRecord) {
			account, service := r.get("LSCHET"), r.get("USL")
			switch {
			case cold == "" && service == "\x95\x82\x91": // ХВС in cp866
				cold = account
				r.addCharge(c.t, 10)
				want["vodokanal:"+account+":ХВС"] = charge.CauseSum
			case sewage == "" && service == "\x82\x8e" && account != cold && hot[account] > 0 && r.number(c.t, "OBEM")-hot[account] > 0.0005: // ВО
				sewage = account
				volume := r.number(c.t, "OBEM") - hot[account]
				r.set("OBEM", "%.3f", volume)
				r.addCharge(c.t, math.Round(volume*r.number(c.t, "TARIF")*100)/100-r.number(c.t, "NACH"))
				want["vodokanal:"+account+":ВО"] = charge.CauseLinkedLeftOut
			}
		})
		return body
	})
}

// plantHeat prices the heat of hot water at one account five roubles a Gcal dearer than approved.
func (c *synthCity) plantHeat(want map[string]charge.Cause) {
	c.t.Helper()
	c.rewrite(fmt.Sprintf("teploset_%s.xml", c.month), func(body []byte) []byte {
		part := regexp.MustCompile(`номер="([^"]+)"[^>]*>\s*<У код="ГВС_ТЭ" объем="([^"]+)" тариф="([^"]+)" сн="([^"]+)" нач="([^"]+)" пер="([^"]+)" пени="([^"]+)" опл="([^"]+)" ск="([^"]+)"`)
		s, err := charmap.Windows1251.NewDecoder().String(string(body))
		if err != nil {
			c.t.Fatal(err)
		}
		for _, m := range part.FindAllStringSubmatchIndex(s, -1) {
			cut := func(i int) string { return s[m[2*i]:m[2*i+1]] }
			number := func(i int) float64 {
				v, err := strconv.ParseFloat(cut(i), 64)
				if err != nil {
					c.t.Fatal(err)
				}
				return v
			}
			if number(2) < 0.05 {
				continue
			}
			rate := number(3) + 500
			charged := math.Round(number(2)*rate*100) / 100
			due := number(4) + charged + number(6) + number(7) - number(8)
			s = s[:m[6]] + fmt.Sprintf("%.2f", rate) + s[m[7]:m[10]] + fmt.Sprintf("%.2f", charged) + s[m[11]:m[18]] + fmt.Sprintf("%.2f", due) + s[m[19]:]
			want["teploset:"+cut(1)+":ГВС_ТЭ"] = charge.CauseRate
			break
		}
		s, err = charmap.Windows1251.NewEncoder().String(s)
		if err != nil {
			c.t.Fatal(err)
		}
		return []byte(s)
	})
}

// plantPower charges one account by the price of the other zone, another fifteen roubles more, and a third one twice, with
// two sums. The register tells readings and the sum, no price: of the first two all that can be said is that the sum does
// not follow.
func (c *synthCity) plantPower(want map[string]charge.Cause) {
	c.t.Helper()
	c.rewrite(fmt.Sprintf("energosbyt_%s.ndjson", c.month), func(body []byte) []byte {
		lines := strings.Split(strings.TrimSpace(string(body)), "\n")
		zoned, plain, twice := false, false, false
		for i, line := range lines {
			var row map[string]any
			if err := json.Unmarshal([]byte(line), &row); err != nil {
				c.t.Fatal(err)
			}
			account, plan := row["account"].(string), row["plan"].(string)
			more := 0.0
			switch {
			case c.second("energosbyt", account):
			case !zoned && strings.HasPrefix(plan, "2z"):
				night := row["meters"].([]any)[0].(map[string]any)["readings"].(map[string]any)["T2"].([]any)
				more, zoned = 2*(night[1].(float64)-night[0].(float64)), true
			case !plain && strings.HasPrefix(plan, "1z"):
				more, plain = 15, true
			case plain && !twice && strings.HasPrefix(plan, "1z"):
				more, twice = 20, true
				lines = append(lines, line)
				want["energosbyt:"+account+":"] = charge.CauseDoubled
			}
			if more == 0 {
				continue
			}
			b := row["balance"].(map[string]any)
			b["charged"] = math.Round((b["charged"].(float64)+more)*100) / 100
			b["due"] = math.Round((b["due"].(float64)+more)*100) / 100
			if want["energosbyt:"+account+":"] == "" {
				want["energosbyt:"+account+":"] = charge.CauseSum
			}
			changed, err := json.Marshal(row)
			if err != nil {
				c.t.Fatal(err)
			}
			lines[i] = string(changed)
		}
		return []byte(strings.Join(lines, "\n") + "\n")
	})
}
