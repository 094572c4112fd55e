package tariff

import (
	"kvit/internal/formula"
)

// Formula is an operator's own formula of a service: what it computes is a volume to be priced, or roubles.
type Formula struct {
	Service  string `yaml:"service"`
	Supplier string `yaml:"supplier,omitempty"`
	Category string `yaml:"category,omitempty"`
	Text     string `yaml:"formula"`
	Result   string `yaml:"result,omitempty"` // volume (when not said) or amount
	Term     `yaml:",inline"`
	Origin   `yaml:",inline"`
}

// Results of formulas.
const (
	ResultVolume = "volume" // in the service's unit, times the price
	ResultAmount = "amount" // roubles
)

// results are what a formula may compute.
var results = []string{ResultVolume, ResultAmount}

// AllFormulas are the formulas of the catalogue: those that services give themselves, which hold all the time, and the
// rows of the table.
func (c *Catalog) AllFormulas() (list []Formula) {
	for i := range c.Services {
		if s := &c.Services[i]; s.Formula != "" {
			list = append(list, Formula{Service: s.Code, Text: s.Formula, Result: s.Result, Origin: s.Origin})
		}
	}
	return append(list, c.Formulas...)
}

// namedByFormulas are the known services whose volumes and sums the formulas of a service need. What does not compile or
// is not known is refused elsewhere, with its place.
func (c *Catalog) namedByFormulas(known map[string]int) map[string][]string {
	named := map[string][]string{}
	for _, f := range c.AllFormulas() {
		p, problems := formula.Compile(f.Text)
		if len(problems) > 0 {
			continue
		}
		for _, in := range p.Inputs() {
			if _, ok := known[in.Arg]; ok && in.Figure.Computed() {
				named[f.Service] = append(named[f.Service], in.Arg)
			}
		}
	}
	return named
}

// checkFormulaKeys looks at what a service says of its formula.
func (k *checker) checkFormulaKeys(s *Service) {
	k.word(&s.Origin, "result", s.Result, results)
	rows := k.formulaRows(s.Code)
	switch {
	case s.Kind == ByFormula && s.Formula == "" && rows == 0:
		k.fault(&s.Origin, "formula", "catalog.formula", "Услуга %s считается по формуле, а формулы нет. Добавьте ключ formula или строку таблицы formulas.", s.Code)
	case s.Kind != ByFormula && s.Formula+s.Result != "":
		k.fault(&s.Origin, "formula", "catalog.formula", "Услуга %s вида %s не считается по формуле. Уберите formula и result или поставьте kind: formula.", s.Code, s.Kind)
	case s.Formula != "" && rows > 0:
		k.fault(&s.Origin, "formula", "catalog.formula", "У услуги %s формула и в services, и в таблице formulas. Оставьте строки formulas: у них есть срок.", s.Code)
	case s.Formula == "" && s.Result != "":
		k.fault(&s.Origin, "result", "catalog.formula", "У услуги %s есть result, а formula нет. Поставьте result в строках таблицы formulas.", s.Code)
	}
}

func (k *checker) formulaRows(code string) (n int) {
	for i := range k.c.Formulas {
		if k.c.Formulas[i].Service == code {
			n++
		}
	}
	return n
}

// checkFormulas compiles every formula and looks for the services it names.
func (k *checker) checkFormulas() {
	for _, f := range k.c.AllFormulas() {
		if s, ok := k.services[f.Service]; ok && s.Kind == ByFormula {
			k.checkText(&f)
		}
	}
	for i := range k.c.Formulas {
		f := &k.c.Formulas[i]
		k.term(&f.Origin, f.Term)
		k.word(&f.Origin, "result", f.Result, results)
		if s, ok := k.service(&f.Origin, "service", f.Service); ok && s.Kind != ByFormula {
			k.fault(&f.Origin, "service", "catalog.formula", "Услуга %s вида %s не считается по формуле. Уберите строку или поставьте услуге kind: formula.", s.Code, s.Kind)
		}
	}
}

// checkText refuses a formula that does not compile, and services it names that are not there.
func (k *checker) checkText(f *Formula) {
	p, problems := formula.Compile(f.Text)
	for _, x := range problems {
		if near := nearest(x.Word, x.Known); near != "" {
			k.fault(&f.Origin, "formula", "catalog.formula", "Услуга %s, формула, строка %d, столбец %d: %s Возможно, это %s?", f.Service, x.Line, x.Column, x.Message, near)
			continue
		}
		k.fault(&f.Origin, "formula", "catalog.formula", "Услуга %s, формула, строка %d, столбец %d: %s", f.Service, x.Line, x.Column, x.Message)
	}
	if p == nil {
		return
	}
	for _, in := range p.Inputs() {
		if in.Figure.OfService() {
			k.service(&f.Origin, "formula", in.Arg)
		}
	}
}

// checkFormulaTimes: formulas of one key hold one at a time and leave no day out.
func (k *checker) checkFormulaTimes() {
	formulas := map[formulaKey][]held{}
	for i := range k.c.Formulas {
		f := &k.c.Formulas[i]
		formulas[f.key()] = append(formulas[f.key()], heldAllYear(f.Term, &f.Origin))
	}
	for key, rows := range formulas {
		name := label(key.service, key.supplier, key.category)
		k.checkRows("formulas", name, rows)
		k.checkHoles("formulas", name, rows)
	}
}
