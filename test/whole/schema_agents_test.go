package whole

import (
	"path/filepath"
	"strings"
	"time"
)

// agents connects a network of terminals, lets it pay over the network, and sets its register beside ours.
func (j judged) agents(account string) {
	j.t.Helper()
	dir := j.t.TempDir()
	list, register := filepath.Join(dir, "agents.yaml"), filepath.Join(dir, "register.csv")
	write(j.t, list, "agents: [{code: terminal, dialect: osmp, accounts: any, secret: a long secret of it}, {code: bank, dialect: sber}]\n")
	j.is(0, "agents-load", nil, "agents", "load", list)
	base, stop := j.serve()
	j.is(1, "simulate-agent", nil, "simulate", "agent", "--dialect", "osmp", "--url", base+"/agents/terminal", "--login", "terminal", "--secret", "a long secret of it",
		"--accounts", account+",nobody:1", "--parallel", "5", "--lose", "0.2", "--seed", "3", "--first", "100")
	stop()
	j.is(0, "agents-list", nil, "agents", "list")
	var asked []struct{ Txn string }
	if j.is(0, "agents-requests", &asked, "agents", "requests", "terminal", "--txn", "100"); len(asked) < 6 {
		j.t.Errorf("%d requests about a payment that was sent six times", len(asked))
	}
	day := time.Now().In(time.FixedZone("MSK", 3*3600)).Format(time.DateOnly)
	var own struct{ Count int }
	if j.is(0, "agents-register", &own, "agents", "register", "terminal", "--day", day, "--out", register); own.Count != 1 {
		j.t.Errorf("%d operations in the register", own.Count)
	}
	j.is(0, "agents-compare", nil, "agents", "compare", "terminal", register, "--day", day)
	write(j.t, register, "Операция;Дата;Лицевой счёт;Сумма\n999;"+strings.Join([]string{day[8:], day[5:7], day[:4]}, ".")+";"+account+";10.00\n")
	j.is(1, "agents-compare", nil, "agents", "compare", "terminal", register, "--day", day, "--book")
	j.fails(1, "agents", "requests", "nobody")
	j.fails(2, "agents", "register", "terminal", "--day", "soon")
}
