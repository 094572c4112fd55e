package record

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/charge/casefile"
)

// block is what a file tells of one addressee in the words of cases.
type block struct {
	Supplier string `yaml:"supplier"`
	Account  string `yaml:"account"`
	House    string `yaml:"house"`
	Flat     string `yaml:"flat"`
	Room     string `yaml:"room"`

	From       yaml.Node `yaml:"from"`
	Area       yaml.Node `yaml:"area"`
	Heated     yaml.Node `yaml:"heated_area"`
	CommonArea yaml.Node `yaml:"common_area"`
	OwnHeating yaml.Node `yaml:"own_heat_area"`
	Heating    yaml.Node `yaml:"heating"`
	Private    yaml.Node `yaml:"private"`
	Direct     yaml.Node `yaml:"direct"`
	Rooms      yaml.Node `yaml:"rooms"`
	OwnHeat    yaml.Node `yaml:"own_heat"`
	Communal   yaml.Node `yaml:"communal"`
	Residents  yaml.Node `yaml:"residents"`

	Owners      yaml.Node `yaml:"owners"`
	OwnerChange yaml.Node `yaml:"owner_change"`
	Parties     yaml.Node `yaml:"parties"`
	Absences    yaml.Node `yaml:"absences"`
	Benefits    yaml.Node `yaml:"benefits"`
	Resources   yaml.Node `yaml:"resources"`
	Meters      yaml.Node `yaml:"meters"` // of the house itself
	Events      yaml.Node `yaml:"events"`
	Services    yaml.Node `yaml:"services"`
}

// reader makes items of nodes.
type reader struct {
	file string
	emit func(*Item) error
}

// record reads one element of a file: a flat record with the key fact, or a block.
func (r *reader) record(n *yaml.Node) error {
	if n = real(n); n.Kind != yaml.MappingNode {
		return r.emit(r.broken(Item{}, n, "", fmt.Errorf("ожидается таблица ключей: кто (supplier и account или house и flat) и что о нём известно")))
	}
	if find(n, "fact") != nil {
		return r.flat(n)
	}
	var b block
	if err := casefile.Decode("запись", n, &b); err != nil {
		return r.emit(r.broken(Item{}, n, "", err))
	}
	base := Item{To: Addressee{b.Supplier, b.Account, b.House, b.Flat, b.Room}}
	var err error
	if base.To.wholeHouse() {
		err = r.house(base, n, &b)
	} else {
		err = r.premises(base, n, &b)
	}
	if err == nil {
		err = r.each(base, Event, &b.Events, "events")
	}
	return err
}

func (r *reader) house(base Item, n *yaml.Node, b *block) error {
	for _, wrong := range []named{
		{"heated_area", &b.Heated}, {"rooms", &b.Rooms}, {"own_heat", &b.OwnHeat}, {"communal", &b.Communal}, {"owners", &b.Owners}, {"owner_change", &b.OwnerChange},
		{"parties", &b.Parties}, {"absences", &b.Absences}, {"benefits", &b.Benefits}, {"services", &b.Services},
	} {
		if wrong.node.Kind != 0 {
			return r.emit(r.broken(base, wrong.node, wrong.key, fmt.Errorf("%s бывает у квартиры, а не у всего дома: добавьте flat или supplier и account", wrong.key)))
		}
	}
	leaf := gather(n, named{"from", &b.From}, named{"area", &b.Area}, named{"common_area", &b.CommonArea}, named{"own_heat_area", &b.OwnHeating},
		named{"residents", &b.Residents}, named{"private", &b.Private}, named{"direct", &b.Direct})
	heating := real(&b.Heating)
	if heating.Kind == yaml.SequenceNode { // each mode begins a row of the house
		for i, mode := range heating.Content {
			row := &yaml.Node{Kind: yaml.MappingNode, Line: mode.Line}
			rest := apart(mode, map[string]func(*yaml.Node){"from": func(v *yaml.Node) { put(row, "from", v) }})
			put(row, "heating", rest)
			if i == 0 {
				row.Content = append(row.Content, leaf.Content...)
				leaf.Content = nil
			}
			if err := r.leaf(base, House, row, fmt.Sprintf("heating[%d]", i)); err != nil {
				return err
			}
		}
	} else if heating.Kind != 0 {
		put(leaf, "heating", heating)
	}
	if len(leaf.Content) > 0 {
		if err := r.leaf(base, House, leaf, ""); err != nil {
			return err
		}
	}
	if err := r.each(base, Resource, &b.Resources, "resources"); err != nil {
		return err
	}
	return r.each(base, Meter, &b.Meters, "meters")
}

func (r *reader) premises(base Item, n *yaml.Node, b *block) error {
	for _, wrong := range []named{
		{"from", &b.From}, {"common_area", &b.CommonArea}, {"own_heat_area", &b.OwnHeating}, {"heating", &b.Heating}, {"private", &b.Private}, {"direct", &b.Direct}, {"resources", &b.Resources},
		{"meters", &b.Meters},
	} {
		if wrong.node.Kind != 0 {
			return r.emit(r.broken(base, wrong.node, wrong.key, fmt.Errorf("%s бывает у всего дома: запишите его под house без flat", wrong.key)))
		}
	}
	leaf := gather(n, named{"heated_area", &b.Heated}, named{"rooms", &b.Rooms}, named{"own_heat", &b.OwnHeat})
	if c := real(&b.Communal); c.Kind == yaml.MappingNode {
		leaf.Content = append(leaf.Content, c.Content...)
	} else if c.Kind != 0 {
		put(leaf, "communal", c) // refused with the keys there are
	}
	if a := real(&b.Area); a.Kind == yaml.ScalarNode {
		put(leaf, "area", a)
	} else if err := r.each(base, Area, a, "area"); err != nil {
		return err
	}
	if len(leaf.Content) > 0 {
		if err := r.leaf(base, Premises, leaf, ""); err != nil {
			return err
		}
	}
	for _, list := range []struct {
		kind Kind
		key  string
		node *yaml.Node
	}{
		{Residents, "residents", &b.Residents}, {Owners, "owners", &b.Owners}, {Party, "parties", &b.Parties}, {Party, "owner_change", &b.OwnerChange},
		{Absence, "absences", &b.Absences}, {Benefit, "benefits", &b.Benefits}, {Service, "services", &b.Services},
	} {
		if err := r.each(base, list.kind, list.node, list.key); err != nil {
			return err
		}
	}
	return nil
}

// each reads the elements of a list, or the only one.
func (r *reader) each(base Item, kind Kind, n *yaml.Node, path string) error {
	if n = real(n); n.Kind == 0 || n.Tag == "!!null" {
		return nil
	}
	if n.Kind != yaml.SequenceNode {
		return r.leaf(base, kind, n, path)
	}
	for i, x := range n.Content {
		if err := r.leaf(base, kind, x, fmt.Sprintf("%s[%d]", path, i)); err != nil {
			return err
		}
	}
	return nil
}

// broken is an item that could not be read. What casefile says begins with the line, which the verdict names apart.
func (r *reader) broken(base Item, n *yaml.Node, path string, err error) *Item {
	it := base
	it.File, it.Line, it.Path = r.file, n.Line, path
	says := err.Error()
	if rest, ok := strings.CutPrefix(says, "строка "); ok {
		if line, text, ok := strings.Cut(rest, ": "); ok {
			if _, e := fmt.Sscan(line, &it.Line); e == nil {
				says = text
			}
		}
	}
	it.err = invalid("fact.unreadable", "%s", says)
	return &it
}
