package xmlrec

import "bytes"

// readRecord takes in a whole record, so that its own fields may stand behind its services.
func (r *Reader) readRecord(token *Token) (found bool, err error) {
	r.pos++
	r.arena, r.used, r.given = r.arena[:0], 0, 0
	r.record.clear()
	top := r.scan.Depth()
	r.attributes(token, r.record, top, top)
	owner, base := r.record, top // whose fields are being read, and how deep it stands
	text := -1                   // slot the current text belongs to
	for {
		token, err := r.scan.Next()
		if err != nil {
			return false, err
		}
		depth := r.scan.Depth()
		switch token.Kind {
		case Start:
			if r.at(r.layout.service, 0) && base == top {
				owner, base = r.service(), depth
			}
			r.attributes(token, owner, base, depth)
			text = -1
			if depth > base {
				text = r.element(owner, base, depth)
			}
		case Text:
			if text >= 0 {
				r.arena = append(r.arena, token.Text...)
				owner[text].to = len(r.arena)
			}
		case End:
			if text >= 0 {
				r.trim(&owner[text])
				text = -1
			}
			if depth < base {
				owner, base = r.record, top
			}
			if depth < top {
				return r.complete(), nil
			}
		}
		if len(r.arena) > MaxTag {
			return false, refuse("file.record_too_long", "Запись XML длиннее 1 МБ.")
		}
	}
}

// complete tells whether the record just read gives a row, and stands on its first one.
func (r *Reader) complete() bool {
	if len(r.layout.service) == 0 {
		return true
	}
	if r.used == 0 {
		return false
	}
	r.given = 1
	return true
}

func (v values) clear() {
	for i := range v {
		v[i].from = -1
	}
}

func (r *Reader) service() values {
	if r.used == len(r.services) {
		r.services = append(r.services, make(values, r.n))
	}
	v := r.services[r.used]
	v.clear()
	r.used++
	return v
}

// attributes takes the attributes of an element: of the owner itself, or of a descendant named by a path.
func (r *Reader) attributes(token *Token, owner values, base, depth int) {
	for i := range token.Attrs {
		a := &token.Attrs[i]
		slot := r.slot(i, a.Name, base, depth)
		if slot < 0 || owner[slot].from >= 0 {
			continue
		}
		from := len(r.arena)
		r.arena = append(r.arena, bytes.TrimSpace(a.Value)...)
		owner[slot] = span{from: from, to: len(r.arena)}
	}
}

// serviceHints keeps the hints for services apart from those for records.
const serviceHints = 64

// slot finds the field an attribute is. Attributes come in the same order in every record, so the slot found
// last time for the same ordinal is tried first.
func (r *Reader) slot(ordinal int, name []byte, base, depth int) int {
	if depth == base {
		if r.used > 0 {
			ordinal += serviceHints
		}
		for len(r.layout.hints) <= ordinal {
			r.layout.hints = append(r.layout.hints, -1)
		}
		if h := r.layout.hints[ordinal]; h >= 0 && r.isAttr(h, name) {
			return h
		}
		for i := range r.layout.fields {
			if r.isAttr(i, name) {
				r.layout.hints[ordinal] = i
				return i
			}
		}
		return -1
	}
	for i, path := range r.layout.fields {
		if n := len(path) - 1; n == depth-base && path[n][:min(1, len(path[n]))] == "@" && path[n][1:] == string(name) && r.under(path[:n], base) {
			return i
		}
	}
	return -1
}

// isAttr tells whether field i is an attribute of the owner, written with or without @.
func (r *Reader) isAttr(i int, name []byte) bool {
	path := r.layout.fields[i]
	if len(path) != 1 {
		return false
	}
	return path[0] == string(name) || len(path[0]) == len(name)+1 && path[0][0] == '@' && path[0][1:] == string(name)
}

// under tells whether the elements open below base are the given path.
func (r *Reader) under(path []string, base int) bool {
	for i, step := range path {
		if string(r.scan.Open(base+1+i)) != step {
			return false
		}
	}
	return true
}

// element finds the field whose text the element just opened holds. The first of repeated elements counts; an
// attribute of the same name counts before it unless the layout keeps values in elements.
func (r *Reader) element(owner values, base, depth int) int {
	for i, path := range r.layout.fields {
		if len(path) != depth-base || !r.under(path, base) {
			continue
		}
		if was := owner[i]; was.from >= 0 && (was.child || !r.layout.Elements) {
			return -1
		}
		owner[i] = span{len(r.arena), len(r.arena), true}
		return i
	}
	return -1
}

func (r *Reader) trim(s *span) {
	for s.to > s.from && r.arena[s.to-1] <= ' ' {
		s.to--
	}
	for s.to > s.from && r.arena[s.from] <= ' ' {
		s.from++
	}
}
