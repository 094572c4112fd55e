package signin

import (
	"testing"

	"kvit/internal/person"
)

// A new device and changed contacts are told, and «это не я» takes them back.
func TestNotMe(t *testing.T) {
	each(t, func(d *desk) {
		alarm := func(kind, what string) string {
			d.t.Helper()
			if len(d.told) == 0 || d.told[0].Case != kind || d.told[0].What != what {
				d.t.Fatalf("told: %+v, want %s %q", d.told, kind, what)
			}
			code := d.told[0].Code
			d.told = nil
			return code
		}
		own, err := d.m.Enter(d.ctx, d.proof(phone), Device{"own", "Firefox, Windows"})
		d.must(err)
		if len(d.told) != 0 {
			t.Fatalf("the first device ever was told: %+v", d.told)
		}
		thief, err := d.m.Enter(d.ctx, d.proof(phone), Device{"thief", "Chrome, Linux"})
		d.must(err)
		device := alarm("device", "Chrome, Linux, 26.11 в 14:05")

		add := Proof{Kind: person.Email, Value: "thief@example.ru", Purpose: Contact, Person: thief.Person}
		d.want(d.m.AddContact(d.ctx, add, thief.Person+1), "proof.purpose", "for another person")
		d.must(d.m.AddContact(d.ctx, add, thief.Person))
		if d.told[0].To != "+79001234567" || len(d.told) != 1 {
			t.Errorf("an added contact was told to %+v", d.told)
		}
		added := alarm("added", "t***@example.ru")
		list, err := d.m.People.Contacts(d.ctx, own.Person)
		d.must(err)
		d.must(d.m.RemoveContact(d.ctx, own.Person, list[0].ID))
		if len(d.told) != 2 || d.told[1].To != "+79001234567" {
			t.Errorf("a removed contact was told to %+v", d.told)
		}
		d.told = d.told[1:]
		removed := alarm("closed", "+7 900 ***-**-67")
		d.want(d.m.RemoveContact(d.ctx, own.Person, list[1].ID), "contact.last", "the last way to sign in")

		d.want(d.m.NotMe(d.ctx, "123", "192.0.2.1"), "proof.form", "no code")
		for range 10 {
			d.want(d.m.NotMe(d.ctx, "000000000001", "192.0.2.1"), "alarm.unknown", "no such code")
		}
		d.want(d.m.NotMe(d.ctx, device, "192.0.2.1"), "tries.over", "a network that guesses")
		for _, code := range []string{device, added, removed, removed} {
			d.want(d.m.NotMe(d.ctx, code, "192.0.2.2"), "", "a code, and it again")
		}
		if list, err = d.m.People.Contacts(d.ctx, own.Person); err != nil || len(list) != 1 || list[0].Value != "+79001234567" {
			t.Errorf("contacts after all was taken back: %+v, %v", list, err)
		}
		if left, err := d.m.Access.Sessions(d.ctx, own.Person); err != nil || len(left) != 0 {
			t.Errorf("sessions left: %+v, %v", left, err)
		}
	})
}
