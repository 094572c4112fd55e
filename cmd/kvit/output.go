package main

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/alecthomas/kong"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

// print writes one JSON document when asked, else the text.
func (r *run) print(v any, text func()) error {
	if !r.JSON {
		text()
		return nil
	}
	e := json.NewEncoder(r.out)
	e.SetEscapeHTML(false)
	return e.Encode(v)
}

func (r *run) say(format string, args ...any) { fmt.Fprintf(r.out, format+"\n", args...) }

// progress draws a bar on a terminal and nothing elsewhere.
func (r *run) progress() func(stage string, done, total int64) {
	if r.Quiet || r.JSON || !term.IsTerminal(int(os.Stderr.Fd())) {
		return nil
	}
	var bar *progressbar.ProgressBar
	stageNow := ""
	return func(stage string, done, total int64) {
		if stage != stageNow {
			if bar != nil {
				bar.Finish() //nolint:errcheck // a picture
			}
			stageNow = stage
			bar = progressbar.NewOptions64(total, progressbar.OptionSetDescription(stage), progressbar.OptionSetWriter(os.Stderr),
				progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
		}
		bar.Set64(done) //nolint:errcheck // a picture
	}
}

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
