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
	JSON        bool   `name:"json" help:"Ответ одним документом JSON; суммы целыми копейками."`
	Lang        string `help:"Язык сообщений: ru или en." default:"ru" enum:"ru,en" env:"KVIT_LANG"`
	Quiet       bool   `help:"Без хода работы."`
}

type cli struct {
	globals

	Demo      demoCmd      `cmd:"" help:"Показ: город на 2 000 семей, страницы на 127.0.0.1:8080."`
	Serve     serveCmd     `cmd:"" help:"Сервер: страницы, API, задания."`
	Migrate   migrateCmd   `cmd:"" help:"Привести схему базы к этой версии программы."`
	Config    configCmd    `cmd:"" help:"Показать настройки."`
	Version   versionCmd   `cmd:"" help:"Версия программы."`
	City      cityCmd      `cmd:"" help:"Придуманный город для проверок."`
	Suppliers suppliersCmd `cmd:"" help:"Поставщики и их реквизиты."`
	Houses    housesCmd    `cmd:"" help:"Реестр домов."`
	Intake    intakeCmd    `cmd:"" help:"Принять файлы поставщиков."`
	Rows      rowsCmd      `cmd:"" help:"Отложенные строки: показать, исправить, применить."`
	Profile   profileCmd   `cmd:"" help:"Профили файлов: предложить, проверить, показать."`
	Baskets   basketsCmd   `cmd:"" help:"Корзины домохозяйств."`
	Review    reviewCmd    `cmd:"" help:"Сомнительные соединения счетов."`
	Bill      billCmd      `cmd:"" help:"Живой счёт."`
	Pay       payCmd       `cmd:"" help:"Оплатить счёт через эквайера."`
	Registers registersCmd `cmd:"" help:"Реестры платежей поставщикам."`
	Users     usersCmd     `cmd:"" help:"Сотрудники, ключи API."`
	Simulate  simulateCmd  `cmd:"" help:"Внешние стороны для проверок: эквайер."`
	Check     checkCmd     `cmd:"" help:"Пересчитать все инварианты из исходных строк."`
	Bench     benchCmd     `cmd:"" help:"Замеры рядом с пределом базы."`
}

// run is what commands get: the flags, where to write, the context that a signal ends.
type run struct {
	*globals
	ctx    context.Context
	out    io.Writer
	errOut io.Writer
}

// open opens the program on the data of the flags.
func (r *run) open() (*app.App, error) {
	return app.Open(r.ctx, app.Settings{Data: r.Data, DatabaseURL: r.DatabaseURL})
}

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
	help := russianHelp
	if lang == text.English {
		help = kong.DefaultHelpPrinter
	}
	parser, err := kong.New(c, kong.Name("kvit"), kong.Description("Квит: виртуальный расчётный центр ЖКХ. Файлы поставщиков становятся одним живым счётом на семью."),
		kong.Writers(out, errOut), kong.UsageOnError(), kong.Exit(func(code int) { panic(exit(code)) }), kong.Help(help))
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
		var pe *kong.ParseError
		if errors.As(err, &pe) && pe.Context != nil {
			pe.Context.PrintUsage(true) //nolint:errcheck // the message below matters more
		}
		message := err.Error()
		if lang != text.English {
			message = translateUsage(message)
		}
		fmt.Fprintln(errOut, "kvit:", message)
		return exitUsage, nil
	}
	return exitDone, ctx
}

// statusError ends a command with a status and no message: it has already said what it found.
type statusError int

func (s statusError) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// report writes an error for people and gives its exit status.
func report(err error, lang text.Language, errOut io.Writer) int {
	var s statusError
	switch {
	case err == nil:
		return exitDone
	case errors.As(err, &s):
		return int(s)
	}
	f := fault.As(err)
	if f.Kind == fault.Internal {
		fmt.Fprintln(errOut, "kvit:", err)
		return exitFindings
	}
	message := lang.Fault(f)
	if f.Place.File != "" {
		place := f.Place
		if place.Unit != "" {
			place.Unit = lang.Unit(place.Unit)
		}
		message = place.String() + ": " + message
	}
	fmt.Fprintf(errOut, "kvit: %s [%s]\n", message, f.Code)
	if f.Cause != nil && (f.Kind == fault.Conflict || f.Kind == fault.Unavailable) {
		fmt.Fprintln(errOut, "     ", lang.Word("причина:"), f.Cause)
	}
	if f.Kind == fault.Unavailable {
		return exitUnavailable
	}
	if f.Code == wrongArgument {
		return exitUsage
	}
	return exitFindings
}
