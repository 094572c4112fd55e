package sms

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"

	"kvit/internal/notice/channel"
)

// Incoming is a text somebody wrote to us. From is the number as the gateway tells it: the network vouches for it no more than
// for any caller's.
type Incoming struct {
	ID         int64
	From, Text string
}

// Hears tells whether the gateway takes what people write.
func (c *Client) Hears() bool { return c.p.Inbox != nil }

// Inbox gives what people wrote after a message, the earlier first; after 0 gives those of the last day. What was given once is
// given again until a later id is named.
func (c *Client) Inbox(ctx context.Context, after int64) (list []Incoming, err error) {
	b := c.p.Inbox
	if b == nil {
		return nil, channel.Setup(errors.New("the gateway's profile has no inbox"))
	}
	from := ""
	if after > 0 {
		from = strconv.FormatInt(after, 10)
	}
	answer, err := c.call(ctx, &Request{Path: b.Path, Fields: b.Fields}, map[string]string{"after": from})
	if err != nil {
		return nil, err
	}
	if code := textAt(answer, b.Code); code != "" {
		return nil, c.emptyOr(b, code, textAt(answer, b.Reason))
	}
	rows, ok := listAt(answer, b.List)
	if !ok {
		return nil, channel.Away(errors.New("the gateway's answer is no list"))
	}
	for _, row := range rows {
		x := Incoming{From: textAt(row, b.From), Text: channel.Line(textAt(row, b.Text))}
		if x.ID, err = strconv.ParseInt(textAt(row, b.ID), 10, 64); err != nil {
			return nil, channel.Away(fmt.Errorf("id of a text: %w", err))
		}
		if x.ID > after {
			list = append(list, x)
		}
	}
	slices.SortFunc(list, func(x, y Incoming) int { return cmp.Compare(x.ID, y.ID) })
	return list, nil
}

// emptyOr tells «there is nothing» from a refusal.
func (c *Client) emptyOr(b *Inbox, code, reason string) error {
	cause := fmt.Errorf("code %s: %.100s", code, reason)
	switch {
	case slices.Contains(b.Empty, code):
		return nil
	case slices.Contains(c.p.Codes.Busy, code):
		return channel.Busy(cause)
	}
	return channel.Setup(cause)
}

// listAt is the list under a key of an answer; without a key the answer itself.
func listAt(answer any, key string) ([]any, bool) {
	if key != "" {
		object, ok := answer.(map[string]any)
		if !ok {
			return nil, false
		}
		answer = object[key]
	}
	list, ok := answer.([]any)
	return list, ok
}
