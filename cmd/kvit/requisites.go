package main

import (
	"kvit/internal/app"
	"kvit/internal/supplier"
)

// requisitesCmd are the steps of a change of a supplier's bank details.
type requisitesCmd struct {
	List    requisitesListCmd    `cmd:"" help:"Показать изменения банковских реквизитов."`
	Approve requisitesApproveCmd `cmd:"" help:"Утвердить изменение другим человеком: вступит в силу через сутки."`
	Refuse  requisitesRefuseCmd  `cmd:"" help:"Отклонить изменение или остановить утверждённое, пока не вступило в силу."`
}

type requisitesListCmd struct {
	All bool `help:"И те, что уже решены."`
}

func (c requisitesListCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		if _, err := a.Suppliers.ApplyRequisites(r.ctx); err != nil {
			return err
		}
		list, err := a.Suppliers.Changes(r.ctx, !c.All)
		if err != nil {
			return err
		}
		return r.print(list, func() {
			if len(list) == 0 {
				r.say("Реквизиты никто не меняет.")
			}
			for i := range list {
				r.sayChange(&list[i])
			}
		})
	})
}

// withChange does one thing with a change and shows it.
func (r *run) withChange(do func(a *app.App) (supplier.Change, error)) error {
	return r.withApp(func(a *app.App) error {
		x, err := do(a)
		if err != nil {
			return err
		}
		return r.print(x, func() { r.sayChange(&x) })
	})
}

type requisitesApproveCmd struct {
	ID int64  `arg:"" name:"НОМЕР" help:"Номер из kvit suppliers requisites list."`
	By string `required:"" help:"Кто утверждает: не тот, кто предложил." placeholder:"ИМЯ"`
}

func (c requisitesApproveCmd) Run(r *run) error {
	return r.withChange(func(a *app.App) (supplier.Change, error) { return a.Suppliers.ApproveRequisites(r.ctx, c.By, c.ID) })
}

type requisitesRefuseCmd struct {
	ID int64  `arg:"" name:"НОМЕР" help:"Номер из kvit suppliers requisites list."`
	By string `help:"Кто отклоняет." default:"cli" placeholder:"ИМЯ"`
}

func (c requisitesRefuseCmd) Run(r *run) error {
	return r.withChange(func(a *app.App) (supplier.Change, error) { return a.Suppliers.RefuseRequisites(r.ctx, c.By, c.ID) })
}

// changeStates are the words for states of a change.
var changeStates = map[string]string{supplier.ChangeProposed: "ждёт второго человека", supplier.ChangeApproved: "утверждено, ждёт срока", supplier.ChangeApplied: "действует",
	supplier.ChangeRefused: "отклонено", supplier.ChangeReplaced: "заменено другим"}

func (r *run) sayChange(c *supplier.Change) {
	r.say("№ %d %-16s %s: счёт %s → %s, БИК %s → %s; предложил %s", c.ID, c.Supplier, r.lang().Word(changeStates[c.State]), c.Former.BankAccount, c.Wanted.BankAccount, c.Former.BIC, c.Wanted.BIC, c.Author)
	if c.State == supplier.ChangeApproved {
		r.say("    утвердил %s; вступит в силу %s UTC", c.Decider, c.EffectiveAt.Micros().Time().Format("2006-01-02 15:04"))
	}
	if c.State == supplier.ChangeProposed && c.Contact != "" {
		r.say("    спросите по прежнему телефону, их ли это просьба: %s", c.Contact)
	}
}
