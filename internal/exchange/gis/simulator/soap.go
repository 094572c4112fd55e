package simulator

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
)

// node is an element of a request.
type node struct {
	XMLName  xml.Name
	Text     string `xml:",chardata"`
	Children []node `xml:",any"`
}

// child finds an element by its name at any depth.
func (n *node) child(name string) *node {
	for i := range n.Children {
		if n.Children[i].XMLName.Local == name {
			return &n.Children[i]
		}
		if c := n.Children[i].child(name); c != nil {
			return c
		}
	}
	return nil
}

// find gives the text of an element, or ”.
func (n *node) find(name string) string {
	if c := n.child(name); c != nil {
		return strings.TrimSpace(c.Text)
	}
	return ""
}

// plain is what an object says, without its TransportGUID.
func (n *node) plain() string {
	if n.XMLName.Local == "TransportGUID" {
		return ""
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%s(%s", n.XMLName.Local, strings.TrimSpace(n.Text))
	for i := range n.Children {
		b.WriteString(n.Children[i].plain())
	}
	return b.String() + ")"
}

// request is a message as it came.
type request struct {
	message string // GUID of its header
	body    *node
}

// requestMax bounds what is read of a message.
const requestMax = 32 << 20

func read(r io.Reader) (*request, error) {
	var e node
	if err := xml.NewDecoder(io.LimitReader(r, requestMax)).Decode(&e); err != nil {
		return nil, err
	}
	head, body := e.child("RequestHeader"), e.child("Body")
	if head == nil || body == nil || len(body.Children) != 1 {
		return nil, errors.New("no header or body")
	}
	return &request{message: head.find("MessageGUID"), body: &body.Children[0]}, nil
}

const base = "http://dom.gosuslugi.ru/schema/integration/base/"

// receipt is the answer to a message that was taken.
type receipt struct{ Message, Own string }

// MarshalXML writes the receipt.
func (a receipt) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	type ack struct {
		Message string `xml:"MessageGUID"`
		Own     string `xml:"RequesterMessageGUID"`
	}
	return e.EncodeElement(struct {
		Ack ack `xml:"Ack"`
	}{ack(a)}, xml.StartElement{Name: xml.Name{Space: base, Local: "AckRequest"}})
}

// state is the answer of getState.
type state struct {
	State   int
	Message string
	results []result
	list    []listEntry
}

type listEntry struct{ Code, GUID, Name string }

type said struct {
	GUID      string     `xml:"GUID,omitempty"`
	Transport string     `xml:"TransportGUID"`
	Unique    string     `xml:"UniqueNumber,omitempty"`
	Updated   string     `xml:"UpdateDate,omitempty"`
	Error     *saidError `xml:"Error"`
	Account   *struct {
		Unified string `xml:"UnifiedAccountNumber"`
		Service string `xml:"ServiceID"`
	} `xml:"ImportAccount"`
}

type saidError struct {
	Code string `xml:"ErrorCode"`
	Text string `xml:"Description"`
}

type element struct {
	Code   string `xml:"Code"`
	GUID   string `xml:"GUID"`
	From   string `xml:"Modified"`
	Actual bool   `xml:"IsActual"`
	Field  struct {
		Name  string `xml:"Name"`
		Value string `xml:"Value"`
	} `xml:"NsiElementField"`
}

// MarshalXML writes the state with what is known of the objects.
func (a state) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	var v struct {
		State   int       `xml:"RequestState"`
		Message string    `xml:"MessageGUID"`
		Results []any     `xml:"ImportResult"`
		List    []element `xml:"NsiItem>NsiElement"`
	}
	v.State, v.Message = a.State, a.Message
	var wrapped []said
	for _, r := range a.results {
		if x := r.said(); r.account {
			wrapped = append(wrapped, x)
		} else {
			v.Results = append(v.Results, x)
		}
	}
	if wrapped != nil {
		v.Results = append(v.Results, struct {
			Common []said `xml:"CommonResult"`
		}{wrapped})
	}
	for _, x := range a.list {
		el := element{Code: x.Code, GUID: x.GUID, From: "2026-01-01T00:00:00Z", Actual: true}
		el.Field.Name, el.Field.Value = "Вид коммунального ресурса", x.Name
		v.List = append(v.List, el)
	}
	return e.EncodeElement(v, xml.StartElement{Name: xml.Name{Space: base, Local: "getStateResult"}})
}

func (r *result) said() said {
	x := said{GUID: r.guid, Transport: r.transport}
	if r.code != "" {
		x.Error = &saidError{r.code, r.text}
		return x
	}
	x.Unique, x.Updated = r.unique, "2026-01-01T00:00:00Z"
	if r.account {
		x.Account = &struct {
			Unified string `xml:"UnifiedAccountNumber"`
			Service string `xml:"ServiceID"`
		}{r.unique, r.unique + "-01"}
	}
	return x
}

// fault is a fault of SOAP.
type fault struct {
	Code   string    `xml:"faultcode"`
	Text   string    `xml:"faultstring"`
	Detail faultBody `xml:"detail"`
}

type faultBody struct {
	Fault struct {
		Code string `xml:"ErrorCode"`
		Text string `xml:"ErrorMessage"`
	} `xml:"http://dom.gosuslugi.ru/schema/integration/base/ Fault"`
}

func failure(code, text string) fault {
	f := fault{Code: "soap:Client", Text: text}
	f.Detail.Fault.Code, f.Detail.Fault.Text = code, text
	return f
}

// MarshalXML writes the fault under its name.
func (f fault) MarshalXML(e *xml.Encoder, _ xml.StartElement) error {
	type plain fault
	return e.EncodeElement(plain(f), xml.StartElement{Name: xml.Name{Local: "soap:Fault"}})
}

// say writes an answer.
func say(w http.ResponseWriter, status int, content any) {
	var e struct {
		XMLName xml.Name              `xml:"soap:Envelope"`
		NS      string                `xml:"xmlns:soap,attr"`
		Body    struct{ Content any } `xml:"soap:Body"`
	}
	e.NS, e.Body.Content = "http://schemas.xmlsoap.org/soap/envelope/", content
	text, err := xml.Marshal(e)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	w.WriteHeader(status)
	w.Write(text) //nolint:errcheck // the client is away
}
