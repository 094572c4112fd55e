package main

import (
	"net"
	"strings"
	"time"

	"kvit/internal/exchange/remote/simulator"
	"kvit/internal/fault"
)

type simulateSFTPCmd struct {
	Dir      string        `required:"" help:"Папка, которую видят поставщики." placeholder:"ПАПКА"`
	Listen   string        `help:"Где слушать." default:"127.0.0.1:2222"`
	User     []string      `help:"Имя и пароль: имя:пароль; можно несколько." default:"kvit:kvit" placeholder:"ИМЯ:ПАРОЛЬ"`
	HostKey  string        `name:"host-key" help:"Файл с ключом сервера; создаётся, если его нет. Без него ключ живёт до остановки." placeholder:"ФАЙЛ"`
	Drop     float64       `help:"Доля записей, на которых обрывается связь, 0–1." placeholder:"ЧИСЛО"`
	Full     int64         `help:"После стольких байт диск полон." placeholder:"БАЙТ"`
	Slow     time.Duration `help:"Сколько длится каждая запись и чтение." placeholder:"СРОК"`
	NoRename float64       `name:"no-rename" help:"Доля отказов переименовать файл, 0–1." placeholder:"ЧИСЛО"`
	NoRemove float64       `name:"no-remove" help:"Доля отказов удалить файл, 0–1." placeholder:"ЧИСЛО"`
	Seed     uint64        `help:"Зерно." placeholder:"ЧИСЛО"`
}

func (c simulateSFTPCmd) Run(r *run) error {
	users := map[string]string{}
	for _, u := range c.User {
		name, password, _ := strings.Cut(u, ":")
		users[name] = password
	}
	s, err := simulator.New(simulator.Options{Dir: c.Dir, Users: users, KeyFile: c.HostKey, Drop: c.Drop, Full: c.Full, Slow: c.Slow, NoRename: c.NoRename, NoRemove: c.NoRemove, Seed: c.Seed})
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
