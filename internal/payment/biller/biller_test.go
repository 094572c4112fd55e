package biller

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"kvit/internal/account"
	"kvit/internal/db"
	"kvit/internal/db/dbtest"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/payment"
	"kvit/internal/payment/gateway/agent/simulator"
)

func kopecks(n int64) money.Amount { return money.Amount(n) }

func TestPaymentIsBookedOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		answer, _ := w.ask("osmp", "command=check&txn_id=1&account=10001&sum=0.00")
		if element(answer, "result") != "0" || !strings.Contains(answer, ">100.00<") || !strings.Contains(answer, "И*** П***") || strings.Contains(answer, "Иванов") {
			t.Fatalf("check: %s", answer)
		}
		if w.number("SELECT count(*) FROM payment_order") != 0 {
			t.Fatal("a check has booked something")
		}
		first, _ := w.ask("osmp", osmpPay("7", "10001", "60.00"))
		w.at = w.at.Add(400 * 24 * time.Hour) // years do not matter
		again, _ := w.ask("osmp", osmpPay("7", "10001", "60.00"))
		if element(first, "result") != "0" || element(first, "prv_txn") == "" || first != again {
			t.Fatalf("%s\nthen\n%s", first, again)
		}
		for _, other := range []string{osmpPay("7", "10001", "60.01"), osmpPay("7", "10011", "60.00")} {
			if answer, _ := w.ask("osmp", other); element(answer, "result") != "300" || element(answer, "prv_txn") != "" {
				t.Errorf("other data: %s", answer)
			}
		}
		if n := w.number("SELECT count(*) FROM agent_request WHERE alarm"); n != 2 {
			t.Errorf("%d alarms", n)
		}
		if n, sum := w.number("SELECT count(*) FROM payment_order WHERE channel = 'agent:osmp'"), w.number("SELECT sum(amount_kop) FROM payment_part WHERE account_id = 10001 AND paid_on = 20261124 AND posted_at > 0"); n != 1 || sum != 60_00 {
			t.Errorf("%d orders, %d kopecks", n, sum)
		}
		if fee := w.number("SELECT fee_kop FROM agent_operation"); fee != 90 {
			t.Errorf("1.5 %% of 60.00 is %d kopecks", fee)
		}
		w.clean()
	})
}

// TestWholeBasketIsSplit pays a household by its code: each supplier its share, and what is above ahead.
func TestWholeBasketIsSplit(t *testing.T) {
	t.Parallel()
	w := newTown(t, dbtest.One(t))
	code := account.HouseholdCode(1000)
	answer, _ := w.ask("sber", "ACTION=check&ACCOUNT="+code)
	if element(answer, "CODE") != "0" || element(answer, "BALANCE") != "150.00" || strings.Contains(answer, "Мира") || !strings.Contains(element(answer, "INFO"), "water 100.00 // power 50.00") {
		t.Fatalf("check: %s", answer)
	}
	pay := "ACTION=payment&ACCOUNT=" + code + "&AMOUNT=180.00&PAY_ID=191120&PAY_DATE=24.11.2026_11:30:00"
	first, _ := w.ask("sber", pay)
	again, _ := w.ask("sber", pay)
	if element(first, "CODE") != "0" || element(again, "CODE") != "8" || element(first, "EXT_ID") == "" || element(first, "REG_DATE") != "24.11.2026_12:00:00" {
		t.Fatalf("%s\nthen\n%s", first, again)
	}
	for _, name := range []string{"EXT_ID", "REG_DATE", "AMOUNT"} {
		if element(first, name) != element(again, name) {
			t.Errorf("%s changed", name)
		}
	}
	for id, want := range map[int64]int64{10001: 120_00, 10002: 60_00} {
		if sum := w.number("SELECT sum(amount_kop) FROM payment_part WHERE account_id = $1", id); sum != want {
			t.Errorf("account %d got %d, want %d", id, sum, want)
		}
	}
	w.clean()
}

