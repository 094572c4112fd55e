package main

import (
	"io"
	"os"
	"time"

	"kvit/internal/app"
	"kvit/internal/exchange/courier"
	"kvit/internal/fault"
)

type exchangeCmd struct {
	Schedule exchangeScheduleCmd `cmd:"" help:"Загрузить расписание обмена файлами или показать действующее."`
	Run      exchangeRunCmd      `cmd:"" help:"Сделать то, чему подошёл час: записать и отправить файлы, прочитать ответы, забрать реестры."`
	List     exchangeListCmd     `cmd:"" help:"Показать последние файлы обмена."`
	Show     exchangeShowCmd     `cmd:"" help:"Показать файл обмена: что с ним и какие строки отклонены."`
	Resend   exchangeResendCmd   `cmd:"" help:"Отправить файл ещё раз или передать снова отклонённые строки."`
}

type exchangeScheduleCmd struct {
	File     string `arg:"" optional:"" name:"ФАЙЛ" help:"Расписание в YAML или JSON; без файла показывается действующее." type:"existingfile"`
	Supplier string `help:"Только этого поставщика." placeholder:"КОД"`
}

func (c exchangeScheduleCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	if c.File != "" {
		if err := c.load(r, a); err != nil {
			return err
		}
	}
	id, err := supplierID(r, a, c.Supplier)
	if err != nil {
		return err
	}
	list, err := a.Courier.Statuses(r.ctx, id)
	if err != nil {
		return err
	}
	return r.print(list, func() {
		if len(list) == 0 {
			r.say("Обмена файлами ни с кем нет. Расписание загружает kvit exchange schedule ФАЙЛ.")
		}
		for i := range list {
			r.sayExchange(&list[i])
		}
	})
}

// load keeps the schedules of the file.
func (c exchangeScheduleCmd) load(r *run, a *app.App) error {
	return withFile(c.File, func(f io.Reader) error {
		list, err := courier.Parse(f)
		if err != nil {
			return err
		}
		changed, err := a.Courier.Load(r.ctx, operator, list)
		if err == nil && !r.JSON {
			r.say("Обменов в файле %d, новых или изменённых %d.", len(list), changed)
		}
		return err
	})
}

func (r *run) sayExchange(s *courier.Status) {
	next := "–"
	if s.NextTime != "" {
		next = s.NextTime
	}
	r.say("%-14s %-12s %-10s файлов %d, ждут отправки %d, отклонено строк %d, следующий час %s, %s", s.Supplier, s.Code, orDash(s.What), s.Files, s.Waiting, s.Open, next, s.Folder)
	if s.Late {
		r.say("    ОПАЗДЫВАЕТ")
	}
	if s.Trouble != "" {
		r.say("    %s", r.lang().Said(s.Trouble))
	}
	for _, n := range s.Noted {
		r.say("    файл %s: %s", n.Name, r.lang().Said(n.Note))
	}
}

type exchangeRunCmd struct {
	Supplier string        `help:"Только этого поставщика." placeholder:"КОД"`
	Now      bool          `help:"Не ждать часа: передать то, что накопилось, и посмотреть в папки."`
	Wait     time.Duration `help:"Сколько ждать, пока отправится всё." placeholder:"СРОК"`
}

// runPause is how often what waits is tried.
const runPause = time.Second

func (c exchangeRunCmd) Run(r *run) error {
	a, id, err := r.openFor(c.Supplier)
	if err != nil {
		return err
	}
	defer a.Close()
	var all courier.Done
	for end := time.Now().Add(c.Wait); ; {
		done, err := a.Courier.Run(r.ctx, id, c.Now)
		all.Made, all.Sent, all.Answers, all.Taken, all.Failed = all.Made+done.Made, all.Sent+done.Sent, all.Answers+done.Answers, all.Taken+done.Taken, done.Failed
		if err != nil {
			return err
		}
		if time.Now().After(end) || r.ctx.Err() != nil {
			break
		}
		time.Sleep(runPause)
	}
	err = r.print(all, func() {
		r.say("Файлов записано %d, отправлено %d, ответов прочитано %d, реестров забрано %d, обменов с неполадкой %d.", all.Made, all.Sent, all.Answers, all.Taken, all.Failed)
	})
	if err == nil && all.Failed > 0 {
		return statusError(exitUnavailable)
	}
	return err
}

