package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"kvit/internal/access"
	"kvit/internal/appeal"
	"kvit/internal/calendar"
	"kvit/internal/charge/why"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/web"
)

func (m *Module) addAppeals() {
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/v1/appeals", Resource: "appeal", Action: "read"}, huma.Operation{
		OperationID: "listAppeals", Tags: []string{"appeals"}, Summary: "What residents ask the supplier to check, the nearest term first",
		Description: "Each step is told by the event `appeal`.",
	}, m.listAppeals)
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/v1/appeals/{number}", Resource: "appeal", Action: "read"}, huma.Operation{
		OperationID: "getAppeal", Tags: []string{"appeals"}, Summary: "One appeal with the calculation as the resident saw it, and what was done",
	}, m.getAppeal)
	add(m, web.Route{Method: http.MethodPost, Pattern: "/api/v1/appeals/{number}/accept", Resource: "appeal", Action: "answer"}, huma.Operation{
		OperationID: "acceptAppeal", Tags: []string{"appeals"}, Summary: "Take an appeal up: the resident is told",
	}, m.acceptAppeal)
	add(m, web.Route{Method: http.MethodPost, Pattern: "/api/v1/appeals/{number}/answer", Resource: "appeal", Action: "answer"}, huma.Operation{
		OperationID: "answerAppeal", Tags: []string{"appeals"}, Summary: "Answer an appeal: the sum is corrected, or it is right and why",
		Description: "The same answer again changes nothing. An answer to a round that is over is refused with 409.",
	}, m.answerAppeal)
}

// appealBody is an appeal as programs read it. Sums are kopecks.
type appealBody struct {
	Number      string           `json:"number"`
	State       string           `json:"state" enum:"sent,accepted,answered,reopened,solved,withdrawn"`
	Round       int              `json:"round" doc:"How often it was opened"`
	Account     string           `json:"account"`
	Line        string           `json:"line" doc:"Of the bill, for people"`
	Month       string           `json:"month,omitempty"`
	Penalty     bool             `json:"penalty" doc:"The penalty of the line is disputed, not its charge"`
	Reason      string           `json:"reason"`
	Words       string           `json:"words" doc:"The resident's own"`
	Sum         int64            `json:"sum"`
	LeftOut     bool             `json:"leftOut" doc:"The resident leaves the sum out of his payments while it is checked"`
	SentAt      string           `json:"sentAt"`
	AnswerBy    string           `json:"answerBy" doc:"Last day of the answer"`
	Late        bool             `json:"late"`
	Outcome     string           `json:"outcome,omitempty" enum:"corrected,explained"`
	Answer      string           `json:"answer,omitempty"`
	Change      int64            `json:"change,omitempty"`
	ShowsIn     string           `json:"showsIn,omitempty" doc:"Month of the bill a correction shows in, as promised"`
	ShownIn     string           `json:"shownIn,omitempty" doc:"Month of the bill it was found on"`
	Shown       int64            `json:"shown,omitempty"`
	Calculation *why.Explanation `json:"calculation,omitempty"`
	Digest      string           `json:"digest,omitempty" doc:"SHA-256 of the calculation as it is kept"`
	Steps       []appealStep     `json:"steps,omitempty"`
}

type appealStep struct {
	Kind  string `json:"kind"`
	Side  string `json:"side" enum:"resident,supplier,centre,kvit"`
	Words string `json:"words,omitempty"`
	At    string `json:"at"`
}