// TestFiftyAtOnce sends one payment fifty times at once: one booking, one answer.
func TestFiftyAtOnce(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		answers := make([]string, 50)
		var wait sync.WaitGroup
		for i := range answers {
			wait.Add(1)
			go func() {
				defer wait.Done()
				answers[i], _ = w.ask("osmp", osmpPay("7", "10001", "60.00"))
			}()
		}
		wait.Wait()
		for _, a := range answers {
			if a != answers[0] || element(a, "result") != "0" {
				t.Fatalf("%s\nand\n%s", answers[0], a)
			}
		}
		if n := w.number("SELECT count(*) FROM ledger_transaction"); n != 1 {
			t.Errorf("%d postings", n)
		}
		w.clean()
	})
}

// dying is a connection whose server dies before a byte of the answer leaves.
type dying struct{ http.ResponseWriter }

func (dying) Header() http.Header       { return http.Header{} }
func (dying) WriteHeader(int)           { panic("killed between commit and answer") }
func (dying) Write([]byte) (int, error) { panic("killed between commit and answer") }

// TestCrashAfterCommit kills the server between the commit and the answer: another process tells the number that was given.
func TestCrashAfterCommit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		func() {
			defer func() { _ = recover() }()
			_ = w.m.serve(dying{}, w.request("osmp", osmpPay("7", "10001", "60.00"), nil))
		}()
		booked := w.number("SELECT order_id FROM payment_order")
		w.m = w.module()
		answer, _ := w.ask("osmp", osmpPay("7", "10001", "60.00"))
		var want strings.Builder
		for n := booked; n > 0; n /= 10 {
			want.WriteByte(byte('0' + n%10))
		}
		if got := element(answer, "prv_txn"); reversed(got) != want.String() || element(answer, "result") != "0" {
			t.Errorf("booked as %d, answered %s", booked, answer)
		}
		if n := w.number("SELECT count(*) FROM payment_order"); n != 1 {
			t.Errorf("%d orders", n)
		}
		w.clean()
	})
}

func reversed(s string) string {
	var b strings.Builder
	for i := len(s) - 1; i >= 0; i-- {
		b.WriteByte(s[i])
	}
	return b.String()
}

// TestEveryCodeIsReached brings about each code of OSMP and the ones only others have.
func TestEveryCodeIsReached(t *testing.T) {
	t.Parallel()
	w := newTown(t, dbtest.One(t))
	code := account.HouseholdCode(1000)
	wrongSign := code[:9] + string(rune(code[9]^1))
	w.ask("osmp", osmpPay("70", "10001", "60.00"))
	for _, c := range []struct{ code, query, element, want string }{
		{"osmp", "command=check&account=%D0%90%D0%91", "result", "4"},
		{"osmp", "command=check&account=99999", "result", "5"},
		{"osmp", "command=check&account=90001", "result", "79"},
		{"osmp", "command=check&account=10011", "result", "243"},
		{"osmp", osmpPay("1", "10001", "9.99"), "result", "241"},
		{"osmp", osmpPay("1", "10001", "5000.01"), "result", "242"},
		{"osmp", "command=check&account=10001&sum=5000.01", "result", "242"},
		{"osmp", strings.Replace(osmpPay("1", "10001", "60.00"), "20261124", "20281124", 1), "result", "300"},
		{"osmp", "command=status&txn_id=70", "result", "0"},
		{"osmp", "command=status&txn_id=71", "result", "300"},
		{"osmp", "command=dance", "result", "300"},
		{"paused", osmpPay("1", "10001", "60.00"), "result", "8"},
		{"closed", "command=check&account=10001", "result", "7"},
		{"sber", "ACTION=check&ACCOUNT=" + wrongSign, "CODE", "4"},
		{"sber", "ACTION=check&ACCOUNT=" + account.HouseholdCode(5555), "CODE", "3"},
		{"sber", "ACTION=dance", "CODE", "2"},
		{"sber", "ACTION=check&ACCOUNT=" + code + "&PHONE=12", "CODE", "13"},
		{"sber", "ACTION=payment&ACCOUNT=" + code + "&AMOUNT=0.00&PAY_ID=1&PAY_DATE=24.11.2026_11:30:00", "CODE", "10"},
		{"cyber", "action=status&receipt=5", "code", "6"},
		{"cyber", "action=check&number=99999", "code", "2"},
	} {
		if answer, status := w.ask(c.code, c.query); element(answer, c.element) != c.want || status != http.StatusOK {
			t.Errorf("%s %s: %d %s, want %s", c.code, c.query, status, answer, c.want)
		}
	}
	w.ask("today", osmpPay("72", "10001", "60.00"))
	w.at = w.at.Add(24 * time.Hour)
	if answer, _ := w.ask("today", "command=cancel&txn_id=72"); element(answer, "result") != "251" {
		t.Errorf("a day late: %s", answer)
	}
	w.m.wait = time.Nanosecond
	if answer, _ := w.ask("osmp", osmpPay("1", "10001", "60.00")); element(answer, "result") != "90" {
		t.Errorf("no time: %s", answer)
	}
}

