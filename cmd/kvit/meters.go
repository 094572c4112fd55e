package main

import (
	"errors"
	"strings"

	"kvit/internal/app"
	"kvit/internal/meter"
)

type metersCmd struct {
	Show       metersShowCmd       `cmd:"" help:"Счётчики лицевого счёта или дома: что это за приборы и что с ними было."`
	Install    metersInstallCmd    `cmd:"" help:"Записать новый счётчик с начальными показаниями."`
	Commission metersCommissionCmd `cmd:"" help:"Ввести счётчик в эксплуатацию: с этого дня он считается."`
	Replace    metersReplaceCmd    `cmd:"" help:"Заменить счётчик: последние показания прежнего, начальные нового."`
	Verify     metersVerifyCmd     `cmd:"" help:"Записать поверку."`
	Seal       metersSealCmd       `cmd:"" help:"Записать пломбу или её нарушение."`
	Fail       metersFailCmd       `cmd:"" help:"Записать, что счётчик неисправен или утрачен."`
	Remove     metersRemoveCmd     `cmd:"" help:"Снять счётчик."`
	Describe   metersDescribeCmd   `cmd:"" help:"Записать шкалы счётчика по именам, место и кому он служит."`
	Link       metersLinkCmd       `cmd:"" help:"Счётчики двух счетов – один прибор: показание одного дойдёт до обоих."`
}

// meterFlags name a meter.
type meterFlags struct {
	Supplier string `help:"Код поставщика." placeholder:"КОД"`
	Account  string `help:"Номер лицевого счёта, как в квитанции." placeholder:"НОМЕР"`
	House    string `help:"Вместо счёта: код дома, чей это общедомовой счётчик." placeholder:"ДОМ"`
	Service  string `help:"Код услуги каталога; не нужен, если хватает номера счётчика." placeholder:"УСЛУГА"`
	Meter    string `help:"Номер на счётчике; не нужен, если он один." placeholder:"НОМЕР"`
}

func (f *meterFlags) target() meter.Target {
	return meter.Target{Supplier: f.Supplier, Account: f.Account, House: f.House, Service: f.Service, Meter: f.Meter}
}

// Validate asks for an account or a house.
func (f *meterFlags) Validate() error {
	switch {
	case f.House == "" && (f.Supplier == "" || f.Account == ""):
		return errors.New("name --supplier and --account, or --house for a house's own meter")
	case f.House != "" && (f.Supplier != "" || f.Account != ""):
		return errors.New("a house's own meter has no account: leave --house alone")
	}
	return nil
}

// stepFlags are what every step has.
type stepFlags struct {
	meterFlags
	On     string `help:"День; без него сегодня." placeholder:"ДАТА"`
	Reason string `required:"" help:"Основание: акт, заявление, свидетельство." placeholder:"ТЕКСТ"`
	DryRun bool   `help:"Только проверить: ничего не записывать."`
}

func (f *stepFlags) step(do meter.Kind) meter.Step {
	return meter.Step{Target: f.target(), Do: do, On: f.On, Reason: f.Reason, DryRun: f.DryRun}
}

// deviceFlags are what a new device is.
type deviceFlags struct {
	Serial       string   `required:"" help:"Номер нового счётчика." placeholder:"НОМЕР"`
	Digits       int      `help:"Знаков до запятой; без них – как обычно у услуги." placeholder:"ЧИСЛО"`
	Register     []string `help:"Шкала по имени на приборе и её зона: Т1=day; зоны day, night, peak, half_peak." placeholder:"ИМЯ=ЗОНА"`
	Figure       []string `help:"Начальное показание: 12,5 или, по шкалам, Т1=12." placeholder:"ЧИСЛО"`
	Verified     string   `help:"Поверен до этого дня." placeholder:"ДАТА"`
	Commissioned string   `help:"С какого дня считается; без него – со дня установки." placeholder:"ДАТА"`
	Scope        string   `help:"Кому служит: individual, room, flat." placeholder:"КОМУ"`
	Factor       string   `help:"У общедомового: во сколько раз умножать показание, например трансформаторы тока 40." placeholder:"ЧИСЛО"`
	Returns      bool     `help:"У общедомового: стоит на обратной трубе, его расход вычитается."`
	Place        string   `help:"Где стоит: кухня, ванная." placeholder:"ТЕКСТ"`
	Serves       []string `help:"Ещё счёт, которому он служит: ПОСТАВЩИК:СЧЁТ:УСЛУГА." placeholder:"СЧЁТ"`
}

