// Package gistest holds messages of ГИС ЖКХ against the schemas its operator publishes. Tests use it; the schemas are
// not part of the project and are read from beside the checkout.
package gistest

import (
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"kvit/internal/exchange/gis"
)

// Recorder is a transport that keeps every message and every answer that went through it.
type Recorder struct {
	gis.Transport
	mu   sync.Mutex
	list [][]byte
}

// Call passes a message on.
func (r *Recorder) Call(ctx context.Context, path, action string, envelope []byte) ([]byte, error) {
	answer, err := r.Transport.Call(ctx, path, action, envelope)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.list = append(r.list, envelope)
	if err == nil {
		r.list = append(r.list, answer)
	}
	return answer, err
}

// Messages are those that went through.
func (r *Recorder) Messages() [][]byte { r.mu.Lock(); defer r.mu.Unlock(); return r.list }

// schemas are the files the messages are written by, under the folder of the samples.
var schemas = []string{"lib/hcs-base.xsd", "house-management/hcs-house-management-types.xsd", "device-metering/hcs-device-metering-types.xsd", "bills/hcs-bills-types.xsd",
	"payment/hcs-payment-types.xsd", "nsi-common/hcs-nsi-common-types.xsd"}

// Check holds envelopes against the schemas: their headers and the elements of their bodies. It skips, and says so,
// where the schemas or the program that reads them are missing.
func Check(t *testing.T, root string, envelopes [][]byte) {
	t.Helper()
	program, err := exec.LookPath("xmllint")
	if err != nil {
		t.Skip("SKIPPED: messages of ГИС ЖКХ are not held against the schemas: xmllint (libxml2-utils) is not installed")
	}
	dir := t.TempDir()
	args := []string{"--noout", "--nonet", "--schema", all(t, root, dir)}
	sources := map[string][]byte{}
	_, missing := os.Stat(filepath.Join(root, ownLists))
	for _, e := range envelopes {
		for _, part := range parts(t, e, missing == nil) {
			name := filepath.Join(dir, fmt.Sprint(len(sources), ".xml"))
			if err := os.WriteFile(name, part, 0o600); err != nil {
				t.Fatal(err)
			}
			sources[name] = part
			args = append(args, name)
		}
	}
	if len(sources) == 0 {
		t.Fatal("no messages to check")
	}
	out, err := exec.Command(program, args...).CombinedOutput()
	if err != nil {
		t.Errorf("%d messages are held against the schemas: %v", len(sources), err)
		complain(t, string(out), sources)
	}
}

// all writes one schema that takes in those of the services.
func all(t *testing.T, root, dir string) string {
	t.Helper()
	var b strings.Builder
	b.WriteString(`<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">`)
	for _, s := range append(slices.Clone(schemas), ownLists) {
		path, err := filepath.Abs(filepath.Join(root, s))
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(path)
		if s == ownLists && err != nil {
			t.Logf("SKIPPED: messages of suppliers' own code lists (NsiAsync): %s is not beside the checkout; their headers are held alone", s)
			continue
		}
		if err != nil {
			t.Skipf("SKIPPED: the schemas of ГИС ЖКХ are not beside the checkout: %v", err)
		}
		var x struct {
			Target string `xml:"targetNamespace,attr"`
		}
		if err := xml.Unmarshal(text, &x); err != nil {
			t.Fatal(err)
		}
		fmt.Fprintf(&b, `<xs:import namespace=%q schemaLocation=%q/>`, x.Target, path)
	}
	b.WriteString(`</xs:schema>`)
	name := filepath.Join(dir, "all.xsd")
	if err := os.WriteFile(name, []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// ownLists is the schema of the service of suppliers' own code lists: held against when somebody puts it there.
const ownLists = "nsi/hcs-nsi-types.xsd"

const soap = "http://schemas.xmlsoap.org/soap/envelope/"

// unseen is the namespace of that service.
const unseen = "http://dom.gosuslugi.ru/schema/integration/nsi/"

// parts are the elements of an envelope that stand by themselves: those of its header and its body. Of a fault it is
// the detail. Elements whose schema nobody has are left out.
func parts(t *testing.T, envelope []byte, hasOwnLists bool) (list [][]byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(envelope))
	names := map[string]string{}
	for {
		from := d.InputOffset()
		token, err := d.Token()
		if err != nil {
			return list // the end of the envelope
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		for _, a := range e.Attr {
			if a.Name.Space == "xmlns" {
				names[a.Name.Local] = a.Value
			}
		}
		if e.Name.Space == soap || e.Name.Space == "" {
			continue // the envelope's own, and the words of a fault
		}
		if e.Name.Space == unseen && !hasOwnLists {
			return list // and the header alone was held
		}
		if err := d.Skip(); err != nil {
			t.Fatalf("%v in %s", err, envelope)
		}
		list = append(list, standing(envelope[from:d.InputOffset()], names))
	}
}

// standing gives an element the prefixes of the envelope it was cut from.
func standing(element []byte, names map[string]string) []byte {
	end := bytes.IndexAny(element, " />")
	var b bytes.Buffer
	b.Write(element[:end])
	for prefix, uri := range names {
		if declared := fmt.Sprintf(" xmlns:%s=", prefix); !bytes.Contains(element[:bytes.IndexByte(element, '>')], []byte(declared)) {
			fmt.Fprintf(&b, "%s%q", declared, uri)
		}
	}
	b.Write(element[end:])
	return b.Bytes()
}

// complaintsMax is how many complaints are shown.
const complaintsMax = 10

func complain(t *testing.T, out string, sources map[string][]byte) {
	t.Helper()
	shown := 0
	for line := range strings.Lines(out) {
		if strings.HasSuffix(strings.TrimSpace(line), " validates") || strings.Contains(line, "Skipping import of schema") {
			continue
		}
		if shown++; shown > complaintsMax {
			return
		}
		t.Errorf("%s", line)
		for name, text := range sources {
			if strings.HasPrefix(line, name+" fails") {
				t.Logf("%s", text[:min(len(text), 3000)])
			}
		}
	}
}
