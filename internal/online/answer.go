package online

import (
	"encoding/json"
	"time"

	"kvit/internal/fault"
)

// decode reads an answer and refuses what no balance can be.
func decode(body []byte, ask []Account, now time.Time) (*Answer, error) {
	var a Answer
	if err := json.Unmarshal(body, &a); err != nil {
		return nil, broken("ответ – не JSON протокола", err)
	}
	wanted := map[string]bool{}
	for _, x := range ask {
		wanted[x.Number] = true
	}
	for i := range a.Balances {
		t := &a.Balances[i]
		switch {
		case !wanted[t.Account]:
			return nil, broken("в ответе счёт, о котором не спрашивали", nil)
		case t.Due == nil:
			return nil, broken("нет суммы due", nil)
		case *t.Due > dueMax || *t.Due < -dueMax:
			return nil, broken("сумма невозможна", nil)
		case t.AsOf.IsZero() || t.AsOf.After(now.Add(aheadMax)) || t.AsOf.Before(now.Add(-ageMax)):
			return nil, broken("момент остатка невозможен", nil)
		}
		wanted[t.Account] = false // twice is nonsense too
	}
	for _, x := range a.Errors {
		if !wanted[x.Account] {
			return nil, broken("в errors счёт, о котором не спрашивали или уже ответили", nil)
		}
	}
	return &a, nil
}

// Bounds of what is believed.
const (
	dueMax   = 1_000_000_000_00 // kopecks
	aheadMax = 5 * time.Minute
	ageMax   = 40 * 24 * time.Hour
)

func broken(why string, cause error) error {
	return fault.Newf(fault.Unavailable, "online.answer", "Поставщик ответил не по протоколу: %s.", why).Because(cause)
}
