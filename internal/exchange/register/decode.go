package register

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/fault"
)

// UnmarshalJSON reads 3, "name", ["a", "b"] or [2, 3, 4].
func (s *Source) UnmarshalJSON(raw []byte) error {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] != '[' {
		raw = slices.Concat([]byte{'['}, raw, []byte{']'})
	}
	var list []any
	if err := json.Unmarshal(raw, &list); err != nil {
		return err
	}
	*s = nil
	for _, item := range list {
		switch v := item.(type) {
		case string:
			*s = append(*s, Place{Name: v, Index: -1})
		case float64: // JSON gives every number so; columns are small
			if v < 0 || v >= 1e6 || v != float64(int(v)) {
				return wrong("", "номер колонки — целое число от нуля")
			}
			*s = append(*s, Place{Index: int(v)})
		default:
			return wrong("", "номер колонки от нуля, имя, путь или их список")
		}
	}
	return nil
}

// UnmarshalJSON reads a profile key by key, so that a wrong one is named; unknown keys are kept aside.
func (p *Profile) UnmarshalJSON(raw []byte) error {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(raw, &keys); err != nil {
		return wrong("", "профиль — это объект с ключами")
	}
	targets := p.targets()
	for _, key := range slices.Sorted(maps.Keys(keys)) {
		value := keys[key]
		if string(value) == "null" {
			continue
		}
		target, known := targets[key]
		if !known {
			p.keep(key, value)
			continue
		}
		if err := set(target, value); err != nil {
			return wrong(key, expectation(target)).Because(err)
		}
	}
	return nil
}

func (p *Profile) keep(key string, raw json.RawMessage) {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return
	}
	if p.Unknown == nil {
		p.Unknown = map[string]any{}
	}
	p.Unknown[key] = v
}

func (p *Profile) targets() map[string]any {
	return map[string]any{
		"file": &p.File, "file_mask": &p.FileMask, "supplier": &p.Supplier, "kind": &p.Kind, "encoding": &p.Encoding,
		"delimiter": &p.Delimiter, "quote": &p.Quote, "header_rows": &p.HeaderRows, "header_row": &p.HeaderRow,
		"comment_prefix": &p.CommentPrefix, "trailer_prefix": &p.TrailerPrefix, "line_prefix": &p.LinePrefix, "sheet": &p.Sheet,
		"group": &p.Group, "group_address": &p.GroupAddress, "record": &p.Record, "service": &p.Service, "fields": &p.Fields,
		"doc_start": &p.DocStart, "doc_end": &p.DocEnd, "storno": &p.Storno, "money": &p.Money, "unit": &p.Unit, "row": &p.RowIs,
		"period": &p.Period, "version": &p.Version, "total_label": &p.TotalLabel, "control_total": &p.ControlTotal,
		"house_address": &p.HouseAddress, "account_width": &p.AccountWidth, "account_prefix": &p.Prefix,
		"columns": &p.Columns, "paths": &p.Paths, "notes": &p.Notes, "account": &p.Account, "transforms": &p.Transforms,
		"on_control_mismatch": &p.OnControlMismatch, "cutoff": &p.Cutoff, "payments_out": &p.PaymentsOut, "fixes": &p.Fixes,
		"reconcile": &p.Reconcile,
	}
}

// set decodes a value; texts may also be written as numbers, and a quote as true or false.
func set(target any, raw json.RawMessage) error {
	text, ok := target.(*string)
	if !ok {
		return json.Unmarshal(raw, target)
	}
	switch {
	case string(raw) == "false":
		*text = ""
	case string(raw) == "true":
		*text = `"`
	case raw[0] == '-' || raw[0] >= '0' && raw[0] <= '9':
		*text = string(raw)
	default:
		return json.Unmarshal(raw, text)
	}
	return nil
}

func expectation(target any) string {
	switch target.(type) {
	case *string:
		return "текст"
	case *int:
		return "целое число"
	case *map[string]Source:
		return "объект: роль → номер колонки от нуля, имя, путь или их список"
	}
	return "объект с ключами из docs/formats/profile.md"
}

// UnmarshalJSON allows a column to be named by its number.
func (c *ControlTotal) UnmarshalJSON(raw []byte) error {
	type same ControlTotal
	aux := struct {
		*same
		Column json.RawMessage `json:"column"`
	}{same: (*same)(c)}
	if err := json.Unmarshal(raw, &aux); err != nil {
		return err
	}
	if len(aux.Column) == 0 {
		return nil
	}
	if text, err := strconv.Unquote(string(aux.Column)); err == nil {
		c.Column = text
		return nil
	}
	return set(&c.Column, aux.Column)
}

func wrong(key, allowed string) *fault.Error {
	if key == "" {
		return fault.Newf(fault.Invalid, "profile.value", "Профиль: ожидается %s.", allowed)
	}
	return fault.Newf(fault.Invalid, "profile.value", "Профиль, ключ «%s»: ожидается %s.", key, allowed).WithField(key)
}

// wrongWord refuses a word that is none of those allowed.
func wrongWord(key, value string, allowed []string) *fault.Error {
	return fault.Newf(fault.Invalid, "profile.value", "Профиль, ключ «%s»: ожидается одно из: %s; указано «%s».", key, strings.Join(allowed, ", "), value).WithField(key)
}
