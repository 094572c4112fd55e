package signin

import (
	"encoding/json"
	"testing"

	"github.com/descope/virtualwebauthn"

	"kvit/internal/access"
	"kvit/internal/person"
)

// text is options as the browser gets them.
func (d *desk) text(options any, err error) string {
	d.t.Helper()
	d.must(err)
	body, err := json.Marshal(options)
	d.must(err)
	return string(body)
}

// A key is made, signs its person in without a name, and is taken away; answers are good once and for one browser.
func TestPasskeys(t *testing.T) {
	each(t, func(d *desk) {
		party := virtualwebauthn.RelyingParty{Name: "Квит", ID: "localhost", Origin: "http://localhost:8080"}
		who, _, err := d.m.People.ByContact(d.ctx, person.Phone, "+79001234567")
		d.must(err)
		creation, err := virtualwebauthn.ParseAttestationOptions(d.text(d.m.BeginPasskey(d.ctx, "mine", who)))
		d.must(err)
		device := virtualwebauthn.NewAuthenticatorWithOptions(virtualwebauthn.AuthenticatorOptions{UserHandle: []byte(d.m.Access.Mark("passkey", person.Text(who)))})
		key := virtualwebauthn.NewCredential(virtualwebauthn.KeyTypeEC2)
		made := virtualwebauthn.CreateAttestationResponse(party, device, key, *creation)
		d.must(d.m.FinishPasskey(d.ctx, "mine", who, made, "Firefox, Windows"))
		if len(d.told) != 1 {
			t.Errorf("a new key was told: %+v", d.told)
		}
		d.want(d.m.FinishPasskey(d.ctx, "mine", who, made, "again"), "proof.late", "the same answer again")
		device.AddCredential(key)

		answer := func(browser string) string {
			asked, err := virtualwebauthn.ParseAssertionOptions(d.text(d.m.BeginPasskeyEntry(d.ctx, browser, "/bill")))
			d.must(err)
			return virtualwebauthn.CreateAssertionResponse(party, device, key, *asked)
		}
		response := answer("mine")
		_, err = d.m.FinishPasskeyEntry(d.ctx, "another", response)
		d.want(err, "proof.late", "another browser")
		p, err := d.m.FinishPasskeyEntry(d.ctx, "mine", response)
		d.must(err)
		if p.Person != who || p.Next != "/bill" {
			t.Errorf("%+v", p)
		}
		e, err := d.m.Enter(d.ctx, p, Device{"own", "Firefox, Windows"})
		d.must(err)
		if a, err := d.m.Access.FindSession(d.ctx, e.Token); err != nil || a.Role != access.Resident || a.UserID != who {
			t.Errorf("%+v, %v", a, err)
		}
		answer("mine")
		_, err = d.m.FinishPasskeyEntry(d.ctx, "mine", response)
		d.want(err, "passkey.wrong", "an old answer to a new question")
		party.Origin = "http://evil.example"
		_, err = d.m.FinishPasskeyEntry(d.ctx, "mine", answer("mine"))
		d.want(err, "passkey.wrong", "an answer made for another site")

		party.Origin = "http://localhost:8080"
		list, err := d.m.Passkeys(d.ctx, who)
		d.must(err)
		if len(list) != 1 || list[0].UsedAt == 0 {
			t.Fatalf("%+v", list)
		}
		d.must(d.m.RemovePasskey(d.ctx, who+1, list[0].ID))
		d.must(d.m.RemovePasskey(d.ctx, who, list[0].ID))
		_, err = d.m.FinishPasskeyEntry(d.ctx, "mine", answer("mine"))
		d.want(err, "passkey.wrong", "a key that was taken away")
	})
}
