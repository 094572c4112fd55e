package api

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kvit/internal/access"
	"kvit/internal/event/feed"
	"kvit/internal/web"
)

// Following a feed: how often it is looked at, how often a silent connection says that it lives, how long a write may
// take, and how long one connection lasts; the program then comes again with Last-Event-ID.
const (
	followPause   = 500 * time.Millisecond
	heartbeat     = 15 * time.Second
	followWrite   = 30 * time.Second
	followMax     = 15 * time.Minute
	followPage    = 500
	comeAgainMsec = 2000
)

const eventStream = "text/event-stream"

// EventSummary closes a page of the feed: a page without it was cut.
type EventSummary struct {
	Summary EventTotals `json:"summary"`
}

// EventTotals tell where a page ended.
type EventTotals struct {
	Count  int    `json:"count"`
	Cursor string `json:"cursor" doc:"Continue after it"`
	More   bool   `json:"more" doc:"There is more already"`
}

type eventsQuery struct {
	After  string `query:"after" maxLength:"40" doc:"Cursor of the last event had, or a moment or day: what was told later. Without it the feed from its beginning" example:"2026-11-23T10:00:00Z"`
	Limit  int    `query:"limit" minimum:"1" maximum:"10000" default:"1000" doc:"Events of one page"`
	Accept string `header:"Accept" doc:"text/event-stream to stay and be told at once" example:"application/x-ndjson"`
	Last   string `header:"Last-Event-ID" maxLength:"40" doc:"Of a stream that broke: goes before after"`
}

func (m *Module) addEvents() {
	schemas := m.api.OpenAPI().Components.Schemas
	line := &huma.Schema{OneOf: []*huma.Schema{schemas.Schema(reflect.TypeFor[feed.Message](), true, "Message"), schemas.Schema(reflect.TypeFor[EventSummary](), true, "EventSummary")}}
	answers := content("An event a line, then an EventSummary; or a stream of server-sent events", ndjson, line)
	answers["200"].Content[eventStream] = &huma.MediaType{Schema: &huma.Schema{Type: huma.TypeString}}
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/v1/events", Resource: "event", Action: "read", Slow: true}, huma.Operation{
		OperationID: "listEvents", Tags: []string{"events"},
		Summary:     "The feed: what happened to the supplier's accounts and to what he charges by",
		Description: "Complete, in the order of each account, the same whenever it is read again. Nothing is told twice under two ids.",
		Responses:   answers,
	}, m.events)
}

func (m *Module) events(ctx context.Context, in *eventsQuery) (*huma.StreamResponse, error) {
	follow := strings.Contains(in.Accept, eventStream)
	from := in.After
	if follow && in.Last != "" {
		from = in.Last
	}
	id := access.FromContext(ctx).SupplierID
	after, err := m.Feed.Find(ctx, id, from)
	if err != nil {
		return nil, err
	}
	if follow {
		return m.follow(ctx, id, after), nil
	}
	list, err := m.Feed.Page(ctx, id, after, in.Limit)
	if err != nil {
		return nil, err
	}
	return m.lines(ctx, func(emit func(any) error) error {
		end := EventTotals{Count: len(list), Cursor: strconv.FormatInt(after, 10), More: len(list) == in.Limit}
		for i := range list {
			end.Cursor = list[i].Cursor
			if err := emit(&list[i]); err != nil {
				return err
			}
		}
		return emit(EventSummary{end})
	}), nil
}

// follow answers with a stream that stays open.
func (m *Module) follow(ctx context.Context, supplierID, after int64) *huma.StreamResponse {
	return &huma.StreamResponse{Body: func(out huma.Context) {
		out.SetHeader("Content-Type", eventStream)
		out.SetHeader("Cache-Control", "no-store")
		out.SetHeader("X-Accel-Buffering", "no") // a server in front must not wait for more
		out.SetStatus(http.StatusOK)
		s := follower{m: m, w: bufio.NewWriter(out.BodyWriter()), supplier: supplierID, after: after}
		if w, ok := out.BodyWriter().(http.ResponseWriter); ok {
			s.connection = http.NewResponseController(w)
			_ = s.connection.SetReadDeadline(time.Time{}) // a recorder in tests has none
		}
		if err := s.run(ctx); err != nil && ctx.Err() == nil {
			m.Log.Error("a followed feed was cut", "error", err)
		}
	}}
}

// follower is one connection that is told as things happen.
type follower struct {
	m               *Module
	w               *bufio.Writer
	connection      *http.ResponseController
	supplier, after int64
}

func (s *follower) run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, followMax)
	defer cancel()
	fmt.Fprintf(s.w, "retry: %d\n\n", comeAgainMsec) // an error of the buffer is told by the flush
	if err := s.flush(); err != nil {
		return err
	}
	said := time.Now()
	for {
		list, err := s.m.Feed.Page(ctx, s.supplier, s.after, followPage)
		if err != nil {
			return err
		}
		if err := s.say(list, &said); err != nil {
			return err
		}
		if len(list) == followPage {
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case <-s.m.Feed.Closing():
			return nil
		case <-time.After(followPause):
		}
	}
}

// say writes messages, or a sign of life when it has been silent for long.
func (s *follower) say(list []feed.Message, said *time.Time) error {
	if len(list) == 0 {
		if time.Since(*said) < heartbeat {
			return nil
		}
		_, _ = io.WriteString(s.w, ": жив\n\n") // told by the flush
	}
	for i := range list {
		body, err := json.Marshal(&list[i])
		if err != nil {
			return err
		}
		fmt.Fprintf(s.w, "id: %s\ndata: %s\n\n", list[i].Cursor, body)
		s.after = list[i].Position
	}
	*said = time.Now()
	return s.flush()
}

func (s *follower) flush() error {
	if s.connection == nil {
		return s.w.Flush()
	}
	_ = s.connection.SetWriteDeadline(time.Now().Add(followWrite)) // a recorder in tests has none
	if err := s.w.Flush(); err != nil {
		return err
	}
	return s.connection.Flush()
}
