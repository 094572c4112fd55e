// Command kvit is the whole program: the server, the demo and every operation of a settlement centre.
//
// Exit status: 0 done; 1 refused, declined or findings; 2 wrong usage; 3 an outside party or the database is
// unavailable, or the outcome is unknown.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"kvit/internal/app"
	"kvit/internal/fault"
	"kvit/internal/text"
)

// version is set by the linker in releases.
var version = "dev"

// Exit statuses.
const (
	exitDone        = 0
	exitFindings    = 1
	exitUsage       = 2
	exitUnavailable = 3
)

// globals are the flags every command takes.
type globals struct {
	Data        string `help:"Папка данных: файлы, база SQLite, ключи." default:"./kvit-data" env:"KVIT_DATA" placeholder:"ПАПКА"`
	DatabaseURL string `name:"database-url" help:"PostgreSQL вместо SQLite: postgres://kvit@localhost/kvit." env:"KVIT_DATABASE_URL" placeholder:"АДРЕС"`
	Zone        string `help:"Часовой пояс региона: по нему считаются дни." default:"Europe/Moscow" env:"KVIT_ZONE" placeholder:"ПОЯС"`
	AuditAnchor string `help:"Куда копировать подписанные отметки журнала, лучше на носитель вне базы; без настройки audit.anchor в папке данных." env:"KVIT_AUDIT_ANCHOR" placeholder:"ФАЙЛ"`
	JSON        bool   `name:"json" help:"Ответ одним документом JSON; суммы целыми копейками."`
	Lang        string `help:"Язык сообщений: ru или en." default:"ru" enum:"ru,en" env:"KVIT_LANG"`
	Quiet       bool   `help:"Без хода работы."`
}

