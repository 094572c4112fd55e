package main

import (
	"cmp"
	"io"
	"os"
	"strings"
	"time"

	"kvit/internal/app"
	"kvit/internal/device"
	"kvit/internal/device/profile"
	"kvit/internal/device/simulator"
	"kvit/internal/fault"
)

type devicesCmd struct {
	Load    devicesLoadCmd    `cmd:"" help:"Завести приборы и привязать их каналы к счётчикам: YAML, JSON или CSV."`
	List    devicesListCmd    `cmd:"" help:"Показать приборы: сначала те, что молчат или с севшей батареей."`
	Show    devicesShowCmd    `cmd:"" help:"Показать прибор: привязки, показания, последние сообщения."`
	Remove  devicesRemoveCmd  `cmd:"" help:"Снять прибор с учёта; принятое от него останется."`
	Replay  devicesReplayCmd  `cmd:"" help:"Прочитать ещё раз сообщения, которые не разобрали или не узнали."`
	Profile devicesProfileCmd `cmd:"" help:"Профили сообщений и приборов."`
}

type devicesLoadCmd struct {
	File string `arg:"" name:"ФАЙЛ" help:"Список приборов; «-» – стандартный ввод."`
}

func (c devicesLoadCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		text, err := readAll(c.File, device.ListMax)
		if err != nil {
			return err
		}
		rows, err := device.ParseList(string(text))
		if err != nil {
			return err
		}
		res, err := a.Devices.Load(r.ctx, operator, rows)
		if err != nil {
			return err
		}
		if _, err := a.Devices.Catch(r.ctx); err != nil {
			return err
		}
		if err := r.print(res, func() { r.sayLoaded(res) }); err != nil {
			return err
		}
		if !res.OK {
			return statusError(exitFindings)
		}
		return nil
	})
}

func (r *run) sayLoaded(res *device.Loaded) {
	r.say("Приборы: новых %d, обновлено %d, каналов привязано %d, отказано %d.", res.Added, res.Changed, res.Bound, res.Refused)
	for _, x := range res.Rows {
		if x.Fault != "" {
			r.say("строка %d, %s: %s [%s]", x.Line, x.ID, r.lang().Said(x.Says), x.Fault)
		}
		if x.Secret != "" {
			r.say("%s: секрет %s, темы %s/#. Запишите секрет: больше мы его не покажем.", x.ID, x.Secret, x.Topic)
		}
		if x.Code != "" {
			r.say("%s: код для жителя %s", x.ID, x.Code)
		}
	}
}

// readAll reads a file, or what comes in, of bounded size.
func readAll(path string, most int64) ([]byte, error) {
	in := io.Reader(os.Stdin)
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, fault.Newf(fault.Invalid, wrongArgument, "Файл %s не открылся. Проверьте, что он есть и доступен для чтения.", path).Because(err)
		}
		defer f.Close()
		in = f
	}
	text, err := io.ReadAll(io.LimitReader(in, most+1))
	if err == nil && int64(len(text)) > most {
		err = fault.Newf(fault.Invalid, wrongArgument, "Файл %s больше %d МБ. Разделите его.", path, most>>20)
	}
	return text, err
}

type devicesListCmd struct {
	Troubled bool `help:"Только те, что молчат или с севшей батареей."`
}

func (c devicesListCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		all, err := a.Devices.List(r.ctx, operator)
		if err != nil {
			return err
		}
		list := []device.Shown{}
		for _, d := range all {
			if !c.Troubled || d.Silent || d.BatteryLow {
				list = append(list, d)
			}
		}
		return r.print(list, func() {
			if len(list) == 0 {
				r.say("Приборов нет. Заведите их: kvit devices load ФАЙЛ.")
			}
			for i := range list {
				r.sayDevice(&list[i])
			}
		})
	})
}

