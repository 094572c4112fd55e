package main

import (
	"io"
	"os"
	"runtime/debug"
	"strconv"

	"kvit/internal/app"
	"kvit/internal/calendar"
	"kvit/internal/city"
	"kvit/internal/exchange"
	"kvit/internal/fault"
)

type versionCmd struct{}

func (versionCmd) Run(r *run) error {
	return r.print(map[string]string{"version": version}, func() { r.say("kvit %s", version) })
}

type migrateCmd struct{}

func (migrateCmd) Run(r *run) error {
	if err := app.Migrate(r.ctx, r.settings()); err != nil {
		return err
	}
	return r.print(map[string]bool{"ok": true}, func() { r.say("Схема базы готова.") })
}

type configCmd struct{}

// settingsTable are the variables of the environment, what they mean and whether they are secret.
var settingsTable = []struct {
	Name, Default, Meaning string
	Secret                 bool
}{
	{"KVIT_DATA", "./kvit-data", "папка данных: файлы, база SQLite, ключи", false},
	{"KVIT_DATABASE_URL", "", "PostgreSQL вместо SQLite", true},
	{"KVIT_ZONE", "Europe/Moscow", "часовой пояс региона", false},
	{"KVIT_AUDIT_ANCHOR", "", "куда копируются отметки журнала", false},
	{"KVIT_LANG", "ru", "язык сообщений", false},
	{"KVIT_LISTEN", "127.0.0.1:8080", "адрес и порт сервера", false},
	{"KVIT_BASE_URL", "", "адрес страниц, каким его видят люди", false},
	{"KVIT_ACQUIRERS", "", "файл эквайеров", false},
	{"KVIT_ACQUIRER_KIND", "yookassa", "вид эквайера", false},
	{"KVIT_ACQUIRER_ID", "", "номер магазина у эквайера", false},
	{"KVIT_ACQUIRER_URL", "", "адрес эквайера", false},
	{"KVIT_ACQUIRER_SECRET", "", "секрет эквайера", true},
	{"KVIT_TRUSTED_PROXIES", "", "сети своих прокси", false},
	{"KVIT_CENTRE_NAME", "Расчётный центр", "название расчётного центра", false},
	{"KVIT_CENTRE_PHONE", "8 800 000-00-00", "телефон для жителей", false},
	{"KVIT_CENTRE_HOURS", "ежедневно 8:00–20:00", "часы работы", false},
	{"KVIT_GIS_URL", "", "адрес шлюза ГИС ЖКХ", false},
	{"KVIT_CASHBOX_URL", "", "адрес онлайн-кассы", false},
	{"KVIT_CASHBOX_LOGIN", "", "имя для входа в онлайн-кассу", false},
	{"KVIT_CASHBOX_PASSWORD", "", "пароль онлайн-кассы", true},
	{"KVIT_CASHBOX_GROUP", "", "код группы касс", false},
	{"KVIT_CASHBOX_INN", "", "ИНН расчётного центра в чеках", false},
	{"KVIT_CASHBOX_TAXATION", "osn", "система налогообложения в чеках", false},
	{"KVIT_CASHBOX_PLACE", "", "место расчётов в чеках", false},
	{"KVIT_CASHBOX_EMAIL", "", "почта отправителя чеков", false},
	{"KVIT_PRIVATE_HOSTS", "", "узлы своей сети, которые можно вызывать вебхуками", false},
	{"KVIT_EVENT_DAYS", "0", "сколько дней хранить события для поставщиков, 0 – всегда", false},
	{"KVIT_REFUND_ALONE", "5000", "сколько рублей один сотрудник возвращает сам", false},
	{"KVIT_DEVICE_DAYS", "400", "сколько дней хранить сообщения приборов, 0 – всегда", false},
	{"KVIT_MQTT", "", "адрес и порт своего брокера MQTT для приборов", false},
	{"KVIT_MQTT_CERT", "", "сертификат брокера MQTT", false},
	{"KVIT_MQTT_KEY", "", "ключ сертификата брокера MQTT", false},
	{"KVIT_MQTT_FROM", "", "чужой брокер MQTT, который читать", true},
	{"KVIT_MQTT_FROM_CA", "", "сертификаты, которыми подписан чужой брокер", false},
	{"KVIT_MQTT_GATEWAY", "", "шлюз, от имени которого приходят его сообщения", false},
	{"KVIT_ASSIGN_ABOVE", "0", "до скольких рублей невыясненный платёж относит один человек, 0 – всегда двое", false},
	{"KVIT_RETURN_DAYS", "30", "через сколько дней невыясненный платёж пора вернуть", false},
	{"KVIT_TELEGRAM_TOKEN", "", "токен бота Telegram", true},
	{"KVIT_TELEGRAM_URL", "", "адрес Telegram Bot API", false},
	{"KVIT_MAX_TOKEN", "", "токен бота MAX", true},
	{"KVIT_MAX_URL", "", "адрес MAX Bot API", false},
	{"KVIT_BOT_WEBHOOK", "", "мессенджеры вызывают нас сами", false},
	{"KVIT_VOICE_SECRET", "", "пароль телефонной станции", true},
	{"KVIT_VOICE_ENGINE", "tts_commandline", "модуль речи телефонной станции", false},
	{"KVIT_VOICE_NAME", "", "голос телефонной станции", false},
	{"KVIT_WATCH", "", "папка, из которой файлы забираются сами", false},
	{"KVIT_BACKUP", "", "папка копий", false},
	{"KVIT_BACKUP_KEY", "", "открытый ключ копий", false},
	{"KVIT_BACKUP_DAYS", "35", "сколько дней хранить копии, 0 – всегда", false},
}

