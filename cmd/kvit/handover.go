package main

import (
	"cmp"
	"os"

	"kvit/internal/app"
	"kvit/internal/calendar"
	"kvit/internal/fault"
	"kvit/internal/handover"
)

type handoverCmd struct {
	Key      handoverKeyCmd      `cmd:"" help:"Показать ключ нашего центра: его закрепляет у себя другой центр."`
	Peers    handoverPeersCmd    `cmd:"" help:"Другие центры и их закреплённые ключи."`
	List     handoverListCmd     `cmd:"" help:"Показать дома, которые переходят или перешли."`
	Show     handoverShowCmd     `cmd:"" help:"Показать передачу: шаги, расхождения, остатки, что делать."`
	Prepare  handoverPrepareCmd  `cmd:"" help:"Отдать дом: подготовить пакет с остатками на эту минуту."`
	Take     handoverTakeCmd     `cmd:"" help:"Принять файлы другого центра: пакет, согласие, подтверждение."`
	Accept   handoverAcceptCmd   `cmd:"" help:"Взять дом: принять остатки. Нужны два человека."`
	Decline  handoverDeclineCmd  `cmd:"" help:"Отказаться от дома с причиной."`
	Confirm  handoverConfirmCmd  `cmd:"" help:"Отдать дом вторым человеком: счета сразу уходят."`
	Complete handoverCompleteCmd `cmd:"" help:"Принять дом, который прежний центр отдал."`
	Cancel   handoverCancelCmd   `cmd:"" help:"Отменить свою передачу, пока дом не отдан."`
	Send     handoverSendCmd     `cmd:"" help:"Отправить другим центрам всё, что ждёт, и спросить их ответы; с папкой – записать файлы."`
}

// withHandovers opens the program with the name and the pages of the centre, which the other centre is told.
func (r *run) withHandovers(do func(a *app.App) error) error {
	settings := r.settings()
	settings.BaseURL, settings.Centre.Name, settings.Centre.Phone = os.Getenv("KVIT_BASE_URL"), os.Getenv("KVIT_CENTRE_NAME"), os.Getenv("KVIT_CENTRE_PHONE")
	return r.withSettings(settings, do)
}

type handoverKeyCmd struct{}

// ownKey is the key of this centre.
type ownKey struct {
	Key         string `json:"key"`
	Fingerprint string `json:"fingerprint"`
}

func (c handoverKeyCmd) Run(r *run) error {
	return r.withHandovers(func(a *app.App) error {
		p := a.Handovers.Keys.Public()
		return r.print(ownKey{p.String(), p.Fingerprint()}, func() {
			r.say("%s", p.String())
			r.say("Отпечаток: %s. Сверьте его с другим центром по телефону.", p.Fingerprint())
		})
	})
}

type handoverPeersCmd struct {
	Add  handoverPeersAddCmd  `cmd:"" help:"Закрепить ключ другого центра."`
	List handoverPeersListCmd `cmd:"" help:"Показать центры и отпечатки их ключей."`
}

type handoverPeersAddCmd struct {
	Code     string `arg:"" name:"КОД" help:"Код центра: латинские буквы, цифры, дефис."`
	Name     string `required:"" help:"Название: его увидят жители." placeholder:"ТЕКСТ"`
	Key      string `required:"" help:"Ключ центра, kvit1.…" placeholder:"КЛЮЧ"`
	INN      string `name:"inn" help:"ИНН центра." placeholder:"ИНН"`
	URL      string `name:"url" help:"Адрес его программы; без него файлы носят люди." placeholder:"АДРЕС"`
	Supplier string `help:"Код поставщика, под которым ему перечисляют поздние платежи." placeholder:"КОД"`
	Replace  bool   `help:"Заменить закреплённый ключ: только когда центр подтвердил замену."`
	By       string `help:"Кто закрепляет." default:"cli" placeholder:"ИМЯ"`
}

