package biller

import (
	"context"
	"errors"
	"io"
	"net/http"
	"time"

	"kvit/internal/fault"
	"kvit/internal/payment/gateway/agent"
	"kvit/internal/web"
)

// Routes are the doors of agents. Whoever holds an agent's secret, at its address, is that agent.
func (m *Module) Routes() []web.Route {
	return []web.Route{
		{Method: http.MethodGet, Pattern: "/agents/{code}", Resource: "agent", Action: "send", Machine: true, Handler: m.serve},
		{Method: http.MethodPost, Pattern: "/agents/{code}", Resource: "agent", Action: "send", Machine: true, Handler: m.serve},
	}
}

// visit is one request on its way to its answer.
type visit struct {
	agent   *Agent
	network string
	params  agent.Params
	request agent.Request
	answer  agent.Answer
	status  int
	err     error // why the answer is «later», for the log
}

// serve answers a request in the agent's dialect. What is booked is booked before a byte of the answer is written; work
// begun goes on when the agent hangs up, for it will ask again.
func (m *Module) serve(w http.ResponseWriter, r *http.Request) error {
	start := time.Now()
	a, err := m.agentOf(r.Context(), r.PathValue("code"))
	if err != nil {
		return err
	}
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	v := &visit{agent: a, status: http.StatusOK}
	params, whole := agent.ParamsOf(r.URL.RawQuery, string(body))
	v.params = params
	m.admit(v, r)
	if v.answer.Outcome == agent.OK {
		m.take(r.Context(), v, whole)
	}
	text := a.dialect.Write(&v.request, &v.answer)
	if v.err != nil {
		m.Log.Error("agent's request was not done", "agent", a.Code, "command", string(v.request.Command), "txn", v.request.Txn, "error", v.err)
	}
	m.keep(context.WithoutCancel(r.Context()), v, text, time.Since(start))
	w.Header().Set("Content-Type", "text/xml; charset=utf-8")
	if v.status == http.StatusUnauthorized && a.Auth == AuthBasic {
		w.Header().Set("WWW-Authenticate", `Basic realm="kvit", charset="UTF-8"`)
	}
	w.WriteHeader(v.status)
	_, err = w.Write(text)
	return err
}

func (m *Module) agentOf(ctx context.Context, code string) (a *Agent, err error) {
	err = m.DB.Ask(ctx, oneAgent, []any{code}, func(scan func(...any) error) error {
		a, err = scanAgent(scan, m.Zone)
		return err
	})
	if err == nil && a == nil {
		err = errNoAgent
	}
	return a, err
}

// admit settles who asks: address, measure, secret.
func (m *Module) admit(v *visit, r *http.Request) {
	a := v.agent
	addr := a.address(r)
	v.network = addr.String()
	if !a.allows(addr) {
		v.answer.Outcome, v.status = agent.Stranger, http.StatusForbidden
		return
	}
	if !m.limits.take(a.Code+" "+v.network, a.Rate, m.Now()) {
		v.answer.Outcome, v.err = agent.Later, errTooOften
		return
	}
	known, err := m.knows(a, r, v.params)
	switch {
	case err != nil:
		v.answer.Outcome, v.err = agent.Later, err
	case !known:
		v.answer.Outcome, v.status = agent.Stranger, http.StatusUnauthorized
	}
}

var errTooOften = fault.New(fault.Limited, "agent.often", "Агент спрашивает чаще, чем договорились.")

// take reads the request and does what it asks for.
func (m *Module) take(ctx context.Context, v *visit, whole bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), m.wait)
	defer cancel()
	q, outcome := v.agent.dialect.Read(v.params, v.agent.zone)
	v.request = q
	if !whole {
		outcome = agent.UnknownCommand // a part of it was lost on the way: nothing of it is believed
	}
	if outcome != agent.OK {
		v.answer.Outcome = outcome
		return
	}
	answer, err := m.do(ctx, v.agent, &q)
	v.answer = answer
	if err != nil {
		v.answer, v.err = agent.Answer{Outcome: troubled(err)}, err
	}
}

func (m *Module) do(ctx context.Context, a *Agent, q *agent.Request) (agent.Answer, error) {
	switch q.Command {
	case agent.Check:
		return m.check(ctx, a, q)
	case agent.Pay:
		return m.pay(ctx, a, q)
	case agent.Cancel:
		return m.cancel(ctx, a, q)
	}
	return m.status(ctx, a, q)
}

// troubled is what an agent is told of a trouble of ours: to ask again. When time ran out nobody knows whether the work
// was done.
func troubled(err error) agent.Outcome {
	if errors.Is(err, context.DeadlineExceeded) {
		return agent.Unfinished
	}
	return agent.Later
}
