package gis

import (
	"context"
	"time"

	"github.com/google/uuid"

	"kvit/internal/fault"
)

// Code lists (НСИ) by their numbers in the registry.
const (
	ListAdditional = 1   // additional services, kept by each supplier
	ListResources  = 2   // metered resources
	ListArchiving  = 21  // why a meter is taken out
	ListClosing    = 22  // why an account is closed
	ListHousing    = 50  // housing services
	ListMunicipal  = 51  // municipal services, kept by each supplier
	ListFailure    = 224 // why a meter failed that another was put in the place of
)

// Own tells whether a list is kept by each supplier himself.
func Own(list int) bool { return list == ListAdditional || list == ListMunicipal }

// Waits of a code list: it is small and comes within a minute or not at all.
const (
	listAsks  = 30
	listPause = 2 * time.Second
)

// List gives a code list by names of its entries that hold: a common one, or the supplier's own.
func (c *Client) List(ctx context.Context, org string, number int) (map[string]Ref, error) {
	path, action, content := pathNSI, "exportNsiItem", any(listBody{body: versioned("10.0.1.2"), List: number, Group: "NSI"})
	if Own(number) {
		path, action, content = pathOwnNSI, "exportDataProviderNsiItem", ownListBody{body: versioned("10.0.1.2"), List: number}
	}
	text, err := wrap(header{Date: stamp(c.Now()), Message: uuid.NewString(), Org: org, Operator: Own(number)}, content)
	if err != nil {
		return nil, err
	}
	a, err := c.call(ctx, path, action, text)
	if err != nil {
		return nil, err
	}
	if a.Ack == nil {
		return nil, noList(number)
	}
	return c.awaitList(ctx, path, org, a.Ack.Message, number)
}

// awaitList asks until the list is there.
func (c *Client) awaitList(ctx context.Context, path, org, message string, number int) (map[string]Ref, error) {
	for range listAsks {
		s, err := c.ask(ctx, path, org, message)
		if err != nil {
			return nil, err
		}
		if s.State == StateDone {
			if whole := s.Whole(); whole != nil {
				return nil, &Refused{whole.Code, whole.Text}
			}
			if s.List == nil {
				return nil, noList(number)
			}
			return s.List.refs(), nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(listPause):
		}
	}
	return nil, noList(number)
}

func noList(number int) error {
	return fault.Newf(fault.Unavailable, "gis.list", "Справочник № %d ГИС ЖКХ не получен.", number)
}

// List is a code list as it is sent: entries have entries below them.
type List struct {
	Elements []listElement `xml:"NsiElement"`
}

type listElement struct {
	Code   string `xml:"Code"`
	GUID   string `xml:"GUID"`
	Actual bool   `xml:"IsActual"`
	Fields []struct {
		Value string `xml:"Value"`
	} `xml:"NsiElementField"`
	Below []listElement `xml:"ChildElement"`
}

// refs are the entries that hold by each text that names them.
func (l *List) refs() map[string]Ref {
	byName := map[string]Ref{}
	addRefs(byName, l.Elements)
	return byName
}

// addRefs puts in entries and those below them; of two of one name the upper one holds.
func addRefs(byName map[string]Ref, list []listElement) {
	for i := range list {
		e := &list[i]
		for _, f := range e.Fields {
			if _, taken := byName[f.Value]; e.Actual && f.Value != "" && !taken {
				byName[f.Value] = Ref{e.Code, e.GUID, f.Value}
			}
		}
	}
	for i := range list {
		addRefs(byName, list[i].Below)
	}
}
