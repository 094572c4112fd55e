// Package statement reads statements of a bank account as banks export them: 1CClientBankExchange and the Statement of
// DirectBank.
//
// Owns: what is a movement and in which direction, whose account, what the file says about balances, what is cut short.
// Does not own: where a movement belongs (reconcile), cutting text into sections (exchange/onec).
//
// A statement is read twice: the first time to know our accounts and that the file is whole, so nothing of a file that
// breaks off is handed over. Sources: formats.md 3.7 (1CClientBankExchange 1.01–1.03, DirectBank 2.3.1).
package statement

import (
	"bytes"
	"io"
	"slices"

	"kvit/internal/calendar"
	"kvit/internal/exchange/charset"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// Kinds of statements.
const (
	Kind1C         = "1c"
	KindDirectBank = "directbank"
)

// MaxMovements bounds the documents of one statement.
const MaxMovements = 1_000_000

// Party is one side of a movement.
type Party struct {
	Name    string // without the tax number some banks put before it
	INN     string
	Account string
	BIC     string
	Bank    string
}

// Movement is money that came to one of our accounts or left it.
type Movement struct {
	Pos      int    // ordinal of the document in the file, from one
	Account  string // ours; '' when the file names none
	Incoming bool
	Date     calendar.Date // when the money moved
	Kind     string        // kind of the document as the bank names it
	Number   string
	DocDate  calendar.Date // of the document; 0 when not told
	Sum      money.Amount  // above zero
	Payer    Party
	Payee    Party
	Code     string // УИН or УИП
	Purpose  string
}

// Other is the side that is not ours.
func (m *Movement) Other() *Party {
	if m.Incoming {
		return &m.Payer
	}
	return &m.Payee
}

// Balance is what the file says of an account over a period.
type Balance struct {
	Account  string
	From, To calendar.Date
	Opening  money.Amount
	In, Out  money.Amount
	Closing  money.Amount
	HasEnds  bool // both balances are told
	HasFlows bool // both totals are told
}

// Note is something about the file as a whole that a person should know; the movements are taken all the same.
type Note struct {
	Code string
	Text string // Russian
}

// Summary is what is known after the last movement.
type Summary struct {
	Kind      string
	Encoding  string
	Accounts  []string // ours, as the file names them
	From, To  calendar.Date
	Movements int
	Orders    int // documents that are orders, not movements: nothing says the money moved
	In, Out   money.Amount
	Balances  []Balance
	Notes     []Note
}

// Sniff tells which kind of statement a file begins like; ” is none.
func Sniff(head []byte) string {
	head = bytes.TrimPrefix(head, []byte("\xef\xbb\xbf"))
	switch {
	case bytes.HasPrefix(bytes.TrimLeft(head, " \t\r\n"), []byte("1CClientBankExchange")):
		return Kind1C
	case bytes.Contains(head, []byte("<Statement")) && bytes.Contains(head, []byte("directbank.1c.ru")):
		return KindDirectBank
	}
	return ""
}

// Read hands over the movements of a statement in the order of the file. Errors are about the file as a whole:
// fault.Invalid with file.truncated, statement.kind, statement.field and the place.
func Read(data io.ReaderAt, size int64, fn func(*Movement) error) (Summary, error) {
	head := make([]byte, min(size, charset.SampleSize))
	if _, err := data.ReadAt(head, 0); err != nil && err != io.EOF {
		return Summary{}, err
	}
	s := &reading{data: data, size: size, head: head, fn: func(*Movement) error { return nil }}
	var pass func() error
	switch s.sum.Kind = Sniff(head); s.sum.Kind {
	case Kind1C:
		pass = s.documents
	case KindDirectBank:
		pass = s.operations
	default:
		return Summary{}, fault.New(fault.Invalid, "statement.kind", "Это не выписка: файл не начинается с 1CClientBankExchange и не похож на DirectBank. Для своего вида выписки нужен профиль.")
	}
	if err := pass(); err != nil {
		return s.sum, err
	}
	if err := s.whole(); err != nil {
		return s.sum, err
	}
	s.again(fn)
	if err := pass(); err != nil {
		return s.sum, err
	}
	s.compare()
	return s.sum, nil
}

// reading is the two passes over one file.
type reading struct {
	data  io.ReaderAt
	size  int64
	head  []byte
	fn    func(*Movement) error
	sum   Summary
	ended bool // the file's own end mark was there
	docs  int
	flows map[string]*Balance // by account, what its movements add up to
}

// again begins the second pass with what the first learned.
func (s *reading) again(fn func(*Movement) error) {
	s.fn, s.docs, s.flows = fn, 0, map[string]*Balance{}
	s.sum = Summary{Kind: s.sum.Kind, Encoding: s.sum.Encoding, Accounts: s.sum.Accounts, From: s.sum.From, To: s.sum.To}
}

func (s *reading) ours(account string) bool {
	return account != "" && slices.Contains(s.sum.Accounts, account)
}

// own adds an account of ours.
func (s *reading) own(account string) {
	if account != "" && !slices.Contains(s.sum.Accounts, account) {
		s.sum.Accounts = append(s.sum.Accounts, account)
	}
}

// period widens the period of the statement.
func (s *reading) period(from, to calendar.Date) {
	if from != 0 && (s.sum.From == 0 || from < s.sum.From) {
		s.sum.From = from
	}
	if to > s.sum.To {
		s.sum.To = to
	}
}

// emit counts a movement and hands it over.
func (s *reading) emit(m *Movement) error {
	if s.sum.Movements++; s.sum.Movements > MaxMovements {
		return fault.Newf(fault.Invalid, "statement.long", "В выписке больше %d операций. Разделите её по дням.", MaxMovements)
	}
	if s.flows == nil {
		s.flows = map[string]*Balance{}
	}
	f := s.flows[m.Account]
	if f == nil {
		f = &Balance{}
		s.flows[m.Account] = f
	}
	if m.Incoming {
		s.sum.In, f.In = s.sum.In+m.Sum, f.In+m.Sum
	} else {
		s.sum.Out, f.Out = s.sum.Out+m.Sum, f.Out+m.Sum
	}
	return s.fn(m)
}

// whole refuses a file that stops before its end: the end mark is missing, and either nothing came or the totals promise
// more than there is.
func (s *reading) whole() error {
	if s.ended {
		return nil
	}
	short := s.docs == 0
	for account, told := range s.totals() {
		f := s.flows[account]
		if told.HasFlows && (f == nil && told.In+told.Out != 0 || f != nil && (f.In < told.In || f.Out < told.Out)) {
			short = true
		}
	}
	if short {
		return fault.New(fault.Invalid, "file.truncated", "Выписка обрывается: нет её конца, а операций меньше, чем обещает начало. Передайте файл ещё раз.")
	}
	s.note("statement.no_end", "В файле нет строки КонецФайла. Операции и итоги сошлись, файл принят.")
	return nil
}

func (s *reading) note(code, text string) { s.sum.Notes = append(s.sum.Notes, Note{code, text}) }

// totals are what the file says of each account over all its sections: a bank may write one for every day.
func (s *reading) totals() map[string]*Balance {
	all := map[string]*Balance{}
	for i := range s.sum.Balances {
		b := s.sum.Balances[i]
		t := all[b.Account]
		if t == nil {
			all[b.Account] = &b
			continue
		}
		if b.From < t.From {
			t.From, t.Opening = b.From, b.Opening
		}
		if b.To >= t.To {
			t.To, t.Closing = b.To, b.Closing
		}
		t.In, t.Out = t.In+b.In, t.Out+b.Out
		t.HasEnds, t.HasFlows = t.HasEnds && b.HasEnds, t.HasFlows && b.HasFlows
	}
	return all
}

// compare notes where the file contradicts itself.
func (s *reading) compare() {
	for i := range s.sum.Balances {
		b := &s.sum.Balances[i]
		if b.HasEnds && b.HasFlows && b.Opening+b.In-b.Out != b.Closing {
			s.note("statement.balance", "Счёт "+b.Account+": начальный остаток "+b.Opening.FormatBare()+" плюс "+b.In.FormatBare()+" минус "+b.Out.FormatBare()+
				" – это "+(b.Opening+b.In-b.Out).FormatBare()+", а конечный остаток "+b.Closing.FormatBare()+". Запросите выписку ещё раз.")
		}
	}
	for account, told := range s.totals() {
		f := s.flows[account]
		if f == nil {
			f = &Balance{}
		}
		if told.HasFlows && (f.In != told.In || f.Out != told.Out) {
			s.note("statement.flows", "Счёт "+account+": по операциям пришло "+f.In.FormatBare()+" и ушло "+f.Out.FormatBare()+", а в итогах "+told.In.FormatBare()+" и "+told.Out.FormatBare()+
				". Не хватает операций или итог за другой период.")
		}
		if !told.HasFlows && told.HasEnds && told.Opening+f.In-f.Out != told.Closing {
			s.note("statement.balance", "Счёт "+account+": остатки файла не сходятся с его операциями. Запросите выписку ещё раз.")
		}
	}
}
