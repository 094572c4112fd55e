package signin

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestS2S3SendingIsBounded: 3 in any 15 minutes and 10 a day for a number, 50 an hour for a network, a budget for a prefix.
func TestS2S3SendingIsBounded(t *testing.T) {
	each(t, func(d *desk) {
		for range 3 {
			d.must(d.send("b", phone))
			d.clock = d.clock.Add(4 * time.Minute)
		}
		err := d.send("b", phone)
		d.want(err, "proof.often", "a fourth code within 15 minutes")
		if !strings.Contains(err.Error(), "Новый код можно запросить в 14:20") {
			t.Errorf("when to come again: %v", err)
		}
		var later *Wait
		if !errors.As(err, &later) || later.RetryAfter() != 3*time.Minute {
			t.Errorf("%v does not know when", err)
		}
		d.clock = d.clock.Add(3 * time.Minute)
		d.want(d.send("b", phone), "", "when told")
		d.want(d.send("b", phone), "proof.often", "and at once again: any 15 minutes count, not those of a clock")
		for i := range 6 {
			d.clock = d.clock.Add(16 * time.Minute)
			d.want(d.send("b", phone), "", fmt.Sprint("code ", i+5))
		}
		d.clock = d.clock.Add(16 * time.Minute)
		err = d.send("b", phone)
		d.want(err, "proof.often", "an eleventh code in a day")
		if !strings.Contains(err.Error(), "завтра в 14:05") {
			t.Errorf("when to come again: %v", err)
		}

		d.clock = d.clock.Add(2 * time.Hour)
		for i := range 50 {
			d.must(d.send("b", fmt.Sprintf("+7901%07d", i)))
		}
		d.want(d.send("b", "+79020000000"), "proof.often", "the fifty-first of a network in an hour")
		other := Ask{Browser: "b", Contact: "+79020000000", Purpose: SignIn, Network: "192.0.2.2"}
		d.want(d.m.Send(d.ctx, other), "", "another network")

		ask := func(i int) error {
			return d.m.Send(d.ctx, Ask{Browser: "b", Contact: fmt.Sprintf("+7903%07d", i), Channel: SMS, Purpose: SignIn, Network: fmt.Sprint("198.51.100.", i%20)})
		}
		d.m.Budget = 70
		for i := range 70 {
			d.must(ask(i))
		}
		d.want(ask(71), "proof.budget", "above the budget of a prefix")
		if len(d.alerts) != 1 || d.alerts[0] != "sms:+7903" {
			t.Errorf("alerts: %v", d.alerts)
		}
		d.want(d.m.Send(d.ctx, Ask{Browser: "b", Contact: "+79030000099", Channel: Call, Purpose: SignIn, Network: "203.0.113.1"}), "", "a call instead")
	})
}
