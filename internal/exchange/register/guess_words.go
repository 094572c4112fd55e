package register

import (
	"regexp"
	"slices"
	"strings"
)

// entry is a role and the words for it.
type entry struct {
	role  string
	words *regexp.Regexp
}

// vocabulary are the words by which suppliers head their columns, best match first in each row. Captions are
// folded: small letters, ё as е, one space.
var vocabulary = []entry{
	{"els", regexp.MustCompile(`^(елс|els|ижку|жку|идентификатор.?жку|единый лицевой.*|elс)$`)},
	{"doc_ref", regexp.MustCompile(`^(основание|doc_?ref|документ.?основание)$`)},
	{"account", regexp.MustCompile(`^(лс|л/с|ls|лиц\.? ?сч.*|.*лицев.*|l_?schet|lchet|l_?sh|kod_?ls|account.*|acc(_num)?|nls|n_ls|pkod|пкод|плат[её]жный код|дом / лс|(номер )?договора?|contract|login|абонентский номер|код абонента|personal_?acc.*)$`)},
	{"opening", regexp.MustCompile(`^(сн|сальдо.?нач.*|сальдо на начало.*|нач.*сальдо|входящее.?сальдо|вх.*сальдо|saldo_?n.*|долг( на начало.*)?|задолженность.*|debt|opening.*|balance\.opening|(остаток|баланс|сальдо) (на )?(начало|вход).*|.*входящ.*|.*на начало.*|(start|begin|initial|previous).*(balance|saldo|debt))$`)},
	{"due", regexp.MustCompile(`^(ск|к оплате|итого к оплате|сумма к оплате|всего к оплате|сальдо.?кон.*|сальдо на конец.*|исх.*сальдо|saldo_?k.*|due.*|total|to_?pay.*|.*\.due|summa|баланс|balance|(остаток|баланс|сальдо) (на )?(конец|исх|вых).*|.*исходящ.*|.*на конец.*|(end|final|closing|current).*(balance|saldo|debt)|balance\.closing)$`)},
	{"recalc", regexp.MustCompile(`^(пер|перер.*|корректировка|perer.*|recalc.*|.*\.recalc.*|доначислено)$`)},
	{"penalty", regexp.MustCompile(`^(пен[яи]( .*)?|peni|peny|penalty|fines?|.*\.penalty|penalties)$`)},
	{"charge", regexp.MustCompile(`^(нач|начисл.*|nach.*|charge.*|accru.*|.*\.charged?|сумма начислений)$`)},
	{"paid", regexp.MustCompile(`^(опл|оплачено.*|оплата|opl.*|paid|payed|.*\.paid|поступ.*|payments?|внесено.*|плат[её]ж(и|ей))$`)},
	{"commission", regexp.MustCompile(`^(комиссия.*|commission|fee|сумма комиссии.*)$`)},
	{"net", regexp.MustCompile(`^(к перечислению|перечислено|net|сумма за вычетом.*)$`)},
	{"amount", regexp.MustCompile(`^(сумма( плат[её]жа| операции)?|amount.*|sum(_pl)?|pay_?summ?|plata)$`)},
	{"fio", regexp.MustCompile(`^(фио.*|ф\.и\.о.*|абонент|плательщик.*|собственник.*|наниматель|потребитель|fio.*|.*name|owner|payer.*|holder|subscriber.*|клиент|квартиросъемщик)$`)},
	{"address", regexp.MustCompile(`^(адрес.*|.*адрес|addr.*|.*address.*|adr|помещение, адрес|house)$`)},
	{"locality", regexp.MustCompile(`^(насел.*пункт|нас\.? ?пункт|город|city|locality|nsp|nnasp)$`)},
	{"street_type", regexp.MustCompile(`^(тип улицы|street_?type)$`)},
	{"street", regexp.MustCompile(`^(улица|ул|ulica|street|ul|ulc|nylic)$`)},
	{"house", regexp.MustCompile(`^(дом|д|dom|ndom|номер дома|house_?(no|num.*)?)$`)},
	{"korp", regexp.MustCompile(`^(корп.*|k(orp|ор).*|nkorp|строение)$`)},
	{"flat", regexp.MustCompile(`^(кв|квартира|№ кв.*|кв\.|kv|kvar.*|nkw|flat|apartment|помещение|номер помещения)$`)},
	{"room", regexp.MustCompile(`^(ком|комната|комн\.|kom.*|room)$`)},
	{"share", regexp.MustCompile(`^(доля.*|share)$`)},
	{"area", regexp.MustCompile(`^(.*площадь.*|area|pl(osh.*)?|s общ.*)$`)},
	{"residents", regexp.MustCompile(`^(прож.*|пропис.*|зарег.*|жильцов|residents|zar|кол.*(чел|прож|жил).*)$`)},
	{"service", regexp.MustCompile(`^(услуга|вид услуги|usl.*|код услуги|service.*|код)$`)},
	{"measure", regexp.MustCompile(`^(ед\.? ?изм.*|е|единица.*|unit|measure)$`)},
	{"reading_prev", regexp.MustCompile(`^(.*показ.*(пред|нач).*|pok_?(pred|n).*|reading_?prev.*|prev.*)$`)},
	{"reading_cur", regexp.MustCompile(`^(.*показ.*(тек|кон).*|pok_?(tek|k).*|reading_?cur.*)$`)},
	{"volume", regexp.MustCompile(`^(объ?ем.*|расход.*|потребление|obem|volume|kwh|квт.*|количество)$`)},
	{"tariff", regexp.MustCompile(`^(тариф.*|цена.*|tarif.*|rate)$`)},
	{"period", regexp.MustCompile(`^(период.*|period|месяц.*|mes.*|за месяц|расч[её]тный период)$`)},
	{"version", regexp.MustCompile(`^(version|версия|ver)$`)},
	{"ts", regexp.MustCompile(`^(ts|timestamp|stamp|date.?time|(created|paid|captured|payed).?at|дата и время|время операции)$`)},
	{"date", regexp.MustCompile(`^(дата.*|date.*|data|dt|dt_pay|pldat|датапоступило|(payment|pay|operation).?date)$`)},
	{"time", regexp.MustCompile(`^(время|time)$`)},
	{"operation", regexp.MustCompile(`^(операция|.*операции|op|operation.*|txn.*|суип|(ид|id|идентификатор|номер|№) (платежа|операции|транзакции|заказа)|(payment|order|transaction).?id|pay_?id|payunid)$`)},
	{"supplier", regexp.MustCompile(`^(поставщик|supplier|получатель)$`)},
	{"meters", regexp.MustCompile(`^(meters|приборы|счетчики)$`)},
	{"purpose", regexp.MustCompile(`^(назначение.*|purpose|описание.*|комментари.*|примечани.*|description|comment|note)$`)},
}

