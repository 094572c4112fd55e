package conflict

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/supplier"
)

// Rule is whom to trust about an attribute from a day on: first the parties named first. A party is a supplier's code,
// «centre», «service:CODE» (whoever sells that service), or «*», anybody not named.
type Rule struct {
	ID        int64         `json:"id" yaml:"-"`
	Attribute Attribute     `json:"attribute" yaml:"attribute"`
	From      calendar.Date `json:"-" yaml:"from"`
	Trust     []string      `json:"trust" yaml:"trust"`
	Most      bool          `json:"most" yaml:"most"`     // of equals what more than half of them say …
	Latest    bool          `json:"latest" yaml:"latest"` // … else who spoke last; without either they must agree
	Auto      bool          `json:"auto" yaml:"auto"`     // decides as soon as the conflict is found
}

// ruleBody is a rule as it is stored.
type ruleBody struct {
	Trust  []string `json:"trust"`
	Most   bool     `json:"most,omitempty"`
	Latest bool     `json:"latest,omitempty"`
	Auto   bool     `json:"auto,omitempty"`
}

const (
	anybody    = "*"
	serviceTag = "service:"
)

// readRules reads a file of rules.
func readRules(r io.Reader) ([]Rule, error) {
	var file struct {
		Rules []Rule `yaml:"rules"`
	}
	dec := yaml.NewDecoder(r)
	dec.KnownFields(true)
	if err := dec.Decode(&file); err != nil && !errors.Is(err, io.EOF) {
		return nil, fault.New(fault.Invalid, "conflict.rules", "Правила не прочитались. Пример: rules: [{attribute: area, trust: [centre, \"*\"], latest: true}].").Because(err)
	}
	if len(file.Rules) == 0 {
		return nil, fault.New(fault.Invalid, "conflict.no_rules", "В файле нет правил. Пример: rules: [{attribute: area, trust: [centre, \"*\"], latest: true}].")
	}
	for i := range file.Rules {
		x := &file.Rules[i]
		if !x.Attribute.known() {
			return nil, fault.Newf(fault.Invalid, "conflict.attribute", "Сведений %q не бывает. Бывают: %s.", x.Attribute, attributeWords())
		}
		if len(x.Trust) == 0 {
			return nil, fault.Newf(fault.Invalid, "conflict.trust", "Правило о %s: не сказано, кому верить. Добавьте trust.", x.Attribute)
		}
	}
	return file.Rules, nil
}

func attributeWords() string {
	words := make([]string, len(Attributes))
	for i, a := range Attributes {
		words[i] = string(a)
	}
	return strings.Join(words, ", ")
}

// listRules gives the rules in force on a day.
func listRules(ctx context.Context, tx *db.Tx, day calendar.Date) (rules map[Attribute]Rule, err error) {
	rows, err := tx.QueryContext(ctx, "SELECT rule_id, attribute, valid_from, body FROM conflict_rule WHERE valid_from <= $1 ORDER BY attribute, valid_from, rule_id", int64(day))
	if err != nil {
		return nil, fmt.Errorf("list rules: %w", err)
	}
	defer rows.Close()
	rules = map[Attribute]Rule{}
	for rows.Next() {
		var r Rule
		var body string
		if err := rows.Scan(&r.ID, &r.Attribute, &r.From, &body); err != nil {
			return nil, err
		}
		var b ruleBody
		if err := json.Unmarshal([]byte(body), &b); err != nil {
			return nil, fmt.Errorf("rule %d: %w", r.ID, err)
		}
		r.Trust, r.Most, r.Latest, r.Auto = b.Trust, b.Most, b.Latest, b.Auto
		rules[r.Attribute] = r // later rows stand in place of earlier ones
	}
	return rules, rows.Err()
}

func insertRule(ctx context.Context, tx *db.Tx, r *Rule, at calendar.Micros, actor string) error {
	body, err := json.Marshal(ruleBody{r.Trust, r.Most, r.Latest, r.Auto})
	if err != nil {
		return err
	}
	_, err = tx.ExecContext(ctx, "INSERT INTO conflict_rule (rule_id, attribute, valid_from, body, recorded_at, actor) VALUES ($1, $2, $3, $4, $5, $6)",
		r.ID, string(r.Attribute), int64(r.From), string(body), int64(at), actor)
	return err
}

// Order is the trust of a rule in one line: «centre > uk > *», then how equals are told apart.
func (r *Rule) Order() string {
	text := strings.Join(r.Trust, " > ")
	if r.Most {
		text += ", most"
	}
	if r.Latest {
		text += ", latest"
	}
	return text
}

// rank is how far a claim is from the most trusted; false when the rule trusts it not at all.
func (r *Rule) rank(c *Claim, suppliers map[int64]supplier.Supplier) (int, bool) {
	rest := -1
	for i, t := range r.Trust {
		service, isService := strings.CutPrefix(t, serviceTag)
		switch {
		case t == anybody:
			rest = i
		case t == c.Who, isService && c.Who != Centre && sells(suppliers, c.Supplier, service):
			return i, true
		}
	}
	return rest, rest >= 0
}

// sells tells whether a supplier's services are, or are called, so.
func sells(suppliers map[int64]supplier.Supplier, id int64, service string) bool {
	s, ok := suppliers[id]
	if !ok {
		return false
	}
	return slices.ContainsFunc(s.Mapping, func(x supplier.Service) bool { return x.Catalog == service || x.Names(service) }) ||
		slices.ContainsFunc(s.Services, func(name string) bool { return strings.EqualFold(name, service) })
}

// pick is the claim that a rule decides for; false when it decides nothing.
func (r *Rule) pick(a Attribute, claims []Claim, suppliers map[int64]supplier.Supplier) (*Claim, bool) {
	top, best := -1, []*Claim(nil)
	for i := range claims {
		rank, trusted := r.rank(&claims[i], suppliers)
		switch {
		case !trusted || top >= 0 && rank > top:
		case top < 0 || rank < top:
			top, best = rank, []*Claim{&claims[i]}
		default:
			best = append(best, &claims[i])
		}
	}
	if len(best) == 0 {
		return nil, false
	}
	votes := func(c *Claim) (n int) {
		for _, x := range best {
			if agree(a, c.Value, x.Value) {
				n++
			}
		}
		return n
	}
	chosen := best[0]
	for _, c := range best {
		n, m := votes(c), votes(chosen)
		same := agree(a, c.Value, chosen.Value)
		if same && len(c.Value) > len(chosen.Value) || !same && (r.Most && n > m || (!r.Most || n == m) && r.Latest && c.At > chosen.At) {
			chosen = c // of those that say the same the fuller one
		}
	}
	if n := votes(chosen); n == len(best) || r.Most && 2*n > len(best) {
		return chosen, true
	}
	return chosen, r.Latest && !slices.ContainsFunc(best, func(c *Claim) bool { return c.At >= chosen.At && !agree(a, c.Value, chosen.Value) })
}
