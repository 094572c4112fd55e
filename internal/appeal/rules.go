package appeal

import (
	"strings"
	"time"
	"unicode/utf8"

	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/money"
)

// errMoved tells that an appeal is past what was pressed.
func errMoved(a *Appeal) error {
	return fault.Newf(fault.Conflict, "appeal.state", "Обращение № %s уже в другом состоянии: %s. Откройте его снова.", ShowNumber(a.Number), Labels[a.State])
}

// send makes a draft known to its supplier. One that was sent already changes nothing.
func (a *Appeal) send(at calendar.Micros, by calendar.Date, clause string) (*Step, error) {
	switch {
	case a.State == Draft:
	case a.Open() && a.Round == 1:
		return nil, nil
	default:
		return nil, errMoved(a)
	}
	a.State, a.Round, a.SentAt, a.AnswerBy, a.Clause = Sent, 1, at, by, clause
	return &Step{Kind: StepSent, Words: a.Words}, nil
}

// accept notes that somebody works on it.
func (a *Appeal) accept() (*Step, error) {
	switch {
	case a.State == Accepted:
		return nil, nil
	case !a.Open():
		return nil, errMoved(a)
	}
	a.State = Accepted
	return &Step{Kind: StepAccepted}, nil
}

// Reply is an answer to an appeal.
type Reply struct {
	Round   int    // it is to; 0: the one that is open
	Outcome string // Corrected, Explained
	Words   string // the resident reads them
	Change  money.Amount
	ShowsIn calendar.Month // of a correction: the bill it shows in
	Instead string         // why the centre answers in the supplier's place before his term has passed
}

// Check refuses an answer a resident could not do anything with, and trims what was typed.
func (r *Reply) Check() error {
	r.Words, r.Instead = strings.TrimSpace(r.Words), strings.TrimSpace(r.Instead)
	switch n := utf8.RuneCountInString(r.Words); {
	case OutcomeWords[r.Outcome] == "":
		return fault.New(fault.Invalid, "appeal.outcome", "Решите: сумму исправляют или она верна.").WithField("outcome")
	case n == 0 || n > answerMax:
		return fault.Newf(fault.Invalid, "appeal.answer", "Напишите ответ жителю, до %d букв.", answerMax).WithField("words")
	case r.Outcome == Corrected && r.Change == 0:
		return fault.New(fault.Invalid, "appeal.change", "Напишите, на сколько изменится счёт: со знаком минус, если станет меньше.").WithField("change")
	case r.Outcome == Corrected && !r.ShowsIn.Valid():
		return fault.New(fault.Invalid, "appeal.shows_in", "Укажите, в счёте за какой месяц видно исправление.").WithField("month")
	}
	if r.Outcome == Explained {
		r.Change, r.ShowsIn = 0, 0
	}
	return nil
}

// reply answers the open round. The same answer again changes nothing; another one, or one to an earlier round, is refused.
func (a *Appeal) reply(r *Reply, at calendar.Micros) (*Step, error) {
	same := a.State == Answered && a.Outcome == r.Outcome && a.Answer == r.Words && a.Change == r.Change && a.ShowsIn == r.ShowsIn
	if same && (r.Round == 0 || r.Round == a.Round) {
		return nil, nil
	}
	if !a.Open() || r.Round != 0 && r.Round != a.Round {
		return nil, errMoved(a)
	}
	a.State, a.Outcome, a.Answer, a.Change, a.ShowsIn, a.AnsweredAt = Answered, r.Outcome, r.Words, r.Change, r.ShowsIn, at
	a.Shown, a.ShownIn, a.ShownSource = 0, 0, ""
	return &Step{Kind: StepAnswered, Words: r.Words}, nil
}

// reopen takes «not solved» within ReopenDays of the answer.
func (a *Appeal) reopen(words string, today, by calendar.Date, clause string, zone *time.Location) (*Step, error) {
	words = strings.TrimSpace(words)
	switch {
	case a.State == Reopened:
		return nil, nil
	case a.State != Answered:
		return nil, errMoved(a)
	case !a.MayReopen(today, zone):
		return nil, fault.Newf(fault.Conflict, "appeal.reopen_late", "После ответа прошло больше %d дней. Отправьте новое обращение со строки счёта.", ReopenDays)
	case utf8.RuneCountInString(words) > wordsMax:
		return nil, errLong("words")
	case words == "":
		return nil, fault.New(fault.Invalid, "appeal.reopen_words", "Напишите, что осталось не так.").WithField("words")
	}
	a.State, a.AnswerBy, a.Clause, a.EscalatedAt = Reopened, by, clause, 0
	a.Round++
	return &Step{Kind: StepReopened, Words: words}, nil
}

// solve takes «solved», which only the resident says.
func (a *Appeal) solve() (*Step, error) {
	switch a.State {
	case Solved:
		return nil, nil
	case Answered:
		a.State = Solved
		return &Step{Kind: StepSolved}, nil
	}
	return nil, errMoved(a)
}

// withdraw takes an appeal back while nobody has answered.
func (a *Appeal) withdraw() (*Step, error) {
	switch {
	case a.State == Withdrawn:
		return nil, nil
	case a.State != Draft && !a.Open():
		return nil, errMoved(a)
	}
	a.State = Withdrawn
	return &Step{Kind: StepWithdrawn}, nil
}

// escalate hands an appeal whose term has passed to the centre, once a round.
func (a *Appeal) escalate(today calendar.Date, at calendar.Micros) *Step {
	if !a.Late(today) || a.EscalatedAt != 0 {
		return nil
	}
	a.EscalatedAt = at
	return &Step{Kind: StepEscalated}
}

func errLong(field string) error {
	return fault.Newf(fault.Invalid, "appeal.long", "Напишите короче: до %d букв.", wordsMax).WithField(field)
}
