package casefile

import (
	"errors"
	"fmt"
	"io"
	"reflect"

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
		if err := checkNode("случай", node, reflect.TypeFor[Case]()); err != nil {
			return nil, err
		}
		c := Case{file: name, line: node.Line}
		if err := node.Decode(&c); err != nil {
			return nil, err
		}
		if err := c.check(); err != nil {
			return nil, err
		}
		if c.Name == "" {
			c.Name = fmt.Sprintf("%s:%d", name, node.Line)
		}
		list = append(list, c)
	}
	return list, nil
}
