// Package voice speaks with a telephone exchange: FreeSWITCH asks us by HTTP what to say to a caller and tells the keys he pressed.
//
// Owns: requests and documents of mod_httapi. Does not own: what is said (bot).
//
// Invariants: without our secret nothing is read; each document names the turn of the call, which comes back with the next
// request, so one told twice is known.
//
// Source: FreeSWITCH, mod_httapi (parameters of a request; document, params, work, speak, bind, hangup).
package voice

import (
	"bytes"
	"cmp"
	"crypto/subtle"
	"encoding/xml"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"kvit/internal/fault"
)

// User is the name by which an exchange signs in (gateway-credentials).
const User = "kvit"

// ContentType is that of a document: FreeSWITCH takes no other.
const ContentType = "text/xml; charset=utf-8"

// Request is one turn of a call as an exchange tells it.
type Request struct {
	Call   string // of the exchange, unique
	From   string // the caller's number as the network tells it; it may be forged or missing
	Turn   int    // that our last document named; 0 at the beginning
	Keys   string // pressed in answer to it; '' nothing
	Exited bool   // the call has ended
}

// Names of parameters: those of mod_httapi, and ours that come back.
const (
	paramCall   = "session_id"
	paramFrom   = "Caller-Caller-ID-Number"
	paramExited = "exiting"
	paramKeys   = "keys"
	paramTurn   = "turn"
)

// Known refuses an exchange that does not know the secret.
func Known(r *http.Request, secret string) error {
	name, password, _ := r.BasicAuth()
	if secret == "" || name != User || subtle.ConstantTimeCompare([]byte(password), []byte(secret)) != 1 {
		return fault.New(fault.Forbidden, "voice.secret", "Вызов телефонной станции без секрета.")
	}
	return nil
}

// Read reads a turn.
func Read(form url.Values) (q Request, err error) {
	q = Request{Call: form.Get(paramCall), From: form.Get(paramFrom), Keys: strings.TrimSuffix(form.Get(paramKeys), "#"), Exited: form.Get(paramExited) == "true"}
	if turn := form.Get(paramTurn); turn != "" {
		q.Turn, err = strconv.Atoi(turn)
	}
	if err != nil || q.Call == "" || len(q.Call) > callMax || strings.Trim(q.Keys, "0123456789*#") != "" || len(q.Keys) > keysMax {
		return q, fault.New(fault.Invalid, "voice.request", "Запрос телефонной станции не разобран.")
	}
	return q, nil
}

// Bounds of what an exchange tells, in signs.
const (
	callMax = 100
	keysMax = 40
)

// Expect is what the caller is to press.
type Expect int

// Kinds of keys.
const (
	Nothing Expect = iota // the call ends
	Key                   // one key
	Number                // figures, ended by #
)

// Say is what is said, and what is waited for.
type Say struct {
	Text   string
	Expect Expect
	Turn   int
}

// Speech is the exchange's own voice: names of its engine and voice, as its modules of speech have them.
type Speech struct{ Engine, Voice string }

// Usual is the engine of an exchange that has said nothing else: any program that reads a text aloud.
const Usual = "tts_commandline"

// Milliseconds a caller has: to begin, and between keys.
const (
	firstKey = "8000"
	nextKey  = "4000"
)

type document struct {
	XMLName xml.Name `xml:"document"`
	Type    string   `xml:"type,attr"`
	Turn    int      `xml:"params>turn"`
	Work    struct {
		Speak  speak   `xml:"speak"`
		Hangup *hangup `xml:"hangup"`
	} `xml:"work"`
}

type speak struct {
	Text   string `xml:"text,attr"`
	Engine string `xml:"engine,attr"` // FreeSWITCH speaks by none but a named one
	Voice  string `xml:"voice,attr,omitempty"`
	Name   string `xml:"name,attr,omitempty"`
	First  string `xml:"input-timeout,attr,omitempty"`
	Next   string `xml:"digit-timeout,attr,omitempty"`
	Bind   *bind  `xml:"bind"`
}

type bind struct {
	Strip string `xml:"strip,attr,omitempty"`
	Expr  string `xml:",chardata"`
}

type hangup struct {
	Cause string `xml:"cause,attr"`
}

// Write writes what is said as a document.
func Write(s Say, by Speech) ([]byte, error) {
	d := document{Type: "text/freeswitch-httapi", Turn: s.Turn}
	d.Work.Speak = speak{Text: s.Text, Engine: cmp.Or(by.Engine, Usual), Voice: by.Voice}
	switch s.Expect {
	case Key:
		d.Work.Speak.Bind = &bind{Expr: "~[0-9*#]"}
	case Number:
		d.Work.Speak.Bind = &bind{Strip: "#", Expr: "~[0-9*]{0," + strconv.Itoa(keysMax) + "}#"}
	default:
		d.Work.Hangup = &hangup{Cause: "NORMAL_CLEARING"}
	}
	if d.Work.Speak.Bind != nil {
		d.Work.Speak.Name, d.Work.Speak.First, d.Work.Speak.Next = paramKeys, firstKey, nextKey
	}
	var out bytes.Buffer
	out.WriteString(xml.Header)
	err := xml.NewEncoder(&out).Encode(&d)
	return out.Bytes(), err
}
