package poll

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"kvit/internal/decimal"
	"kvit/internal/fault"
)

func area(t testing.TB, s string) decimal.Decimal {
	t.Helper()
	d, err := decimal.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// decided counts «for» and «against» of those who took part.
func decided(t *testing.T, question, house, took, yes string) Outcome {
	t.Helper()
	b := Standard()
	q, err := b.Question(question)
	if err != nil {
		t.Fatal(err)
	}
	tally, err := Count(area(t, house), area(t, took), []Vote{{Area: area(t, yes), Choice: For}})
	if err != nil {
		t.Fatal(err)
	}
	return b.Decide(q, tally)
}

func TestMeeting(t *testing.T) {
	for _, c := range []struct {
		name, question, house, took, yes string
		quorum, carried                  bool
		share                            string
	}{
		{"WD-45 A simple majority of participants", "ordinary", "4100", "2214.6", "1302", true, true, "58.79…"},
		{"WD-45 B two thirds of all", "reconstruction", "4100", "2214.6", "2100", true, false, "51.21…"},
		{"two thirds exactly", "loan", "3000", "2500", "2000", true, true, "66.66…"},
		{"a little less", "loan", "3000", "2500", "1999.9999999", true, false, "66.66…"},
		{"half of the participants is no majority", "ordinary", "3000", "2000", "1000", true, false, "50"},
		{"half of the house is no quorum", "ordinary", "3000", "1500", "1500", false, false, "100"},
		{"more than half of all", "capital_repair_fund", "3000", "2000", "1500.1", true, true, "50.00…"},
		{"half of all is not more", "capital_repair_fund", "3000", "2000", "1500", true, false, "50"},
		{"everybody", "common_property_reduction", "3000", "3000", "3000", true, true, "100"},
		{"everybody but one", "common_property_reduction", "3000", "3000", "2970", true, false, "99"},
	} {
		o := decided(t, c.question, c.house, c.took, c.yes)
		if share := o.Share.TimesInt(100).Text(2); o.Quorum != c.quorum || o.Carried != c.carried || share != c.share {
			t.Errorf("%s: quorum %v, carried %v, %s %%; want %v, %v, %s", c.name, o.Quorum, o.Carried, share, c.quorum, c.carried, c.share)
		}
	}
	if o := decided(t, "reconstruction", "4100", "2214.6", "2100"); o.Needed.Text(2) != "2733.33…" || o.Turnout.TimesInt(100).Text(2) != "54.01…" {
		t.Errorf("needed %s, turnout %s", o.Needed.Text(2), o.Turnout.Text(4))
	}
}

// TestJointOwners: owners of one flat split its votes by their parts, to the last digit.
func TestJointOwners(t *testing.T) {
	flat := area(t, "54.7")
	tally, err := Count(area(t, "100"), 0, []Vote{{flat, 1, 3, For}, {flat, 1, 3, For}, {flat, 1, 3, Against}, {Area: area(t, "10"), Choice: Abstained}})
	if err != nil {
		t.Fatal(err)
	}
	if tally.Took.Cmp(area(t, "64.7").Exact()) != 0 || tally.For.TimesInt(3).Cmp(area(t, "109.4").Exact()) != 0 {
		t.Errorf("took part %s, for %s", tally.Took.Text(4), tally.For.Text(4))
	}
}

func TestNobodyCame(t *testing.T) {
	b := Standard()
	tally, err := Count(area(t, "100"), 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	if o := b.Decide(b.Questions[0], tally); o.Quorum || o.Carried || !o.Share.IsZero() || !o.Turnout.IsZero() {
		t.Errorf("%+v", o)
	}
}

func TestCountRefuses(t *testing.T) {
	for code, count := range map[string]func() (Tally, error){
		"poll.weight": func() (Tally, error) { return Count(area(t, "100"), 0, []Vote{{area(t, "10"), 2, 1, For}}) },
		"poll.votes":  func() (Tally, error) { return Count(area(t, "100"), area(t, "5"), []Vote{{Area: area(t, "10")}}) },
	} {
		if _, err := count(); fault.CodeOf(err) != code {
			t.Errorf("got %v, want %s", err, code)
		}
	}
	for name, v := range map[string]Vote{"no area": {}, "a part of nothing": {Area: 1, Part: 1}, "no part": {Area: 1, Of: 2}, "negative": {Area: 1, Part: -1, Of: 2}} {
		if _, err := v.Weight(); err == nil {
			t.Errorf("%s is a vote", name)
		}
	}
	if _, err := Count(area(t, "1"), area(t, "2"), nil); err == nil {
		t.Error("more took part than there are")
	}
}

// TestVotesAddUp: the parts make those who took part; one more «for» never loses a question.
func TestVotesAddUp(t *testing.T) {
	b := Standard()
	rapid.Check(t, func(t *rapid.T) {
		var votes []Vote
		for range rapid.IntRange(0, 8).Draw(t, "votes") {
			of := rapid.Int64Range(1, 7).Draw(t, "of")
			votes = append(votes, Vote{
				Area: decimal.Decimal(rapid.Int64Range(1, 100*decimal.Scale).Draw(t, "area")), Of: of, Part: rapid.Int64Range(1, of).Draw(t, "part"),
				Choice: Choice(rapid.IntRange(0, 2).Draw(t, "choice")),
			})
		}
		q := rapid.SampledFrom(b.Questions).Draw(t, "question")
		before := decide(t, b, q, votes)
		votes = append([]Vote{{Area: decimal.FromInt(5), Choice: For}}, votes...)
		if after := decide(t, b, q, votes); before.Carried && !after.Carried || before.Quorum && !after.Quorum {
			t.Fatalf("%+v, with one more «for» %+v", before, after)
		}
	})
}

func decide(t *rapid.T, b *Book, q Question, votes []Vote) Outcome {
	tally, err := Count(decimal.FromInt(1000), 0, votes)
	if err != nil {
		t.Fatal(err)
	}
	if tally.For.Plus(tally.Against).Plus(tally.Abstained).Cmp(tally.Took) != 0 {
		t.Fatalf("%+v", tally)
	}
	return b.Decide(q, tally)
}

func TestReadBookRefuses(t *testing.T) {
	const quorum = "quorum: {of: all, votes: 1, out: 2, more: true}\n"
	for code, text := range map[string]string{
		"poll.book": "quorums: {}", "poll.base": "quorum: {of: some, votes: 1, out: 2}",
		"poll.part": quorum + "questions: [{question: x, majority: {of: all, votes: 3, out: 2}}]",
	} {
		if _, err := ReadBook(strings.NewReader(text)); fault.CodeOf(err) != code {
			t.Errorf("%s: %v", code, err)
		}
	}
	for _, text := range []string{
		quorum + "questions: [{name: x, majority: {of: all, votes: 1, out: 2}}]", "quorum: {of: all, votes: 1, out: 0}",
		quorum + "questions: [{question: x, majority: {of: all, votes: 1, out: 1, more: true}}]",
		quorum + "questions: [{question: x, majority: {of: all, votes: 1, out: 2}}, {question: x, majority: {of: all, votes: 1, out: 2}}]",
	} {
		if _, err := ReadBook(strings.NewReader(text)); err == nil {
			t.Errorf("%s is read", text)
		}
	}
	if _, err := Standard().Question("unknown"); !fault.Is(err, fault.NotFound) {
		t.Errorf("an unknown question: %v", err)
	}
}

// TestRepeatedMeeting: a quorum of another law is a row.
func TestRepeatedMeeting(t *testing.T) {
	b, err := ReadBook(strings.NewReader("quorum: {of: all, votes: 1, out: 4, more: true}\nquestions: [{question: ordinary, majority: {of: participants, votes: 1, out: 2, more: true}}]"))
	if err != nil {
		t.Fatal(err)
	}
	tally, err := Count(area(t, "1000"), area(t, "260"), []Vote{{Area: area(t, "200"), Choice: For}})
	if err != nil {
		t.Fatal(err)
	}
	if o := b.Decide(b.Questions[0], tally); !o.Carried {
		t.Errorf("%+v", o)
	}
}