// TestOurTroubleIsNoRefusal breaks the database: the agent is told to ask again, and the payment is not lost.
func TestOurTroubleIsNoRefusal(t *testing.T) {
	t.Parallel()
	w := newTown(t, dbtest.One(t))
	w.exec("ALTER TABLE payment_part RENAME TO payment_part_away")
	if answer, _ := w.ask("osmp", osmpPay("7", "10001", "60.00")); element(answer, "result") != "1" {
		t.Fatalf("%s", answer)
	}
	w.exec("ALTER TABLE payment_part_away RENAME TO payment_part")
	if answer, _ := w.ask("osmp", osmpPay("7", "10001", "60.00")); element(answer, "result") != "0" {
		t.Errorf("%s", answer)
	}
	w.clean()
}

func TestCancelMirrorsTheSplit(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		pay := "action=payment&number=10001&amount=180.00&receipt=9&date=2026-11-24T21:30:00"
		first, _ := w.ask("cyber", pay)
		w.at = w.at.Add(48 * time.Hour)
		back, _ := w.ask("cyber", "action=cancel&receipt=9")
		again, _ := w.ask("cyber", "action=cancel&receipt=9")
		if element(first, "code") != "0" || element(back, "code") != "0" || back != again || element(back, "authcode") != element(first, "authcode") {
			t.Fatalf("%s\n%s\n%s", first, back, again)
		}
		if sum := w.number("SELECT sum(amount_kop) FROM payment_part"); sum != 0 {
			t.Errorf("%d kopecks stayed", sum)
		}
		if n := w.number("SELECT count(*) FROM (SELECT account_id, service_id, kind FROM payment_part GROUP BY account_id, service_id, kind HAVING sum(amount_kop) <> 0) x"); n != 0 {
			t.Errorf("%d parts are not mirrored", n)
		}
		for _, q := range []string{"action=status&receipt=9", pay} {
			if answer, _ := w.ask("cyber", q); element(answer, "code") != "7" {
				t.Errorf("%s: %s", q, answer)
			}
		}
		w.clean()
	})
}

// TestDayOfPaymentIsThePayersOwn turns the agent's clock into the region's day: 03:00 in Vladivostok is the day before in UTC.
func TestDayOfPaymentIsThePayersOwn(t *testing.T) {
	t.Parallel()
	w := newTown(t, dbtest.One(t))
	w.ask("cyber", "action=payment&number=10001&amount=1.00&receipt=9&date=2026-11-24T03:00:00")
	if day := w.number("SELECT paid_on FROM payment_order"); day != 20261123 {
		t.Errorf("paid on %d", day)
	}
	list, err := w.m.Register(w.ctx, clerk, "cyber", 20261124)
	if err != nil || len(list) != 1 || list[0].At != "2026-11-24 03:00:00" {
		t.Errorf("%+v, %v", list, err)
	}
}