func (c handoverPeersAddCmd) Run(r *run) error {
	return r.withHandovers(func(a *app.App) error {
		p, err := a.Handovers.Pin(r.ctx, c.By, handover.Peer{Code: c.Code, Name: c.Name, Key: c.Key, INN: c.INN, URL: c.URL, Supplier: c.Supplier}, c.Replace)
		if err != nil {
			return err
		}
		return r.print([]handover.Peer{*p}, func() { r.sayPeer(p) })
	})
}

func (r *run) sayPeer(p *handover.Peer) {
	r.say("%-12s %s, отпечаток %s, %s", p.Code, p.Name, p.Fingerprint, cmp.Or(p.URL, r.lang().Word("файлами")))
}

type handoverPeersListCmd struct{}

func (c handoverPeersListCmd) Run(r *run) error {
	return r.withHandovers(func(a *app.App) error {
		list, err := a.Handovers.ListPeers(r.ctx)
		if err != nil {
			return err
		}
		return r.print(append([]handover.Peer{}, list...), func() {
			if len(list) == 0 {
				r.say("Центров нет. Закрепите ключ: kvit handover peers add.")
			}
			for i := range list {
				r.sayPeer(&list[i])
			}
		})
	})
}

type handoverListCmd struct{}

func (c handoverListCmd) Run(r *run) error {
	return r.withHandovers(func(a *app.App) error {
		list, err := a.Handovers.List(r.ctx)
		if err != nil {
			return err
		}
		return r.print(list, func() {
			if len(list) == 0 {
				r.say("Дома никуда не переходили.")
			}
			for i := range list {
				r.sayHandover(&list[i])
			}
		})
	})
}

func (r *run) sayHandover(v *handover.View) {
	side := "отдаём центру"
	if v.Side == handover.In {
		side = "берём у центра"
	}
	r.say("%s %s, %s %s: %s", v.ID[:8], v.Address, r.lang().Word(side), v.Peer, r.lang().Word(v.Label))
	r.say("    последний месяц прежнего центра %s, счетов %d, к оплате %s, по книге %s", v.MonthText, v.Accounts, v.Due.Format(), v.Book.Format())
	r.say("    %s", r.lang().Said(v.Next))
}

// handoverArg names one hand-over.
type handoverArg struct {
	ID string `arg:"" name:"НОМЕР" help:"Номер из kvit handover list: весь или первые восемь знаков."`
}

// carryHandover sends what waits for the other centre: into a folder when one is named, else to its program.
func carryHandover(r *run, a *app.App, id, out string) (*handover.Sent, error) {
	if out != "" {
		return a.Handovers.WriteFiles(r.ctx, out, id, false)
	}
	return a.Handovers.Round(r.ctx)
}

func (r *run) saySent(s *handover.Sent) {
	for _, f := range s.Files {
		r.say("Файл для другого центра: %s", f)
	}
	for _, t := range s.Troubles {
		r.say("Не отправлено: %s", r.lang().Said(t))
	}
	switch {
	case s.Messages > 0 || s.Taken > 0:
		r.say("Отправлено сообщений %d, принято ответов %d, ждёт отправки %d.", s.Messages, s.Taken, s.Waiting)
	case s.Waiting > 0:
		r.say("Ждёт отправки сообщений: %d. Записать файлами: kvit handover send --out ПАПКА", s.Waiting)
	}
}

type handoverShowCmd struct{ handoverArg }

func (c handoverShowCmd) Run(r *run) error {
	return r.withHandovers(func(a *app.App) error {
		v, err := a.Handovers.Show(r.ctx, c.ID)
		if err != nil {
			return err
		}
		return r.print(v, func() { r.sayShown(v) })
	})
}

