package esia

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
)

// Level is how sure ЕСИА is of a person.
type Level int

// Levels of accounts: упрощённая, стандартная, подтверждённая.
const (
	Simple    Level = iota // a telephone or mail
	Standard               // data compared with registers
	Confirmed              // seen in person, by a bank or by a qualified signature
)

// Person is what ЕСИА says of who signed in. Nothing of it is kept but the number.
type Person struct {
	ID    string // oid
	Level Level
	Name  string // of a confirmed account only
}

// Person asks about the person of a token.
func (c *Client) Person(ctx context.Context, t Token) (Person, error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.c.URL+personPath+url.PathEscape(t.Person), nil)
	if err != nil {
		return Person{}, err
	}
	r.Header.Set("Authorization", "Bearer "+t.Access)
	r.Header.Set("Accept", "application/json")
	var answer struct {
		First  string `json:"firstName"`
		Middle string `json:"middleName"`
		Last   string `json:"lastName"`
		// Trusted comes as a truth or as a text; only a clear yes counts.
		Trusted  text `json:"trusted"`
		Verified text `json:"verifying"`
		SNILS    text `json:"snils"`
		Status   text `json:"status"`
	}
	if err := c.ask(r, &answer); err != nil {
		return Person{}, err
	}
	if answer.Status == "DELETED" {
		return Person{}, fmt.Errorf("esia: the account was deleted")
	}
	p := Person{ID: t.Person}
	switch {
	case answer.Trusted == "true":
		p.Level, p.Name = Confirmed, joined(answer.Last, answer.First, answer.Middle)
	case answer.SNILS != "" && answer.SNILS != "null":
		p.Level = Standard
	}
	return p, nil
}

func joined(words ...string) (s string) {
	for _, w := range words {
		if w == "" {
			continue
		}
		if s != "" {
			s += " "
		}
		s += w
	}
	return s
}
