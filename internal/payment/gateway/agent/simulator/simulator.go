// Package simulator is a bank or a network of terminals for trials: it asks about accounts, pays, loses answers, repeats,
// sends one payment many times at once, and holds each number to one answer.
//
// Owns nothing. It writes requests and reads answers by code of its own, so that it proves the other side.
package simulator

import (
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"time"

	"kvit/internal/fault"
	"kvit/internal/money"
)

// Options say whom to ask and how.
type Options struct {
	Dialect  string
	URL      string
	Accounts []string
	Sum      money.Amount
	Login    string // of HTTP Basic, with Secret; '' sends Secret as a key
	Secret   string
	Parallel int           // how many times each payment is sent at once
	Double   int           // how many times it is sent again afterwards
	Lose     float64       // share of answers that are lost on the way
	Cancel   bool          // each payment is taken back at the end
	Tries    int           // of one request while the answer is lost or «repeat later»
	Pause    time.Duration // between tries
	Timeout  time.Duration // of one request
	First    int64         // number of the first operation
	Seed     uint64
	Now      time.Time // by the agent's clock
}

// Result is what came of it.
type Result struct {
	Accounts  int      `json:"accounts"`
	Checked   int      `json:"checked"`   // accounts that may be paid to
	Paid      int      `json:"paid"`      // operations that ended with a number
	Refused   int      `json:"refused"`   // operations that ended with a refusal
	Unknown   int      `json:"unknown"`   // operations without a final answer
	Cancelled int      `json:"cancelled"` // operations taken back
	Requests  int      `json:"requests"`
	Lost      int      `json:"lost"`      // answers lost on purpose
	Different int      `json:"different"` // operations that got two numbers or two moments
	Codes     []string `json:"codes"`     // «account code» of what was refused
	Seconds   float64  `json:"seconds"`
}

// Run plays a network of terminals.
func Run(ctx context.Context, o Options) (*Result, error) {
	d, ok := dialects[o.Dialect]
	if !ok {
		return nil, fault.Newf(fault.Invalid, "simulator.dialect", "Протокола %q учебный агент не знает.", o.Dialect)
	}
	if len(o.Accounts) == 0 || o.Sum <= 0 {
		return nil, fault.New(fault.Invalid, "simulator.accounts", "Учебному агенту нужны счета и сумма больше нуля.")
	}
	n := &network{Options: o, d: d, client: &http.Client{Timeout: o.Timeout}, random: rand.New(rand.NewPCG(o.Seed, 1)), res: Result{Accounts: len(o.Accounts), Codes: []string{}}}
	start := time.Now()
	for i, account := range o.Accounts {
		if err := n.customer(ctx, account, o.First+int64(i)); err != nil {
			return nil, err
		}
	}
	n.res.Seconds = time.Since(start).Seconds()
	return &n.res, nil
}

// network is the agent at work.
type network struct {
	Options
	d      dialect
	client *http.Client
	mu     sync.Mutex // guards random and res
	random *rand.Rand
	res    Result
}

// customer checks an account and pays to it.
func (n *network) customer(ctx context.Context, account string, txn int64) error {
	checked, err := n.insist(ctx, n.d.check(account, n.Sum))
	if err != nil {
		return err
	}
	if checked == nil || checked.code != "0" {
		n.refused(account, checked)
		return nil
	}
	n.res.Checked++
	answers := n.payments(ctx, n.d.pay(account, strconv.FormatInt(txn, 10), n.Sum, n.Now))
	n.judge(account, answers)
	if n.Cancel {
		back, err := n.insist(ctx, n.d.cancel(strconv.FormatInt(txn, 10)))
		if err == nil && back != nil && back.code == "0" {
			n.res.Cancelled++
		}
		return err
	}
	return ctx.Err()
}

// payments sends one payment at once as often as asked, then again; nil stands for one without a final answer.
func (n *network) payments(ctx context.Context, q url.Values) []*answer {
	answers := make([]*answer, max(1, n.Parallel)+n.Double)
	var wait sync.WaitGroup
	for i := range max(1, n.Parallel) {
		wait.Add(1)
		go func() {
			defer wait.Done()
			answers[i], _ = n.insist(ctx, q) // an end of the context is seen by the caller
		}()
	}
	wait.Wait()
	for i := max(1, n.Parallel); i < len(answers); i++ {
		answers[i], _ = n.insist(ctx, q)
	}
	return answers
}

// judge counts a payment: all its answers must name one number and one moment.
func (n *network) judge(account string, answers []*answer) {
	var first *answer
	for _, a := range answers {
		switch {
		case a == nil:
			n.res.Unknown++
			return
		case !n.d.done(a.code):
			n.refused(account, a)
			return
		case first == nil:
			first = a
		case a.number != first.number || a.moment != first.moment:
			n.res.Different++
			return
		}
	}
	n.res.Paid++
}

func (n *network) refused(account string, a *answer) {
	if a == nil {
		n.res.Unknown++
		return
	}
	n.res.Refused++
	n.res.Codes = append(n.res.Codes, account+" "+a.code)
}

// insist repeats a request until its answer is final; nil when it never was.
func (n *network) insist(ctx context.Context, q url.Values) (*answer, error) {
	for range max(1, n.Tries) {
		a, err := n.ask(ctx, q)
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err == nil && !n.d.again(a.code) && !n.loses() {
			return a, nil
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(n.Pause):
		}
	}
	return nil, nil
}

// loses tells whether an answer that came is lost on the way all the same.
func (n *network) loses() bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	lost := n.random.Float64() < n.Lose
	if lost {
		n.res.Lost++
	}
	return lost
}

// answer is what was read of one.
type answer struct{ code, number, moment string }

const answerMax = 1 << 20

func (n *network) ask(ctx context.Context, q url.Values) (*answer, error) {
	n.mu.Lock()
	n.res.Requests++
	n.mu.Unlock()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, n.URL+"?"+q.Encode(), nil)
	if err != nil {
		return nil, err
	}
	if n.Login != "" {
		r.SetBasicAuth(n.Login, n.Secret)
	} else if n.Secret != "" {
		r.Header.Set("X-Agent-Key", n.Secret)
	}
	res, err := n.client.Do(r)
	if err != nil {
		return nil, err
	}
	defer res.Body.Close()
	if res.StatusCode >= 500 {
		return nil, fmt.Errorf("HTTP %d", res.StatusCode)
	}
	return n.d.read(io.LimitReader(res.Body, answerMax))
}

// read takes the elements of an answer by their names, whatever their order.
func (d *dialect) read(in io.Reader) (*answer, error) {
	texts := map[string]string{}
	x, name := xml.NewDecoder(in), ""
	for {
		token, err := x.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("read answer: %w", err)
		}
		switch t := token.(type) {
		case xml.StartElement:
			name = strings.ToLower(t.Name.Local)
		case xml.CharData:
			texts[name] += strings.TrimSpace(string(t))
		case xml.EndElement:
			name = ""
		}
	}
	a := &answer{texts[d.code], texts[d.number], texts[d.moment]}
	if a.code == "" {
		return nil, errors.New("the answer has no code")
	}
	return a, nil
}
