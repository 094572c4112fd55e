package tariff

import (
	"slices"

	"kvit/internal/calendar"
)

// reachYears is how far back charges are corrected (ГК РФ ст. 196): a hole that ended longer before the last row of
// its key began is history nobody computes by.
const reachYears = 3

// held is a row of a key as far as time goes.
type held struct {
	term   Term
	months [13]bool
	origin *Origin
}

// checkTimes refuses rows of one key that hold on one day, and days between them on which none holds. Policies,
// moratoria, quality and allocation may pause: without them the law's defaults hold.
func (k *checker) checkTimes() {
	k.checkRateTimes()
	k.checkNormTimes()
	k.checkChoiceTimes()
	k.checkPenaltyTimes()
	k.checkAllocationTimes()
}

// checkRateTimes: a price may become one of bands and back; the days of the other way are no hole.
func (k *checker) checkRateTimes() {
	rates := map[rateKey][]held{}
	for i := range k.c.Rates {
		r := &k.c.Rates[i]
		rates[r.key()] = append(rates[r.key()], heldAllYear(r.Term, &r.Origin))
	}
	for key, rows := range rates {
		name := label(key.service, key.supplier, key.component, key.category, key.plan, key.zone, key.band)
		other := key
		if other.band = 0; key.band == 0 {
			other.band = 1
		}
		k.checkRows("tariffs", name, rows)
		k.checkHoles("tariffs", name, rows, rates[other]...)
	}
}

func heldAllYear(t Term, o *Origin) held { return held{term: t, months: monthSet(nil), origin: o} }

// checkNormTimes: rows of different months may share days, and a season is no hole.
func (k *checker) checkNormTimes() {
	norms, seasons := map[normKey][]held{}, map[seasonKey][]held{}
	for i := range k.c.Normatives {
		n := &k.c.Normatives[i]
		h := held{n.Term, monthSet(n.Months), &n.Origin}
		norms[n.key()], seasons[n.season()] = append(norms[n.key()], h), append(seasons[n.season()], h)
	}
	for key, rows := range norms {
		k.checkRows("normatives", label(key.service, key.supplier, key.purpose, key.category, key.object, key.rooms, key.persons), rows)
	}
	for key, rows := range seasons {
		n := key.norm
		k.checkHoles("normatives", label(n.service, n.supplier, n.purpose, n.category, n.object, n.rooms, n.persons), rows)
	}
	social, socialSeasons := map[normKey][]held{}, map[seasonKey][]held{}
	for i := range k.c.SocialNorms {
		n := &k.c.SocialNorms[i]
		h := held{n.Term, monthSet(n.Months), &n.Origin}
		social[n.key()], socialSeasons[n.season()] = append(social[n.key()], h), append(socialSeasons[n.season()], h)
	}
	for key, rows := range social {
		k.checkRows("social_norms", label(key.service, key.category), rows)
	}
	for key, rows := range socialSeasons {
		k.checkHoles("social_norms", label(key.norm.service, key.norm.category), rows)
	}
}

func (k *checker) checkChoiceTimes() {
	k.checkFormulaTimes()
	factors := map[choiceKey][]held{}
	for i := range k.c.Factors {
		f := &k.c.Factors[i]
		factors[f.key()] = append(factors[f.key()], heldAllYear(f.Term, &f.Origin))
	}
	for key, rows := range factors {
		k.checkRows("factors", label(key.service, key.supplier), rows)
		k.checkHoles("factors", label(key.service, key.supplier), rows)
	}
	bands := map[bandKey][]held{}
	for i := range k.c.Bands {
		b := &k.c.Bands[i]
		bands[b.key()] = append(bands[b.key()], heldAllYear(b.Term, &b.Origin))
	}
	for key, rows := range bands {
		k.checkRows("bands", label(key.service, key.category), rows)
		k.checkHoles("bands", label(key.service, key.category), rows)
	}
	policies, quality := map[policyKey][]held{}, map[qualityKey][]held{}
	for i := range k.c.Policies {
		p := &k.c.Policies[i]
		policies[p.key()] = append(policies[p.key()], heldAllYear(p.Term, &p.Origin))
	}
	for key, rows := range policies {
		k.checkRows("policies", label(key.name, key.supplier, key.service, key.rules), rows)
	}
	for i := range k.c.Quality {
		q := &k.c.Quality[i]
		quality[q.key()] = append(quality[q.key()], heldAllYear(q.Term, &q.Origin))
	}
	for key, rows := range quality {
		k.checkRows("quality", label(key.service, key.event), rows)
	}
}

