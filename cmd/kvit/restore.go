package main

import (
	"bytes"
	"time"

	"kvit/internal/app"
	"kvit/internal/backup"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/restore"
)

type restoreCmd struct {
	Make   restoreMakeCmd   `cmd:"" default:"withargs" help:"Вернуть данные из копии в пустую папку, на нужный момент."`
	Status restoreStatusCmd `cmd:"" help:"Что сделать после возврата и в каком порядке."`
	Check  restoreCheckCmd  `cmd:"" help:"Шаг check: пересчитать все инварианты."`
	Ask    restoreAskCmd    `cmd:"" help:"Шаг acquirers: спросить эквайеров о платежах потерянного времени."`
	Done   restoreDoneCmd   `cmd:"" help:"Отметить шаг сделанным."`
}

type restoreMakeCmd struct {
	From   string `required:"" help:"Папка копий." placeholder:"ПАПКА"`
	Key    string `required:"" help:"Файл секретного ключа." placeholder:"ФАЙЛ"`
	At     string `help:"На какой момент: 2026-11-23T18:00:00 или день – его конец; без него – последний." placeholder:"МОМЕНТ"`
	PGData string `name:"pg-data" help:"Пустая папка для данных PostgreSQL." placeholder:"ПАПКА"`
	By     string `help:"Кто возвращает." default:"cli" placeholder:"ИМЯ"`
}

// returnShown is the JSON of a return.
type returnShown struct {
	*restore.Return
	DataAt     string      `json:"dataAt"`
	UntilAt    string      `json:"untilAt"`
	FinishedAt string      `json:"finishedAt"`
	Steps      []stepShown `json:"steps"`
	Next       string      `json:"next"`
}

type stepShown struct {
	restore.Step
	DoneAt string `json:"doneAt"`
}

func shownReturn(stamp func(calendar.Micros) string, x *restore.Return) *returnShown {
	if x == nil {
		return nil
	}
	s := &returnShown{Return: x, DataAt: stamp(x.DataAt), UntilAt: stamp(x.UntilAt), FinishedAt: stamp(x.FinishedAt), Steps: []stepShown{}}
	for _, step := range x.Steps {
		s.Steps = append(s.Steps, stepShown{step, stamp(step.DoneAt)})
	}
	if next := x.Next(); next != nil {
		s.Next = next.Code
	}
	return s
}

// restoreShown is the JSON of what came back.
type restoreShown struct {
	*app.RestoreReport
	DataAt string       `json:"dataAt"`
	LastAt string       `json:"lastAt"`
	Return *returnShown `json:"return"`
}

func (c restoreMakeCmd) Run(r *run) error {
	zone, err := time.LoadLocation(r.Zone)
	if err != nil {
		return invalid("--zone", r.Zone, "Europe/Moscow", err)
	}
	at, err := parseMoment(c.At, zone)
	if err != nil {
		return err
	}
	if r.DatabaseURL != "" {
		return fault.New(fault.Invalid, wrongArgument, "База возвращается в новую папку, а не поверх: уберите --database-url и KVIT_DATABASE_URL, для PostgreSQL укажите --pg-data.")
	}
	var said bytes.Buffer
	o := app.RestoreOptions{RestoreRequest: backup.RestoreRequest{At: at, Data: r.Data, PGData: c.PGData, Say: &said, Progress: r.progress()}, From: c.From, Key: c.Key, Actor: c.By}
	rep, err := app.Restore(r.ctx, r.settings(), o)
	if err != nil {
		if f := fault.As(err); f.Code == "postgres.start" {
			r.errOut.Write(said.Bytes()) //nolint:errcheck // what the server said
		}
		return err
	}
	stamp := stampIn(zone)
	x := restoreShown{rep, stamp(rep.DataAt), stamp(rep.LastAt), shownReturn(stamp, rep.Return)}
	err = r.print(x, func() {
		r.say("Данные на %s лежат в %s.", x.DataAt, rep.Data)
		if rep.PGData != "" {
			r.say("Данные PostgreSQL лежат в %s: запустите на них сервер той же версии с вашими настройками.", rep.PGData)
		}
		if !rep.Check.OK {
			sayCheck(r, rep.Check) //nolint:errcheck // the status below tells
		}
		sayReturn(r, x.Return)
	})
	if err == nil && !rep.Check.OK {
		return statusError(exitFindings)
	}
	return err
}

