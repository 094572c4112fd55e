package poll

import (
	"kvit/internal/decimal"
	"kvit/internal/fault"
)

// Choice is what a vote says.
type Choice uint8

// Choices. Absent owners give no vote at all.
const (
	For Choice = iota
	Against
	Abstained
)

// Vote is the voice of one owner for one question: an area and, of joint owners, the owner's part of it.
type Vote struct {
	Area   decimal.Decimal // m²
	Part   int64           // of the ownership: 1 of 3; 0 of 0 is the whole
	Of     int64
	Choice Choice
}

// Weight is area × part, exact: owners of 54 m² in thirds have 18 each.
func (v *Vote) Weight() (decimal.Ratio, error) {
	part, of := v.Part, v.Of
	if part == 0 && of == 0 {
		part, of = 1, 1
	}
	if v.Area <= 0 || part < 1 || of < part {
		return decimal.Ratio{}, fault.Newf(fault.Invalid, "poll.weight", "Голос с площадью %s и долей %d/%d невозможен.", v.Area, v.Part, v.Of)
	}
	return v.Area.Exact().TimesInt(part).OverInt(of), nil
}

// Tally is the votes of a question added up, in m².
type Tally struct {
	House     decimal.Ratio // all votes there are
	Took      decimal.Ratio // of those who took part in the meeting
	For       decimal.Ratio
	Against   decimal.Ratio
	Abstained decimal.Ratio
}

// Count adds the votes of a question up. Who took part but gave no vote for this question counts as a participant of
// the meeting: took is their area, zero when only those who voted took part.
func Count(house decimal.Decimal, took decimal.Decimal, votes []Vote) (Tally, error) {
	t := Tally{House: house.Exact()}
	for i := range votes {
		w, err := votes[i].Weight()
		if err != nil {
			return Tally{}, err
		}
		switch votes[i].Choice {
		case For:
			t.For = t.For.Plus(w)
		case Against:
			t.Against = t.Against.Plus(w)
		case Abstained:
			t.Abstained = t.Abstained.Plus(w)
		}
	}
	voted := t.For.Plus(t.Against).Plus(t.Abstained)
	if t.Took = took.Exact(); took == 0 {
		t.Took = voted
	}
	if house <= 0 || t.Took.Cmp(t.House) > 0 || voted.Cmp(t.Took) > 0 {
		return Tally{}, fault.Newf(fault.Invalid, "poll.votes", "Голосов %s м², участников %s м², а всего в доме %s м².", voted.Text(2), t.Took.Text(2), house)
	}
	return t, nil
}

// Outcome is what a tally decides about a question.
type Outcome struct {
	Quorum  bool
	Carried bool
	Needed  decimal.Ratio // votes, m²; more than it where the majority says so
	Share   decimal.Ratio // of the base that voted for, 0 … 1
	Turnout decimal.Ratio // of all votes, 0 … 1
}

// Decide compares a tally with the quorum and with the question's majority.
// 4 100 m², 2 214.6 took part (54.01 %): «for» 1 302.0 is 58.79 % of them and carries a simple majority; «for» 2 100.0
// is less than two thirds of all, 2 733.33.
func (b *Book) Decide(q Question, t Tally) Outcome {
	base := t.House
	if q.Majority.Of == OfParticipants {
		base = t.Took
	}
	o := Outcome{
		Quorum: b.Quorum.reached(t.Took, t.House), Needed: q.Majority.needs(base),
		Share: over(t.For, base), Turnout: over(t.Took, t.House),
	}
	o.Carried = o.Quorum && q.Majority.reached(t.For, base)
	return o
}

// over is a part of a whole; when nobody took part, no part of them did anything.
func over(part, whole decimal.Ratio) decimal.Ratio {
	if whole.IsZero() {
		return decimal.Ratio{}
	}
	return part.Per(whole)
}
