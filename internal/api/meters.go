package api

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"reflect"

	"github.com/danielgtaylor/huma/v2"

	"kvit/internal/access"
	"kvit/internal/fault"
	"kvit/internal/meter"
	"kvit/internal/reading"
	"kvit/internal/web"
)

// addMeters are the lives of meters: what is known of them and what became of them.
func (m *Module) addMeters() {
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/v1/accounts/{supplier}/{number}/meters", Resource: "meter", Action: "read"}, huma.Operation{
		OperationID: "listMeters", Tags: []string{"meters"}, Summary: "Meters of an account of one's own, with their lives",
	}, m.listMeters)
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/v1/houses/{code}/meters", Resource: "meter", Action: "read"}, huma.Operation{
		OperationID: "listHouseMeters", Tags: []string{"meters"}, Summary: "A house's own meters, with their lives",
		Description: "Those of the services the supplier sells in the house.",
	}, m.listHouseMeters)
	add(m, web.Route{Method: http.MethodPost, Pattern: "/api/v1/meters/steps", Resource: "meter", Action: "write"}, huma.Operation{
		OperationID: "stepMeter", Tags: []string{"meters"}, Summary: "Tell what became of a meter",
		Description: "Installed, commissioned, sealed, seal broken, verified, failed, replaced with the closing figures of the old and the first of the new, removed, described. A step of a device is one of all its meters, those of other suppliers' accounts too. The same step again changes nothing.",
	}, m.stepMeter)
	add(m, web.Route{Method: http.MethodPost, Pattern: "/api/v1/meters/links", Resource: "meter", Action: "write"}, huma.Operation{
		OperationID: "linkMeters", Tags: []string{"meters"}, Summary: "Say that two meters of own accounts are one device",
	}, m.linkMeters)
}

type listMetersInput struct {
	Supplier string `path:"supplier" maxLength:"64" doc:"Code of the supplier" example:"vodokanal"`
	Number   string `path:"number" maxLength:"64" doc:"The supplier's account number, as he prints it"`
}

type knownMeters struct {
	Body struct {
		Meters []meter.Card `json:"meters"`
	}
}

func (m *Module) listMeters(ctx context.Context, in *listMetersInput) (*knownMeters, error) {
	cards, err := m.Meters.Show(ctx, access.FromContext(ctx), meter.Query{Target: meter.Target{Supplier: in.Supplier, Account: in.Number}})
	if err != nil {
		return nil, err
	}
	out := &knownMeters{}
	out.Body.Meters = cards
	return out, nil
}

type houseMetersInput struct {
	Code string `path:"code" maxLength:"64" doc:"Of the house in the register" example:"H0012"`
}

func (m *Module) listHouseMeters(ctx context.Context, in *houseMetersInput) (*knownMeters, error) {
	cards, err := m.Meters.Show(ctx, access.FromContext(ctx), meter.Query{Target: meter.Target{House: in.Code}})
	if err != nil {
		return nil, err
	}
	out := &knownMeters{}
	out.Body.Meters = cards
	return out, nil
}

type stepInput struct{ Body meter.Step }

type stepTold struct{ Body meter.Told }

func (m *Module) stepMeter(ctx context.Context, in *stepInput) (*stepTold, error) {
	told, err := m.Meters.Do(ctx, access.FromContext(ctx), in.Body)
	if err != nil {
		return nil, err
	}
	return &stepTold{*told}, nil
}

type linkInput struct{ Body meter.LinkRequest }

func (m *Module) linkMeters(ctx context.Context, in *linkInput) (*stepTold, error) {
	told, err := m.Meters.Link(ctx, access.FromContext(ctx), in.Body)
	if err != nil {
		return nil, err
	}
	return &stepTold{*told}, nil
}

// addAnswers are a supplier's answers to readings.
func (m *Module) addAnswers() {
	one := m.api.OpenAPI().Components.Schemas.Schema(reflect.TypeFor[reading.AnswerEntry](), true, "AnswerEntry")
	add(m, web.Route{Method: http.MethodPost, Pattern: "/api/v1/readings/answers", Resource: "reading", Action: "answer", Bulk: reading.RequestMax}, huma.Operation{
		OperationID: "answerReadings", Tags: []string{"readings"}, Summary: "Accept or decline readings of own accounts", SkipValidateBody: true, MaxBodyBytes: reading.RequestMax,
		Description: "A list of answers, each with its verdict. A declined reading no longer counts, the resident sees why and what to do; accepted after all, it counts again. Told again an answer changes nothing.",
		RequestBody: &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{"application/json": {Schema: &huma.Schema{Type: huma.TypeArray, Items: one}}}},
	}, m.answerReadings)
}

type answersInput struct{ RawBody []byte }

type answered struct{ Body reading.Answered }

func (m *Module) answerReadings(ctx context.Context, in *answersInput) (*answered, error) {
	var list []reading.AnswerEntry
	d := json.NewDecoder(bytes.NewReader(in.RawBody))
	d.DisallowUnknownFields()
	if err := d.Decode(&list); err != nil {
		return nil, fault.New(fault.Invalid, "reading.json", "Тело – не список ответов JSON.").Because(err)
	}
	out, err := m.Readings.Answer(ctx, access.FromContext(ctx), list)
	if err != nil {
		return nil, err
	}
	return &answered{*out}, nil
}
