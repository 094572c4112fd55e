package main

import (
	"kvit/internal/app"
	"kvit/internal/fault"
)

type benchPagesCmd struct {
	Reads   int   `help:"Сколько раз открыть каждую страницу." default:"500"`
	Clients []int `help:"Сколько жителей одновременно." default:"1,8"`
}

func (c benchPagesCmd) Run(r *run) error {
	if c.Reads < 1 {
		return fault.New(fault.Invalid, "bench.reads", "Укажите, сколько раз открыть страницу: --reads 500.")
	}
	return benchOn(r, func(a *app.App) ([]app.PageBench, error) { return a.BenchPages(r.ctx, c.Reads, c.Clients) }, func(list []app.PageBench) {
		for _, b := range list {
			r.say("%s, жителей одновременно %d: p50 %d мкс, p95 %d мкс, p99 %d мкс, %.0f в секунду, процессора на страницу %d мкс; не открылось %d", b.Page, b.Clients, b.P50us, b.P95us, b.P99us, b.PerSecond, b.CPUus, b.Failed)
		}
	})
}
