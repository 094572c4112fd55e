package record

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/charge/casefile"
)

// named is a key and its value.
type named struct {
	key  string
	node *yaml.Node
}

// real follows an alias.
func real(n *yaml.Node) *yaml.Node {
	if n.Kind == yaml.AliasNode {
		return n.Alias
	}
	return n
}

func put(to *yaml.Node, key string, value *yaml.Node) {
	to.Content = append(to.Content, &yaml.Node{Kind: yaml.ScalarNode, Value: key, Line: value.Line}, value)
}

func find(n *yaml.Node, key string) *yaml.Node {
	for i := 0; i+1 < len(n.Content); i += 2 {
		if n.Content[i].Value == key {
			return n.Content[i+1]
		}
	}
	return nil
}

// gather makes a table of the keys that are there.
func gather(of *yaml.Node, keys ...named) *yaml.Node {
	leaf := &yaml.Node{Kind: yaml.MappingNode, Line: of.Line}
	for _, k := range keys {
		if k.node.Kind != 0 {
			put(leaf, k.key, k.node)
		}
	}
	return leaf
}

// apart gives the keys of a table to whom they are for, and a table of the others.
func apart(n *yaml.Node, take map[string]func(*yaml.Node)) *yaml.Node {
	rest := &yaml.Node{Kind: yaml.MappingNode, Line: n.Line}
	if n.Kind != yaml.MappingNode {
		return n
	}
	for i := 0; i+1 < len(n.Content); i += 2 {
		if fn := take[n.Content[i].Value]; fn != nil {
			fn(real(n.Content[i+1]))
			continue
		}
		rest.Content = append(rest.Content, n.Content[i], n.Content[i+1])
	}
	return rest
}

// wrote gives where a value of a key goes, and keeps the first error.
func (it *Item) wrote(key string, into any) func(*yaml.Node) {
	return func(n *yaml.Node) {
		if err := casefile.Decode(key, n, into); err != nil && it.err == nil {
			it.err = err
		}
	}
}

// common are the keys that any record may have.
func (it *Item) common() map[string]func(*yaml.Node) {
	return map[string]func(*yaml.Node){
		"key": it.wrote("key", &it.key), "withdraw": it.wrote("withdraw", &it.withdraw), "instead": it.wrote("instead", &it.instead),
		"recorded": it.wrote("recorded", &it.recorded), "reason": it.wrote("reason", &it.reason),
	}
}

// flat reads a record that names its kind and addressee beside the keys of the fact.
func (r *reader) flat(n *yaml.Node) error {
	it := Item{}
	keys := it.common()
	var kind string
	keys["fact"] = it.wrote("fact", &kind)
	for key, into := range map[string]*string{
		"supplier": &it.To.Supplier, "account": &it.To.Account, "house": &it.To.House, "flat": &it.To.Flat, "room": &it.To.Room, "service": &it.service, "meter": &it.meter,
	} {
		keys[key] = it.wrote(key, into)
	}
	rest := apart(n, keys)
	it.Kind = Kind(kind)
	if it.To.Account == "" && it.To.House != "" {
		it.seller, it.To.Supplier = it.To.Supplier, ""
	}
	if _, ok := kinds[it.Kind]; !ok && it.err == nil {
		it.err = fmt.Errorf("fact: %q не бывает%s; бывает: %s", kind, casefile.Perhaps(kind, kindWords), strings.Join(kindWords, ", "))
	}
	return r.finish(&it, rest, "")
}

// leaf reads one fact of a block, and what hangs on it.
func (r *reader) leaf(base Item, kind Kind, n *yaml.Node, path string) error {
	it, n := base, real(n)
	it.Kind = kind
	var nested []nest
	keys := it.common()
	switch kind {
	case Service:
		nested = it.serviceKeys(keys)
	case Meter:
		nested = it.meterKeys(keys)
	case Event:
		if it.service == "" {
			keys["service"], keys["supplier"] = it.wrote("service", &it.service), it.wrote("supplier", &it.seller)
		}
	}
	rest := apart(it.scalar(kind, n), keys)
	if kind == Meter {
		nested = append(nested, nest{GasFactor, "gas_factor", monthly(rest)})
	}
	if it.err == nil && len(rest.Content) == 0 && !it.withdraw {
		for i := range nested {
			it.ifMissing = it.ifMissing || nested[i].node != nil
		}
	}
	if err := r.finish(&it, rest, path); err != nil {
		return err
	}
	for i := range nested {
		if x := &nested[i]; x.node != nil {
			if err := r.each(Item{To: it.To, service: it.service, seller: it.seller, meter: it.meter}, x.kind, x.node, path+"."+x.key); err != nil {
				return err
			}
		}
	}
	return nil
}

