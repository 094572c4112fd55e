package supplier

import (
	"cmp"
	"errors"
	"io"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/fault"
)

// entry is a supplier as a file of suppliers writes him.
type entry struct {
	Supplier `yaml:",inline"`
	Said     Reach     `yaml:",inline"`
	Contacts contacts  `yaml:"contacts"`
	Sold     []Service `yaml:"services"`
}

// contacts may be one text, a list of them, or a mapping with phone, address and how else people reach him.
type contacts struct {
	Phone   string `yaml:"phone"`
	Address string `yaml:"address"`
	Reach   `yaml:",inline"`
}

// UnmarshalYAML reads any of the three shapes.
func (c *contacts) UnmarshalYAML(node *yaml.Node) error {
	switch node.Kind {
	case yaml.MappingNode:
		type plain contacts
		return node.Decode((*plain)(c))
	case yaml.SequenceNode:
		var list []string
		err := node.Decode(&list)
		c.Phone = strings.Join(list, ", ")
		return err
	}
	return node.Decode(&c.Phone)
}

// supplier is the entry with its contacts and services in their places.
func (e *entry) supplier() Supplier {
	s := e.Supplier
	if s.Phone == "" {
		s.Phone = e.Contacts.Phone
	}
	if s.Address == "" {
		s.Address = e.Contacts.Address
	}
	s.Reach = e.Said.over(e.Contacts.Reach)
	for _, x := range e.Sold {
		if title := cmp.Or(x.Title, x.Name); title != "" {
			s.Services = append(s.Services, title)
		}
		if x.Catalog != "" {
			s.Mapping = append(s.Mapping, x)
		}
	}
	return s
}

// parse reads a list of suppliers, alone or under the key «suppliers».
func parse(r io.Reader) ([]Supplier, error) {
	var doc yaml.Node
	if err := yaml.NewDecoder(r).Decode(&doc); err != nil {
		return nil, fault.New(fault.Invalid, "supplier.yaml", "Файл поставщиков не разобран: нужен список YAML с полями code, name, inn, bic, account.").Because(err)
	}
	var entries []entry
	node := doc.Content[0]
	if node.Kind == yaml.MappingNode {
		var wrapped struct {
			Suppliers []entry `yaml:"suppliers"`
		}
		if err := node.Decode(&wrapped); err != nil {
			return nil, refused(err)
		}
		if entries = wrapped.Suppliers; entries == nil {
			return nil, fault.New(fault.Invalid, "supplier.yaml", "Файл поставщиков не разобран: нужен список YAML с полями code, name, inn, bic, account.")
		}
	} else if err := node.Decode(&entries); err != nil {
		return nil, refused(err)
	}
	list := make([]Supplier, len(entries))
	seen := map[string]bool{}
	for i := range entries {
		list[i] = entries[i].supplier()
		if err := list[i].Validate(); err != nil {
			return nil, err
		}
		if seen[list[i].Code] {
			return nil, fault.Newf(fault.Invalid, "supplier.twice", "Поставщик %s записан дважды. Оставьте одну запись.", list[i].Code)
		}
		seen[list[i].Code] = true
	}
	return list, nil
}

// refused is why the list was not read: what a service says wrong, or the shape as a whole.
func refused(err error) error {
	var own *fault.Error
	if errors.As(err, &own) {
		return own
	}
	return fault.New(fault.Invalid, "supplier.yaml", "Файл поставщиков не разобран.").Because(err)
}
