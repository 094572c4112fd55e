package esia

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// leeway is how far the clocks may be apart: tokens have come with a beginning in the future.
const leeway = 2 * time.Minute

// Issuers are what ЕСИА calls itself in tokens, of either stand.
const issuerPart = "esia"

// claims are what a token says. Numbers of accounts come as numbers and as texts.
type claims struct {
	Subject  json.Number `json:"urn:esia:sbj_id"`
	Sub      text        `json:"sub"`
	Issuer   string      `json:"iss"`
	Audience texts       `json:"aud"`
	Client   string      `json:"client_id"`
	Expires  float64     `json:"exp"`
	From     float64     `json:"nbf"`
	IDPerson struct {
		ID json.Number `json:"urn:esia:sbj:oid"`
	} `json:"urn:esia:sbj"`
}

// text is a string that may come as a number.
type text string

// UnmarshalJSON takes either.
func (t *text) UnmarshalJSON(b []byte) error {
	*t = text(bytes.Trim(b, `"`))
	return nil
}

// texts is one string or a list of them.
type texts []string

// UnmarshalJSON takes either.
func (t *texts) UnmarshalJSON(b []byte) error {
	var one string
	if json.Unmarshal(b, &one) == nil {
		*t = texts{one}
		return nil
	}
	return json.Unmarshal(b, (*[]string)(t))
}

// read checks both tokens of an answer; the person they name must be one.
func (c *Client) read(ctx context.Context, access, id string) (Token, error) {
	a, err := c.open(ctx, access)
	if err != nil {
		return Token{}, fmt.Errorf("esia: access token: %w", err)
	}
	who := a.Subject.String()
	if who == "" {
		return Token{}, errors.New("esia: the access token names nobody")
	}
	if a.Client != "" && a.Client != c.c.ClientID {
		return Token{}, errors.New("esia: the access token is for another system")
	}
	if id != "" {
		i, err := c.open(ctx, id)
		if err != nil {
			return Token{}, fmt.Errorf("esia: id token: %w", err)
		}
		if named := first(i.IDPerson.ID.String(), string(i.Sub)); named != who || !slices.Contains(i.Audience, c.c.ClientID) {
			return Token{}, errors.New("esia: the id token is of another person or for another system")
		}
	}
	return Token{Access: access, Person: who}, nil
}

func first(list ...string) string {
	for _, s := range list {
		if s != "" {
			return s
		}
	}
	return ""
}

// open checks a token: three parts, signed by ЕСИА, in its time.
func (c *Client) open(ctx context.Context, token string) (claims, error) {
	var out claims
	parts := strings.Split(token, ".")
	if len(parts) != 3 {
		return out, errors.New("not three parts")
	}
	var header struct {
		Alg string `json:"alg"`
	}
	if err := part(parts[0], &header); err != nil {
		return out, err
	}
	signature, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(parts[2], "="))
	if err != nil {
		return out, err
	}
	if header.Alg == "" || strings.EqualFold(header.Alg, "none") {
		return out, errors.New("not signed")
	}
	if err := c.c.Verifier.Verify(ctx, header.Alg, []byte(parts[0]+"."+parts[1]), signature); err != nil {
		return out, fmt.Errorf("signature: %w", err)
	}
	if err := part(parts[1], &out); err != nil {
		return out, err
	}
	now := float64(c.c.Now().Unix())
	switch {
	case !strings.Contains(out.Issuer, issuerPart):
		return out, fmt.Errorf("issued by %q", out.Issuer)
	case out.Expires == 0 || now > out.Expires+leeway.Seconds():
		return out, errors.New("its time is over")
	case now < out.From-leeway.Seconds():
		return out, errors.New("its time has not come")
	}
	return out, nil
}

func part(encoded string, into any) error {
	body, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(encoded, "="))
	if err != nil {
		return err
	}
	return json.Unmarshal(body, into)
}
