package mail

import (
	"bytes"
	"io"
	"mime"
	"mime/multipart"
	"net/mail"
	"strings"
	"testing"

	"mime/quotedprintable"

	"kvit/internal/notice/channel"
	"kvit/internal/web/webtest"
)

// TestLettersCarryOnlyWords is S8 and S11 (reliability.md) for letters: a hostile text adds no header, no address, nothing that
// runs, and no sign that turns others.
func TestLettersCarryOnlyWords(t *testing.T) {
	c, err := New(Server{URL: "smtp://127.0.0.1:2525", From: "kvit@kvit.example", Name: "Центр\r\nBcc: all@evil.example", Start: "https://kvit.example"})
	if err != nil {
		t.Fatal(err)
	}
	for _, hostile := range []string{
		"x\r\nBcc: all@evil.example\r\n\r\nпривет", "%0d%0aBcc: all@evil.example", "\u2028Bcc: all@evil.example", "<script>zzhit()</script><img src=x onerror=zzhit()>", "<a href=\"javascript:zzhit()\">сюда</a>", "</p></body><iframe src=//evil.example>",
		"ООО «\u202eкиР\u202c»\x00\x1b[2J", "{{.}} {{printf \"%s\" 1}} ${7*7}", "--boundary\r\nContent-Type: text/html\r\n\r\n<b>", ".\r\nQUIT",
	} {
		letter, _, err := c.letter("anna@example.ru", channel.Message{Key: "k", Subject: "Счёт " + hostile, Text: "К оплате\n" + hostile})
		if err != nil {
			t.Fatalf("%q: %v", hostile, err)
		}
		var raw bytes.Buffer
		if _, err := letter.WriteTo(&raw); err != nil {
			t.Fatal(err)
		}
		read(t, hostile, raw.Bytes())
	}
	for _, to := range []string{"a@b.example\r\nBcc: all@evil.example", "a@b.example, c@evil.example", "<a@b.example> x@evil.example"} {
		if letter, _, err := c.letter(to, channel.Message{Key: "k", Subject: "x", Text: "y"}); err == nil && len(letter.GetToString()) != 1 {
			t.Errorf("%q goes to %v", to, letter.GetToString())
		}
	}
}

// read opens a letter as a program of the reader does.
func read(t *testing.T, hostile string, raw []byte) {
	t.Helper()
	m, err := mail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		t.Fatalf("%q: %v\n%s", hostile, err, raw)
	}
	for _, header := range []string{"Bcc", "Cc"} {
		if m.Header.Get(header) != "" {
			t.Errorf("%q adds %s: %s", hostile, header, m.Header.Get(header))
		}
	}
	subject, err := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
	if err != nil || strings.ContainsAny(subject, "\r\n\x00\x1b\u202e\u2028") {
		t.Errorf("%q: subject %q, %v", hostile, subject, err)
	}
	_, parameters, err := mime.ParseMediaType(m.Header.Get("Content-Type"))
	if err != nil {
		t.Fatal(err)
	}
	parts, kinds := multipart.NewReader(m.Body, parameters["boundary"]), []string{}
	for {
		part, err := parts.NextRawPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		kind, _, _ := mime.ParseMediaType(part.Header.Get("Content-Type"))
		kinds = append(kinds, kind)
		text, err := io.ReadAll(quotedprintable.NewReader(part))
		if err != nil {
			t.Fatal(err)
		}
		if strings.ContainsAny(string(text), "\x00\x1b\u202e") {
			t.Errorf("%q: signs that turn or hide in %s", hostile, kind)
		}
		if kind == "text/html" {
			inert(t, hostile, string(text))
		}
	}
	if strings.Join(kinds, " ") != "text/plain text/html" {
		t.Errorf("%q: parts %v", hostile, kinds)
	}
}

// inert fails when the letter as a page would do anything but be read: its one link is the start page's.
func inert(t *testing.T, hostile, page string) {
	t.Helper()
	for _, fault := range webtest.Active(page) {
		if fault != "<body style=…>" {
			t.Errorf("%q became %s", hostile, fault)
		}
	}
	if n := strings.Count(page, "<a "); n != 1 || !strings.Contains(page, `<a href="https://kvit.example">`) {
		t.Errorf("%q: %d links", hostile, n)
	}
}