func (f *deviceFlags) put(s *meter.Step) error {
	s.Device = &meter.Device{Serial: f.Serial, Digits: f.Digits, VerifiedUntil: f.Verified, Commissioned: f.Commissioned, Scope: f.Scope, Factor: f.Factor, Returns: f.Returns, Place: f.Place, Figures: figures(f.Figure)}
	var err error
	if s.Device.Registers, err = registers(f.Register); err != nil {
		return err
	}
	for _, text := range f.Serves {
		parts := strings.SplitN(text, ":", 3)
		if len(parts) != 3 {
			return invalid("--serves", text, "vodokanal:1600123456:cold_water", nil)
		}
		s.Serves = append(s.Serves, meter.Target{Supplier: parts[0], Account: parts[1], Service: parts[2]})
	}
	return nil
}

func registers(list []string) (named []meter.Register, err error) {
	for _, text := range list {
		name, zone, ok := strings.Cut(text, "=")
		if !ok {
			return nil, invalid("--register", text, "Т1=day", nil)
		}
		named = append(named, meter.Register{Name: name, Zone: zone})
	}
	return named, nil
}

// figures reads «12,5» and «Т1=12».
func figures(list []string) (all []meter.Figure) {
	for _, text := range list {
		name, value, named := strings.Cut(text, "=")
		if !named {
			name, value = "", text
		}
		all = append(all, meter.Figure{Register: name, Value: value})
	}
	return all
}

func (r *run) takeStep(s meter.Step) error {
	return r.withApp(func(a *app.App) error {
		told, err := a.Meters.Do(r.ctx, operator, s)
		if err != nil {
			return err
		}
		return r.print(told, func() { r.sayStep(told, s.DryRun) })
	})
}

func (r *run) sayStep(told *meter.Told, tried bool) {
	for _, m := range told.Meters {
		r.say("%s, %s, счётчик № %s: %s", refWords(&m), m.Service, m.Serial, r.lang().Word(stepStates[told.State]))
	}
	if told.Late != "" {
		r.say("Месяц %s уже начислен: разница станет перерасчётом.", told.Late)
	}
	if tried {
		r.say("Это была проверка: ничего не записано.")
	}
}

// refWords is where a meter stands: the account or the house.
func refWords(m *meter.Ref) string {
	if m.House != "" {
		return m.House
	}
	return m.Supplier + " " + m.Account
}

var stepStates = map[string]string{"new": "записано", "changed": "изменено", "same": "уже известно"}

type metersShowCmd struct{ meterFlags }

func (c metersShowCmd) Run(r *run) error {
	return r.withApp(func(a *app.App) error {
		cards, err := a.Meters.Show(r.ctx, operator, meter.Query{Target: c.target()})
		if err != nil {
			return err
		}
		return r.print(map[string]any{"meters": cards}, func() { r.sayMeters(cards) })
	})
}

func (r *run) sayMeters(cards []meter.Card) {
	if len(cards) == 0 {
		r.say("Счётчиков здесь нет.")
	}
	for i := range cards {
		c := &cards[i]
		r.say("%s, счётчик № %s (%s)", c.Name, c.Serial, r.lang().Word(meter.ScopeWords(c.Scope)))
		if c.Factor != "" {
			r.say("    коэффициент %s", strings.Replace(c.Factor, ".", ",", 1))
		}
		for _, x := range c.Registers {
			r.say("    шкала %s %s: %s %s", x.Name, x.Zone, x.Value, x.On)
		}
		for _, twin := range c.Device {
			r.say("    тот же прибор: %s %s, %s", twin.Supplier, twin.Account, twin.Service)
		}
		for _, e := range c.Life {
			r.say("    %-10s %s. %s", e.On, r.lang().Said(e.Words), r.lang().Said(e.Source))
		}
	}
}

type metersInstallCmd struct {
	stepFlags
	deviceFlags
}

func (c metersInstallCmd) Run(r *run) error {
	s := c.step(meter.Installed)
	if err := c.put(&s); err != nil {
		return err
	}
	return r.takeStep(s)
}

type metersCommissionCmd struct{ stepFlags }

func (c metersCommissionCmd) Run(r *run) error { return r.takeStep(c.step(meter.Commissioned)) }