func TestStrangersAreRefused(t *testing.T) {
	t.Parallel()
	w := newTown(t, dbtest.One(t))
	hash := func(r *http.Request) {
		sum := md5.Sum([]byte("water:10001" + "7" + "60.00" + secret))
		r.URL.RawQuery += "&hash=" + strings.ToUpper(hex.EncodeToString(sum[:]))
	}
	command := "command=pay&txn_id=7&txn_date=20261124113000&account=water:10001&sum=60.00"
	for _, c := range []struct {
		name, code, query string
		edit              func(*http.Request)
		status            int
	}{
		{"password", "osmp", osmpPay("7", "10001", "60.00"), nil, 200},
		{"wrong password", "osmp", osmpPay("8", "10001", "60.00"), func(r *http.Request) { r.SetBasicAuth("osmp", "wrong") }, 401},
		{"wrong login", "osmp", osmpPay("8", "10001", "60.00"), func(r *http.Request) { r.SetBasicAuth("sber", secret) }, 401},
		{"no password", "osmp", osmpPay("8", "10001", "60.00"), func(r *http.Request) { r.Header.Del("Authorization") }, 401},
		{"the digest itself", "osmp", osmpPay("8", "10001", "60.00"), func(r *http.Request) { r.SetBasicAuth("osmp", "sha256:"+digestOf(secret)) }, 401},
		{"key in a parameter", "sber", "ACTION=check&ACCOUNT=1&KEY=" + strings.ReplaceAll(secret, " ", "+"), func(r *http.Request) { r.Header.Del("X-Agent-Key") }, 200},
		{"wrong key", "sber", "ACTION=check&ACCOUNT=1", func(r *http.Request) { r.Header.Set("X-Agent-Key", "wrong") }, 401},
		{"signature", "command", command, hash, 200},
		{"no signature", "command", command, nil, 401},
		{"signature of another sum", "command", strings.Replace(command, "60.00", "61.00", 1), hash, 401},
		{"address", "cyber", "action=check&number=10001", nil, 200},
		{"another address", "cyber", "action=check&number=10001", func(r *http.Request) { r.RemoteAddr = "11.0.0.1:80" }, 403},
		{"through our proxy", "cyber", "action=check&number=10001", func(r *http.Request) {
			r.RemoteAddr = "192.168.0.1:80"
			r.Header.Set("X-Forwarded-For", "1.2.3.4, 10.9.9.9")
		}, 200},
		{"told by a stranger", "cyber", "action=check&number=10001", func(r *http.Request) {
			r.RemoteAddr = "11.0.0.1:80"
			r.Header.Set("X-Forwarded-For", "10.9.9.9")
		}, 403},
	} {
		answer, status := w.ask(c.code, c.query, c.edit)
		if status != c.status || status != 200 && !strings.Contains(answer, "Аутентификация не выполнена") {
			t.Errorf("%s: %d %s", c.name, status, answer)
		}
	}
	if n := w.number("SELECT count(*) FROM payment_order"); n != 2 {
		t.Errorf("%d orders, want those of the password and of the signature", n)
	}
	if n := w.number("SELECT count(*) FROM agent_request WHERE request LIKE '%secret%' OR request LIKE '%hash%' OR answer LIKE '%Иванов%'"); n != 0 {
		t.Errorf("%d requests keep a secret or a name", n)
	}
	if err := w.m.serve(httptest.NewRecorder(), w.request("nobody", "", nil)); !fault.Is(err, fault.NotFound) {
		t.Errorf("an agent nobody knows: %v", err)
	}
}

func TestRateIsBounded(t *testing.T) {
	t.Parallel()
	w := newTown(t, dbtest.One(t))
	codes := map[string]int{}
	for range 8 {
		answer, _ := w.ask("cyber", "action=check&number=10001")
		codes[element(answer, "code")]++
	}
	if codes["0"] != 5 || codes["-1"] != 3 {
		t.Errorf("%v", codes)
	}
	w.at = w.at.Add(time.Second)
	if answer, _ := w.ask("cyber", "action=check&number=10001"); element(answer, "code") != "0" {
		t.Errorf("a second later: %s", answer)
	}
}