func (r *run) sayShown(v *handover.View) {
	r.sayHandover(v)
	for _, s := range v.Steps {
		mark := "[ ]"
		if s.Done {
			mark = "[x]"
		}
		r.say("  %s %s %s", mark, r.lang().Word(s.What), s.Who)
	}
	for i := range v.Differences {
		d := &v.Differences[i]
		kind := "к сведению"
		if d.Blocking {
			kind = "не даёт принять"
		}
		r.say("  %s: %s %s", r.lang().Word(kind), r.lang().Said(d.Cause), r.lang().Said(d.Do))
		if d.Account != "" {
			r.say("      %s %s %s", d.Supplier, d.Account, d.Service)
		}
		if d.Theirs != d.Ours {
			r.say("      у них %s, у нас %s", d.Theirs.Format(), d.Ours.Format())
		}
	}
	for i := range v.Balances {
		b := &v.Balances[i]
		r.say("  %-20s кв. %-5s %s: к оплате %s (пени %s), по книге %s", b.Account, b.Flat, b.Month, b.Due.Format(), b.Penalty.Format(), b.Book.Format())
	}
	if v.Late.Count > 0 {
		r.say("Поздние платежи: %d на %s, другой центр зачёл %s", v.Late.Count, v.Late.Sum.Format(), v.Late.Booked.Format())
	}
	if v.Reason != "" {
		r.say("Причина: %s", v.Reason)
	}
}

// outFlag names a folder for messages instead of the other centre's program.
type outFlag struct {
	Out string `help:"Записать сообщения для другого центра файлами в эту папку." placeholder:"ПАПКА"`
}

type handoverPrepareCmd struct {
	House string `required:"" help:"Код дома из реестра." placeholder:"КОД"`
	To    string `required:"" help:"Код центра, которому отдаём." placeholder:"КОД"`
	Month string `help:"Последний месяц, за который счёт выставляем мы, ГГГГ-ММ; без него – последний выставленный." placeholder:"МЕСЯЦ"`
	By    string `help:"Кто готовит." default:"cli" placeholder:"ИМЯ"`
	outFlag
}

func (c handoverPrepareCmd) Run(r *run) error {
	var month calendar.Month
	if c.Month != "" {
		parsed, err := monthFlag("--month", c.Month)
		if err != nil {
			return err
		}
		month = parsed
	}
	return r.withHandovers(func(a *app.App) error {
		h, err := a.Handovers.Prepare(r.ctx, c.By, c.House, c.To, month)
		if err != nil {
			return err
		}
		return r.showCarried(a, h.ID, c.Out)
	})
}

// showCarried sends what follows of a step and shows the hand-over.
func (r *run) showCarried(a *app.App, id, out string) error {
	sent, err := carryHandover(r, a, id, out)
	if err != nil {
		return err
	}
	v, err := a.Handovers.Show(r.ctx, id)
	if err != nil {
		return err
	}
	return r.print(v, func() {
		r.sayHandover(v)
		r.saySent(sent)
	})
}

type handoverTakeCmd struct {
	Files []string `arg:"" name:"ФАЙЛ" help:"Файлы, которые прислал другой центр."`
	outFlag
}

func (c handoverTakeCmd) Run(r *run) error {
	return r.withHandovers(func(a *app.App) error {
		list := []handover.Taken{}
		for _, path := range c.Files {
			raw, err := os.ReadFile(path)
			if err != nil {
				return fault.Newf(fault.Invalid, "file.missing", "Файл %s не открывается. Проверьте путь и права.", path).Because(err)
			}
			t, err := a.Handovers.Take(r.ctx, raw)
			if err != nil {
				return err
			}
			list = append(list, *t)
		}
		sent, err := carryHandover(r, a, "", c.Out)
		if err != nil {
			return err
		}
		return r.print(list, func() {
			for _, t := range list {
				r.say("%s: %s, передача %s", t.Peer, r.lang().Word(handover.LetterLabels[t.Kind]), t.Handover[:8])
				if t.Repeated {
					r.say("    это уже приходило: ничего не изменилось")
				}
			}
			r.saySent(sent)
		})
	})
}