func (r *run) sayDevice(d *device.Shown) {
	state := r.lang().Word("на связи")
	switch {
	case d.Never:
		state = r.lang().Word("ещё не выходил на связь")
	case d.Silent:
		state = r.lang().Sprintf("молчит с %s", d.LastAt.Time().Local().Format(time.DateTime))
	}
	if d.BatteryLow {
		state += ", " + r.lang().Word("батарея садится")
	}
	r.say("%-20s %-14s %s", d.OutsideID, d.Profile, state)
	for _, f := range d.Figures {
		if f.State == device.FigureUnbound {
			r.say("    %-10s %s, счётчик не назначен, %s", f.Channel, strings.TrimSpace(f.Value.String()+" "+f.Unit), f.At.Time().Local().Format(time.DateTime))
			continue
		}
		r.say("    %-10s %s, на счётчике %s, %s", f.Channel, strings.TrimSpace(f.Value.String()+" "+f.Unit), f.Dial, f.At.Time().Local().Format(time.DateTime))
	}
}

type devicesShowCmd struct {
	ID       string `arg:"" name:"ПРИБОР" help:"Номер прибора."`
	Messages int    `help:"Сколько последних сообщений показать." default:"10"`
}

// deviceShown is a device with its messages.
type deviceShown struct {
	device.Shown
	Messages []device.MessageRow `json:"messages"`
}

func (c devicesShowCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		d, err := a.Devices.Find(r.ctx, operator, c.ID)
		if err != nil {
			return err
		}
		list, err := a.Devices.MessagesOf(r.ctx, operator, &d.Device, max(0, c.Messages))
		if err != nil {
			return err
		}
		return r.print(deviceShown{d, list}, func() {
			r.sayDevice(&d)
			for _, b := range d.Bindings {
				channel, meter := cmp.Or(b.Channel, r.lang().Word("любой")), cmp.Or(strings.TrimSpace(b.Serial+" "+b.Zone), r.lang().Word("без номера"))
				r.say("канал %s: счёт %s, счётчик %s, с %s", channel, b.Number, meter, b.From)
			}
			for _, m := range list {
				r.say("%s  %-10s %s %s", m.At.Time().Local().Format(time.DateTime), m.State, r.lang().Said(m.Reason), m.Body)
			}
		})
	})
}

type devicesRemoveCmd struct {
	ID string `arg:"" name:"ПРИБОР" help:"Номер прибора."`
}

func (c devicesRemoveCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		if err := a.Devices.Remove(r.ctx, operator, c.ID); err != nil {
			return err
		}
		return r.print(map[string]bool{"ok": true}, func() { r.say("Прибор %s снят с учёта.", c.ID) })
	})
}

type devicesReplayCmd struct{}

func (devicesReplayCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		res, err := a.Devices.Replay(r.ctx, operator)
		if err != nil {
			return err
		}
		return r.print(res, func() {
			r.say("Сообщений %d: прочитано %d, всё ещё не прочитано %d.", res.Messages, res.Read, res.Still)
		})
	})
}

type devicesProfileCmd struct {
	List  devicesProfileListCmd  `cmd:"" help:"Показать профили."`
	Check devicesProfileCheckCmd `cmd:"" help:"Проверить профиль на его же примерах, не загружая."`
	Load  devicesProfileLoadCmd  `cmd:"" help:"Загрузить профили: одноимённый заменит встроенный."`
}

type devicesProfileListCmd struct{}

func (devicesProfileListCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		list, err := a.Devices.ListProfiles(r.ctx)
		if err != nil {
			return err
		}
		return r.print(list, func() {
			for _, p := range list {
				r.say("%-14s %-8s %s", p.Code, p.Reads, p.Title)
			}
		})
	})
}

type devicesProfileCheckCmd struct {
	File string `arg:"" name:"ФАЙЛ" help:"Профиль YAML."`
}

// profileChecked is what a check of profiles says.
type profileChecked struct {
	OK       bool     `json:"ok"`
	Profiles []string `json:"profiles"`
	Tests    int      `json:"tests"`
}