func (configCmd) Run(r *run) error {
	flags := map[string]string{"KVIT_DATA": r.Data, "KVIT_DATABASE_URL": r.DatabaseURL, "KVIT_ZONE": r.Zone, "KVIT_AUDIT_ANCHOR": r.AuditAnchor, "KVIT_LANG": r.Lang}
	values := map[string]string{}
	for _, s := range settingsTable {
		v, set := os.LookupEnv(s.Name)
		if !set {
			v = s.Default
		}
		if f, ok := flags[s.Name]; ok {
			v = f
		}
		if s.Secret && v != "" {
			v = "•••"
		}
		values[s.Name] = v
	}
	return r.print(values, func() {
		for _, s := range settingsTable {
			r.say("%-22s %-24s %s", s.Name, values[s.Name], r.lang().Word(s.Meaning))
		}
	})
}

type cityCmd struct {
	Make cityMakeCmd `cmd:"" help:"Записать файлы поставщиков, реестр домов, реквизиты и правильный ответ."`
}

type cityMakeCmd struct {
	Out        string  `required:"" help:"Папка для файлов." placeholder:"ПАПКА"`
	Households int     `default:"2000" help:"Сколько семей."`
	Seed       int64   `default:"1" help:"Зерно: те же числа дают те же файлы."`
	Month      string  `default:"2026-10" help:"Месяц счетов, ГГГГ-ММ."`
	Defects    float64 `default:"1" help:"Доля ошибок в файлах: 0 – чистые, 3 – очень грязные."`
	NoPayments bool    `help:"Без платежей."`
}

func (c cityMakeCmd) Run(r *run) error {
	month, err := calendar.ParseMonth(c.Month)
	if err != nil {
		return invalid("--month", c.Month, "2026-10", err)
	}
	bar := r.progress()
	sum, err := city.Make(r.ctx, city.Options{
		Out: c.Out, Households: c.Households, Seed: c.Seed, Month: month, Defects: c.Defects, Payments: !c.NoPayments,
		Progress: func(done, total int) {
			if bar != nil {
				bar("Город", int64(done), int64(total))
			}
		},
	})
	if err != nil {
		return err
	}
	return r.print(sum, func() {
		r.say("Город записан в %s: семей %d, домов %d, счетов %d, ошибок %d.", c.Out, sum.Households, sum.Houses, sum.Accounts, sum.Defects)
	})
}

