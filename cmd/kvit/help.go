package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/alecthomas/kong"

	"kvit/internal/text"
)

const (
	helpWidth  = 90 // signs in a line of help
	labelWidth = 34 // of them, what stands before the explanation
)

// help writes the help of a command in a language: what it does, examples to copy, what it takes.
type help struct {
	lang text.Language
	b    strings.Builder
}

func helpPrinter(lang text.Language) kong.HelpPrinter {
	return func(_ kong.HelpOptions, ctx *kong.Context) error {
		h := &help{lang: lang}
		h.command(ctx.Model.Node, ctx.Selected())
		_, err := io.WriteString(ctx.Stdout, h.b.String())
		return err
	}
}

// usage is the line that says how a command is called.
func usage(root, selected *kong.Node, lang text.Language) string {
	words := []string{lang.Word("Вызов:"), root.Name}
	node := root
	if selected != nil {
		node = selected
		words = append(words, selected.Path())
	}
	for _, f := range node.Flags {
		if f.Required {
			words = append(words, "--"+f.Name+"="+placeholder(f))
		}
	}
	for _, v := range node.Positional {
		words = append(words, positional(v))
	}
	switch command := "<" + lang.Word("КОМАНДА") + ">"; {
	case node.DefaultCmd != nil:
		words = append(words, "["+command+"]")
	case len(node.Children) > 0:
		words = append(words, command)
	}
	return strings.Join(append(words, lang.Word("[настройки]")), " ")
}

func positional(v *kong.Positional) string {
	if v.IsCumulative() {
		return "<" + v.Name + ">…"
	}
	return "<" + v.Name + ">"
}

// placeholder is what stands for the value of a flag: its name, the words it may be, or what it usually is.
func placeholder(f *kong.Flag) string {
	switch {
	case f.PlaceHolder != "":
		return f.PlaceHolder
	case f.Enum != "":
		return strings.ReplaceAll(strings.TrimRight(f.Enum, ","), ",", "|")
	case f.Default != "":
		return f.Default
	}
	return "…"
}

func (h *help) command(root, selected *kong.Node) {
	node := root
	if selected != nil {
		node = selected
	}
	h.line("%s\n", usage(root, selected, h.lang))
	h.paragraph(node.Help)
	h.examples(node)
	if len(node.Children) > 0 {
		h.title("Команды:")
		h.commands(node)
	}
	if len(node.Positional) > 0 {
		h.title("Что указать:")
		for _, v := range node.Positional {
			h.entry(positional(v), v.Help)
		}
	}
	if flags := own(node).Flags; selected != nil && len(flags) > 0 {
		h.title("Настройки:")
		h.flags(flags)
	}
	h.title("Общие настройки:")
	h.flags(root.Flags)
	if len(node.Children) > 0 {
		h.line("\n%s", h.lang.Sprintf("Справка о команде с примерами: %s --help", another(node).FullPath()))
	}
}

func (h *help) examples(node *kong.Node) {
	list := examples[node.Path()]
	if len(list) == 0 {
		return
	}
	title := "Примеры:"
	if node.Parent == nil {
		title = "С чего начать:"
	}
	h.title(title)
	for _, e := range list {
		h.line("  # %s", h.lang.Word(e.says))
		h.line("  %s", e.command)
	}
}

// commands lists the commands below a node; those that hold others are told by what they hold. The command that a group
// runs by itself is told as the group.
func (h *help) commands(node *kong.Node) {
	for _, leaf := range node.Leaves(true) {
		if leaf.Parent.DefaultCmd == leaf {
			leaf = leaf.Parent
		}
		h.entry(leaf.Path(), leaf.Help)
	}
}

// another is a command below a node to read about next.
func another(node *kong.Node) *kong.Node {
	leaves := node.Leaves(true)
	return leaves[slices.IndexFunc(leaves, func(n *kong.Node) bool { return n != node.DefaultCmd })]
}

// own is the command that a node runs by itself.
func own(node *kong.Node) *kong.Node {
	if node.DefaultCmd != nil {
		return node.DefaultCmd
	}
	return node
}

func (h *help) flags(flags []*kong.Flag) {
	for _, f := range flags {
		if f.Hidden {
			continue
		}
		label := "    --" + f.Name
		if f.Short != 0 {
			label = "-" + string(f.Short) + ", --" + f.Name
		}
		if !f.IsBool() {
			label += "=" + placeholder(f)
		}
		h.entry(label, h.explained(f))
	}
}

// explained is the help of a flag with what it is when it is not given. What is Russian by nature, as the name of a
// settlement centre, is told in Russian only.
func (h *help) explained(f *kong.Flag) string {
	var notes []string
	if f.Default != "" && (h.lang != text.English || isASCII(f.Default)) {
		notes = append(notes, h.lang.Sprintf("обычно %s", f.Default))
	}
	for _, env := range f.Envs {
		notes = append(notes, "$"+env)
	}
	if len(notes) == 0 {
		return f.Help
	}
	return f.Help + " [" + strings.Join(notes, "; ") + "]"
}

func isASCII(s string) bool { return len(s) == utf8.RuneCountInString(s) }

func (h *help) title(s string) { h.line("\n%s", h.lang.Word(s)) }

func (h *help) line(format string, args ...any) { fmt.Fprintf(&h.b, format+"\n", args...) }

func (h *help) paragraph(s string) {
	for _, line := range wrapped(s, helpWidth) {
		h.line("%s", line)
	}
}

// entry writes a label and what it means, the explanation in a column of its own.
func (h *help) entry(label, says string) {
	lines := wrapped(says, helpWidth-labelWidth)
	label = "  " + label
	if utf8.RuneCountInString(label) >= labelWidth {
		h.line("%s", label)
		label = ""
	}
	for _, line := range lines {
		h.line("%s%s%s", label, strings.Repeat(" ", labelWidth-utf8.RuneCountInString(label)), line)
		label = ""
	}
}

// wrapped breaks a text into lines.
func wrapped(s string, width int) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(s) {
		switch {
		case line == "":
			line = word
		case utf8.RuneCountInString(line)+1+utf8.RuneCountInString(word) > width:
			lines, line = append(lines, line), word
		default:
			line += " " + word
		}
	}
	return append(lines, line)
}
