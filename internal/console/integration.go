package console

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"kvit/internal/access"
	"kvit/internal/calendar"
	"kvit/internal/console/view"
	"kvit/internal/event"
	"kvit/internal/event/webhook"
	"kvit/internal/fault"
	"kvit/internal/web"
)

// integration is S7: the supplier's webhooks and tokens.
func (m *Module) integration(w http.ResponseWriter, r *http.Request) error {
	return m.showIntegration(w, r, http.StatusOK, "", nil)
}

func (m *Module) showIntegration(w http.ResponseWriter, r *http.Request, status int, secret string, failed error) error {
	actor := access.FromContext(r.Context())
	v := view.Integration{Page: m.page(r, "Интеграция"), Secret: secret, Errors: web.ErrorsOf(failed)}
	if failed != nil {
		v.URL = r.PostFormValue("url")
	}
	list, err := m.Webhooks.List(r.Context(), actor)
	if err != nil {
		return err
	}
	for i := range list {
		v.Endpoints = append(v.Endpoints, endpointRow(&list[i]))
	}
	tokens, err := m.Access.ListTokens(r.Context(), actor.SupplierID)
	if err != nil {
		return err
	}
	for _, t := range tokens {
		v.Tokens = append(v.Tokens, view.TokenRow{Name: t.Name, Scopes: strings.Join(t.Scopes, ", "), UsedAt: t.UsedAt, ExpiresAt: t.ExpiresAt, Revoked: t.RevokedAt != 0, NeverUsed: t.UsedAt == 0})
	}
	if actor.Require("webhook", "write") == nil {
		v.CreateTo, v.Key = "/s/webhooks", web.NewKey()
	}
	for _, k := range event.Kinds {
		v.Kinds = append(v.Kinds, web.Choice{Value: string(k), Label: event.Titles[k], Chosen: failed != nil && slices.Contains(r.PostForm["kind"], string(k))})
	}
	v.Signing = []web.Choice{
		{Value: webhook.HMAC, Label: "HMAC-SHA-256", Hint: "Один секрет у обеих сторон", Chosen: true},
		{Value: webhook.Ed25519, Label: "Ed25519", Hint: "У вас только открытый ключ"},
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.IntegrationPage(v))
}

// endpointState is the mark of an address: healthy, failing, disabled.
func endpointState(e *webhook.Endpoint) web.State {
	switch {
	case e.State == webhook.Disabled:
		return web.State{Word: "отключён", Tone: web.Bad}
	case e.FailingSince != 0:
		return web.State{Word: "не всё доставляется", Tone: web.Warn}
	}
	return web.State{Word: "работает", Tone: web.OK}
}

func endpointRow(e *webhook.Endpoint) view.EndpointRow {
	kinds := "обо всём"
	if len(e.Kinds) > 0 {
		words := make([]string, len(e.Kinds))
		for i, k := range e.Kinds {
			words[i] = strings.ToLower(event.Titles[k])
		}
		kinds = strings.Join(words, ", ")
	}
	return view.EndpointRow{URL: e.URL, Href: "/s/webhooks/" + strconv.FormatInt(e.ID, 10), Kinds: kinds, State: endpointState(e), Waiting: int(e.Waiting)}
}

// createWebhook makes an address and shows its secret, on this one answer.
func (m *Module) createWebhook(w http.ResponseWriter, r *http.Request) error {
	var kinds []event.Kind
	for _, k := range r.PostForm["kind"] {
		kinds = append(kinds, event.Kind(k))
	}
	_, secret, err := m.Webhooks.Create(r.Context(), access.FromContext(r.Context()), r.PostFormValue("url"), kinds, r.PostFormValue("signing"))
	if web.IsForm(err) {
		return m.showIntegration(w, r, http.StatusUnprocessableEntity, "", err)
	}
	if err != nil {
		return err
	}
	return m.showIntegration(w, r, http.StatusOK, secret, nil)
}

// deliveriesPage is how many deliveries a page shows.
const deliveriesPage = 50

func (m *Module) webhook(w http.ResponseWriter, r *http.Request) error {
	id, err := webhookID(r)
	if err != nil {
		return err
	}
	return m.showWebhook(w, r, http.StatusOK, id, view.EndpointPage{})
}

func webhookID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil {
		return 0, fault.New(fault.NotFound, "webhook.unknown", "Такого адреса вызова нет.")
	}
	return id, nil
}

