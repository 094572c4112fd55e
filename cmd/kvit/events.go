package main

import (
	"encoding/json"
	"time"

	"kvit/internal/event/feed"
	"kvit/internal/fault"
)

type eventsCmd struct {
	Tail  eventsTailCmd  `cmd:"" help:"Показать ленту событий поставщика."`
	Prune eventsPruneCmd `cmd:"" help:"Удалить старые события: не раньше, чем их забрали вебхуки и файлы обмена."`
}

type eventsTailCmd struct {
	Supplier string `required:"" help:"Код поставщика." placeholder:"КОД"`
	After    string `help:"После какого места: cursor события или время." placeholder:"МЕСТО"`
	Follow   bool   `help:"Не заканчивать: показывать новые события."`
}

// Following looks for news so often; a page is so long.
const (
	tailPause = 500 * time.Millisecond
	tailPage  = 1000
)

// Run prints a feed, brought up to date first: without a server nobody else does it.
func (c eventsTailCmd) Run(r *run) error {
	a, id, err := r.openFor(c.Supplier)
	if err != nil {
		return err
	}
	defer a.Close()
	after, err := a.Feed.Find(r.ctx, id, c.After)
	if err != nil {
		return err
	}
	for {
		if _, err := a.Feed.Catch(r.ctx); err != nil {
			return err
		}
		n, err := c.print(r, a.Feed, id, &after)
		if err != nil {
			return err
		}
		if n == tailPage {
			continue
		}
		if !c.Follow {
			return nil
		}
		select {
		case <-r.ctx.Done():
			return nil
		case <-time.After(tailPause):
		}
	}
}

// print prints a page and moves the place after it.
func (c eventsTailCmd) print(r *run, feeds *feed.Module, id int64, after *int64) (n int, err error) {
	list, err := feeds.Page(r.ctx, id, *after, tailPage)
	if err != nil {
		return 0, err
	}
	e := json.NewEncoder(r.out)
	e.SetEscapeHTML(false)
	for i := range list {
		m := &list[i]
		*after = m.Position
		if !r.JSON {
			r.say("%s  %s  %-14s  %-14s  %s", m.Cursor, m.At.Local().Format(time.RFC3339), m.Kind, m.Account, m.Data)
		} else if err := e.Encode(m); err != nil {
			return 0, err
		}
	}
	return len(list), nil
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
