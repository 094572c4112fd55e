package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"

	"kvit/internal/charge/casefile"
	"kvit/internal/fault"
	"kvit/internal/money"
	"kvit/internal/tariff"
)

type chargeCaseCmd struct {
	Files []string `arg:"" name:"ФАЙЛ" help:"Файлы со случаями." type:"existingfile"`
}

// Run computes every case of the files. A file that cannot be read ends the command before anything is printed.
func (c chargeCaseCmd) Run(r *run) error {
	var cases []casefile.Case
	for _, path := range c.Files {
		err := withFile(path, func(f io.Reader) error {
			list, err := casefile.Read(path, f)
			cases = append(cases, list...)
			if err != nil {
				return fault.Newf(fault.Invalid, wrongArgument, "Случаи не читаются: %s.", err)
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	wrong := 0
	for i := range cases {
		v := casefile.Run(&cases[i], tariff.Standard())
		if !v.OK {
			wrong++
		}
		if err := r.verdict(&v); err != nil {
			return err
		}
	}
	if !r.JSON {
		r.say("Случаев %d, из них неверных %d.", len(cases), wrong)
	}
	if wrong > 0 {
		return statusError(exitFindings)
	}
	return nil
}

// verdict writes one case: a line of NDJSON, or a table of what was expected and what came out.
func (r *run) verdict(v *casefile.Verdict) error {
	if r.JSON {
		e := json.NewEncoder(r.out)
		e.SetEscapeHTML(false)
		return e.Encode(v)
	}
	word := "верно"
	if !v.OK {
		word = "НЕВЕРНО"
	}
	r.say("%s: %s", r.lang().Word(word), v.Case)
	if v.Error != "" {
		r.say("  %s", r.lang().Said(v.Error))
	}
	if err := r.sideBySide(v.Lines); err != nil || v.OK {
		return err
	}
	for _, x := range v.Computed {
		r.say("  посчитано: %s  %s  %s", x.In, x.Service, x.Words)
	}
	return nil
}

// caseNames are the keys that say what an expectation is about; the others are figures.
var caseNames = []string{"in", "service", "component", "kind", "zone", "band", "party", "method", "formula", "supplier", "month"}

// sideBySide writes the figures of expectations in three columns.
func (r *run) sideBySide(lines []casefile.Compared) error {
	if len(lines) == 0 {
		return nil
	}
	w := tabwriter.NewWriter(r.out, 0, 0, 2, ' ', 0)
	fmt.Fprintf(w, "  %s\t%s\t%s\n", r.lang().Word("что"), r.lang().Word("ожидали"), r.lang().Word("получили"))
	for _, l := range lines {
		about, figures := caseAbout(l)
		for _, key := range figures {
			mark := ""
			if caseValue(l.Expected[key]) != caseValue(l.Got[key]) && !l.OK {
				mark = "  ✗"
			}
			fmt.Fprintf(w, "  %s %s\t%s\t%s%s\n", about, key, caseValue(l.Expected[key]), caseValue(l.Got[key]), mark)
		}
	}
	return w.Flush()
}

// caseAbout is what an expectation is about, and the keys of its figures.
func caseAbout(l casefile.Compared) (about string, figures []string) {
	var names []string
	for _, key := range caseNames {
		if v, ok := l.Expected[key]; ok && l.Got[key] == v {
			names = append(names, caseValue(v))
		}
	}
	for key, v := range l.Expected {
		if !slices.Contains(caseNames, key) || l.Got[key] != v {
			figures = append(figures, key)
		}
	}
	slices.Sort(figures)
	return strings.Join(names, " "), figures
}

// caseValue is a figure as a case writes it: sums in roubles.
func caseValue(v any) string {
	if sum, ok := v.(money.Amount); ok {
		return sum.String()
	}
	return fmt.Sprint(v)
}
