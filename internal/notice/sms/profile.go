package sms

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/fault"
)

// Profile is a gateway's dialect as data: where its requests go, under which names it takes things, where its answers say
// what, and what its codes mean. Another gateway over HTTP is another profile, not another release.
type Profile struct {
	Code    string            `yaml:"profile"`
	Title   string            `yaml:"title"`
	URL     string            `yaml:"url"`
	JSON    bool              `yaml:"json,omitempty"`    // the body is one JSON object; else a form
	Headers map[string]string `yaml:"headers,omitempty"` // with the same {words} as fields
	OwnID   bool              `yaml:"own_id,omitempty"`  // it takes our id, so a lost answer can be asked about
	Send    *Request          `yaml:"send"`
	Call    *Request          `yaml:"call,omitempty"` // reads a text aloud; none: the gateway does not call
	Ask     *Request          `yaml:"ask,omitempty"`
	Inbox   *Inbox            `yaml:"inbox,omitempty"` // what people write to us; none: the gateway takes nothing
	Codes   Codes             `yaml:"codes"`
	States  States            `yaml:"states"`
	Hint    Hint              `yaml:"hint,omitempty"`
}

// Request is one of a gateway's calls: the fields to send, with {login}, {password}, {sender}, {to}, {text}, {key}, {id},
// and paths to what its answer says. A path is keys parted by points; «*» is the only key of its object.
type Request struct {
	Path   string            `yaml:"path"`
	Fields map[string]string `yaml:"fields"`
	ID     string            `yaml:"id,omitempty"`
	Code   string            `yaml:"code,omitempty"`  // of this message: absent or fine is taken
	Whole  string            `yaml:"whole,omitempty"` // of the request as a whole: absent or fine is read on
	Reason string            `yaml:"reason,omitempty"`
	State  string            `yaml:"state,omitempty"`
	At     string            `yaml:"at,omitempty"` // Unix seconds
}

// Inbox is how a gateway is asked for what people wrote: the fields to send, with {login}, {password}, {after}, and where its answer
// says what. Its ids grow.
type Inbox struct {
	Path   string            `yaml:"path"`
	Fields map[string]string `yaml:"fields"`
	List   string            `yaml:"list,omitempty"` // key of the list; '' the answer is it
	ID     string            `yaml:"id"`
	From   string            `yaml:"from"`
	Text   string            `yaml:"text"`
	Code   string            `yaml:"code,omitempty"`  // of a refusal
	Empty  []string          `yaml:"empty,omitempty"` // codes that say there is nothing
	Reason string            `yaml:"reason,omitempty"`
}

// Codes sort a gateway's codes; one of none of them is a refusal for good.
type Codes struct {
	Fine    []string `yaml:"fine,omitempty"`
	Busy    []string `yaml:"busy,omitempty"`    // later
	Setup   []string `yaml:"setup,omitempty"`   // our password or our money
	Missing []string `yaml:"missing,omitempty"` // it knows of no such message
}

// States sort a gateway's words for how far a message came.
type States struct {
	Waiting   []string `yaml:"waiting"`
	Delivered []string `yaml:"delivered"`
	Failed    []string `yaml:"failed"`
	Missing   []string `yaml:"missing,omitempty"`
}

// Hint is how a gateway calls back: the id in a field, or on a line of each value of a list. Nothing else of it is
// believed: the gateway is asked.
type Hint struct {
	Field  string `yaml:"field,omitempty"`
	List   string `yaml:"list,omitempty"` // values named list[], list[0] …
	Line   int    `yaml:"line,omitempty"` // from zero
	Answer string `yaml:"answer,omitempty"`
}

//go:embed profiles/*.yaml
var builtin embed.FS

// FindProfile gives a profile by its code, or reads one from a file when the name is a path.
func FindProfile(name string) (*Profile, error) {
	read := func() ([]byte, error) { return builtin.ReadFile("profiles/" + name + ".yaml") }
	if strings.ContainsAny(name, "./\\") {
		read = func() ([]byte, error) { return os.ReadFile(name) }
	}
	text, err := read()
	if err != nil {
		return nil, fault.Newf(fault.Invalid, "sms.profile", "Профиля SMS-шлюза %q нет. Есть: %s; или укажите файл .yaml.", name, strings.Join(builtinNames(), ", ")).Because(err)
	}
	return ReadProfile(text)
}

func builtinNames() (names []string) {
	entries, err := fs.ReadDir(builtin, "profiles")
	if err != nil {
		panic(err) // it is compiled in
	}
	for _, e := range entries {
		names = append(names, strings.TrimSuffix(e.Name(), ".yaml"))
	}
	return names
}

// ReadProfile reads and judges a profile: unknown keys, and one that could never tell a fate, are refused.
func ReadProfile(text []byte) (*Profile, error) {
	p := &Profile{}
	d := yaml.NewDecoder(bytes.NewReader(text))
	d.KnownFields(true)
	if err := d.Decode(p); err != nil {
		return nil, wrongProfile("файл не прочитался").Because(err)
	}
	switch {
	case p.Code == "" || p.URL == "" || p.Send == nil || p.Send.Path == "":
		return nil, wrongProfile("нужны profile, url и send.path")
	case !slices.Contains(values(p.Send.Fields), "{to}") || !slices.Contains(values(p.Send.Fields), "{text}"):
		return nil, wrongProfile("в send.fields нужны {to} и {text}")
	case p.OwnID && !slices.Contains(values(p.Send.Fields), "{key}"):
		return nil, wrongProfile("own_id требует {key} в send.fields")
	case !p.OwnID && p.Send.ID == "":
		return nil, wrongProfile("без own_id нужен send.id")
	case p.Inbox != nil && (p.Inbox.Path == "" || p.Inbox.ID == "" || p.Inbox.From == "" || p.Inbox.Text == "" || !slices.Contains(values(p.Inbox.Fields), "{after}")):
		return nil, wrongProfile("в inbox нужны path, id, from, text и {after} в fields")
	case p.Ask != nil && (p.Ask.State == "" || len(p.States.Delivered) == 0):
		return nil, wrongProfile("для ask нужны state и states.delivered")
	}
	return p, nil
}

func wrongProfile(why string) *fault.Error {
	return fault.New(fault.Invalid, "sms.profile", fmt.Sprintf("Профиль SMS-шлюза не подходит: %s.", why))
}

func values(m map[string]string) (list []string) {
	for _, v := range m {
		list = append(list, v)
	}
	return list
}