type suppliersCmd struct {
	Load       suppliersLoadCmd `cmd:"" help:"Загрузить реквизиты: YAML со списком code, name, inn, kpp, bic, account, contacts, services, mode."`
	List       suppliersListCmd `cmd:"" help:"Показать поставщиков."`
	Requisites requisitesCmd    `cmd:"" help:"Изменения банковских реквизитов: двумя людьми и через сутки."`
	Ping       suppliersPingCmd `cmd:"" help:"Спросить остатки у поставщиков, которые отвечают сразу, и проверить протокол."`
}

type suppliersLoadCmd struct {
	File string `arg:"" name:"ФАЙЛ" help:"Файл YAML." type:"existingfile"`
	By   string `help:"Кто загружает." default:"cli" placeholder:"ИМЯ"`
}

func (c suppliersLoadCmd) Run(r *run) error {
	return withFile(c.File, func(f io.Reader) error {
		a, err := r.open()
		if err != nil {
			return err
		}
		defer a.Close()
		res, err := a.Suppliers.LoadAs(r.ctx, c.By, f)
		if err != nil {
			return err
		}
		return r.print(res, func() {
			r.say("Поставщики: новых %d, обновлено %d.", res.Added, res.Changed)
			for _, id := range res.Proposed {
				r.say("Банковские реквизиты остались прежними. Новые – это изменение № %d: утвердите другим человеком, kvit suppliers requisites approve %d.", id, id)
			}
		})
	})
}

type suppliersListCmd struct{}

func (suppliersListCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	list, err := a.ListSuppliers(r.ctx)
	if err != nil {
		return err
	}
	return r.print(list, func() {
		if len(list) == 0 {
			r.say("Поставщиков ещё нет. Загрузите: kvit suppliers load ФАЙЛ или kvit intake.")
		}
		for _, s := range list {
			r.say("%-14s %-40s ИНН %-12s %s", s.Code, s.Name, s.INN, s.Status)
		}
	})
}

type housesCmd struct {
	Load housesLoadCmd `cmd:"" help:"Загрузить реестр домов (CSV, как registry/houses.csv)."`
}

type housesLoadCmd struct {
	File string `arg:"" name:"ФАЙЛ" help:"Файл CSV." type:"existingfile"`
}

func (c housesLoadCmd) Run(r *run) error {
	return withFile(c.File, func(f io.Reader) error {
		a, err := r.open()
		if err != nil {
			return err
		}
		defer a.Close()
		stop := r.busy()
		res, err := a.Houses.Load(r.ctx, f, c.File)
		stop()
		if err != nil {
			return err
		}
		return r.print(res, func() { r.say("Дома: новых %d, обновлено %d.", res.Added, res.Changed) })
	})
}

func withFile(path string, fn func(io.Reader) error) error {
	f, err := os.Open(path)
	if err != nil {
		return fault.Newf(fault.Invalid, wrongArgument, "Файл %s не открылся. Проверьте, что он есть и доступен для чтения.", path).Because(err)
	}
	defer f.Close()
	return fn(f)
}

type intakeCmd struct {
	Formats string   `required:"" help:"Описание файлов: formats.json или список профилей YAML/JSON." type:"existingfile" placeholder:"ФАЙЛ"`
	DryRun  bool     `help:"Только проверить: вердикты те же, ничего не записывается."`
	Paths   []string `arg:"" name:"ПУТЬ" help:"Файлы и папки. Порядок не важен."`
}

// intakeHeap is how much memory an intake may use before the collector works harder: the index of a file of five
// million rows fits, and the process stays under 256 MB whatever the size of the file.
const intakeHeap = 128 << 20

