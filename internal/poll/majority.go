// Package poll holds the arithmetic of decisions by votes: quorum, majorities by share, and which majority a question
// takes. It is pure.
//
// Owns: counting votes and comparing them with a rule. Does not own: who may vote, how votes are given, the legal form:
// a general meeting of owners (ОСС) is held in a state system, a poll of ours advises only.
//
// Invariants: weights are exact (area × share of joint ownership), nothing is rounded before a comparison; without a
// quorum nothing is carried; which majority a question takes is a row, not code. Law: ЖК РФ ст. 37, 44–48.
package poll

import (
	_ "embed"
	"io"
	"strings"

	"gopkg.in/yaml.v3"

	"kvit/internal/decimal"
	"kvit/internal/fault"
)

// Base is what votes for a question are compared with.
type Base string

// Bases.
const (
	OfParticipants Base = "participants" // votes of those who took part
	OfAll          Base = "all"          // all votes of the house
)

// Majority is how many votes carry a question: the part Votes/Out of the base, or more than it.
type Majority struct {
	Of    Base  `yaml:"of"`
	Votes int64 `yaml:"votes"`
	Out   int64 `yaml:"out"`
	More  bool  `yaml:"more,omitempty"` // more than the part, not merely so much
}

// Question is a kind of question and the majority it takes.
type Question struct {
	Code     string   `yaml:"question"`
	Name     string   `yaml:"name"` // Russian
	Majority Majority `yaml:"majority"`
	Document string   `yaml:"document"`
}

// Book is the rules of meetings as data. It is read-only.
type Book struct {
	Quorum    Majority   `yaml:"quorum"`
	Document  string     `yaml:"document"` // of the quorum
	Questions []Question `yaml:"questions"`
}

//go:embed majorities.yaml
var standard string

// Standard is the book of the Housing Code.
func Standard() *Book {
	b, err := ReadBook(strings.NewReader(standard))
	if err != nil {
		panic("majorities.yaml: " + err.Error()) // the file is ours
	}
	return b
}

// ReadBook reads rules of meetings; unknown keys and impossible parts are refused.
func ReadBook(r io.Reader) (*Book, error) {
	dec := yaml.NewDecoder(r)
	dec.KnownFields(true)
	var b Book
	if err := dec.Decode(&b); err != nil {
		return nil, fault.New(fault.Invalid, "poll.book", "Правила собраний не читаются. Сверьте ключи с образцом.").Because(err)
	}
	if err := b.Quorum.check("quorum"); err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, q := range b.Questions {
		if q.Code == "" || seen[q.Code] {
			return nil, fault.Newf(fault.Invalid, "poll.book", "Вопрос %q без кода или назван дважды.", q.Code)
		}
		seen[q.Code] = true
		if err := q.Majority.check(q.Code); err != nil {
			return nil, err
		}
	}
	return &b, nil
}

func (m *Majority) check(where string) error {
	switch {
	case m.Of != OfParticipants && m.Of != OfAll:
		return fault.Newf(fault.Invalid, "poll.base", "%s: большинство от %q неизвестно. Есть participants и all.", where, m.Of)
	case m.Votes < 0 || m.Out < 1 || m.Votes > m.Out || m.Votes == m.Out && m.More:
		return fault.Newf(fault.Invalid, "poll.part", "%s: доля %d/%d недостижима.", where, m.Votes, m.Out)
	}
	return nil
}

// Question finds a kind of question.
func (b *Book) Question(code string) (Question, error) {
	for _, q := range b.Questions {
		if q.Code == code {
			return q, nil
		}
	}
	return Question{}, fault.Newf(fault.NotFound, "poll.question", "Вид вопроса %q неизвестен.", code)
}

// needs is the part of a base that a majority asks for.
func (m *Majority) needs(base decimal.Ratio) decimal.Ratio {
	return base.TimesInt(m.Votes).OverInt(m.Out)
}

// reached compares votes with the part of a base.
func (m *Majority) reached(votes, base decimal.Ratio) bool {
	c := votes.Cmp(m.needs(base))
	return c > 0 || c == 0 && !m.More
}