type cli struct {
	globals

	Demo       demoCmd       `cmd:"" help:"Показ: город на 2 000 семей, страницы на 127.0.0.1:8080."`
	Serve      serveCmd      `cmd:"" help:"Сервер: страницы, API, задания."`
	Migrate    migrateCmd    `cmd:"" help:"Привести схему базы к этой версии программы."`
	Config     configCmd     `cmd:"" help:"Показать настройки."`
	Version    versionCmd    `cmd:"" help:"Версия программы."`
	City       cityCmd       `cmd:"" help:"Придуманный город для проверок."`
	Suppliers  suppliersCmd  `cmd:"" help:"Поставщики и их реквизиты."`
	Houses     housesCmd     `cmd:"" help:"Реестр домов."`
	House      houseCmd      `cmd:"" help:"Баланс дома: сколько пришло, кому досталось, что потеряно."`
	Catalog    catalogCmd    `cmd:"" help:"Каталог услуг, тарифов и нормативов."`
	Facts      factsCmd      `cmd:"" help:"Данные начисления: дома, жильцы, услуги, счётчики, акты."`
	Meters     metersCmd     `cmd:"" help:"Счётчики: установка, поверка, пломбы, замена."`
	Readings   readingsCmd   `cmd:"" help:"Показания счётчиков."`
	Devices    devicesCmd    `cmd:"" help:"Приборы, которые передают показания сами."`
	Charge     chargeCmd     `cmd:"" help:"Начисления: расчёт месяца, проверки, случаи."`
	Intake     intakeCmd     `cmd:"" help:"Принять файлы поставщиков."`
	Rows       rowsCmd       `cmd:"" help:"Отложенные строки: показать, исправить, применить."`
	Profile    profileCmd    `cmd:"" help:"Профили файлов: предложить, проверить, показать."`
	Baskets    basketsCmd    `cmd:"" help:"Корзины домохозяйств."`
	Review     reviewCmd     `cmd:"" help:"Сомнительные соединения счетов."`
	Conflicts  conflictsCmd  `cmd:"" help:"Расхождения между поставщиками."`
	Anonymise  anonymiseCmd  `cmd:"" help:"Копия, в которой никого не узнать: для проверок и обучения."`
	Appeals    appealsCmd    `cmd:"" help:"Обращения жителей: что они просят проверить."`
	Bill       billCmd       `cmd:"" help:"Живой счёт."`
	Bills      billsCmd      `cmd:"" help:"Счета всех: печать."`
	Document   documentCmd   `cmd:"" help:"Справки и выписки семьям, проверка подлинности."`
	Pay        payCmd        `cmd:"" help:"Оплатить счёт через эквайера."`
	Capture    captureCmd    `cmd:"" help:"Списать отложенные на карте деньги платежа, все или часть."`
	Cancel     cancelCmd     `cmd:"" help:"Отпустить отложенные на карте деньги платежа."`
	Chargeback chargebackCmd `cmd:"" help:"Записать, что банк плательщика забрал деньги по спору или вернул их."`
	Refund     refundCmd     `cmd:"" help:"Вернуть плательщику часть платежа или весь."`
	Suspense   suspenseCmd   `cmd:"" help:"Невыясненные платежи."`
	Advances   advancesCmd   `cmd:"" help:"Авансы у поставщиков, которых больше нет в счёте."`
	Accounts   accountsCmd   `cmd:"" help:"Лицевые счета."`
	Events     eventsCmd     `cmd:"" help:"Лента событий для поставщиков."`
	Exchange   exchangeCmd   `cmd:"" help:"Обмен файлами с поставщиками: расписание, файлы, ответы."`
	Registers  registersCmd  `cmd:"" help:"Реестры платежей поставщикам."`
	GIS        gisCmd        `cmd:"" name:"gis" help:"ГИС ЖКХ: файлы и обмен сообщениями."`
	Users      usersCmd      `cmd:"" help:"Сотрудники, ключи API."`
	Simulate   simulateCmd   `cmd:"" help:"Внешние стороны для проверок: эквайер, касса, агент, поставщик, ГИС ЖКХ, приборы, SMS, почта, SFTP."`
	Check      checkCmd      `cmd:"" help:"Пересчитать все инварианты из исходных строк."`
	Bench      benchCmd      `cmd:"" help:"Замеры рядом с пределом базы."`
	Agents     agentsCmd     `cmd:"" help:"Банки и терминалы, которые платят нам по своим протоколам."`
	Receipts   receiptsCmd   `cmd:"" help:"Кассовые чеки: очередь, правила, исправление."`
	Cash       cashCmd       `cmd:"" help:"Кассы расчётного центра: смены кассиров."`
	Day        dayCmd        `cmd:"" help:"Закрытие дня."`
	Contracts  contractsCmd  `cmd:"" help:"Договоры с поставщиками: комиссии, удержания, график."`
	Payout     payoutCmd     `cmd:"" help:"Перечисления поставщикам."`
	Trace      traceCmd      `cmd:"" help:"Путь каждой копейки платежа: от плательщика до поставщика."`
	Reconcile  reconcileCmd  `cmd:"" help:"Сверка: наши платежи, реестры партнёров, выписки банка."`
	Handover   handoverCmd   `cmd:"" help:"Передача дома другому расчётному центру и приём от него."`
	Backup     backupCmd     `cmd:"" help:"Копии: снять, показать, проверить, убрать старые."`
	Restore    restoreCmd    `cmd:"" help:"Вернуть данные из копии и разобрать потерянное время."`
	Drill      drillCmd      `cmd:"" help:"Учения: потерять придуманный город и вернуть его, с замером."`
}

// run is what commands get: the flags, where to write, the context that a signal ends.
type run struct {
	*globals
	ctx    context.Context
	out    io.Writer
	errOut io.Writer
}

// settings are those of the flags every command takes.
func (r *run) settings() app.Settings {
	return app.Settings{Data: r.Data, DatabaseURL: r.DatabaseURL, Zone: r.Zone, AuditAnchor: r.AuditAnchor, Version: version}
}

// open opens the program on the data of the flags.
func (r *run) open() (*app.App, error) { return app.Open(r.ctx, r.settings()) }

func main() { os.Exit(Main(os.Args[1:], os.Stdout, os.Stderr)) }

// Main runs one command and gives the exit status.
func Main(args []string, out, errOut io.Writer) int {
	var c cli
	lang := language(args)
	parser, err := newParser(&c, lang, out, errOut)
	if err != nil {
		fmt.Fprintln(errOut, err)
		return exitUsage
	}
	status, ctx := parse(parser, args, lang, errOut)
	if ctx == nil {
		return status
	}
	signals, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err = ctx.Run(&run{globals: &c.globals, ctx: signals, out: out, errOut: errOut})
	return report(err, text.Language(c.Lang), errOut)
}

