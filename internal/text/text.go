// Package text says what the command line and residents' pages say in the language asked for. Russian is the source: sentences stand
// where they are used, and need no catalogue. English is looked up by the Russian sentence.
//
// A message is often made long before it is shown, and kept: the hint about a row of a file lies in the database with
// its values filled in. So a Russian message is understood backwards, by the format it was made with (phrases.go).
//
// Pages are drawn in Russian and said over in English text by text (pages.go); web.Layout does so.
//
// Owns: the English sentences of commands and messages (english_*.go) and of pages (pages_*.go), how far apart two words are
// (distance.go). Does not own: the Russian ones; consoles of staff, papers and messages to people, which are Russian only; what
// people and suppliers wrote, which stays as it is.
//
// Invariants, held by tests that read the sources: every sentence has an English one with the same verbs; no English
// sentence of a command is left over; every text of a resident's page can be said.
package text

import (
	"fmt"
	"strings"
	"sync"

	"kvit/internal/fault"
)

// Language is what --lang takes.
type Language string

// The languages there are.
const (
	Russian Language = "ru"
	English Language = "en"
)

// Sprintf is fmt.Sprintf with the format in the language. Numbers look as in Russian: people copy them into commands.
func (l Language) Sprintf(format string, args ...any) string {
	if english, ok := commands[format]; ok && l == English {
		format = chooseForms(english, func(i int) string { return fmt.Sprint(args[i-1]) })
	}
	return fmt.Sprintf(format, args...)
}

// Word is a help, a word or a sentence of the commands without values, in the language.
func (l Language) Word(s string) string {
	if english, ok := commands[s]; ok && l == English {
		return english
	}
	return s
}

// Said is a Russian message, as it was made or stored, in the language. One that is not known stays Russian, which is
// better than silence.
func (l Language) Said(message string) string {
	if l != English {
		return message
	}
	if english, ok := russianMessages().Say(message); ok {
		return english
	}
	return message
}

// Fault is the message of an error in the language, with the place in a file it is about.
func (l Language) Fault(f *fault.Error) string {
	message := l.Said(f.Message)
	if where := f.Where(); where != "" {
		message = where + ". " + l.Said(strings.TrimPrefix(f.Message, where+". "))
	}
	switch {
	case f.Place.File != "" && f.Place.Pos > 0:
		return fmt.Sprintf("%s, %s %d: %s", f.Place.File, l.Unit(f.Place.Unit), f.Place.Pos, message)
	case f.Place.File != "":
		return fmt.Sprintf("%s: %s", f.Place.File, message)
	}
	return message
}

// Unit is the word for the things a place in a file is counted in.
func (l Language) Unit(unit string) string {
	if word, ok := russianUnits[unit]; ok && l != English {
		return word
	}
	return unit
}

var russianUnits = map[string]string{"line": "строка", "row": "строка", "record": "запись", "document": "документ", "house": "дом", "element": "элемент"}

// commands are the texts of the commands, messages those that other packages make.
var (
	commands        = merge(helps, examples, reports, charges, modes, facts, readings, publications, tariffs, events, gis, words, late, houses, gisQueue, withdrawals, reissues, couriers, devices, meters, acks, odd, acquirers, agents, desks, settlements, settlementWords, reconciling, reconciledTables, exchangeWords, houseMeters, copies, speed, pageBench, refunds, suspending, handovers, handoverWords, leavingWords, bots, documents, appealing, anonymising, lines, lost, border, plans)
	messages        = merge(words, fileFaults, rowHints, profiles, serviceFaults, chargeFaults, factFaults, readings, publicationFaults, tariffFaults, penalties, cases, eventFaults, gisFaults, late, houseFaults, gisQueue, gisQueueFaults, withdrawalFaults, reissueFaults, courierFaults, deviceFaults, meterFaults, photoFaults, acks, deciding, oddMessages, acquirerFaults, allocationFaults, agentFaults, deskFaults, settlementWords, settlementFaults, reconciling, exchangeFaults, houseMeters, copies, refundFaults, suspenseFaults, handoverWords, handoverFaults, leavingFaults, personFaults, homeFaults, bots, botFaults, documentFaults, publicFaults, appealFaults, privacyFaults, lineFaults, lost, border, plans, pageBenchFaults, agreementFaults)
	russianMessages = sync.OnceValue(func() *Phrases { return NewPhrases(messages) })
)

func merge(tables ...map[string]string) map[string]string {
	all := map[string]string{}
	for _, t := range tables {
		for russian, english := range t {
			all[russian] = english
		}
	}
	return all
}
