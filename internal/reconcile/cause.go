package reconcile

// Cause says what a difference is.
type Cause string

// Causes of differences between our payments and a register.
const (
	OnlyTheirs Cause = "only_theirs" // in the register, not with us
	OnlyOurs   Cause = "only_ours"   // with us, not in the register
	SumDiffers Cause = "sum"         // one operation, two sums
	Doubled    Cause = "doubled"     // an operation stands twice in their registers
	WrongDay   Cause = "wrong_day"   // one operation, two days
	RefundDay  Cause = "refund_day"  // money given back, on another day
	Currency   Cause = "currency"    // not in roubles
	NoRegister Cause = "no_register" // a day with payments and no register
	Control    Cause = "control"     // a register's own total is not that of its rows
)

// Causes of differences between a register and the bank.
const (
	BankMissing Cause = "bank_missing" // the money did not come
	BankOnly    Cause = "bank_only"    // money came for which there are no payments
	BankSum     Cause = "bank_sum"     // another sum came
	BankDoubled Cause = "bank_doubled" // the money came twice
	FeeDiffers  Cause = "fee"          // another fee was kept back
)

// Word is the cause as people read it.
func (c Cause) Word() string { return causes[c].word }

// Hint says what to do about it.
func (c Cause) Hint() string { return causes[c].hint }

// Owner is who deals with such cases until a person takes one: the role in the settlement centre.
func (c Cause) Owner() string { return causes[c].owner }

// Who deals with cases.
const (
	ownerAccountant = "бухгалтер"
	ownerOperator   = "оператор платежей"
)

var causes = map[Cause]struct{ word, hint, owner string }{
	OnlyTheirs: {"есть у партнёра, у нас нет", "Спросим состояние у партнёра. Если деньги взяты, зачислим по реестру.", ownerOperator},
	OnlyOurs:   {"есть у нас, у партнёра нет", "Спросите состояние у партнёра. Если денег нет, снимите платёж вдвоём; если есть, ждите следующего реестра.", ownerOperator},
	SumDiffers: {"суммы разные", "Сверьте операцию с партнёром и попросите исправленный реестр.", ownerOperator},
	Doubled:    {"операция дважды", "У нас операция учтена один раз. Попросите партнёра исключить повтор, лишние деньги верните.", ownerAccountant},
	WrongDay:   {"разные дни", "Одна операция стоит под разными днями. Обычно это платёж около полуночи: примите с объяснением.", ownerOperator},
	RefundDay:  {"возврат другим днём", "Возврат у партнёра прошёл другим днём. Деньги сходятся: примите с объяснением.", ownerOperator},
	Currency:   {"не в рублях", "Операция в другой валюте. Её нельзя зачислять: верните через партнёра.", ownerAccountant},
	NoRegister: {"нет реестра", "Реестр за этот день не пришёл. Запросите его у партнёра.", ownerOperator},
	Control:    {"итог реестра не сходится", "Итог в файле не равен сумме строк. Попросите партнёра прислать реестр заново.", ownerOperator},

	BankMissing: {"деньги не пришли", "Срок прошёл, а денег на счёте нет. Запросите у партнёра платёжное поручение.", ownerAccountant},
	BankOnly:    {"деньги без реестра", "Пришли деньги, а платежей под них нет. Найдите реестр или отправителя.", ownerAccountant},
	BankSum:     {"пришла другая сумма", "Сумма на счёте не равна реестру за вычетом комиссии. Запросите расшифровку у партнёра.", ownerAccountant},
	BankDoubled: {"деньги пришли дважды", "Партнёр перечислил одно и то же дважды. Сообщите ему и верните лишнее.", ownerAccountant},
	FeeDiffers:  {"комиссия другая", "Удержано не столько, сколько в реестре или договоре. Сверьте договор с партнёром.", ownerAccountant},
}

// States of a case.
const (
	CaseOpen      = "open"
	CaseExplained = "explained" // one person said why; the second has not agreed yet
	CaseAccepted  = "accepted"  // two persons agree that it stays so
	CaseResolved  = "resolved"  // the difference is gone
)

// StateWords are the states as people read them.
var StateWords = map[string]string{CaseOpen: "открыто", CaseExplained: "ждёт второго", CaseAccepted: "принято", CaseResolved: "устранено"}

// What the second person's word does.
const (
	WantAccept  = "accept"  // nothing: the difference stays as explained
	WantReverse = "reverse" // our payment is taken back
)
