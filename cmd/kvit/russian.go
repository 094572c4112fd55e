package main

import (
	"fmt"
	"strings"

	"github.com/alecthomas/kong"
)

// russianHelp prints kong's help with its own words in Russian.
func russianHelp(options kong.HelpOptions, ctx *kong.Context) error {
	var b strings.Builder
	inner := *ctx.Kong
	inner.Stdout = &b
	saved := ctx.Kong
	ctx.Kong = &inner
	err := kong.DefaultHelpPrinter(options, ctx)
	ctx.Kong = saved
	fmt.Fprint(saved.Stdout, helpWords.Replace(b.String()))
	return err
}

var helpWords = strings.NewReplacer("Usage: ", "Вызов: ", "Arguments:", "Что указать:", "Flags:", "Настройки:", "Commands:", "Команды:",
	"Show context-sensitive help.", "Эта справка.", "Run \"", "Справка о команде: \"", "\" for more information on a command.", "\"",
	"[flags]", "[настройки]", "<command>", "<команда>")

// translateUsage turns kong's messages about wrong usage into Russian.
func translateUsage(s string) string {
	return strings.NewReplacer("unknown flag ", "нет такой настройки: ", "missing flags: ", "не указано: ", "expected ", "ожидается ", "unexpected argument ", "лишнее: ",
		"expected one of", "ожидается одно из", "did you mean", "может быть,").Replace(s)
}