// nest is a list of facts that hang on another.
type nest struct {
	kind Kind
	key  string
	node *yaml.Node
}

func (it *Item) serviceKeys(keys map[string]func(*yaml.Node)) []nest {
	keys["service"], keys["supplier"] = it.wrote("service", &it.service), it.wrote("supplier", &it.seller)
	return nests(keys, []nest{{Meter, "meters", nil}, {Act, "acts", nil}, {Event, "events", nil}, {Object, "objects", nil}, {Instalment, "instalments", nil}, {Fine, "fines", nil}, {Volume, "volumes", nil}})
}

func (it *Item) meterKeys(keys map[string]func(*yaml.Node)) []nest {
	keys["id"] = it.wrote("id", &it.meter)
	if it.service == "" { // a house's own stand under no service
		keys["service"] = it.wrote("service", &it.service)
	}
	return nests(keys, []nest{{Verification, "verified", nil}, {Reading, "readings", nil}})
}

func nests(keys map[string]func(*yaml.Node), list []nest) []nest {
	for i := range list {
		keys[list[i].key] = func(n *yaml.Node) { list[i].node = n }
	}
	return list
}

// monthly takes coefficients told by months out of a meter, as a list of their own.
func monthly(meter *yaml.Node) *yaml.Node {
	for i := 0; i+1 < len(meter.Content); i += 2 {
		by := real(meter.Content[i+1])
		if meter.Content[i].Value != "gas_factor" || by.Kind != yaml.MappingNode {
			continue
		}
		meter.Content = append(meter.Content[:i:i], meter.Content[i+2:]...)
		list := &yaml.Node{Kind: yaml.SequenceNode, Line: by.Line}
		for k := 0; k+1 < len(by.Content); k += 2 {
			x := &yaml.Node{Kind: yaml.MappingNode, Line: by.Content[k].Line}
			put(x, "month", by.Content[k])
			put(x, "value", by.Content[k+1])
			list.Content = append(list.Content, x)
		}
		return list
	}
	return nil
}

// scalar is the table that a short form stands for: a number of residents, a service by its code, a day of change.
func (it *Item) scalar(kind Kind, n *yaml.Node) *yaml.Node {
	if n.Kind != yaml.ScalarNode {
		return n
	}
	full := &yaml.Node{Kind: yaml.MappingNode, Line: n.Line}
	switch kind {
	case Residents, Owners:
		it.instead = true
		put(full, "persons", n)
	case Service:
		it.service = n.Value
	case Party:
		put(full, "from", n)
	default:
		return n
	}
	return full
}

// finish makes an item of the keys that are the fact's own, read by the kind's type.
func (r *reader) finish(it *Item, rest *yaml.Node, path string) error {
	if it.err == nil {
		it.leaf = rest
		if it.Kind == Resource && it.service != "" {
			put(rest, "service", &yaml.Node{Kind: yaml.ScalarNode, Value: it.service, Line: rest.Line})
		}
		if it.Kind == Event { // in a case the month is the case's
			rest = apart(rest, map[string]func(*yaml.Node){"month": it.wrote("month", &it.month)})
			it.leaf = rest
		}
		into := kinds[it.Kind].spec()
		if it.withdraw && rest.Kind == yaml.MappingNode {
			casefile.Name(rest, into)
		}
		if err := casefile.Decode(path, rest, into); it.err == nil {
			it.err = err
		}
	}
	if it.err != nil {
		return r.emit(r.broken(*it, rest, path, it.err))
	}
	it.File, it.Line, it.Path = r.file, rest.Line, path
	return r.emit(it)
}