// newParser reads the commands and says their help in the language.
func newParser(c *cli, lang text.Language, out, errOut io.Writer) (*kong.Kong, error) {
	parser, err := kong.New(c, kong.Name("kvit"), kong.Description("Квит: виртуальный расчётный центр ЖКХ. Файлы поставщиков становятся одним живым счётом на семью."),
		kong.Writers(out, errOut), kong.Exit(func(code int) { panic(exit(code)) }), kong.Help(helpPrinter(lang)))
	if err == nil {
		translateHelp(parser.Model.Node, lang)
	}
	return parser, err
}

// language is what --lang or KVIT_LANG say, known before the arguments are parsed: help and wrong usage are said in
// it too. A wrong word is refused by the parser.
func language(args []string) text.Language {
	lang := os.Getenv("KVIT_LANG")
	for i, arg := range args {
		value, ok := strings.CutPrefix(arg, "--lang=")
		switch {
		case arg == "--":
			return text.Language(lang)
		case ok:
			lang = value
		case arg == "--lang" && i+1 < len(args):
			lang = args[i+1]
		}
	}
	return text.Language(lang)
}

// exit carries kong's exit status out of its callback.
type exit int

func parse(parser *kong.Kong, args []string, lang text.Language, errOut io.Writer) (status int, ctx *kong.Context) {
	defer func() {
		if code, ok := recover().(exit); ok {
			status, ctx = int(code), nil
		}
	}()
	ctx, err := parser.Parse(args)
	if err != nil {
		sayWrongUsage(parser, err, len(args) == 0, lang, errOut)
		return exitUsage, nil
	}
	return exitDone, ctx
}

// sayWrongUsage says what is wrong with the call and where to read more; a call without a word gets the whole help.
func sayWrongUsage(parser *kong.Kong, err error, bare bool, lang text.Language, errOut io.Writer) {
	if bare {
		h := &help{lang: lang}
		h.command(parser.Model.Node, nil)
		fmt.Fprintln(errOut, h.b.String())
	}
	fmt.Fprintln(errOut, "kvit:", wrongUsage(err.Error(), lang))
	var selected *kong.Node
	if pe := (*kong.ParseError)(nil); errors.As(err, &pe) && pe.Context != nil {
		selected = pe.Context.Selected()
	}
	command := parser.Model.Name
	if selected != nil {
		command = selected.FullPath()
	}
	if !bare {
		fmt.Fprintln(errOut, usage(parser.Model.Node, selected, lang))
		fmt.Fprintln(errOut, lang.Sprintf("Справка с примерами: %s --help", command))
	}
}

// statusError ends a command with a status and no message: it has already said what it found.
type statusError int

func (s statusError) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// usageCodes are the codes of faults about the command line itself: wrong usage, not a refusal.
var usageCodes = []string{wrongArgument, "file.missing", "db.url", "config.zone", "city.out", "city.households", "city.month", "city.defects"}

// report writes an error for people and gives its exit status.
func report(err error, lang text.Language, errOut io.Writer) int {
	var s statusError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &s):
		return int(s)
	case errors.Is(err, context.Canceled): // by a signal: how far the work came is not known here
		fmt.Fprintln(errOut, "kvit:", lang.Word("Остановлено. Повторите команду: сделанное не пропадёт и не удвоится."))
		return exitUnavailable
	}
	f := fault.As(err)
	if f.Kind == fault.Internal {
		fmt.Fprintln(errOut, "kvit:", lang.Said(err.Error()))
		return exitFindings
	}
	fmt.Fprintf(errOut, "kvit: %s [%s]\n", lang.Fault(f), f.Code)
	if f.Cause != nil && (f.Kind == fault.Conflict || f.Kind == fault.Unavailable) {
		fmt.Fprintln(errOut, "     ", lang.Word("причина:"), lang.Said(f.Cause.Error()))
	}
	if f.Kind == fault.Unavailable {
		return exitUnavailable
	}
	if slices.Contains(usageCodes, f.Code) {
		return exitUsage
	}
	return exitFindings
}
