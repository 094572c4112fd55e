package bot

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"kvit/internal/access"
	"kvit/internal/bill"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
	"kvit/internal/privacy"
)

// CodeMinutes is how long a one-time code links a chat.
const CodeMinutes = 15

// codeSigns are 30 signs nobody confuses, as on bills; a code of eight has 39 bits.
const (
	codeSigns  = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeLength = 8
)

// Code makes a one-time code for whoever asks, by which he links a chat: «AB3D-EF45». Earlier ones of his end.
func (m *Module) Code(ctx context.Context, actor access.Actor) (code string, err error) {
	if actor.UserID == 0 {
		return "", fault.New(fault.Conflict, "bot.no_person", "Войдите по телефону, чтобы подключить чат.")
	}
	code = newCode()
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		if _, err := tx.ExecContext(ctx, "DELETE FROM bot_code WHERE person_id = $1 AND chat = ''", actor.UserID); err != nil {
			return err
		}
		_, err := tx.ExecContext(ctx, "INSERT INTO bot_code (digest, person_id, home_id, expires_at, channel, chat) VALUES ($1, $2, $3, $4, '', '')", digestOf(code), actor.UserID, actor.HomeID, int64(m.Now()+micros(CodeMinutes*time.Minute)))
		return err
	})
	if err != nil {
		return "", fmt.Errorf("code for a chat: %w", err)
	}
	return code[:codeLength/2] + "-" + code[codeLength/2:], nil
}

func newCode() string {
	b := make([]byte, 2*codeLength)
	rand.Read(b) //nolint:errcheck // it does not fail (crypto/rand)
	var s strings.Builder
	for i := range codeLength { // two bytes a sign: no sign is seen more often than others by a thousandth
		s.WriteByte(codeSigns[(int(b[2*i])<<8|int(b[2*i+1]))%len(codeSigns)])
	}
	return s.String()
}

func digestOf(code string) string {
	sum := sha256.Sum256([]byte(code))
	return hex.EncodeToString(sum[:])
}

// spend takes a code for a chat: whose it is, and which home he looked at. The chat that has it may ask again: the program
// may have been killed since. NotFound for every code that is none.
func (m *Module) spend(ctx context.Context, p place, code string) (who, home int64, err error) {
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, `UPDATE bot_code SET channel = $2, chat = $3 WHERE digest = $1 AND expires_at > $4 AND (chat = '' OR channel = $2 AND chat = $3) RETURNING person_id, home_id`,
			digestOf(code), string(p.channel), p.chat, int64(m.Now())).Scan(&who, &home)
	})
	return who, home, db.Fold(err)
}

// linkByCode gives a chat to the person of a one-time code. A chat that was another's becomes his: whoever holds both the
// code and the chat decides.
func (m *Module) linkByCode(ctx context.Context, p place, code string) (home int64, err error) {
	who, home, err := m.spend(ctx, p, code)
	if err != nil {
		return 0, err
	}
	err = m.People.AddContact(ctx, who, p.channel, p.chat)
	if fault.Is(err, fault.Conflict) {
		if err = m.closeContact(ctx, p); err == nil {
			err = m.People.AddContact(ctx, who, p.channel, p.chat)
		}
	}
	return home, err
}

// paperRights are those of a chat that showed a bill's number and code and nothing else: what the paper itself lets do.
const paperRights access.Rights = "spr"

// linkByPaper gives a chat the home of a bill, by a number printed on it and its code. A chat nobody had gets a person of its
// own.
func (m *Module) linkByPaper(ctx context.Context, p place, number, code string) (home int64, err error) {
	token, err := m.Bills.FindByTyped(ctx, number, code)
	if err != nil {
		return 0, err
	}
	ref, err := m.Bills.FindByToken(ctx, token)
	if err != nil {
		return 0, err
	}
	who, _, err := m.People.ByContact(ctx, p.channel, p.chat)
	if err != nil {
		return 0, err
	}
	return m.People.AddHome(ctx, person.Home{PersonID: who, Building: ref.Building, Household: ref.Household, Role: person.Payer, Rights: paperRights, Proof: "code", Actor: person.Text(who)})
}

