package city

import (
	"slices"
	"strconv"
	"strings"
)

const missingAccount = "missing_account"

// spoiler damages the row of an account in one way; nil when this account cannot be damaged so.
type spoiler func(g *register, kind string, a *account, r *rng) []row

var spoilers = map[string]spoiler{
	"addr_typo": spoilAddress, "addr_alias": spoilAddress, "addr_korp_lost": spoilAddress, "addr_flat_lost": spoilAddress,
	"addr_wrong_flat": spoilAddress, "addr_loc_lost": spoilAddress,
	"fio_typo": spoilName, "mojibake": spoilBytes, "field_shift": shiftFields, "amount_format": spaceSums,
	"acc_zero_lost": loseZeros, "acc_lookalike": replaceLetter, "acc_typo": mistypeNumber,
	"dup_row": repeatRow, "dup_variant": repeatRow, "wrong_sum": wrongSum, "wrong_period": otherPeriod,
	"corr_version": correctVersion, "storno": reverseDocument,
}

func (g *register) spoil(kind string, a *account, r *rng) []row {
	return spoilers[kind](g, kind, a, r)
}

// one makes a single damaged row with its record.
func (g *register) one(kind, action string, a *account, d *damage) ([]row, *defect) {
	f := g.truth.report(kind, g.layout.code, a, action)
	d.defects = append(d.defects, f)
	return []row{{a, d}}, f
}

func spoilName(g *register, kind string, a *account, r *rng) []row {
	p := *a.owner
	p.last, _ = typo(p.last, r)
	rows, f := g.one(kind, "link", a, &damage{owner: &p})
	f.Field, f.Was, f.Now = "fio", a.owner.full(), p.full()
	return rows
}

// foreign is the code page that gets into a file of an encoding by mistake.
func foreign(encoding string) string {
	if encoding == "cp866" {
		return "cp1251"
	}
	return "cp866"
}

func spoilBytes(g *register, kind string, a *account, _ *rng) []row {
	rows, f := g.one(kind, "link", a, &damage{mixed: true})
	f.Field, f.Was, f.Now = "fio,address", a.owner.full(), foreign(g.layout.encoding)
	return rows
}

func shiftFields(g *register, kind string, a *account, _ *rng) []row {
	rows, f := g.one(kind, "repair", a, &damage{shifted: true})
	f.Field, f.Was, f.Now = "address", strconv.Itoa(len(g.layout.columns)), strconv.Itoa(len(g.layout.columns)+1)
	return rows
}

func spaceSums(g *register, kind string, a *account, _ *rng) []row {
	if a.due < 100_000 {
		return nil // too small to have thousands
	}
	rows, f := g.one(kind, "normalise", a, &damage{spaced: true})
	f.Field, f.Was, f.Now = g.layout.columnOf("due"), sumCell(a.due, g.layout.money).text, spaced(a.due)
	return rows
}

// renumbered makes a row under another number, kept as an alias of the true one.
func (g *register) renumbered(kind, action string, a *account, number string, numeric bool) []row {
	alias := g.layout.code + ":" + number
	if number == a.number || g.truth.aliases[alias] != "" {
		return nil
	}
	g.truth.aliases[alias] = g.layout.code + ":" + a.number
	rows, f := g.one(kind, action, a, &damage{number: number, numeric: numeric})
	f.Field, f.Was, f.Now = "account", a.number, number
	return rows
}

func loseZeros(g *register, kind string, a *account, _ *rng) []row {
	return g.renumbered(kind, "normalise", a, strings.TrimLeft(a.number, "0"), true)
}

func replaceLetter(g *register, kind string, a *account, _ *rng) []row {
	return g.renumbered(kind, "normalise", a, toCyrillic(a.number), false)
}

// mistypeNumber changes one digit; the check digit tells, whichever of the two checks the supplier uses: both
// find every single wrong digit.
func mistypeNumber(g *register, kind string, a *account, r *rng) []row {
	i := len(a.number) - 2 - r.below(5)
	digit := byte('0' + (int(a.number[i]-'0')+r.between(1, 9))%10)
	return g.renumbered(kind, "link", a, a.number[:i]+string(digit)+a.number[i+1:], false)
}

// perLine makes a record for each line the account has in the file.
func (g *register) perLine(kind string, a *account) (list []*defect, perLine bool) {
	rw := row{account: a}
	lines := rw.lines(g.layout.byService() && !g.layout.nests())
	for _, s := range lines {
		f := g.truth.report(kind, g.layout.code, a, "ignore")
		f.Due, f.Charge = &s.due, &s.charge
		list = append(list, f)
	}
	return list, len(list) > 1
}

func repeatRow(g *register, kind string, a *account, r *rng) []row {
	list, perLine := g.perLine(kind, a)
	first := &damage{defects: list, perLine: perLine}
	second := &damage{defects: list, perLine: perLine, late: r.percent(50), variant: kind == "dup_variant"}
	return []row{{a, first}, {a, second}}
}

func wrongSum(g *register, kind string, a *account, r *rng) []row {
	x := pick(r, []int64{-10000, 10000, 90, -90, 1, -1000, 100000})
	rows, f := g.one(kind, "recompute", a, &damage{wrong: x})
	f.Field, f.Delta = g.layout.columnOf("due"), &x
	return rows
}

func otherPeriod(g *register, kind string, a *account, _ *rng) []row {
	m := g.town.month
	list, perLine := g.perLine(kind, a)
	for _, f := range list {
		f.Field, f.Was, f.Now = g.layout.columnOf("period"), month(g.layout.period, m), month(g.layout.period, before(m))
	}
	return []row{{account: a}, {a, &damage{month: before(m), defects: list, perLine: perLine}}}
}

// correctVersion adds the version that was replaced; it may stand after the one that replaced it.
func correctVersion(g *register, kind string, a *account, r *rng) []row {
	x := a.charge*int64(r.between(10, 60))/100 + 100
	outOfOrder := r.percent(50)
	f := g.truth.report(kind, g.layout.code, a, "latest")
	due, charge := a.due+x, a.charge+x
	f.OutOfOrder, f.Due, f.Charge = &outOfOrder, &due, &charge
	old := row{a, &damage{extra: x, version: 1, late: outOfOrder, defects: []*defect{f}}}
	latest := row{a, &damage{version: 2, late: !outOfOrder}}
	if outOfOrder {
		return []row{latest, old}
	}
	return []row{old, latest}
}

// reverseDocument makes a document that charges too much and a storno of the excess, which may stand first.
func reverseDocument(g *register, kind string, a *account, r *rng) []row {
	x := a.services[0].charge*int64(r.between(5, 40))/100 + 100
	outOfOrder, delta := r.percent(50), -x
	f := g.truth.report(kind, g.layout.code, a, "net")
	f.OutOfOrder, f.Delta = &outOfOrder, &delta
	base := row{a, &damage{extra: x}}
	storno := row{a, &damage{extra: x, storno: true, defects: []*defect{f}}}
	if outOfOrder {
		return []row{storno, base}
	}
	return []row{base, storno}
}

// columnOf is the name of the column of a role.
func (l *layout) columnOf(role string) string {
	i := slices.IndexFunc(l.columns, func(c column) bool { return c.role == role })
	return l.columns[i].name
}