// TestComparison sets an agent's register beside ours: equal, only ours, only theirs, another sum, taken back.
func TestComparison(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newTown(t, d)
		for txn, sum := range map[string]string{"11": "20.00", "12": "30.00", "13": "40.00", "14": "50.00"} {
			w.ask("osmp", osmpPay(txn, "10001", sum))
		}
		w.ask("osmp", "command=cancel&txn_id=14")
		path := filepath.Join(t.TempDir(), "register.csv")
		text := "Операция;Дата;Лицевой счёт;Сумма\n11;24.11.2026;10001;20.00\n13;24.11.2026;10001;41.00\n14;24.11.2026;10001;50.00\n14;24.11.2026;10001;-50.00\n15;24.11.2026;10001;12.00\n16;24.11.2026;99999;13.00\n"
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		r := &CompareRequest{Code: "osmp", Day: 20261124, Path: path, Book: true}
		c, err := w.m.Compare(w.ctx, clerk, r)
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[string]string{}
		for _, x := range c.Differences {
			kinds[x.Txn] = x.Kind
			if x.Booked != (x.Txn == "15" || x.Txn == "16") { // the account of 16 nobody has: it waits
				t.Errorf("%+v", x)
			}
		}
		if len(kinds) != 4 || kinds["12"] != OnlyOurs || kinds["13"] != SumsDiffer || kinds["15"] != OnlyTheirs || kinds["16"] != OnlyTheirs || c.Matched != 2 || c.OK {
			t.Errorf("%+v", c)
		}
		if n := w.number("SELECT count(*) FROM payment_order WHERE method = $1 AND gateway_id = '15'", payment.MethodRegister); n != 1 {
			t.Errorf("%d booked from the register", n)
		}
		late, _ := w.ask("osmp", osmpPay("15", "10001", "12.00")) // told of after all: nothing is booked again
		again, err := w.m.Compare(w.ctx, clerk, r)
		if err != nil || element(late, "result") != "0" || again.Matched != 4 || w.number("SELECT count(*) FROM payment_order") != 6 {
			t.Errorf("%s %+v %v", late, again, err)
		}
		w.clean()
	})
}

// TestRegisterIsReadBack compares an agent's register with itself.
func TestRegisterIsReadBack(t *testing.T) {
	t.Parallel()
	w := newTown(t, dbtest.One(t))
	w.ask("osmp", osmpPay("11", "10001", "20.00"))
	w.ask("osmp", osmpPay("12", "10001", "31.50"))
	list, err := w.m.Register(w.ctx, clerk, "osmp", 20261124)
	if err != nil || len(list) != 2 {
		t.Fatalf("%+v, %v", list, err)
	}
	path := filepath.Join(t.TempDir(), "own.csv")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := WriteRegister(f, list); err != nil {
		t.Fatal(err)
	}
	f.Close()
	c, err := w.m.Compare(w.ctx, clerk, &CompareRequest{Code: "osmp", Day: 20261124, Path: path})
	if err != nil || !c.OK || c.Matched != 2 || c.MatchedSum != 51_50 || c.Ours != c.Theirs {
		t.Errorf("%+v, %v", c, err)
	}
}

// TestRegisterOfABankRepeatsItsAgent takes the register of a bank that has told of its payments as an agent: none is
// credited again; a reversal it never told of is.
func TestRegisterOfABankRepeatsItsAgent(t *testing.T) {
	t.Parallel()
	w := newTown(t, dbtest.One(t))
	w.ask("osmp", osmpPay("11", "10001", "20.00"))
	lines := []payment.Line{{Row: 1, Operation: "11", SupplierCode: "water", Number: "10001", Date: 20261124, Amount: 20_00}, {Row: 2, Operation: "11", SupplierCode: "water", Number: "10001", Date: 20261125, Amount: -20_00}}
	got, err := w.m.Payments.TakeLines(w.ctx, payment.Source{FileID: 5, Channel: "osmp"}, lines, nil)
	if err != nil || got[0] != payment.Duplicate || got[1] != payment.Applied {
		t.Errorf("%v, %v", got, err)
	}
	w.clean()
}

func TestRequestsAreForgotten(t *testing.T) {
	t.Parallel()
	w := newTown(t, dbtest.One(t))
	w.ask("osmp", "command=check&account=10001")
	w.at = w.at.Add((keepDefault + 1) * 24 * time.Hour)
	w.ask("osmp", "command=check&account=10001")
	if n, err := w.m.Forget(w.ctx); err != nil || n != 1 || w.number("SELECT count(*) FROM agent_request") != 1 {
		t.Errorf("%d, %v", n, err)
	}
}