type handoverAcceptCmd struct {
	handoverArg
	By string `required:"" help:"Кто принимает; второй раз – другой человек." placeholder:"ИМЯ"`
	outFlag
}

func (c handoverAcceptCmd) Run(r *run) error {
	return r.handOver(c.ID, c.Out, func(a *app.App) (handover.Handover, error) { return a.Handovers.Accept(r.ctx, c.By, c.ID) })
}

// handOver does one step of a hand-over, sends what follows and shows it.
func (r *run) handOver(id, out string, do func(a *app.App) (handover.Handover, error)) error {
	return r.withHandovers(func(a *app.App) error {
		if _, err := do(a); err != nil {
			return err
		}
		return r.showCarried(a, id, out)
	})
}

type handoverDeclineCmd struct {
	handoverArg
	Reason string `required:"" help:"Почему: это прочитает другой центр." placeholder:"ПРИЧИНА"`
	By     string `help:"Кто отказал." default:"cli" placeholder:"ИМЯ"`
	outFlag
}

func (c handoverDeclineCmd) Run(r *run) error {
	return r.handOver(c.ID, c.Out, func(a *app.App) (handover.Handover, error) {
		return a.Handovers.Decline(r.ctx, c.By, c.ID, c.Reason)
	})
}

type handoverConfirmCmd struct {
	handoverArg
	By string `required:"" help:"Кто подтверждает: не тот, кто готовил." placeholder:"ИМЯ"`
	outFlag
}

func (c handoverConfirmCmd) Run(r *run) error {
	return r.handOver(c.ID, c.Out, func(a *app.App) (handover.Handover, error) { return a.Handovers.Confirm(r.ctx, c.By, c.ID) })
}

type handoverCompleteCmd struct {
	handoverArg
	By string `help:"Кто принимает дом." default:"cli" placeholder:"ИМЯ"`
	outFlag
}

func (c handoverCompleteCmd) Run(r *run) error {
	return r.handOver(c.ID, c.Out, func(a *app.App) (handover.Handover, error) { return a.Handovers.Complete(r.ctx, c.By, c.ID) })
}

type handoverCancelCmd struct {
	handoverArg
	Reason string `required:"" help:"Почему: это прочитает другой центр." placeholder:"ПРИЧИНА"`
	By     string `help:"Кто отменил." default:"cli" placeholder:"ИМЯ"`
	outFlag
}

func (c handoverCancelCmd) Run(r *run) error {
	return r.handOver(c.ID, c.Out, func(a *app.App) (handover.Handover, error) {
		return a.Handovers.Cancel(r.ctx, c.By, c.ID, c.Reason)
	})
}

type handoverSendCmd struct {
	ID    string `arg:"" optional:"" name:"НОМЕР" help:"Только этой передачи; без номера – всех."`
	Again bool   `help:"Записать и те сообщения, что уже отправлялись: если файл потерялся."`
	outFlag
}

func (c handoverSendCmd) Run(r *run) error {
	if c.Out == "" && (c.Again || c.ID != "") {
		return fault.New(fault.Invalid, wrongArgument, "Номер и --again нужны вместе с папкой: kvit handover send --out ПАПКА. Без папки отправляется всё, что ждёт.")
	}
	return r.withHandovers(func(a *app.App) (err error) {
		var sent *handover.Sent
		if c.Out != "" {
			sent, err = a.Handovers.WriteFiles(r.ctx, c.Out, c.ID, c.Again)
		} else {
			sent, err = a.Handovers.Round(r.ctx)
		}
		if err != nil {
			return err
		}
		if err := r.print(sent, func() {
			r.saySent(sent)
			if sent.Messages+sent.Taken+sent.Waiting == 0 {
				r.say("Отправлять нечего.")
			}
		}); err != nil || len(sent.Troubles) == 0 {
			return err
		}
		return statusError(exitUnavailable)
	})
}