func (k *checker) checkPenaltyTimes() {
	var regimes []held
	for i := range k.c.Regimes {
		regimes = append(regimes, heldAllYear(k.c.Regimes[i].Term, &k.c.Regimes[i].Origin))
	}
	k.checkRows("penalty_rates", label(), regimes)
	k.checkHoles("penalty_rates", label(), regimes)
	type stageKey struct {
		group string
		day   int
	}
	stages := map[stageKey][]held{}
	for i := range k.c.Stages {
		s := &k.c.Stages[i]
		key := stageKey{s.Group, s.Day}
		stages[key] = append(stages[key], heldAllYear(s.Term, &s.Origin))
	}
	for key, rows := range stages {
		k.checkRows("penalty_stages", label(key.group, key.day), rows)
	}
	due := map[string][]held{}
	for i := range k.c.DueDays {
		d := &k.c.DueDays[i]
		due[d.Supplier] = append(due[d.Supplier], heldAllYear(d.term(), &d.Origin))
	}
	for supplier, rows := range due {
		k.checkRows("due_days", label(supplier), rows)
		k.checkHoles("due_days", label(supplier), rows)
	}
	days := map[calendar.Date][]held{}
	for i := range k.c.KeyRates {
		r := &k.c.KeyRates[i]
		days[r.From] = append(days[r.From], heldAllYear(Term{From: r.From}, &r.Origin))
	}
	for day, rows := range days {
		k.checkRows("key_rates", label(day), rows)
	}
}

// term is the months of a due day as days.
func (d *DueDay) term() (t Term) {
	if d.FromMonth.Valid() {
		t.From = d.FromMonth.First()
	}
	if d.UntilMonth.Valid() {
		t.Until = d.UntilMonth.Last()
	}
	return t
}

// checkRows refuses rows that hold on one day.
func (k *checker) checkRows(table, key string, rows []held) {
	rows = inTime(rows)
	for i := range rows {
		for j := i - 1; j >= 0; j-- {
			if rows[i].term.From > endOf(rows[j].term) || !meet(rows[i].months, rows[j].months) {
				continue
			}
			k.fault(rows[i].origin, "from", "catalog.overlap", "Таблица %s (%s): с %s действуют сразу две строки, эта и %s. Закройте одну ключом until или уберите её.",
				table, key, said(rows[i].term.From), rows[j].origin.Place)
			break
		}
	}
}

func meet(a, b [13]bool) bool {
	for m := range a {
		if a[m] && b[m] {
			return true
		}
	}
	return false
}

// checkHoles refuses days between the rows of a key on which neither they nor rows that stand for them hold.
func (k *checker) checkHoles(table, key string, rows []held, instead ...held) {
	rows = inTime(rows)
	for i := 1; i < len(rows); i++ {
		end, start := endOf(rows[i-1].term), rows[i].term.From
		for _, r := range rows[:i] {
			end = max(end, endOf(r.term))
		}
		if end >= start || end.AddDays(1) >= start {
			continue
		}
		first, last := end.AddDays(1), start.AddDays(-1)
		if covered(first, last, instead) {
			continue
		}
		if last.Month().Add(12*reachYears) < rows[len(rows)-1].term.From.Month() {
			k.notices = append(k.notices, Notice{rows[i].origin.Place, "таблица " + table + " (" + key + "): с " + first.String() + " по " + last.String() + " строк нет; начисления так далеко назад не пересчитываются"})
			continue
		}
		k.fault(rows[i].origin, "from", "catalog.gap", "Таблица %s (%s): с %s по %s нет ни одной строки, прежняя %s. Продлите её или добавьте строку на эти дни.",
			table, key, first, last, rows[i-1].origin.Place)
	}
}

// covered tells whether rows hold on all days of a time.
func covered(first, last calendar.Date, rows []held) bool {
	for _, r := range inTime(rows) {
		if r.term.From <= first && endOf(r.term) >= first {
			if endOf(r.term) >= last {
				return true
			}
			first = endOf(r.term).AddDays(1)
		}
	}
	return false
}

// inTime sorts rows by their first day; rows whose term is broken are told of elsewhere.
func inTime(rows []held) []held {
	rows = slices.DeleteFunc(slices.Clone(rows), func(h held) bool { return h.term.Until != 0 && h.term.Until < h.term.From })
	slices.SortStableFunc(rows, func(a, b held) int { return int(a.term.From) - int(b.term.From) })
	return rows
}

func said(d calendar.Date) string {
	if d == 0 {
		return "начала"
	}
	return d.String()
}