// profileMax bounds a file of profiles.
const profileMax = 1 << 20

func (c devicesProfileCheckCmd) Run(r *run) error {
	text, err := readAll(c.File, profileMax)
	if err != nil {
		return err
	}
	list, err := profile.Parse(text)
	if err != nil {
		return err
	}
	res := profileChecked{OK: true}
	for _, p := range list {
		res.Profiles, res.Tests = append(res.Profiles, p.Code), res.Tests+len(p.Tests)
	}
	return r.print(res, func() {
		r.say("Профили верны: %s. Проверок %d.", strings.Join(res.Profiles, ", "), res.Tests)
	})
}

type devicesProfileLoadCmd struct {
	File string `arg:"" name:"ФАЙЛ" help:"Профили YAML."`
}

func (c devicesProfileLoadCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		text, err := readAll(c.File, profileMax)
		if err != nil {
			return err
		}
		codes, err := a.Devices.LoadProfiles(r.ctx, operator, text)
		if err != nil {
			return err
		}
		return r.print(map[string][]string{"profiles": codes}, func() {
			r.say("Загружено: %s. Прочитать с ними отложенное: kvit devices replay.", strings.Join(codes, ", "))
		})
	})
}

type simulateDevicesCmd struct {
	Devices   string        `required:"" help:"Приборы: ответ kvit --json devices load." type:"existingfile" placeholder:"ФАЙЛ"`
	Door      string        `help:"Чем передавать: mqtt, http, waterius или chirpstack (HTTP)." default:"mqtt" enum:"mqtt,http,waterius,chirpstack"`
	Address   string        `help:"Брокер узел:порт или адрес сервера http://…" default:"127.0.0.1:1883" placeholder:"АДРЕС"`
	Gateway   string        `help:"Секрет шлюза для chirpstack." env:"KVIT_GATEWAY_SECRET" placeholder:"СЕКРЕТ"`
	Count     int           `help:"Сколько приборов взять; 0 – все." default:"0"`
	Days      int           `help:"За сколько последних дней передать." default:"1"`
	Start     string        `help:"Показание первого дня." default:"100"`
	Step      string        `help:"Расход за день." default:"0.2"`
	Lose      float64       `help:"Доля потерянных сообщений, 0–1." placeholder:"ЧИСЛО"`
	Duplicate float64       `help:"Доля удвоенных сообщений, 0–1." placeholder:"ЧИСЛО"`
	Shuffle   bool          `help:"Не по порядку."`
	Clients   int           `help:"Сколько передают одновременно." default:"8"`
	Seed      uint64        `help:"Зерно." placeholder:"ЧИСЛО"`
	Wait      time.Duration `help:"Сколько ждать подтверждений." default:"60s" placeholder:"СРОК"`
}

func (c simulateDevicesCmd) Run(r *run) error {
	text, err := readAll(c.Devices, device.ListMax)
	if err != nil {
		return err
	}
	res, err := simulator.Run(r.ctx, simulator.Options{
		Devices: text, Door: c.Door, Address: c.Address, Gateway: c.Gateway, Count: c.Count, Days: c.Days, Start: c.Start, Step: c.Step, Lose: c.Lose, Duplicate: c.Duplicate, Shuffle: c.Shuffle,
		Clients: c.Clients, Seed: c.Seed, Wait: c.Wait, Now: time.Now(),
	})
	if err != nil {
		return err
	}
	err = r.print(res, func() {
		r.say("Приборов %d: передано сообщений %d (удвоено %d, потеряно %d), подтверждено %d за %.1f с; не принято %d.", res.Devices, res.Sent, res.Doubled, res.Lost, res.Acknowledged, res.Seconds, res.Failed)
	})
	if err == nil && res.Failed > 0 {
		return statusError(exitFindings)
	}
	return err
}
