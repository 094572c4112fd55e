package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func sampleAgents() Agents {
	return Agents{Page: centre("Банки и терминалы"), Rows: []AgentRow{
		{Name: "Сеть терминалов «Плати рядом»", Href: "/c/agents/terminal", Dialect: "osmp", State: web.State{Word: "принимает", Tone: web.OK}, Count: 1204, Sum: 1_830_455_00, Asked: 2977, Failed: 31, Alarms: 2, LastAt: at(24, 11, 58)},
		{Name: "Банк", Href: "/c/agents/bank", Dialect: "sber", State: web.State{Word: "приостановлен", Tone: web.Bad}},
	}}
}

func sampleAgent() Agent {
	return Agent{Page: centre("Запросы: terminal"), Action: "/c/agents/terminal", Txn: "1234567", Rows: []AgentRequest{
		{At: at(24, 11, 58), Command: "pay", Txn: "1234567", Request: "command=pay&txn_id=1234567&account=1600123456&sum=10.45", Answer: "<response><result>300</result></response>", Code: "300", State: web.State{Word: "номер с другими данными", Tone: web.Bad}},
		{At: at(24, 11, 57), Command: "check", Request: "command=check&account=1600123456", Answer: "<response><result>0</result></response>", Code: "0", State: web.State{Word: "сделано", Tone: web.OK}},
	}}
}

func agentSamples() []webtest.Sample {
	return []webtest.Sample{
		{Name: "agents", Page: AgentsPage(sampleAgents())}, {Name: "agents-empty", Page: AgentsPage(Agents{Page: centre("Банки и терминалы")})},
		{Name: "agent", Page: AgentPage(sampleAgent())}, {Name: "agent-empty", Page: AgentPage(Agent{Page: centre("Запросы: bank"), Action: "/c/agents/bank"})},
	}
}

// hostileAgents puts a text where agents write.
func hostileAgents(p string) (Agents, Agent) {
	list, one := sampleAgents(), sampleAgent()
	list.Rows[0].Name, list.Rows[0].Dialect = p, p
	one.Txn, one.Rows[0].Txn, one.Rows[0].Command, one.Rows[0].Request, one.Rows[0].Answer = p, p, p, p, p
	return list, one
}
