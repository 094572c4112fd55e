package jsonrec

import (
	"encoding/json"
	"io"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestPathsPickValuesAsTheyStand(t *testing.T) {
	p := Compile([]string{"a", "b.c", "b.c", "list.1.x", "no.such", "b"})
	v := make([]Value, 6)
	if err := p.Pick([]byte(` {"a":"q\"\u0416\ud83d\ude00\n","skip":{"a":[1,{"c":2}]},"b":{"c":12345678901234567890.10},"list":[{"x":1},{"x":true}],"a2":null} `), v); err != nil {
		t.Fatal(err)
	}
	for i, want := range []Value{{String, []byte("q\"Ж😀\n")}, {Number, []byte("12345678901234567890.10")}, {Number, []byte("12345678901234567890.10")}, {Bool, []byte("true")}, {}, {Object, []byte(`{"c":12345678901234567890.10}`)}} {
		if v[i].Kind != want.Kind || string(v[i].Raw) != string(want.Raw) {
			t.Errorf("%d: %d %s", i, v[i].Kind, v[i].Raw)
		}
	}
}

func TestTheLastOfRepeatedKeysCounts(t *testing.T) {
	v := make([]Value, 1)
	if err := Compile([]string{"a"}).Pick([]byte(`{"a":1,"a":2}`), v); err != nil || string(v[0].Raw) != "2" {
		t.Error(string(v[0].Raw), err)
	}
}

func TestGrammarIsThatOfTheStandardLibrary(t *testing.T) {
	p, v := Compile([]string{"a"}), make([]Value, 1)
	for _, s := range []string{`{`, `{"a"}`, `{"a":}`, `{"a":1,}`, `[1,]`, `{"a":01}`, `{"a":1.}`, `{"a":-}`, `{"a":1e}`, `{"a":tru}`, `{"a":"\q"}`, `{"a":"x}`, `{} {}`, ``, `{a:1}`, `{"a":"\u00"}`, `{"a":NaN}`, `{}`, `[]`, `{"a":[{}]}`, `-0.5e+7`, `null`} {
		if got := p.Pick([]byte(s), v) == nil; got != json.Valid([]byte(s)) {
			t.Errorf("%s: taken %v", s, got)
		}
	}
}

func TestDepthIsBounded(t *testing.T) {
	if err := Compile([]string{"a"}).Pick([]byte(strings.Repeat("[", 100_000)), make([]Value, 1)); err == nil {
		t.Error("100 000 levels were taken")
	}
}

func TestStringsComeBackFromAnyEscaping(t *testing.T) {
	p := Compile([]string{"k.v"})
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.String().Draw(t, "s")
		raw, err := json.Marshal(map[string]any{"k": map[string]any{"u": s, "v": s}})
		if err != nil {
			t.Fatal(err)
		}
		v := make([]Value, 1)
		if err := p.Pick(raw, v); err != nil || string(v[0].Raw) != strings.ToValidUTF8(s, "\ufffd") {
			t.Fatalf("%q: %q %v", s, v[0].Raw, err)
		}
	})
}

func TestElementsOfAnArrayDeepInADocument(t *testing.T) {
	a := NewArrayReader(strings.NewReader(`{"x":["]",{"data":1}],"data":{"y":"}","items":[{"a":1},2 , "z\"" ]},"rest":`), "data.items")
	var got []string
	for {
		r, err := a.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, strings.TrimSpace(string(r)))
	}
	if strings.Join(got, "|") != `{"a":1}|2|"z\""` {
		t.Error(got)
	}
}

func FuzzPick(f *testing.F) {
	f.Add([]byte(`{"a":{"b":[1,"x\u0041",null]}}`))
	p := Compile([]string{"a", "a.b", "a.b.1", "c"})
	f.Fuzz(func(t *testing.T, b []byte) {
		ok := p.Pick(b, make([]Value, 4)) == nil
		if ok && !json.Valid(b) && json.Valid([]byte(strings.ToValidUTF8(string(b), "?"))) {
			return // control signs inside strings are let through: a row must not be lost for a stray tab
		}
		if !ok && json.Valid(b) && len(b) < 60 {
			t.Errorf("%q is JSON", b)
		}
		a := NewArrayReader(strings.NewReader(string(b)), "a")
		for {
			if _, err := a.Next(); err != nil {
				return
			}
		}
	})
}
