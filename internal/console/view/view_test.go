package view

import (
	"testing"

	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func TestPages(t *testing.T) { webtest.All(t, samples()) }

func TestTitlesAreUnique(t *testing.T) { webtest.UniqueTitles(t, samples()) }

func TestScreens(t *testing.T) { webtest.Screens(t, web.StaticRoute().Handler, samples()) }

// TestSuppliersTextsStayText puts hostile texts where files, suppliers and people write.
func TestSuppliersTextsStayText(t *testing.T) {
	for _, p := range webtest.Payloads {
		v := withIssues(sampleProtocol(IntakeApplied))
		v.File, v.Supplier, v.Encoding, v.By, v.BrokenHref, v.ApplyTo = p, p, p, p, p, p
		v.Groups[0] = IssueGroup{Code: p, Title: p, Advice: p, Href: p}
		v.Issues[0] = Issue{Place: p, Account: p, Title: p, Field: p, Value: p, Now: p, Hint: p, Solved: p}
		v.Issues[1].FixTo, v.Issues[1].FixName, v.Issues[1].FixValue, v.Issues[1].FixError = p, p, p, p
		webtest.XSS(t, ProtocolPage(v))
		webtest.XSS(t, DevicesPage(hostileDevices(p)))
		agents, agent := hostileAgents(p)
		webtest.XSS(t, AgentsPage(agents))
		webtest.XSS(t, AgentPage(agent))

		s := sampleSubscriber()
		s.Entries[0] = Entry{Title: p, Text: p, Who: p, From: p, Href: p}
		s.Accounts[0] = SubscriberAccount{Supplier: p, Number: p, Href: p, Reason: p}
		webtest.XSS(t, SubscriberPage(s))

		c := sampleCase()
		c.Left, c.Facts, c.Reasons = Side{p, p, p}, []SideFact{{p, p, p, true, true}}, []Reason{{p, true}}
		c.Targets = []web.Choice{{Value: p, Label: p}}
		webtest.XSS(t, CasePage(c))

		webtest.XSS(t, GuessPage(Guess{Page: operator("x"), File: p, Container: p, Action: p, Columns: []GuessColumn{{Name: p, Title: p, Samples: []string{p}, Error: p}}}))
		f := sampleFacts()
		f.Household, f.Told, f.Form.Title, f.Form.Fields[0].Value = p, p, p, p
		f.Groups[0] = FactGroup{Title: p, Rows: []FactRow{{About: p, Term: p, Text: p, Source: p}}}
		webtest.XSS(t, FactsPage(f))

		run := sampleRun()
		run.By, run.ApprovedBy, run.Why, run.Steps[0] = p, p, p, RunStep{Title: p, Ask: p}
		run.Services[0], run.Reasons[0], run.Outliers[0] = ServiceRow{Supplier: p, Service: p}, ReasonRow{Service: p, Title: p}, OutlierRow{Title: p, Text: p, Href: p}
		webtest.XSS(t, RunPage(run))
		webtest.XSS(t, DifferencesPage(Differences{Page: centre("x"), Total: 1, Rows: []DifferenceRow{{Supplier: p, Service: p, Account: p, Href: p}}}))

		webtest.XSS(t, DraftPage(Draft{Page: centre("x"), Address: p, Lines: []DraftLine{{Service: p, Supplier: p, Account: p, Volume: p, Rate: p}}}))
		webtest.XSS(t, ReissuePage(Reissue{Page: centre("x"), Reason: p, PreparedBy: p, ConfirmedBy: p, Why: p, Largest: []ReissueRow{{Address: p, Href: p}}}))
		webtest.XSS(t, FactWithdrawalPage(FactWithdrawal{Page: centre("x"), Title: p, Row: f.Groups[0].Rows[0], Reason: web.Field{Name: "reason", Value: p}}))

		webtest.XSS(t, IntegrationPage(Integration{Page: operator("x"), Secret: p, URL: p, CreateTo: p, Endpoints: []EndpointRow{{URL: p, Href: p, Kinds: p}}, Tokens: []TokenRow{{Name: p, Scopes: p}}}))
		webtest.XSS(t, WebhookPage(EndpointPage{Page: operator("x"), Reason: p, Action: p, After: p, Deliveries: []DeliveryRow{{Kind: p, Account: p, Body: p, Answer: p, Position: p, Attempts: 1, CanSendItAgain: true}}}))
		h, x := sampleHouse(), sampleConflict()
		h.Address, h.Services[0].Name, h.Services[0].Says, h.Services[0].Anomalies[0], h.Flats[0] = p, p, p, p, FlatRow{Flat: p, Href: p, Service: p, Supplier: p, Account: p, Says: p}
		webtest.XSS(t, HousePage(h))
		x.Address, x.Object, x.Claims[0], x.Choices[0].Label, x.Reason, x.History[0].Text = p, p, ConflictClaim{Name: p, Account: p, Value: p, Source: p}, p, p, p
		webtest.XSS(t, ConflictPage(x))
		webtest.XSS(t, FindPage(Find{Page: centre("x"), Query: p, Searched: []string{p}}))
	}
}