func (c intakeCmd) Run(r *run) error {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(intakeHeap)
	}
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	report, err := a.Exchange.Intake(r.ctx, exchange.Request{Formats: c.Formats, Paths: c.Paths, DryRun: c.DryRun, Actor: "cli", Progress: r.progress()})
	if err != nil {
		return err
	}
	r.translate(report)
	if err := r.print(report, func() { sayIntake(r, report) }); err != nil {
		return err
	}
	if !report.Clean() {
		return statusError(exitFindings)
	}
	return nil
}

// translate says what a report tells people in the language of the run.
func (r *run) translate(report *exchange.Report) {
	for i := range report.Files {
		if refusal := report.Files[i].Refusal; refusal != nil {
			refusal.Hint = r.lang().Said(refusal.Hint)
		}
	}
	for i := range report.Issues {
		r.translateIssue(&report.Issues[i])
	}
}

// translateIssue says a hint, and the count of fields where that stands for a value: any other value is the file's.
func (r *run) translateIssue(x *exchange.Issue) {
	x.Hint = r.lang().Said(x.Hint)
	if x.Code == "row.short" || x.Code == "row.field_shift" {
		x.Value = r.lang().Said(x.Value)
	}
}

func sayIntake(r *run, report *exchange.Report) {
	for i := range report.Files {
		f := &report.Files[i]
		r.say("%-44s %-11s строк %7d: учтено %d, исправлено %d, пропущено %d, отложено %d", f.File, r.lang().Word(stateWord(f.State)), f.Rows, f.Applied, f.Repaired, f.Ignored, f.Quarantined)
		if f.Refusal != nil {
			r.say("    отклонён: %s [%s]%s", f.Refusal.Hint, f.Refusal.Code, r.place(f.Refusal))
		}
		if f.Control != nil && !f.Control.Equal {
			r.say("    контрольная сумма в файле %s, по строкам %s", f.Control.File.Format(), f.Control.Read.Format())
		}
	}
	for i := range report.Issues {
		if x := &report.Issues[i]; x.Type == "" && x.Verdict == exchange.VerdictApplied {
			r.say("%s: %s", x.File, x.Hint)
		}
	}
	for _, u := range report.Undeclared {
		r.say("%-44s не описан, не прочитан", u)
	}
	if n := len(report.Issues); n > 0 {
		r.say("Замечаний: %d. Подробно: --json или страница «Загрузки».", n)
	}
}

// place says where in a file the reason of its refusal stands.
func (r *run) place(x *exchange.Refusal) string {
	if x.Pos == 0 {
		return ""
	}
	return ", " + r.lang().Unit(x.Unit) + " " + strconv.Itoa(x.Pos)
}

func stateWord(state string) string {
	return map[string]string{exchange.StateApplied: "принят", exchange.StateJudged: "проверен", exchange.StateDuplicate: "уже был", exchange.StateRefused: "отклонён", exchange.StateReceived: "получен"}[state]
}

type basketsCmd struct {
	Export basketsExportCmd `cmd:"" help:"Записать корзины, итоги и замечания в JSON."`
}

type basketsExportCmd struct {
	Out string `required:"" help:"Файл JSON." placeholder:"ФАЙЛ"`
}

func (c basketsExportCmd) Run(r *run) error {
	a, err := r.open()
	if err != nil {
		return err
	}
	defer a.Close()
	f, err := os.Create(c.Out)
	if err != nil {
		return fault.Newf(fault.Invalid, wrongArgument, "Файл %s не создаётся. Проверьте путь и права.", c.Out).Because(err)
	}
	defer f.Close()
	stop := r.busy()
	sum, err := a.Exchange.ExportBaskets(r.ctx, f)
	stop()
	if err != nil {
		return err
	}
	return r.print(sum, func() {
		r.say("Корзин %d, счетов %d, замечаний %d: %s", sum.Baskets, sum.Accounts, sum.Defects, c.Out)
	})
}
