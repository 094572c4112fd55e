package main

import (
	"io"
	"net"
	"os"
	"strings"
	"time"

	"kvit/internal/app"
	"kvit/internal/exchange/courier"
	"kvit/internal/exchange/remote/simulator"
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
	id, err := anySupplier(r, a, c.Supplier)
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

// anySupplier is the id of a supplier's code; 0 without one.
func anySupplier(r *run, a *app.App, code string) (int64, error) {
	if code == "" {
		return 0, nil
	}
	return supplierID(r, a, code)
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
}

type exchangeRunCmd struct {
	Supplier string        `help:"Только этого поставщика." placeholder:"КОД"`
	Now      bool          `help:"Не ждать часа: передать то, что накопилось, и посмотреть в папки."`
	Wait     time.Duration `help:"Сколько ждать, пока отправится всё." placeholder:"СРОК"`
}

// runPause is how often what waits is tried.
const runPause = time.Second

func (c exchangeRunCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	id, err := anySupplier(r, a, c.Supplier)
	if err != nil {
		return err
	}
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
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	id, err := anySupplier(r, a, c.Supplier)
	if err != nil {
		return err
	}
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
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	id, err := supplierID(r, a, c.Supplier)
	if err != nil {
		return err
	}
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
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	id, err := supplierID(r, a, c.Supplier)
	if err != nil {
		return err
	}
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

type eventsPruneCmd struct {
	Days int `required:"" help:"События старше стольких дней удалить; последние сутки остаются всегда." placeholder:"ДНЕЙ"`
}

func (c eventsPruneCmd) Run(r *run) error {
	if c.Days < 1 {
		return fault.New(fault.Invalid, wrongArgument, "--days: нужен хотя бы один день.")
	}
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	stop := r.busy()
	n, err := a.Prune(r.ctx, c.Days)
	stop()
	if err != nil {
		return err
	}
	return r.print(map[string]int{"removed": n}, func() { r.say("Удалено сообщений: %d.", n) })
}

type simulateSFTPCmd struct {
	Dir      string        `required:"" help:"Папка, которую видят поставщики." placeholder:"ПАПКА"`
	Listen   string        `help:"Где слушать." default:"127.0.0.1:2222"`
	User     []string      `help:"Имя и пароль: имя:пароль; можно несколько." default:"kvit:kvit" placeholder:"ИМЯ:ПАРОЛЬ"`
	HostKey  string        `name:"host-key" help:"Файл с ключом сервера; создаётся, если его нет. Без него ключ живёт до остановки." placeholder:"ФАЙЛ"`
	Drop     float64       `help:"Доля записей, на которых обрывается связь, 0–1." placeholder:"ЧИСЛО"`
	Full     int64         `help:"После стольких байт диск полон." placeholder:"БАЙТ"`
	Slow     time.Duration `help:"Сколько длится каждая запись и чтение." placeholder:"СРОК"`
	NoRename float64       `name:"no-rename" help:"Доля отказов переименовать файл, 0–1." placeholder:"ЧИСЛО"`
	Seed     uint64        `help:"Зерно." placeholder:"ЧИСЛО"`
}

func (c simulateSFTPCmd) Run(r *run) error {
	users := map[string]string{}
	for _, u := range c.User {
		name, password, _ := strings.Cut(u, ":")
		users[name] = password
	}
	s, err := simulator.New(simulator.Options{Dir: c.Dir, Users: users, KeyFile: c.HostKey, Drop: c.Drop, Full: c.Full, Slow: c.Slow, NoRename: c.NoRename, Seed: c.Seed})
	if err != nil {
		return fault.Newf(fault.Invalid, wrongArgument, "Папка %s или ключ сервера не открываются. Проверьте путь и права.", c.Dir).Because(err)
	}
	l, err := net.Listen("tcp", c.Listen)
	if err != nil {
		return fault.Newf(fault.Unavailable, "listen", "Адрес %s занят или недоступен.", c.Listen).Because(err)
	}
	r.say("sftp://%s %s", l.Addr(), s.Fingerprint())
	return s.Serve(r.ctx, l)
}
