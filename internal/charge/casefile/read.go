package casefile

import (
	"errors"
	"fmt"
	"io"
	"reflect"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Read reads the cases of a file: documents parted by ---, each a case or a list of cases under cases:.
func Read(name string, in io.Reader) ([]Case, error) {
	var list []Case
	decoder := yaml.NewDecoder(in)
	for {
		var doc yaml.Node
		err := decoder.Decode(&doc)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("%s: файл не разобран как YAML: %w", name, err)
		}
		more, err := readDocument(name, doc.Content[0])
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		list = append(list, more...)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s: в файле нет случаев", name)
	}
	return list, nil
}

func readDocument(name string, n *yaml.Node) ([]Case, error) {
	if n.Kind == yaml.MappingNode && len(n.Content) == 2 && n.Content[0].Value == "cases" {
		n = n.Content[1]
	}
	nodes := []*yaml.Node{n}
	if n.Kind == yaml.SequenceNode {
		nodes = n.Content
	}
	var list []Case
	for _, node := range nodes {
		if err := checkKeys(node, reflect.TypeFor[Case]()); err != nil {
			return nil, err
		}
		c := Case{file: name, line: node.Line}
		if err := node.Decode(&c); err != nil {
			return nil, err
		}
		if c.Name == "" {
			c.Name = fmt.Sprintf("%s:%d", name, node.Line)
		}
		list = append(list, c)
	}
	return list, nil
}

// checkKeys refuses a key the language does not know, and names the nearest one.
func checkKeys(n *yaml.Node, t reflect.Type) error {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	if n.Kind == yaml.AliasNode {
		n = n.Alias
	}
	switch {
	case t == reflect.TypeFor[yaml.Node](), t == reflect.TypeFor[LateCatalog]():
		return nil
	case n.Kind == yaml.SequenceNode && t.Kind() == reflect.Slice:
		for _, item := range n.Content {
			if err := checkKeys(item, t.Elem()); err != nil {
				return err
			}
		}
	case n.Kind == yaml.MappingNode && t.Kind() == reflect.Struct:
		return checkStruct(n, t)
	case n.Kind == yaml.MappingNode && t.Kind() != reflect.Slice:
		return at(n, "ожидается одно значение, а не таблица")
	}
	return nil
}

func checkStruct(n *yaml.Node, t reflect.Type) error {
	fields := map[string]reflect.StructField{}
	var known []string
	for i := range t.NumField() {
		if key, _, _ := strings.Cut(t.Field(i).Tag.Get("yaml"), ","); key != "" {
			fields[key], known = t.Field(i), append(known, key)
		}
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key := n.Content[i]
		field, ok := fields[key.Value]
		if !ok {
			slices.Sort(known)
			return at(key, "ключа %q здесь нет%s; бывают: %s", key.Value, perhaps(key.Value, known), strings.Join(known, ", "))
		}
		value, words := n.Content[i+1], strings.Fields(field.Tag.Get("words"))
		if len(words) > 0 && value.Kind == yaml.ScalarNode && value.Value != "" && !slices.Contains(words, value.Value) {
			return at(value, "%s: %q не бывает%s; бывает: %s", key.Value, value.Value, perhaps(value.Value, words), strings.Join(words, ", "))
		}
		if err := checkKeys(value, field.Type); err != nil {
			return err
		}
	}
	return nil
}