// byWords gives each column the role its name says. A role goes to one column only, the first whose name fits;
// columns that hold something else than the role needs are passed over.
func (g *guess) byWords() {
	taken := map[string]bool{}
	for _, c := range g.columns {
		taken[c.role] = true
	}
	for _, v := range vocabulary {
		for _, c := range g.columns {
			name := caption(c.name)
			if c.role != "" || taken[v.role] || !v.words.MatchString(name) && !v.words.MatchString(lastStep(name)) || !c.facts.allow(v.role) {
				continue
			}
			c.role = v.role
			taken[v.role] = true
			g.e.add(v.role, c.name, "по названию «"+c.name+"»")
		}
	}
}

// caption is a name as the vocabulary has it: folded, and words written in one taken apart.
func caption(name string) string { return fold(words1C(name)) }

// lastStep is the last key of a path or the words before a unit: charge_kop, due_rub.
func lastStep(name string) string {
	name = name[strings.LastIndexByte(name, '.')+1:]
	for _, suffix := range []string{"_kop", "_rub", ", руб", ", руб.", " (руб)", " (руб.)", ", коп", ".", "_kopecks"} {
		name = strings.TrimSuffix(name, suffix)
	}
	return name
}

// known tells whether a caption is a word of the vocabulary.
func knownWord(text string) bool {
	name := caption(text)
	return slices.ContainsFunc(vocabulary, func(v entry) bool {
		return v.words.MatchString(name) || v.words.MatchString(lastStep(name))
	})
}