type metersReplaceCmd struct {
	stepFlags
	deviceFlags
	Closing []string `help:"Последнее показание прежнего: 251,9 или, по шкалам, Т1=251." placeholder:"ЧИСЛО"`
	Turned  bool     `help:"Последнее показание меньше известного, и это верно."`
}

func (c metersReplaceCmd) Run(r *run) error {
	s := c.step(meter.Replaced)
	s.Closing, s.Turned = figures(c.Closing), c.Turned
	if err := c.put(&s); err != nil {
		return err
	}
	return r.takeStep(s)
}

type metersVerifyCmd struct {
	stepFlags
	Until string `help:"Поверен до этого дня." placeholder:"ДАТА"`
	Unfit bool   `help:"Поверку не прошёл."`
}

func (c metersVerifyCmd) Run(r *run) error {
	s := c.step(meter.Verified)
	s.Until, s.Unfit = c.Until, c.Unfit
	return r.takeStep(s)
}

type metersSealCmd struct {
	stepFlags
	Number string `help:"Номер пломбы." placeholder:"НОМЕР"`
	Broken bool   `help:"Пломба нарушена."`
}

func (c metersSealCmd) Run(r *run) error {
	s := c.step(meter.Sealed)
	if c.Broken {
		s.Do = meter.SealBroken
	}
	s.Seal = c.Number
	return r.takeStep(s)
}

type metersFailCmd struct{ stepFlags }

func (c metersFailCmd) Run(r *run) error { return r.takeStep(c.step(meter.Failed)) }

type metersRemoveCmd struct {
	stepFlags
	Closing []string `help:"Последнее показание прежнего: 251,9 или, по шкалам, Т1=251." placeholder:"ЧИСЛО"`
	Turned  bool     `help:"Последнее показание меньше известного, и это верно."`
}

func (c metersRemoveCmd) Run(r *run) error {
	s := c.step(meter.Removed)
	s.Closing, s.Turned = figures(c.Closing), c.Turned
	return r.takeStep(s)
}

type metersDescribeCmd struct {
	stepFlags
	Digits   int      `help:"Знаков до запятой; без них – как обычно у услуги." placeholder:"ЧИСЛО"`
	Register []string `help:"Шкала по имени на приборе и её зона: Т1=day; зоны day, night, peak, half_peak." placeholder:"ИМЯ=ЗОНА"`
	Scope    string   `help:"Кому служит: individual, room, flat." placeholder:"КОМУ"`
	Factor   string   `help:"У общедомового: во сколько раз умножать показание, например трансформаторы тока 40." placeholder:"ЧИСЛО"`
	Returns  bool     `help:"У общедомового: стоит на обратной трубе, его расход вычитается."`
	Place    string   `help:"Где стоит: кухня, ванная." placeholder:"ТЕКСТ"`
}

func (c metersDescribeCmd) Run(r *run) error {
	s := c.step(meter.Described)
	named, err := registers(c.Register)
	if err != nil {
		return err
	}
	s.Device = &meter.Device{Digits: c.Digits, Registers: named, Scope: c.Scope, Factor: c.Factor, Returns: c.Returns, Place: c.Place}
	return r.takeStep(s)
}

type metersLinkCmd struct {
	meterFlags
	With   string `required:"" help:"Второй счётчик: ПОСТАВЩИК:СЧЁТ:УСЛУГА:НОМЕР." placeholder:"СЧЁТЧИК"`
	Apart  bool   `help:"Разъединить: это разные приборы."`
	Reason string `required:"" help:"Основание: акт, заявление, свидетельство." placeholder:"ТЕКСТ"`
}

func (c metersLinkCmd) Run(r *run) error {
	parts := strings.SplitN(c.With, ":", 4)
	if len(parts) < 3 {
		return invalid("--with", c.With, "stoki:2200:sewage:4471201", nil)
	}
	other := meter.Target{Supplier: parts[0], Account: parts[1], Service: parts[2]}
	if len(parts) == 4 {
		other.Meter = parts[3]
	}
	return r.withApp(func(a *app.App) error {
		told, err := a.Meters.Link(r.ctx, operator, meter.LinkRequest{One: c.target(), Other: other, Apart: c.Apart, Reason: c.Reason})
		if err != nil {
			return err
		}
		return r.print(told, func() {
			for _, m := range told.Meters {
				r.say("%s, %s, счётчик № %s: %s", refWords(&m), m.Service, m.Serial, r.lang().Word(stepStates[told.State]))
			}
		})
	})
}
