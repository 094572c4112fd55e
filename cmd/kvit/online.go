package main

import (
	"encoding/json"
	"net/http"
	"os"
	"time"

	"kvit/internal/app"
	"kvit/internal/fault"
	"kvit/internal/online/simulator"
)

type suppliersPingCmd struct {
	Code    string `arg:"" optional:"" name:"КОД" help:"Код поставщика; без него все, кто отвечает на запросы."`
	Account string `help:"Лицевой счёт, о котором спросить." placeholder:"НОМЕР"`
	Conform bool   `help:"Проверить весь протокол: подпись, повтор, сто счетов, чужие запросы."`
}

func (c suppliersPingCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		list, err := a.PingSuppliers(r.ctx, c.Code, c.Account, c.Conform)
		if err != nil {
			return err
		}
		ok := true
		for _, p := range list {
			ok = ok && p.OK
		}
		err = r.print(list, func() {
			if len(list) == 0 {
				r.say("Никто из поставщиков не отвечает на запросы остатков. Настройка: online в файле поставщиков.")
			}
			for _, p := range list {
				for _, x := range p.Probes {
					r.say("%-14s %-4s %5d мс  %s", p.Supplier, r.lang().Word(map[bool]string{true: "да", false: "НЕТ"}[x.OK]), x.Took, r.lang().Said(x.Says))
				}
			}
		})
		if err == nil && !ok {
			return statusError(exitFindings)
		}
		return err
	})
}

type simulateSupplierCmd struct {
	Listen   string        `help:"Где слушать." default:"127.0.0.1:8091"`
	Mode     string        `help:"right – отвечает; slow, silent, wrong, garbage, broken, foreign – как ломается." default:"right" enum:"right,slow,silent,wrong,garbage,broken,foreign"`
	Delay    time.Duration `help:"Через сколько отвечать в режиме slow." default:"3s" placeholder:"СРОК"`
	Secret   string        `required:"" help:"Файл с общим ключом." type:"existingfile" placeholder:"ФАЙЛ"`
	Balances string        `help:"Файл JSON {\"счёт\": копейки}; без него остатки придуманы." type:"existingfile" placeholder:"ФАЙЛ"`
}

func (c simulateSupplierCmd) Run(r *run) error {
	secret, err := os.ReadFile(c.Secret)
	if err != nil {
		return fault.Newf(fault.Invalid, wrongArgument, "Файл %s не открылся. Проверьте, что он есть и доступен для чтения.", c.Secret).Because(err)
	}
	o := simulator.Options{Secret: secret, Mode: c.Mode, Delay: c.Delay}
	if c.Balances != "" {
		text, err := os.ReadFile(c.Balances)
		if err == nil {
			err = json.Unmarshal(text, &o.Balances)
		}
		if err != nil {
			return fault.Newf(fault.Invalid, wrongArgument, "Файл %s не открылся. Проверьте, что он есть и доступен для чтения.", c.Balances).Because(err)
		}
		o.OnlyGiven = true
	}
	s := simulator.New(o)
	return serveSimulator(r, c.Listen, func(string) http.Handler { return s })
}
