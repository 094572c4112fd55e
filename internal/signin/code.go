package signin

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"math/big"
	"strings"
	"time"

	"kvit/internal/calendar"
	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/person"
)

// Lives and tries of a code (reliability.md S2, S4).
const (
	codeDigits = 6
	codeLife   = 5 * time.Minute  // by SMS and call
	mailLife   = 15 * time.Minute // by mail, with its link
	codeTries  = 5
)

// NoTriesCode is the code of the fault that a code takes no more tries.
const NoTriesCode = "proof.tries"

// Faults of codes.
var (
	errLate  = fault.New(fault.Invalid, "proof.late", "Код больше не действует. Запросите новый.").WithField("code")
	errWrong = fault.New(fault.Invalid, "proof.wrong", "Код не подошёл. Сверьте все 6 цифр с последним сообщением.").WithField("code")
	errTries = fault.New(fault.Limited, NoTriesCode, "Пять попыток прошли. Запросите новый код.").WithField("code")
	errSend  = fault.New(fault.Unavailable, "proof.send", "Код не ушёл: связь со службой сообщений прервалась. Попробуйте ещё раз или выберите звонок.")
)

// Ask is who wants a code, where to and what for.
type Ask struct {
	Browser string // its secret; only it may use the code
	Contact string // a telephone or an address of mail, as typed
	Channel Channel
	Purpose Purpose
	Person  int64  // whose session asks; 0: none
	Network string // the request came from
	Next    string
}

// Sent is a code under way.
type Sent struct {
	Kind    person.Kind
	Value   string
	Channel Channel
	Purpose Purpose
	Next    string
	SentAt  calendar.Micros
}

// Read takes a telephone or an address of mail from one field.
func Read(typed string) (person.Kind, string, error) {
	kind := person.Phone
	if strings.Contains(typed, "@") {
		kind = person.Email
	}
	value, err := person.Normal(kind, typed)
	if err != nil {
		f := fault.As(err)
		err = fault.New(f.Kind, f.Code, f.Message).WithField("contact")
	}
	return kind, value, err
}

// Send makes a code and sends it. It does the same for a contact nobody has: nothing tells whether it leads to a person.
func (m *Module) Send(ctx context.Context, a Ask) error {
	kind, value, err := Read(a.Contact)
	if err != nil {
		return err
	}
	if m.Deliver == nil {
		return errSend
	}
	now := m.Now()
	p := &pending{Kind: kind, Value: value, Channel: a.Channel, Purpose: a.Purpose, Person: a.Person, Next: a.Next, Code: newCode(codeDigits), SentAt: now}
	life := codeLife
	switch {
	case kind == person.Email:
		p.Channel, life = Mail, mailLife
	case p.Channel != Call:
		p.Channel = SMS
	}
	p.Until = calendar.Micros(after(now, life))
	link := ""
	if kind == person.Email && a.Purpose == SignIn {
		link = NewSecret()
	}
	var alert func()
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) (err error) {
		if alert, err = m.admitSending(ctx, tx, kind, value, p.Channel, a.Network); err != nil {
			return err
		}
		return m.save(ctx, tx, a.Browser, wayCode, link, p)
	})
	if err != nil {
		return err
	}
	if alert != nil {
		alert()
	}
	if err := m.Deliver(ctx, m.message(p, link)); err != nil {
		return errSend.Because(err)
	}
	return nil
}

// Again sends a new code to where the last one went; the last one ends.
func (m *Module) Again(ctx context.Context, browser string, channel Channel, network string) error {
	p, err := m.find(ctx, browser, wayCode)
	if err != nil {
		return lateIfGone(err)
	}
	return m.Send(ctx, Ask{Browser: browser, Contact: p.Value, Channel: channel, Purpose: p.Purpose, Person: p.Person, Network: network, Next: p.Next})
}

// Asked is the code a browser waits for.
func (m *Module) Asked(ctx context.Context, browser string) (Sent, error) {
	p, err := m.find(ctx, browser, wayCode)
	return Sent{p.Kind, p.Value, p.Channel, p.Purpose, p.Next, p.SentAt}, lateIfGone(err)
}

func lateIfGone(err error) error {
	if fault.Is(err, fault.NotFound) {
		return errLate
	}
	return err
}

// newCode makes so many random digits.
func newCode(digits int) string {
	most := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(digits)), nil)
	n, err := rand.Int(rand.Reader, most)
	if err != nil {
		panic(err) // the system has no randomness: nothing safe can be done
	}
	return fmt.Sprintf("%0*d", digits, n)
}

// clean takes the digits of what was typed or pasted: spaces and dashes go.
func clean(typed string, digits int) (string, error) {
	code := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \u00a0\u202f\t-–—.", r) {
			return -1
		}
		return r
	}, typed)
	if len(code) != digits || strings.Trim(code, "0123456789") != "" {
		return "", fault.Newf(fault.Invalid, "proof.form", "В коде %d цифр. Введите их все.", digits).WithField("code")
	}
	return code, nil
}

// Finish spends the code a browser was sent. A wrong one counts; after five the code is over.
func (m *Module) Finish(ctx context.Context, browser, typed string) (Proof, error) {
	code, err := clean(typed, codeDigits)
	if err != nil {
		return Proof{}, err
	}
	var p pending
	var outcome error // of a wrong code, told after the try is counted
	err = m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		outcome = nil
		var sealed []byte
		var tries int64
		err := tx.QueryRowContext(ctx, "UPDATE proof_pending SET tries = tries + 1 WHERE browser = $1 AND way = $2 AND expires_at > $3 RETURNING sealed, tries", digest(browser), wayCode, int64(m.Now())).Scan(&sealed, &tries)
		if err != nil {
			return err
		}
		if p, err = m.unseal(sealed); err != nil {
			return err
		}
		switch {
		case tries > codeTries:
			outcome = errTries
			return nil
		case subtle.ConstantTimeCompare([]byte(code), []byte(p.Code)) != 1:
			if outcome = errWrong; tries == codeTries {
				outcome = errTries
			}
			return nil
		}
		_, err = tx.ExecContext(ctx, "DELETE FROM proof_pending WHERE browser = $1 AND way = $2", digest(browser), wayCode)
		return err
	})
	if err = lateIfGone(err); err == nil {
		err = outcome
	}
	if err != nil {
		return Proof{}, err
	}
	return p.proof(), nil
}

func (p *pending) proof() Proof {
	return Proof{Kind: p.Kind, Value: p.Value, Purpose: p.Purpose, Person: p.Person, Next: p.Next}
}

// SpendLink finishes a proof by the link of a letter, in whatever browser it was opened; the code beside it is over too.
// Looking at the page of a link spends nothing: scanners of mail open links.
func (m *Module) SpendLink(ctx context.Context, link string) (Proof, error) {
	p, err := m.take(ctx, "link = $1 AND way = $2", digest(link), wayCode)
	if fault.CodeOf(err) == errLate.Code {
		err = errLink
	}
	if err != nil {
		return Proof{}, err
	}
	return p.proof(), nil
}

var errLink = fault.New(fault.Invalid, "proof.link", "Ссылка больше не действует: она на 15 минут и на один раз. Запросите новую.")