// MayTry subjects: a chat that guesses, and a number that is guessed at from many chats.
func (p place) subject() string { return "bot:" + string(p.channel) + ":" + p.chat }

func numberSubject(number string) string { return "bot-number:" + digestOf(strings.TrimSpace(number)) }

// prove links a chat by what was typed and counts misses. Nothing in its fault tells whether a number or a code exists.
func (m *Module) prove(ctx context.Context, p place, number, code string) (home int64, err error) {
	subjects := []string{p.subject()}
	if number != "" {
		subjects = append(subjects, numberSubject(number))
	}
	for _, s := range subjects {
		if err := m.Access.MayTry(ctx, s); err != nil {
			return 0, err
		}
	}
	if number == "" {
		home, err = m.linkByCode(ctx, p, bill.FoldCode(code))
	} else {
		home, err = m.linkByPaper(ctx, p, number, code)
	}
	if !fault.Is(err, fault.NotFound) {
		return home, err
	}
	for _, s := range subjects {
		if err := m.Access.Missed(ctx, s); err != nil {
			return 0, err
		}
	}
	return 0, errProof
}

var errProof = fault.New(fault.NotFound, "bot.proof", "По этим данным ничего не нашли.")

// personOf is whose chat it is; 0: nobody's, or of somebody who took his consent to answers in chats back.
func (m *Module) personOf(ctx context.Context, p place) (who int64, err error) {
	c, err := m.People.FindByContact(ctx, p.channel, p.chat)
	if fault.Is(err, fault.NotFound) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	err = m.DB.Read(ctx, func(tx *db.Tx) error {
		allowed, err := privacy.Allowed(ctx, tx, c.PersonID, privacy.Bots)
		if who = 0; allowed {
			who = c.PersonID
		}
		return err
	})
	return who, err
}

// agreed notes that the person of a chat agreed to answers in it: he has just linked it himself, by words that say so.
func (m *Module) agreed(ctx context.Context, p place) error {
	c, err := m.People.FindByContact(ctx, p.channel, p.chat)
	if err != nil || m.Agreed == nil {
		return err
	}
	return m.Agreed(ctx, c.PersonID)
}

func (m *Module) closeContact(ctx context.Context, p place) error {
	c, err := m.People.FindByContact(ctx, p.channel, p.chat)
	if fault.Is(err, fault.NotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return m.People.CloseContact(ctx, c.PersonID, c.ID)
}

// Unlink takes a chat from its person and forgets all there is of it.
func (m *Module) Unlink(ctx context.Context, k person.Kind, to string) error {
	p := place{k, to}
	if err := m.closeContact(ctx, p); err != nil {
		return err
	}
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error { return erase(ctx, tx, p) })
}

// Linked are the chats of a person.
func (m *Module) Linked(ctx context.Context, who int64) (list []person.Contact, err error) {
	all, err := m.People.Contacts(ctx, who)
	for _, c := range all {
		if Titles[c.Kind] != "" {
			list = append(list, c)
		}
	}
	return list, err
}

// UnlinkOwn takes one of a person's chats from him; one that is not his stays as it is.
func (m *Module) UnlinkOwn(ctx context.Context, actor access.Actor, contact int64) error {
	list, err := m.Linked(ctx, actor.UserID)
	if err != nil {
		return err
	}
	for _, c := range list {
		if c.ID == contact {
			return m.Unlink(ctx, c.Kind, c.Value)
		}
	}
	return fault.New(fault.NotFound, "bot.chat_unknown", "Такого чата в вашем списке нет.")
}

// homeName is a home as a chat names it: the person's own word, or the address with what tells the flat hidden.
func homeName(title, address string) string {
	if title != "" {
		return inert(title)
	}
	return inert(bill.MaskAddress(address))
}