func (m *Module) appealOf(a *appeal.Appeal) appealBody {
	b := appealBody{Number: a.Number, State: string(a.State), Round: a.Round, Account: a.Account, Line: a.Service, Penalty: a.Penalty, Reason: a.Reason, Words: a.Words, Sum: int64(a.Sum), LeftOut: a.Aside && a.Open(), SentAt: stampOf(a.SentAt, m.Appeals.Zone),
		AnswerBy: a.AnswerBy.String(), Late: a.Late(calendar.DateOf(m.Appeals.Now().Time().In(m.Appeals.Zone))), Outcome: a.Outcome, Answer: a.Answer, Change: int64(a.Change), Shown: int64(a.Shown)}
	for _, x := range []struct {
		to    *string
		month calendar.Month
	}{{&b.Month, a.Month}, {&b.ShowsIn, a.ShowsIn}, {&b.ShownIn, a.ShownIn}} {
		if x.month.Valid() {
			*x.to = x.month.String()
		}
	}
	return b
}

func stampOf(at calendar.Micros, zone *time.Location) string {
	return at.Time().In(zone).Format(time.RFC3339)
}

type appealsInput struct {
	State string `query:"state" enum:"open,late,all" default:"open"`
	Limit int    `query:"limit" minimum:"1" maximum:"1000" default:"200"`
}

type appealsOutput struct{ Body []appealBody }

func (m *Module) listAppeals(ctx context.Context, in *appealsInput) (*appealsOutput, error) {
	list, err := m.Appeals.List(ctx, access.FromContext(ctx), appeal.Filter{Open: in.State == "open", Late: in.State == "late", Limit: in.Limit})
	out := &appealsOutput{Body: []appealBody{}}
	for i := range list {
		out.Body = append(out.Body, m.appealOf(&list[i]))
	}
	return out, err
}

type appealInput struct {
	Number string `path:"number" maxLength:"16"`
}

type appealOutput struct{ Body appealBody }

func (m *Module) getAppeal(ctx context.Context, in *appealInput) (*appealOutput, error) {
	s, err := m.Appeals.Find(ctx, access.FromContext(ctx), in.Number)
	if err != nil {
		return nil, err
	}
	out := &appealOutput{m.appealOf(&s.Appeal)}
	_, out.Body.Digest = s.CalculationJSON()
	for _, x := range s.Steps {
		out.Body.Steps = append(out.Body.Steps, appealStep{x.Kind, x.Side, x.Words, stampOf(x.At, m.Appeals.Zone)})
	}
	out.Body.Calculation, err = s.Calculation()
	return out, err
}

func (m *Module) acceptAppeal(ctx context.Context, in *appealInput) (*appealOutput, error) {
	a, err := m.Appeals.Accept(ctx, access.FromContext(ctx), in.Number)
	if err != nil {
		return nil, err
	}
	return &appealOutput{m.appealOf(a)}, nil
}

type answerAppealInput struct {
	Number string `path:"number" maxLength:"16"`
	Body   struct {
		Round   int    `json:"round,omitempty" minimum:"0" doc:"It is to; without it the open one"`
		Outcome string `json:"outcome" enum:"corrected,explained"`
		Words   string `json:"words" maxLength:"2000" doc:"The resident reads them"`
		Change  int64  `json:"change,omitempty" doc:"Of a correction, kopecks: below zero the bill gets smaller"`
		ShowsIn string `json:"showsIn,omitempty" maxLength:"7" doc:"Of a correction: the month of the bill it shows in, 2026-11"`
	}
}

func (m *Module) answerAppeal(ctx context.Context, in *answerAppealInput) (*appealOutput, error) {
	r := appeal.Reply{Round: in.Body.Round, Outcome: in.Body.Outcome, Words: in.Body.Words, Change: money.Amount(in.Body.Change)}
	if in.Body.ShowsIn != "" {
		month, err := calendar.ParseMonth(in.Body.ShowsIn)
		if err != nil {
			return nil, fault.New(fault.Invalid, "appeal.shows_in", "Месяц не прочитался. Пример: 2026-11.").WithField("showsIn")
		}
		r.ShowsIn = month
	}
	a, err := m.Appeals.Answer(ctx, access.FromContext(ctx), in.Number, r)
	if err != nil {
		return nil, err
	}
	return &appealOutput{m.appealOf(a)}, nil
}
