package agent

import "slices"

// Dialect is how one protocol names things, and its codes.
type Dialect struct {
	Name                                                       string
	command, txn, account, sum, date, phone, hashed, cancelled string // parameters, in small letters
	commands                                                   map[string]Command
	dates                                                      []string // forms of a moment, the usual one first
	codes                                                      [outcomes]int
	write                                                      func(d *Dialect, q *Request, a *Answer) []byte
}

// Code is the number the dialect has for an outcome.
func (d *Dialect) Code(o Outcome) int { return d.codes[o] }

// HashParam is the parameter of a signature by md5, ” where the dialect has none.
func (d *Dialect) HashParam() string { return d.hashed }

// Write is the answer to a request, XML in UTF-8.
func (d *Dialect) Write(q *Request, a *Answer) []byte { return d.write(d, q, a) }

// Kept are the parameters worth keeping for disputes: the protocol's own, without secrets and personal data.
func (d *Dialect) Kept() []string {
	return slices.DeleteFunc([]string{d.command, d.txn, d.account, d.sum, d.date, d.cancelled}, func(s string) bool { return s == "" })
}

// Names of dialects.
const (
	OSMP        = "osmp"
	Sber        = "sber"
	SberCommand = "sber-command"
	CyberPlat   = "cyberplat"
)

// Names lists the dialects.
var Names = []string{OSMP, Sber, SberCommand, CyberPlat}

// Find gives a dialect by its name, nil when there is none.
func Find(name string) *Dialect { return dialects[name] }

var dialects = map[string]*Dialect{
	OSMP: {
		Name: OSMP, command: "command", txn: "txn_id", account: "account", sum: "sum", date: "txn_date", hashed: "hash", cancelled: "cancel_txn_id",
		commands: map[string]Command{"check": Check, "pay": Pay, "status": Status, "cancel": Cancel},
		dates:    []string{"20060102150405"}, codes: osmpCodes, write: writeOSMP,
	},
	Sber: {
		Name: Sber, command: "action", txn: "pay_id", account: "account", sum: "amount", date: "pay_date", phone: "phone", hashed: "hash",
		commands: map[string]Command{"check": Check, "payment": Pay, "status": Status, "cancel": Cancel},
		dates:    []string{sberMoment, "02/01/2006_15:04:05"}, write: writeSber,
		codes: [outcomes]int{
			OK: 0, Repeated: 8, Later: 1, Unfinished: 1, BadAccount: 4, NoAccount: 3, Inactive: 5, Unchecked: 5, TooSmall: 10, TooLarge: 11, BadSum: 9, BadTxn: 6, BadDate: 12, BadPhone: 13,
			Forbidden: 7, Broken: 7, OtherData: 6, UnknownCommand: 2, NoPayment: 6, NotCancelled: 7, Cancelled: 300, Stranger: 300,
		},
	},
	SberCommand: {
		Name: SberCommand, command: "command", txn: "txn_id", account: "account", sum: "sum", date: "txn_date", hashed: "hash", cancelled: "cancel_txn_id",
		commands: map[string]Command{"check": Check, "pay": Pay, "status": Status, "cancel": Cancel},
		dates:    []string{"20060102150405"}, codes: osmpCodes, write: writeSberCommand,
	},
	CyberPlat: {
		Name: CyberPlat, command: "action", txn: "receipt", account: "number", sum: "amount", date: "date", hashed: "hash",
		commands: map[string]Command{"check": Check, "payment": Pay, "status": Status, "cancel": Cancel},
		dates:    []string{cyberMoment}, write: writeCyberPlat,
		codes: [outcomes]int{
			OK: 0, Repeated: 0, Later: -1, Unfinished: 8, BadAccount: 2, NoAccount: 2, Inactive: 2, Unchecked: 2, TooSmall: 3, TooLarge: 3, BadSum: 3, BadTxn: 4, BadDate: 5, BadPhone: 10,
			Forbidden: 1, Broken: 10, OtherData: 4, UnknownCommand: 1, NoPayment: 6, NotCancelled: 9, Cancelled: 7, Stranger: 10,
		},
	},
}

// osmpCodes serve both dialects with «command».
var osmpCodes = [outcomes]int{
	OK: 0, Repeated: 0, Later: 1, Unfinished: 90, BadAccount: 4, NoAccount: 5, Inactive: 79, Unchecked: 243, TooSmall: 241, TooLarge: 242, BadSum: 300, BadTxn: 300, BadDate: 300, BadPhone: 300,
	Forbidden: 7, Broken: 8, OtherData: 300, UnknownCommand: 300, NoPayment: 300, NotCancelled: 251, Cancelled: 300, Stranger: 300,
}

// words are what an outcome is called in an answer.
var words = [outcomes]string{
	OK: "OK", Repeated: "OK", Later: "Временная ошибка, повторите запрос позже", Unfinished: "Платёж ещё проводится, повторите запрос", BadAccount: "Неверный формат счёта",
	NoAccount: "Абонент не найден", Inactive: "Счёт не действует", Unchecked: "По счёту ещё нет начислений", TooSmall: "Сумма меньше допустимой", TooLarge: "Сумма больше допустимой",
	BadSum: "Неверная сумма", BadTxn: "Неверный номер операции", BadDate: "Неверная дата", BadPhone: "Неверный телефон", Forbidden: "Приём платежей закрыт", Broken: "Приём платежей временно закрыт",
	OtherData: "Этот номер операции уже был с другими данными", UnknownCommand: "Неизвестный тип запроса", NoPayment: "Такого платежа нет", NotCancelled: "Платёж отменить нельзя",
	Cancelled: "Платёж отменён", Stranger: "Аутентификация не выполнена",
}

// String is what the outcome is called in an answer.
func (o Outcome) String() string { return words[o] }
