package city

import (
	"fmt"
	"strconv"
	"strings"

	"kvit/internal/calendar"
)

// organisation are the requisites of a supplier or of the settlement centre. Banks and numbers are invented:
// they are well-formed, so that checks pass, and belong to nobody (region 99 of the БИК and of the ИНН).
type organisation struct {
	code, name, inn, kpp, bank, bic, corr, account, phone, address string
	services                                                       []string
}

// inventedBanks are the banks of the town; their БИК have no bank.
var inventedBanks = []struct{ name, bic string }{
	{"Банк «Приокский вымышленный»", "049900801"}, {"Банк «Левобережный вымышленный»", "049900802"}, {"Банк «Несуществующий»", "049900803"},
}

// ownOrganisation is the settlement centre itself, whose account the statement is of.
func ownOrganisation() organisation {
	return invented(0, "centre", "Расчётный центр Заокска (вымышленный)", nil)
}

// CentreYAML is the account the settlement centre pays from, as a file for «kvit contracts load».
func CentreYAML() string {
	c := ownOrganisation()
	return fmt.Sprintf("centre:\n  name: %q\n  inn: %q\n  kpp: %q\n  bank: %q\n  bic: %q\n  corr_account: %q\n  account: %q\n", c.name, c.inn, c.kpp, c.bank, c.bic, c.corr, c.account)
}

// invented makes the requisites of the n-th organisation.
func invented(n int, code, name string, services []string) organisation {
	b := inventedBanks[n%len(inventedBanks)]
	return organisation{code: code, name: name, services: services, inn: inn10(fmt.Sprintf("9950%05d", 1007+n*317)), kpp: "995001001", bank: b.name, bic: b.bic,
		corr: keyed("0"+b.bic[4:6], "30101810"+"0"+"00000000"+b.bic[6:]), account: keyed(b.bic[6:], fmt.Sprintf("40702810"+"0"+"9900%07d", 11+n*53)),
		phone: fmt.Sprintf("+7 (48700) 0-00-%02d", n), address: fmt.Sprintf("3019%02d, %s, г. %s, ул. Торговая площадь, д. %d", n, regionName, townName, 1+n)}
}

// inn10 adds the check digit of an ИНН of ten digits.
func inn10(nine string) string {
	sum := 0
	for i, w := range [...]int{2, 4, 10, 3, 5, 9, 4, 6, 8} {
		sum += int(nine[i]-'0') * w
	}
	return nine + strconv.Itoa(sum%11%10)
}

// keyed puts the key into a bank account: its ninth digit makes the weighted sum of prefix and account end in
// zero (weights 7, 1, 3; the prefix comes from the БИК).
func keyed(prefix, account string) string {
	for key := '0'; key <= '9'; key++ {
		a := account[:8] + string(key) + account[9:]
		sum := 0
		for i, c := range prefix + a {
			sum += int(c-'0') * [3]int{7, 1, 3}[i%3] % 10
		}
		if sum%10 == 0 {
			return a
		}
	}
	return account // unreachable: weight 7, 1 or 3 meets every remainder
}

// suppliersYAML is the file for «kvit suppliers load».
func (t *town) suppliersYAML() string {
	var b strings.Builder
	b.WriteString("# Поставщики города " + townName + ". Город, организации, банки и счета вымышлены: платить по ним нельзя.\n")
	for i, l := range t.set.layouts {
		o := invented(i+1, l.code, l.supplier, l.offered)
		for j, f := range [...][2]string{{"code", o.code}, {"name", o.name}, {"inn", o.inn}, {"kpp", o.kpp}, {"bic", o.bic}, {"bank", o.bank},
			{"corr_account", o.corr}, {"account", o.account}, {"phone", o.phone}, {"address", o.address}} {
			lead := "  "
			if j == 0 {
				lead = "- "
			}
			b.WriteString(lead + f[0] + ": " + strconv.Quote(f[1]) + "\n")
		}
		b.WriteString(reach(i+1, t.month))
		b.WriteString("  services:\n")
		mapped := t.inCatalog(trade(i))
		for _, s := range mapped {
			b.WriteString("    - {" + s + ", mode: compared}\n")
		}
		for _, s := range o.services {
			if len(mapped) == 0 {
				b.WriteString("    - " + strconv.Quote(s) + "\n")
			}
		}
		b.WriteString("  mode: issued\n  status: invented\n")
	}
	return b.String()
}

// reach is how people reach the n-th organisation: hours, an emergency number, an office, and for some a work planned.
func reach(n int, month calendar.Month) string {
	text := fmt.Sprintf("  hours: \"пн–пт 8:00–17:00\"\n  emergency: [\"+7 (48700) 0-05-%02d\"]\n  email: spravka%d@zaoksk.example\n  offices:\n    - {address: \"ул. Торговая площадь, д. %d\", hours: \"вт, чт 9:00–19:00\"}\n", n, n, 1+n)
	if n%3 == 1 {
		first := month.Add(2).First()
		text += fmt.Sprintf("  works:\n    - {title: \"Плановые работы на сетях, возможны перерывы до 4 часов\", from: %s, until: %s}\n", first.AddDays(n), first.AddDays(n+1))
	}
	return text
}

// inCatalog is what a supplier's services are in the catalogue, for those that can be computed from his register.
func (t *town) inCatalog(of trade) []string {
	n := t.set.services
	switch of {
	case waterTrade:
		return []string{fmt.Sprintf("name: %q, catalog: cold_water", n.cold), fmt.Sprintf("name: %q, catalog: sewage", n.sewage),
			fmt.Sprintf("name: %q, catalog: irrigation, included: true", n.irrigation)}
	case heatTrade:
		return []string{fmt.Sprintf("name: %q, catalog: hot_water, component: water", n.warmCold), fmt.Sprintf("name: %q, catalog: hot_water, component: heat", n.warmHeat)}
	case powerTrade:
		return []string{"title: электроэнергия, catalog: electricity, digits: 5, categories: {stove: {gas: gas_stove, electric: electric_stove}}"}
	}
	return nil
}
