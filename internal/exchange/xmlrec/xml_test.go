package xmlrec

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func tokens(text string) (out []string, err error) {
	s := NewScanner(iotest.OneByteReader(strings.NewReader(text)))
	for {
		t, err := s.Next()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		switch t.Kind {
		case Start:
			w := "<" + string(t.Name)
			for _, a := range t.Attrs {
				w += fmt.Sprintf(" %s=%q", a.Name, a.Value)
			}
			out = append(out, w)
		case End:
			out = append(out, "/"+string(t.Name))
		case Text:
			if s := strings.TrimSpace(string(t.Text)); s != "" {
				out = append(out, s)
			}
		}
	}
}

func TestTokens(t *testing.T) {
	for text, want := range map[string]string{
		`<?xml version="1.1"?><a b="1" c='&lt;2>"'><d/>x&amp;&#1078;<!-- <z> --><![CDATA[<&>]]></a>` + "\n": `<a b="1" c="<2>\"" <d /d x&ж <&> /a`,
		`<x:a xmlns:x="u" x:b="1"><x:c></x:c ></x:a>`:                                                       `<a x="u" b="1" <c /c /a`,
		"<a\n\tb = \"1\"\n/>": `<a b="1" /a`,
	} {
		got, err := tokens(text)
		if err != nil || strings.Join(got, " ") != want {
			t.Errorf("%s\ngot  %s %v\nwant %s", text, strings.Join(got, " "), err, want)
		}
	}
}

func TestDeclaredEncoding(t *testing.T) {
	for prolog, want := range map[string]string{`<?xml version="1.0" encoding="windows-1251"?>`: "windows-1251", `<?xml version='1.1' encoding='CP866' standalone='yes'?>`: "CP866", `<?xml version="1.0"?><a encoding="x"/>`: "", `<a/>`: ""} {
		if got := Declared([]byte(prolog)); got != want {
			t.Errorf("%s: %q", prolog, got)
		}
	}
}

func FuzzScannerAgreesWithTheStandardLibrary(f *testing.F) {
	f.Add(`<a b="1"><c>x</c><d/></a>`)
	f.Add(`<a><![CDATA[x]]>&lt;</a>`)
	f.Fuzz(func(t *testing.T, text string) {
		ours, err := tokens(text)
		r := NewReader(strings.NewReader(text), Layout{Record: "a", Service: "c", Fields: []string{"b", "d", "c/d"}, Elements: true, Control: "t"})
		for r.Next() == nil {
			r.Value(0)
		}
		if err != nil {
			return
		}
		var doc struct {
			XMLName xml.Name
		}
		d := xml.NewDecoder(strings.NewReader(text))
		d.Strict = true
		if d.Decode(&doc) == nil && len(ours) == 0 {
			t.Errorf("%q has a root, we saw nothing", text)
		}
	})
}
