package simulator

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
)

// node is an element of a message.
type node struct {
	XMLName  xml.Name
	Attrs    []xml.Attr `xml:",any,attr"`
	Text     string     `xml:",chardata"`
	Children []node     `xml:",any"`
}

// el makes an element of texts, attributes and children.
func el(space, name string, parts ...any) node {
	n := node{XMLName: xml.Name{Space: space, Local: name}}
	for _, p := range parts {
		switch p := p.(type) {
		case string:
			n.Text = p
		case xml.Attr:
			n.Attrs = append(n.Attrs, p)
		case node:
			n.Children = append(n.Children, p)
		case []node:
			n.Children = append(n.Children, p...)
		}
	}
	return n
}

// child finds an element by its name at any depth.
func (n *node) child(name string) *node {
	for i := range n.Children {
		if n.Children[i].XMLName.Local == name {
			return &n.Children[i]
		}
		if c := n.Children[i].child(name); c != nil {
			return c
		}
	}
	return nil
}

// find gives the text of an element, or ”.
func (n *node) find(name string) string {
	if c := n.child(name); c != nil {
		return strings.TrimSpace(c.Text)
	}
	return ""
}

// all gives the texts of elements of a name at any depth.
func (n *node) all(name string) (list []string) {
	n.each(func(x *node) {
		if x.XMLName.Local == name {
			list = append(list, strings.TrimSpace(x.Text))
		}
	})
	return list
}

// each visits an element and everything in it.
func (n *node) each(visit func(*node)) {
	visit(n)
	for i := range n.Children {
		n.Children[i].each(visit)
	}
}

// plain is what an object says, without its TransportGUID.
func (n *node) plain() string {
	if n.XMLName.Local == "TransportGUID" {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s(%s", n.XMLName.Local, strings.TrimSpace(n.Text))
	for i := range n.Children {
		b.WriteString(n.Children[i].plain())
	}
	return b.String() + ")"
}

// request is a message as it came.
type request struct {
	message string // GUID of its header
	org     string
	body    *node
}

// requestMax bounds what is read of a message.
const requestMax = 32 << 20

func read(r io.Reader) (*request, error) {
	var e node
	if err := xml.NewDecoder(io.LimitReader(r, requestMax)).Decode(&e); err != nil {
		return nil, err
	}
	e.each(func(n *node) { // parts of it are sent back under names of their own
		n.Attrs, n.Text = nil, strings.TrimSpace(n.Text)
	})
	head, body := e.child("RequestHeader"), e.child("Body")
	if head == nil || body == nil || len(body.Children) != 1 {
		return nil, errors.New("no header or body")
	}
	return &request{message: head.find("MessageGUID"), org: head.find("orgPPAGUID"), body: &body.Children[0]}, nil
}
