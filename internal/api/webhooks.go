package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/event"
	"kvit/internal/event/webhook"
	"kvit/internal/web"
)

// Webhook is an address that is called with events.
type Webhook struct {
	webhook.Endpoint
	FailingSince *time.Time `json:"failingSince,omitempty" doc:"Since when not all is taken"`
	CreatedAt    time.Time  `json:"createdAt"`
	Secret       string     `json:"secret,omitempty" doc:"Shown once: whsec_… for HMAC, whpk_… (the public key) for ed25519"`
}

func webhookOf(e *webhook.Endpoint) Webhook {
	return Webhook{Endpoint: *e, FailingSince: momentOf(e.FailingSince), CreatedAt: e.CreatedAt.Time()}
}

func momentOf(m calendar.Micros) *time.Time {
	if m == 0 {
		return nil
	}
	t := m.Time()
	return &t
}

// WebhookDelivery is a message as it was, or is being, delivered.
type WebhookDelivery struct {
	webhook.Delivery
	NextAt  *time.Time `json:"nextAt,omitempty" doc:"Of the next attempt"`
	TriedAt *time.Time `json:"triedAt,omitempty" doc:"Of the last attempt"`
}

type webhookList struct {
	Body struct {
		Webhooks []Webhook `json:"webhooks"`
	}
}

type newWebhook struct {
	Body struct {
		URL     string       `json:"url" maxLength:"1000" doc:"https, port 443 or 8443" example:"https://erp.example/kvit"`
		Kinds   []event.Kind `json:"kinds,omitempty" maxItems:"50" doc:"What to be told of; without it everything"`
		Signing string       `json:"signing,omitempty" default:"hmac" enum:"hmac,ed25519"`
	}
}

type oneWebhook struct{ Body Webhook }

type webhookPath struct {
	ID int64 `path:"id" doc:"Number of the webhook"`
}

type deliveriesQuery struct {
	ID     int64 `path:"id" doc:"Number of the webhook"`
	Before int64 `query:"before" minimum:"0" doc:"Position; what is before it"`
	Limit  int   `query:"limit" minimum:"1" maximum:"500" default:"50"`
}

type deliveryList struct {
	Body struct {
		Deliveries []WebhookDelivery `json:"deliveries" doc:"Newest first"`
	}
}

type replayBody struct {
	ID   int64 `path:"id" doc:"Number of the webhook"`
	Body struct {
		After string `json:"after" maxLength:"40" doc:"Cursor, moment or day: what was told later"`
		Until string `json:"until,omitempty" maxLength:"40" doc:"Up to this cursor, moment or day; without it up to now"`
	}
}

type replayAnswer struct {
	Body struct {
		Messages int `json:"messages" doc:"So many are sent again"`
	}
}

func (m *Module) addWebhooks() {
	read := web.Route{Method: http.MethodGet, Pattern: "/api/v1/webhooks", Resource: "webhook", Action: "read"}
	one := func(verb string) web.Route {
		return web.Route{Method: http.MethodPost, Pattern: "/api/v1/webhooks/{id}/" + verb, Resource: "webhook", Action: "write"}
	}
	op := func(id, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Tags: []string{"webhooks"}, Summary: summary}
	}
	add(m, read, op("listWebhooks", "Addresses that are called with events"), m.webhooks)
	create := op("createWebhook", "Have an address called with events from now on; the answer has its secret, once")
	create.DefaultStatus = http.StatusCreated
	add(m, web.Route{Method: http.MethodPost, Pattern: "/api/v1/webhooks", Resource: "webhook", Action: "write"}, create, m.createWebhook)
	add(m, one("rotate"), op("rotateWebhook", "A new secret; for a day both sign"), m.rotateWebhook)
	add(m, one("disable"), op("disableWebhook", "Stop calling; what happens meanwhile waits"), m.disableWebhook)
	add(m, one("enable"), op("enableWebhook", "Call again, first with what waits"), m.enableWebhook)
	remove := op("removeWebhook", "Forget an address and what was sent to it; the feed stays")
	remove.DefaultStatus = http.StatusNoContent
	add(m, web.Route{Method: http.MethodDelete, Pattern: "/api/v1/webhooks/{id}", Resource: "webhook", Action: "write"}, remove, m.removeWebhook)
	add(m, one("replay"), op("replayWebhook", "Send a stretch of the feed again, under the same ids"), m.replayWebhook)
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/v1/webhooks/{id}/deliveries", Resource: "webhook", Action: "read"}, op("listDeliveries", "What was sent, and what came back"), m.deliveries)
}

