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
	return home, m.attach(ctx, who, p)
}

// attach gives a chat to a person, whosever it was.
func (m *Module) attach(ctx context.Context, who int64, p place) error {
	k, value, err := m.contactOf(ctx, p)
	if err != nil {
		return err
	}
	if err = m.People.AddContact(ctx, who, k, value); !fault.Is(err, fault.Conflict) {
		return err
	}
	if err = m.closeContact(ctx, p); err != nil {
		return err
	}
	return m.People.AddContact(ctx, who, k, value)
}

// linkByPhone gives a chat to the person of the telephone that its messenger says is the chat's own, as at signing in: one that
// nobody had gets a person of its own. His other contacts are told.
func (m *Module) linkByPhone(ctx context.Context, p place, phone string) error {
	who, _, err := m.People.ByContact(ctx, person.Phone, phone)
	if err != nil {
		return err
	}
	return m.attach(ctx, who, p)
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
	return m.addPaperHome(ctx, p, ref, paperRights)
}

// addPaperHome gives the person of a chat the home of a paper he showed.
func (m *Module) addPaperHome(ctx context.Context, p place, ref bill.Ref, rights access.Rights) (home int64, err error) {
	who, err := m.personOf(ctx, p)
	if err == nil && who == 0 {
		var k person.Kind
		var value string
		if k, value, err = m.contactOf(ctx, p); err == nil {
			who, _, err = m.People.ByContact(ctx, k, value)
		}
	}
	if err != nil {
		return 0, err
	}
	return m.People.AddHome(ctx, person.Home{PersonID: who, Building: ref.Building, Household: ref.Household, Role: person.Payer, Rights: rights, Proof: "code", Actor: person.Text(who)})
}

// subject of tries: a chat that guesses; a telephone in all its calls. The other subject is a number that is guessed at from many.
func (m *Module) subject(ctx context.Context, p place) (string, error) {
	k, value, err := m.contactOf(ctx, p)
	if k == person.Caller {
		value = m.Access.Mark(sealLine, value)
	}
	return "bot:" + string(k) + ":" + value, err
}

func numberSubject(number string) string { return "bot-number:" + digestOf(strings.TrimSpace(number)) }

// prove links a chat by what was typed and counts misses. Nothing in its fault tells whether a number or a code exists.
func (m *Module) prove(ctx context.Context, p place, number, code string) (home int64, err error) {
	own, err := m.subject(ctx, p)
	if err != nil {
		return 0, err
	}
	subjects := []string{own}
	if number != "" {
		subjects = append(subjects, numberSubject(number))
	}
	for _, s := range subjects {
		if err := m.Access.MayTry(ctx, s); err != nil {
			return 0, err
		}
	}
	switch {
	case p.channel == Voice:
		home, err = m.linkByKeypad(ctx, p, number, code)
	case number == "":
		home, err = m.linkByCode(ctx, p, bill.FoldCode(code))
	default:
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

// contactOf is the contact by which a chat belongs to a person.
func (m *Module) contactOf(ctx context.Context, p place) (k person.Kind, value string, err error) {
	if !isLine(p.channel) {
		return p.channel, p.chat, nil
	}
	value, err = m.numberOf(ctx, p.chat)
	return person.Caller, value, err
}

// ownerOf is whose contact a chat is. A telephone that writes or calls is whose proved telephone it is, else whose it became by a
// paper. NotFound when nobody's.
func (m *Module) ownerOf(ctx context.Context, p place) (person.Contact, error) {
	k, value, err := m.contactOf(ctx, p)
	if err != nil {
		return person.Contact{}, err
	}
	if k == person.Caller {
		c, err := m.People.FindByContact(ctx, person.Phone, value)
		if err == nil && c.ConfirmedAt != 0 || err != nil && !fault.Is(err, fault.NotFound) {
			return c, err
		}
	}
	return m.People.FindByContact(ctx, k, value)
}

// personOf is whose chat it is; 0: nobody's, or of somebody who took his consent to answers in chats back.
func (m *Module) personOf(ctx context.Context, p place) (who int64, err error) {
	c, err := m.ownerOf(ctx, p)
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
	c, err := m.ownerOf(ctx, p)
	if err != nil || m.Agreed == nil {
		return err
	}
	return m.Agreed(ctx, c.PersonID)
}

func (m *Module) closeContact(ctx context.Context, p place) error {
	k, value, err := m.contactOf(ctx, p)
	if err != nil {
		return err
	}
	c, err := m.People.FindByContact(ctx, k, value)
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
