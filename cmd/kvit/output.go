package main

import (
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/alecthomas/kong"
	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"

	"kvit/internal/text"
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

// say writes a line in the language of the run.
func (r *run) say(format string, args ...any) { fmt.Fprintln(r.out, r.lang().Sprintf(format, args...)) }

func (r *run) lang() text.Language { return text.Language(r.Lang) }

// onTerminal tells whether somebody is looking who may be shown how far the work is.
func (r *run) onTerminal() bool {
	return !r.Quiet && !r.JSON && term.IsTerminal(int(os.Stderr.Fd()))
}

// busy shows on a terminal that long work goes on whose length nobody knows, until it is stopped.
func (r *run) busy() (stop func()) {
	if !r.onTerminal() {
		return func() {}
	}
	bar := progressbar.NewOptions64(-1, progressbar.OptionSetDescription(r.lang().Word("Идёт работа")), progressbar.OptionSetWriter(os.Stderr),
		progressbar.OptionClearOnFinish(), progressbar.OptionSetPredictTime(false), progressbar.OptionSetRenderBlankState(true))
	return func() { bar.Finish() } //nolint:errcheck // a picture
}

// progress draws a bar on a terminal and nothing elsewhere.
func (r *run) progress() func(stage string, done, total int64) {
	if !r.onTerminal() {
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
			bar = progressbar.NewOptions64(total, progressbar.OptionSetDescription(r.lang().Said(stage)), progressbar.OptionSetWriter(os.Stderr),
				progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(), progressbar.OptionSetWidth(30))
		}
		bar.Set64(done) //nolint:errcheck // a picture
	}
}

// translateHelp says the helps, place holders and names of arguments of a command and of those below it in the language.
func translateHelp(n *kong.Node, lang text.Language) {
	n.Help, n.Detail = lang.Word(n.Help), lang.Word(n.Detail)
	for _, f := range n.Flags {
		f.Help, f.PlaceHolder = lang.Word(f.Help), lang.Word(f.PlaceHolder)
		if f.Name == "help" {
			f.Help = lang.Word("Эта справка.")
		}
	}
	for _, v := range n.Positional {
		v.Name, v.Help = lang.Word(v.Name), lang.Word(v.Help)
	}
	for _, child := range n.Children {
		translateHelp(child, lang)
	}
}
