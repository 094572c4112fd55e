package register

import (
	"io"

	"kvit/internal/exchange/dbf"
)

// conclude turns columns into roles and keys of the profile.
func (g *guess) conclude() {
	for _, c := range g.columns {
		c.look()
	}
	if !g.statement {
		g.byParts()
		g.byWords()
		g.numbered()
		g.byContent()
	}
	g.byIdentity()
	g.settleWords()
	g.fileRoles()
	if g.has("version") {
		g.p.Version = "version"
	}
	g.constants()
}

// fileRoles writes the roles of columns into the profile, and how its sums are written.
func (g *guess) fileRoles() {
	roles := map[string]Source{}
	for _, c := range g.columns {
		if c.role != "" {
			roles[c.role] = append(roles[c.role], c.place)
		}
		if c.also != "" {
			roles[c.also] = Source{c.place}
		}
	}
	g.p.Columns = roles
	if g.p.Kind == KindNDJSON || g.p.Kind == KindJSON {
		g.p.Columns, g.p.Paths = nil, roles
	}
	g.p.Money = g.moneyForm()
	g.e.add("money", g.p.Money, "так записаны суммы")
}

// constants finds the file's own period and the width of account numbers.
func (g *guess) constants() {
	for _, c := range g.columns {
		switch c.role {
		case "period":
			if value, share := c.mode(); share > .8 && len(c.values) > 2 && len(g.p.roles()["period"]) == 1 {
				g.p.Period = value
				g.e.add("period", value, "так в большинстве строк; остальные строки — других месяцев")
			}
		case "account":
			if width := c.width(); width > 0 {
				g.p.AccountWidth = width
				g.e.add("account_width", "", "номера с нулями впереди одной длины")
			}
		}
	}
}

func (c *column) mode() (string, float64) {
	counts := map[string]int{}
	best := ""
	for _, v := range c.values {
		if counts[v.text]++; counts[v.text] > counts[best] {
			best = v.text
		}
	}
	return best, float64(counts[best]) / float64(max(1, len(c.values)))
}

// width is the length of account numbers when zeros stand in front of some and most have that length.
func (c *column) width() int {
	if !c.facts.zeros {
		return 0
	}
	lengths, best := map[int]int{}, 0
	for _, v := range c.values {
		if !digitsOnly(v.text) {
			return 0
		}
		if lengths[len(v.text)]++; lengths[len(v.text)] > lengths[best] {
			best = len(v.text)
		}
	}
	if lengths[best]*10 < len(c.values)*8 {
		return 0
	}
	return best
}

func (g *guess) table() error {
	g.p.Kind = KindDBF
	t, err := dbf.NewReader(g.in.stream, g.in.Memo)
	if err != nil {
		return err
	}
	r := &reading{p: &Profile{}}
	enc := r.tableEncoding(t)
	g.p.Encoding = enc.String()
	g.e.add("encoding", g.p.Encoding, r.sum.Encoding.Evidence)
	for _, f := range t.Fields {
		g.columns = append(g.columns, &column{place: Place{Name: f.Name, Index: -1}, name: f.Name})
	}
	for range sampleRows {
		if err := t.Next(); err == io.EOF {
			break
		} else if err != nil {
			return err
		}
		for i, c := range g.columns {
			c.values = append(c.values, sampleValue{text: enc.Text(t.Value(i)), date: t.Fields[i].Type == 'D'})
		}
	}
	g.conclude()
	g.monthOfFile(nil)
	return nil
}
