package seal

import (
	"encoding/json"
	"testing"

	"kvit/internal/fault"
)

func pair(t *testing.T) (a, b Keys) {
	t.Helper()
	a, errA := OpenKeys(t.TempDir())
	b, errB := NewKeys()
	if errA != nil || errB != nil {
		t.Fatal(errA, errB)
	}
	return a, b
}

func closed(t *testing.T, from Keys, to Public) Message {
	t.Helper()
	m := Message{Handover: "h", Kind: "offer", Number: 1, MadeAt: "2026-11-26T10:00:00Z"}
	if err := from.Close(&m, to, []byte("Иванов, кв. 5, долг 100")); err != nil {
		t.Fatal(err)
	}
	return m
}

func TestMessageOpensForItsReceiverOnly(t *testing.T) {
	a, b := pair(t)
	c, _ := NewKeys()
	m := closed(t, a, b.Public())
	text, err := json.Marshal(m)
	var back Message
	if err != nil || json.Unmarshal(text, &back) != nil {
		t.Fatal(err)
	}
	if body, err := b.Open(&back, a.Public()); err != nil || string(body) != "Иванов, кв. 5, долг 100" {
		t.Fatalf("%q, %v", body, err)
	}
	for name, open := range map[string]func() ([]byte, error){
		"another receiver": func() ([]byte, error) { return c.Open(&back, a.Public()) },
		"another sender":   func() ([]byte, error) { return b.Open(&back, c.Public()) },
	} {
		if body, err := open(); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %q, %v", name, body, err)
		}
	}
}

func TestChangedMessageDoesNotOpen(t *testing.T) {
	a, b := pair(t)
	for name, change := range map[string]func(*Message){
		"body":      func(m *Message) { m.Body[len(m.Body)/2] ^= 1 },
		"kind":      func(m *Message) { m.Kind = "confirm" },
		"number":    func(m *Message) { m.Number++ },
		"have":      func(m *Message) { m.Have++ },
		"house":     func(m *Message) { m.Handover = "g" },
		"moment":    func(m *Message) { m.MadeAt = "" },
		"once":      func(m *Message) { m.Ephemeral[0] ^= 1 },
		"signature": func(m *Message) { m.Signature[0] ^= 1 },
		"receiver":  func(m *Message) { m.To = a.Public().String() },
	} {
		m := closed(t, a, b.Public())
		if change(&m); m.verify(a.Public()) == nil {
			t.Errorf("%s: the signature holds", name)
		}
		if _, err := b.Open(&m, a.Public()); !fault.Is(err, fault.Forbidden) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestKeysAreKeptAndPrinted(t *testing.T) {
	dir := t.TempDir()
	a, err := OpenKeys(dir)
	if err != nil {
		t.Fatal(err)
	}
	again, err := OpenKeys(dir)
	if err != nil || again.Public().String() != a.Public().String() {
		t.Fatalf("%v, %v", again.Public(), err)
	}
	p, err := ParsePublic(" " + a.Public().String() + "\n")
	if err != nil || p.String() != a.Public().String() || p.Fingerprint() != a.Public().Fingerprint() || len(p.Fingerprint()) != 24 {
		t.Errorf("%v, %v", p, err)
	}
	for _, bad := range []string{"", "kvit1.", a.Public().String()[6:], a.Public().String() + "AA"} {
		if _, err := ParsePublic(bad); !fault.Is(err, fault.Invalid) {
			t.Errorf("%q: %v", bad, err)
		}
	}
}