func (m *Module) webhooks(ctx context.Context, _ *struct{}) (*webhookList, error) {
	list, err := m.Webhooks.List(ctx, access.FromContext(ctx))
	if err != nil {
		return nil, err
	}
	var out webhookList
	out.Body.Webhooks = make([]Webhook, len(list))
	for i := range list {
		out.Body.Webhooks[i] = webhookOf(&list[i])
	}
	return &out, nil
}

func (m *Module) createWebhook(ctx context.Context, in *newWebhook) (*oneWebhook, error) {
	e, secret, err := m.Webhooks.Create(ctx, access.FromContext(ctx), in.Body.URL, in.Body.Kinds, in.Body.Signing)
	if err != nil {
		return nil, err
	}
	out := &oneWebhook{webhookOf(&e)}
	out.Body.Secret = secret
	return out, nil
}

func (m *Module) rotateWebhook(ctx context.Context, in *webhookPath) (*oneWebhook, error) {
	secret, err := m.Webhooks.Rotate(ctx, access.FromContext(ctx), in.ID)
	if err != nil {
		return nil, err
	}
	out, err := m.showWebhook(ctx, in.ID)
	if err == nil {
		out.Body.Secret = secret
	}
	return out, err
}

func (m *Module) showWebhook(ctx context.Context, id int64) (*oneWebhook, error) {
	e, err := m.Webhooks.Find(ctx, access.FromContext(ctx), id)
	if err != nil {
		return nil, err
	}
	return &oneWebhook{webhookOf(&e)}, nil
}

func (m *Module) disableWebhook(ctx context.Context, in *webhookPath) (*oneWebhook, error) {
	if err := m.Webhooks.Disable(ctx, access.FromContext(ctx), in.ID); err != nil {
		return nil, err
	}
	return m.showWebhook(ctx, in.ID)
}

func (m *Module) enableWebhook(ctx context.Context, in *webhookPath) (*oneWebhook, error) {
	if err := m.Webhooks.Enable(ctx, access.FromContext(ctx), in.ID); err != nil {
		return nil, err
	}
	return m.showWebhook(ctx, in.ID)
}

func (m *Module) removeWebhook(ctx context.Context, in *webhookPath) (*struct{}, error) {
	return nil, m.Webhooks.Remove(ctx, access.FromContext(ctx), in.ID)
}

func (m *Module) replayWebhook(ctx context.Context, in *replayBody) (*replayAnswer, error) {
	actor := access.FromContext(ctx)
	after, err := m.Feed.Find(ctx, actor.SupplierID, in.Body.After)
	if err != nil {
		return nil, err
	}
	until, err := m.Feed.Find(ctx, actor.SupplierID, in.Body.Until)
	if err != nil {
		return nil, err
	}
	var out replayAnswer
	out.Body.Messages, err = m.Webhooks.Replay(ctx, actor, in.ID, after, until)
	return &out, err
}

func (m *Module) deliveries(ctx context.Context, in *deliveriesQuery) (*deliveryList, error) {
	list, err := m.Webhooks.Deliveries(ctx, access.FromContext(ctx), in.ID, in.Before, in.Limit)
	if err != nil {
		return nil, err
	}
	var out deliveryList
	out.Body.Deliveries = make([]WebhookDelivery, len(list))
	for i := range list {
		out.Body.Deliveries[i] = WebhookDelivery{Delivery: list[i], NextAt: momentOf(list[i].NextAt), TriedAt: momentOf(list[i].TriedAt)}
	}
	return &out, nil
}