func (m *Module) showWebhook(w http.ResponseWriter, r *http.Request, status int, id int64, v view.EndpointPage) error {
	actor := access.FromContext(r.Context())
	e, err := m.Webhooks.Find(r.Context(), actor, id)
	if err != nil {
		return err
	}
	v.Page, v.Row, v.Signing, v.Reason, v.FailingSince, v.Disabled = m.page(r, "Вебхук"), endpointRow(&e), e.Signing, e.Reason, e.FailingSince, e.State == webhook.Disabled
	if actor.Require("webhook", "write") == nil {
		v.Action, v.Key = v.Row.Href, web.NewKey()
	}
	before, _ := strconv.ParseInt(r.URL.Query().Get("before"), 10, 64) // anything else is the latest
	list, err := m.Webhooks.Deliveries(r.Context(), actor, id, max(0, before), deliveriesPage)
	if err != nil {
		return err
	}
	for i := range list {
		row, err := deliveryRow(&list[i])
		if err != nil {
			return err
		}
		row.CanSendItAgain = v.Action != ""
		v.Deliveries = append(v.Deliveries, row)
	}
	if len(list) == deliveriesPage {
		v.OlderHref = v.Row.Href + "?before=" + strconv.FormatInt(list[len(list)-1].Position, 10)
	}
	v.Page.WithErrors(v.Errors)
	return web.Render(w, r, status, view.WebhookPage(v))
}

func deliveryRow(d *webhook.Delivery) (view.DeliveryRow, error) {
	body, err := json.Marshal(&d.Message)
	state := web.State{Word: "ждёт", Tone: web.Info}
	switch {
	case d.State == "delivered":
		state = web.State{Word: "доставлено", Tone: web.OK}
	case d.Attempts > 0:
		state = web.State{Word: "повторим", Tone: web.Warn}
	}
	return view.DeliveryRow{
		Kind: event.Titles[d.Message.Kind], Account: d.Message.Account, At: calendar.MicrosOf(d.Message.At), State: state, Attempts: d.Attempts, NextAt: d.NextAt, Body: string(body), Answer: d.Answer,
		Position: strconv.FormatInt(d.Position, 10), AnswerStatus: d.Status,
	}, err
}

// changeWebhook does what a button of the page says.
func (m *Module) changeWebhook(w http.ResponseWriter, r *http.Request) error {
	id, err := webhookID(r)
	if err != nil {
		return err
	}
	actor, v := access.FromContext(r.Context()), view.EndpointPage{}
	switch r.PostFormValue("do") {
	case "rotate":
		v.Secret, err = m.Webhooks.Rotate(r.Context(), actor, id)
	case "disable":
		err = m.Webhooks.Disable(r.Context(), actor, id)
	case "enable":
		err = m.Webhooks.Enable(r.Context(), actor, id)
	case "remove":
		if err = m.Webhooks.Remove(r.Context(), actor, id); err == nil {
			return web.SeeOther(w, r, "/s/webhooks")
		}
	case "replay":
		v.After, v.Until = r.PostFormValue("after"), r.PostFormValue("until")
		v.Replayed, err = m.replayWebhook(r, id, v.After, v.Until)
	case "again":
		position, _ := strconv.ParseInt(r.PostFormValue("position"), 10, 64) // a wrong one finds nothing
		v.Replayed, err = m.replayed(r, id, position-1, position)
	default:
		err = fault.New(fault.Invalid, "webhook.action", "Такого действия нет.")
	}
	switch {
	case web.IsForm(err):
		v.Errors = web.ErrorsOf(err)
		return m.showWebhook(w, r, http.StatusUnprocessableEntity, id, v)
	case err != nil:
		return err
	case v.Secret == "" && v.Replayed == "":
		return web.SeeOther(w, r, "/s/webhooks/"+r.PathValue("id"))
	}
	return m.showWebhook(w, r, http.StatusOK, id, v)
}

func (m *Module) replayWebhook(r *http.Request, id int64, after, until string) (string, error) {
	if after == "" {
		return "", fault.New(fault.Invalid, "feed.after", "Укажите, с какого времени повторить.").WithField("after")
	}
	supplierID := access.FromContext(r.Context()).SupplierID
	from, err := m.Feed.Find(r.Context(), supplierID, after)
	if err != nil {
		return "", err
	}
	to, err := m.Feed.Find(r.Context(), supplierID, until)
	if err != nil {
		return "", err
	}
	return m.replayed(r, id, from, to)
}

func (m *Module) replayed(r *http.Request, id, after, until int64) (string, error) {
	n, err := m.Webhooks.Replay(r.Context(), access.FromContext(r.Context()), id, after, until)
	return fmt.Sprintf("Сообщений: %d. Номера те же, что в первый раз.", n), err
}
