package casefile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"reflect"

	"gopkg.in/yaml.v3"
)

// Read reads the cases of a file: documents parted by ---, each a case or a list of cases under cases:. An empty
// document is none: people end files with --- too.
func Read(name string, in io.Reader) ([]Case, error) {
	data, err := io.ReadAll(in)
	if err != nil {
		return nil, err
	}
	list, err := readAll(name, data)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("%s: в файле нет случаев", name)
	}
	return list, nil
}

func readAll(name string, data []byte) (list []Case, err error) {
	if err := encodingFault(data); err != nil {
		return nil, err
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	for {
		var doc yaml.Node
		switch err := decoder.Decode(&doc); {
		case errors.Is(err, io.EOF):
			return list, nil
		case err != nil:
			return nil, syntaxFault(err)
		}
		more, err := readDocument(name, doc.Content[0])
		if err != nil {
			return nil, err
		}
		list = append(list, more...)
	}
}

// casesOf are the cases of a document.
func casesOf(n *yaml.Node) ([]*yaml.Node, error) {
	if n.Kind == yaml.MappingNode && len(n.Content) > 0 && n.Content[0].Value == "cases" {
		if len(n.Content) > 2 {
			return nil, at(n.Content[2], "рядом с cases других ключей не бывает: %s перенесите в случай", n.Content[2].Value)
		}
		if n = n.Content[1]; n.Kind != yaml.SequenceNode {
			return nil, at(n, "cases: ожидается список случаев, каждый с «- case:»")
		}
	}
	switch {
	case n.Tag == "!!null":
		return nil, nil
	case n.Kind == yaml.SequenceNode:
		return n.Content, nil
	}
	return []*yaml.Node{n}, nil
}

func readDocument(name string, n *yaml.Node) ([]Case, error) {
	nodes, err := casesOf(n)
	if err != nil {
		return nil, err
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