// sayReturn says the steps: those done, the one to do now with what to do, those after it.
func sayReturn(r *run, x *returnShown) {
	r.say("Возврат № %d: данные на %s, вернули %s. Что было между ними, здесь не записано.", x.ID, x.DataAt, x.UntilAt)
	for _, s := range x.Steps {
		switch {
		case s.DoneAt != "":
			r.say("  [+] %-10s %s – %s, %s", s.Code, r.lang().Word(s.Title), s.Step.Actor, s.DoneAt)
		case s.Code == x.Next:
			r.say("  [>] %-10s %s", s.Code, r.lang().Word(s.Title))
			r.say("      %s", r.lang().Word(s.Hint))
			r.say("      %s", r.lang().Word(s.Command))
		default:
			r.say("  [ ] %-10s %s", s.Code, r.lang().Word(s.Title))
		}
		if s.DoneAt == "" && s.Holds != "" {
			r.say("      остановлено: %s", r.lang().Word(s.Holds))
		}
	}
	if x.Next == "" {
		r.say("Все шаги сделаны, ничего не остановлено.")
	}
}

type restoreStatusCmd struct{}

func (restoreStatusCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		last, err := a.LastReturn(r.ctx)
		if err != nil {
			return err
		}
		x := shownReturn(a.Stamp, last)
		return r.print(map[string]any{"return": x}, func() {
			if x == nil {
				r.say("Данные ни разу не возвращали: ничего не остановлено.")
				return
			}
			sayReturn(r, x)
		})
	})
}

type restoreCheckCmd struct {
	By string `help:"Кто проверяет." default:"cli" placeholder:"ИМЯ"`
}

func (c restoreCheckCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		stop := r.busy()
		report, _, err := a.CheckReturn(r.ctx, c.By)
		stop()
		if err != nil {
			return err
		}
		return sayCheck(r, report)
	})
}

type restoreAskCmd struct {
	By string `help:"Кто спрашивает." default:"cli" placeholder:"ИМЯ"`
	acquirerFlags
}

func (c restoreAskCmd) Run(r *run) error {
	settings := r.settings()
	var err error
	if settings.Acquirers, err = c.acquirers(); err != nil {
		return err
	}
	a, err := app.Open(r.ctx, settings)
	if err != nil {
		return err
	}
	defer a.Close()
	stop := r.busy()
	found, _, err := a.AskAcquirers(r.ctx, c.By)
	stop()
	if err != nil {
		return err
	}
	return r.print(found, func() {
		r.say("Эквайеры назвали платежей %d. Не было у нас %d на %s: они в невыясненных, kvit suspense list.", found.Seen, found.Found, found.Sum.Format())
		for _, name := range found.Silent {
			r.say("Эквайер %s списка не даёт: загрузите его реестр, kvit reconcile load.", name)
		}
		if found.Pending > 0 {
			r.say("Ещё не завершены плательщиками: %d. Спросите снова через полтора часа.", found.Pending)
		}
	})
}

type restoreDoneCmd struct {
	Step   string `arg:"" name:"ШАГ" help:"Какой шаг: их показывает kvit restore status."`
	Choice string `help:"Что делать с тем, что ждало отправки: again – отправить, sent – уже отправлено." placeholder:"ВЫБОР"`
	Note   string `help:"Что сделано, для журнала." placeholder:"ТЕКСТ"`
	By     string `help:"Кто сделал." default:"cli" placeholder:"ИМЯ"`
}

func (c restoreDoneCmd) Run(r *run) error {
	if c.Step == restore.StepCheck || c.Step == restore.StepAcquirers && c.Note == "" {
		return fault.Newf(fault.Invalid, wrongArgument, "Шаг %q делает своя команда: kvit restore status покажет её. Эквайера больше нет – объясните в --note.", c.Step)
	}
	return r.withApp(func(a *app.App) error {
		done, err := a.FinishStep(r.ctx, restore.Done{Step: c.Step, Choice: c.Choice, Note: c.Note, Actor: c.By})
		if err != nil {
			return err
		}
		x := shownReturn(a.Stamp, done)
		return r.print(map[string]any{"return": x}, func() { sayReturn(r, x) })
	})
}