type exchangeListCmd struct {
	Supplier string `help:"Только этого поставщика." placeholder:"КОД"`
	Code     string `help:"Только этого обмена." placeholder:"ИМЯ"`
	Limit    int    `help:"Сколько показать." default:"50"`
}

func (c exchangeListCmd) Run(r *run) error {
	a, id, err := r.openFor(c.Supplier)
	if err != nil {
		return err
	}
	defer a.Close()
	list, err := a.Courier.List(r.ctx, id, c.Code, c.Limit)
	if err != nil {
		return err
	}
	return r.print(list, func() {
		if len(list) == 0 {
			r.say("Файлов обмена ещё не было.")
		}
		for i := range list {
			r.sayExchangeFile(&list[i])
		}
	})
}

func (r *run) sayExchangeFile(f *courier.File) {
	r.say("%-14s %-12s № %-4d %-36s строк %d, сумма %s: %s", f.Supplier, f.Code, f.Number, f.Name, f.Rows, f.Sum.Format(), r.lang().Word(courier.StateWords[f.State]))
	if f.RefusedNow > 0 {
		r.say("    отклонено строк %d, из них ещё не переданы снова %d", f.RefusedNow, f.Open)
	}
	if f.Trouble != "" {
		r.say("    %s", r.lang().Said(f.Trouble))
	}
}

// exchangeFile names a file of an exchange.
type exchangeFile struct {
	Supplier string `arg:"" name:"КОД" help:"Код поставщика."`
	Code     string `arg:"" name:"ИМЯ" help:"Имя обмена, code."`
	Number   int64  `arg:"" name:"НОМЕР" help:"Номер файла."`
}

type exchangeShowCmd struct {
	exchangeFile
	Out string `help:"Куда записать копию файла, какой она была отправлена." placeholder:"ФАЙЛ"`
}

// shownFile is a file with the rows the supplier refused.
type shownFile struct {
	courier.File
	Refusals []courier.Refusal `json:"refusals"`
}

func (c exchangeShowCmd) Run(r *run) error {
	a, id, err := r.openFor(c.Supplier)
	if err != nil {
		return err
	}
	defer a.Close()
	f, err := a.Courier.Find(r.ctx, id, c.Code, c.Number)
	if err != nil {
		return err
	}
	shown := shownFile{File: f}
	if shown.Refusals, err = a.Courier.Refusals(r.ctx, &f); err != nil {
		return err
	}
	if err := c.copy(a, &f); err != nil {
		return err
	}
	return r.print(shown, func() {
		r.sayExchangeFile(&f)
		for _, x := range shown.Refusals {
			r.say("    строка %d, счёт %s: %s", x.Row, x.Account, x.Reason)
		}
	})
}

// copy writes the bytes of the file.
func (c exchangeShowCmd) copy(a *app.App, f *courier.File) error {
	if c.Out == "" {
		return nil
	}
	b, err := a.Courier.Open(f)
	if err != nil {
		return err
	}
	defer b.Close()
	text, err := io.ReadAll(b)
	if err != nil {
		return err
	}
	if err := os.WriteFile(c.Out, text, 0o600); err != nil {
		return fault.Newf(fault.Invalid, wrongArgument, "Файл %s не создаётся. Проверьте путь и права.", c.Out).Because(err)
	}
	return nil
}

type exchangeResendCmd struct {
	exchangeFile
	Refused bool `help:"Только отклонённые строки: они войдут в следующий файл."`
}

func (c exchangeResendCmd) Run(r *run) error {
	a, id, err := r.openFor(c.Supplier)
	if err != nil {
		return err
	}
	defer a.Close()
	n, err := a.Courier.Resend(r.ctx, operator, id, c.Code, c.Number, c.Refused)
	if err != nil {
		return err
	}
	return r.print(map[string]int{"rows": n}, func() {
		if c.Refused {
			r.say("Отклонённых строк %d: они войдут в следующий файл.", n)
			return
		}
		r.say("Файл из %d строк отправим ещё раз.", n)
	})
}
