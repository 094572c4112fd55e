package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"kvit/internal/access"
	"kvit/internal/web"
)

func (m *Module) addWaiting() {
	add(m, web.Route{Method: http.MethodGet, Pattern: "/api/v1/waiting", Resource: "appeal", Action: "read"}, huma.Operation{
		OperationID: "listWaiting", Tags: []string{"appeals"}, Summary: "What waits for the supplier's answer, the nearest term first: appeals, and documents that lack his charges",
		Description: "An appeal is answered by answerAppeal. A document is made by itself once the charges of the month have come.",
	}, m.listWaiting)
}

// waitingBody is one thing that waits.
type waitingBody struct {
	Kind     string   `json:"kind" enum:"appeal,document"`
	Number   string   `json:"number,omitempty" doc:"Of an appeal"`
	Title    string   `json:"title" doc:"For people"`
	Accounts []string `json:"accounts"`
	AskedAt  string   `json:"askedAt"`
	AnswerBy string   `json:"answerBy" doc:"Last day of the answer"`
	Late     bool     `json:"late"`
}

type waitingOutput struct{ Body []waitingBody }

func (m *Module) listWaiting(ctx context.Context, _ *struct{}) (*waitingOutput, error) {
	list, err := m.Tasks(ctx, access.FromContext(ctx))
	out := &waitingOutput{Body: []waitingBody{}}
	for i := range list {
		t := &list[i]
		b := waitingBody{Kind: t.Kind, Number: t.Number, Title: t.Title, Accounts: t.Accounts, AskedAt: stampOf(t.AskedAt, m.Appeals.Zone), AnswerBy: t.AnswerBy.String(), Late: t.Late}
		if b.Accounts == nil {
			b.Accounts = []string{}
		}
		out.Body = append(out.Body, b)
	}
	return out, err
}