func TestFileOfAgents(t *testing.T) {
	t.Parallel()
	w := newTown(t, dbtest.One(t))
	rows, err := w.m.Load(w.ctx, clerk, []byte(agents))
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if r.State != "same" || r.Secret != "" {
			t.Errorf("%+v", r)
		}
	}
	rows, err = w.m.Load(w.ctx, clerk, []byte("agents: [{code: new, dialect: osmp}]"))
	if err != nil || rows[0].State != "added" || len(rows[0].Secret) < secretMin {
		t.Errorf("%+v, %v", rows, err)
	}
	for text, code := range map[string]string{
		"agents: []": "agent.empty", "agents: [{code: a b, dialect: osmp}]": "agent.code", "agents: [{code: a, dialect: iso}]": "agent.word", "agents: [{code: a, dialect: osmp, colour: red}]": "agent.yaml",
		"agents: [{code: a, dialect: osmp, accounts: supplier}]": "agent.supplier", "agents: [{code: a, dialect: osmp, auth: hash, hash: '{sum}'}]": "agent.hash", "agents: [{code: a, dialect: osmp, auth: ip}]": "agent.ips",
		"agents: [{code: a, dialect: osmp, secret: short}]": "agent.secret", "agents: [{code: a, dialect: osmp, ips: [10.0.0.300]}]": "agent.ips", "agents: [{code: a, dialect: osmp, fee: 21}]": "agent.fee",
		"agents: [{code: a, dialect: osmp, min: 10, max: 9}]": "agent.max", "agents: [{code: a, dialect: osmp, cancel: soon}]": "agent.cancel", "agents: [{code: a, dialect: osmp}, {code: a, dialect: osmp}]": "agent.twice",
		"agents: [{code: a, dialect: osmp, zone: Mars}]": "agent.zone", "agents: [{code: a, dialect: osmp, pattern: '['}]": "agent.pattern", "agents: [{code: a, dialect: osmp, accounts: supplier, supplier: nobody}]": "supplier.unknown",
	} {
		if _, err := w.m.Load(w.ctx, clerk, []byte(text)); fault.CodeOf(err) != code {
			t.Errorf("%s: %v, want %s", text, err, code)
		}
	}
}

// TestSimulatorPays drives the door over the network with each dialect: doubles, lost answers, everything at once.
func TestSimulatorPays(t *testing.T) {
	t.Parallel()
	w := newTown(t, dbtest.One(t))
	mux := http.NewServeMux()
	for _, route := range w.m.Routes() {
		mux.HandleFunc(route.Method+" "+route.Pattern, func(rw http.ResponseWriter, r *http.Request) {
			r.RemoteAddr = "10.0.0.1:1"
			if err := route.Handler(rw, r); err != nil {
				t.Error(err)
			}
		})
	}
	server := httptest.NewServer(mux)
	defer server.Close()
	for code, o := range map[string]simulator.Options{
		"osmp": {Dialect: "osmp", Login: "osmp", Secret: secret, Accounts: []string{"10001", "99999"}}, "sber": {Dialect: "sber", Secret: secret, Accounts: []string{account.HouseholdCode(1000), "1"}},
		"cyber": {Dialect: "cyberplat", Accounts: []string{"10002", "99999"}, Cancel: true},
	} {
		o.URL, o.Sum, o.Parallel, o.Double, o.Lose, o.Tries, o.Timeout, o.First, o.Now = server.URL+"/agents/"+code, 12_00, 3, 1, 0.2, 20, 10*time.Second, 100, w.at
		if code == "cyber" {
			o.Accounts, o.Parallel, o.Lose, o.Double = []string{"10001"}, 1, 0, 0
		}
		res, err := simulator.Run(context.Background(), o)
		if err != nil || res.Paid != 1 || res.Different != 0 || res.Unknown != 0 || res.Refused != len(o.Accounts)-1 || o.Cancel && res.Cancelled != 1 {
			t.Errorf("%s: %+v, %v", code, res, err)
		}
	}
	if n := w.number("SELECT count(*) FROM payment_order"); n != 3 {
		t.Errorf("%d orders", n)
	}
	w.clean()
}
