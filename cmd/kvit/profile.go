package main

import (
	"fmt"
	"maps"
	"slices"

	"gopkg.in/yaml.v3"

	"kvit/internal/exchange/register"
)

type profileCmd struct {
	Guess profileGuessCmd `cmd:"" help:"Предложить профиль по одному файлу; проверяет человек."`
	Check profileCheckCmd `cmd:"" help:"Проверить файл профилей."`
	List  profileListCmd  `cmd:"" help:"Показать профили файла."`
}

type profileGuessCmd struct {
	File string `arg:"" name:"ФАЙЛ" type:"existingfile" help:"Файл поставщика."`
}

func (c profileGuessCmd) Run(r *run) error {
	stop := r.busy()
	p, evidence, err := register.Guess(c.File)
	stop()
	if err != nil {
		return err
	}
	for i := range evidence.Reasons {
		evidence.Reasons[i].Why = r.lang().Said(evidence.Reasons[i].Why)
	}
	return r.print(map[string]any{"profile": p, "evidence": evidence}, func() {
		r.explain(evidence)
		text, err := yaml.Marshal([]register.Profile{p})
		if err == nil {
			fmt.Fprint(r.out, string(text))
		}
	})
}

// explain says why a guess is as it is, in comments of the YAML below it.
func (r *run) explain(e register.Evidence) {
	for _, x := range e.Reasons {
		r.say("# %s = %s: %s", x.Key, x.Value, x.Why)
	}
	r.say("# Прочитано строк: %d, из них отложено: %d. Уверенность: %.2f.", e.Rows, e.Quarantined, e.Confidence)
	for _, x := range e.Missing {
		r.say("# Не найдено: %s", x)
	}
	r.say("# Проверьте и допишите supplier – код поставщика.")
}

type profileCheckCmd struct {
	File string `arg:"" name:"ФАЙЛ" type:"existingfile" help:"formats.json или список профилей YAML/JSON."`
}

func (c profileCheckCmd) Run(r *run) error {
	_, registers, payments, err := register.LoadFormats(c.File)
	if err != nil {
		return err
	}
	n := len(registers) + len(payments)
	unknown := unknownKeys(append(registers, payments...))
	return r.print(map[string]any{"ok": true, "profiles": n, "unknown": unknown}, func() {
		r.say("Профили верны: %d.", n)
		for _, x := range unknown {
			r.say("Ключ не используется: %s. Проверьте, не опечатка ли это.", x)
		}
	})
}

// unknownKeys are the keys of profiles this program does not use, each once with where it stands first.
func unknownKeys(list []register.Profile) []string {
	keys := []string{}
	seen := map[string]bool{}
	for _, p := range list {
		for _, key := range slices.Sorted(maps.Keys(p.Unknown)) {
			if !seen[key] {
				seen[key] = true
				keys = append(keys, key+" ("+p.Where+")")
			}
		}
	}
	return keys
}

type profileListCmd struct {
	File string `arg:"" name:"ФАЙЛ" type:"existingfile" help:"formats.json или список профилей YAML/JSON."`
}

func (c profileListCmd) Run(r *run) error {
	_, registers, payments, err := register.LoadFormats(c.File)
	if err != nil {
		return err
	}
	return r.print(map[string]any{"registers": registers, "payments": payments}, func() {
		for _, p := range append(registers, payments...) {
			r.say("%-44s %-14s %-12s %s", p.File, p.Supplier, p.Kind, p.Encoding)
		}
	})
}
