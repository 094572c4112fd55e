package main

import (
	"bytes"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/alecthomas/kong"

	"kvit/internal/text"
)

// call runs the program in this process.
func call(args ...string) (out, errOut string, status int) {
	var o, e bytes.Buffer
	status = Main(args, &o, &e)
	return o.String(), e.String(), status
}

// allCommands are the paths of the commands and of the groups they stand in; the empty path is the program.
func allCommands(t *testing.T) (paths []string) {
	t.Helper()
	parser, err := newParser(&cli{}, text.Russian, io.Discard, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	var walk func(n *kong.Node)
	walk = func(n *kong.Node) {
		paths = append(paths, strings.TrimSpace(n.Path()))
		for _, child := range n.Children {
			walk(child)
		}
	}
	walk(parser.Model.Node)
	return paths
}

// englishOfParser are words that the parser would say itself.
var englishOfParser = regexp.MustCompile(`(?i)\b(usage|flags?|commands?|arguments?|default|expected|unknown|missing|required|help for|show|run|must be|but got)\b`)

// helper gives the help of commands in a language from one parser: making one costs more than all its help.
func helper(t *testing.T, lang text.Language) func(path string) string {
	t.Helper()
	var out, errOut bytes.Buffer
	parser, err := newParser(&cli{}, lang, &out, &errOut)
	if err != nil {
		t.Fatal(err)
	}
	return func(path string) string {
		out.Reset()
		errOut.Reset()
		status, ctx := parse(parser, append(strings.Fields(path), "--help"), lang, &errOut)
		if status != exitDone || ctx != nil || errOut.Len() > 0 {
			t.Errorf("kvit %s --help in %s: exit status %d, runs %v, %s", path, lang, status, ctx, errOut.String())
		}
		return out.String()
	}
}

func TestHelpIsWhollyInItsLanguage(t *testing.T) {
	inRussian, inEnglish := helper(t, text.Russian), helper(t, text.English)
	for _, path := range allCommands(t) {
		russian, english := inRussian(path), inEnglish(path)
		if !strings.HasPrefix(russian, "Вызов: kvit "+path) {
			t.Errorf("kvit %s --help begins: %.80s", path, russian)
		}
		for line := range strings.Lines(russian) {
			says := withoutNames(line)
			if word := englishOfParser.FindString(says); word != "" {
				t.Errorf("kvit %s --help: %q in Russian help: %s", path, word, line)
			}
		}
		if at := strings.IndexFunc(english, cyrillic); at >= 0 {
			t.Errorf("kvit --lang en %s --help: Russian in English help: %.60s", path, english[at:])
		}
		if strings.Count(english, "kvit") != strings.Count(russian, "kvit") {
			t.Errorf("kvit %s --help: the languages tell of different commands", path)
		}
	}
}

// withoutNames leaves out of a line of help what is a name in every language: commands, flags, words for values.
func withoutNames(line string) string {
	if strings.HasPrefix(line, "  kvit ") || strings.HasPrefix(line, "Вызов:") || strings.HasPrefix(line, "Справка о команде") {
		return ""
	}
	if label, says, ok := strings.Cut(strings.TrimSpace(line), "  "); ok && !strings.ContainsFunc(label, cyrillic) {
		return says
	}
	return line
}

func cyrillic(r rune) bool { return unicode.Is(unicode.Cyrillic, r) }

// TestEveryCommandHasExamplesThatParse: an example is copied into a terminal, so it must be right.
func TestEveryCommandHasExamplesThatParse(t *testing.T) {
	paths := allCommands(t)
	for _, path := range paths {
		if len(examples[path]) == 0 && !slices.Contains([]string{"city", "simulate"}, path) {
			t.Errorf("kvit %s has no example", path)
		}
	}
	t.Chdir(t.TempDir())
	for path, list := range examples {
		if !slices.Contains(paths, path) {
			t.Errorf("examples of %q, which is no command", path)
		}
		for _, e := range list {
			command, _, _ := strings.Cut(e.command, " > ")
			args := strings.Fields(command)[1:]
			makeFiles(t, args)
			parser, err := newParser(&cli{}, text.Russian, io.Discard, io.Discard) // one that has parsed remembers which flags were set
			if err != nil {
				t.Fatal(err)
			}
			ctx, err := parser.Parse(args)
			if err != nil {
				t.Errorf("%s: %v", e.command, err)
			} else if !strings.HasPrefix(ctx.Command(), path) {
				t.Errorf("%s: an example of %q, but it runs %q", e.command, path, ctx.Command())
			}
		}
	}
}

// makeFiles makes the files that an example names, empty.
func makeFiles(t *testing.T, args []string) {
	t.Helper()
	for _, arg := range args {
		if !regexp.MustCompile(`^[\w/]+\.(json|yaml|csv|jsonl|xlsx)$`).MatchString(arg) {
			continue
		}
		if dir, _, ok := strings.Cut(arg, "/"); ok {
			if err := os.MkdirAll(arg[:strings.LastIndexByte(arg, '/')], 0o700); err != nil {
				t.Fatal(dir, err)
			}
		}
		if err := os.WriteFile(arg, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func TestWrongUsage(t *testing.T) {
	for _, c := range []struct {
		args   string
		ru, en string // what is said first
	}{
		{"nope", "kvit: лишнее слово: nope\nВызов: kvit <КОМАНДА> [настройки]\nСправка с примерами: kvit --help\n", "kvit: unexpected argument nope\nUsage: kvit <COMMAND> [flags]\nHelp with examples: kvit --help\n"},
		{"intak", "kvit: лишнее слово: intak. Может быть, \"intake\"?\n", "kvit: unexpected argument intak, did you mean \"intake\"?\n"},
		{"city", "kvit: ожидается \"make\"\n", "kvit: expected \"make\"\n"},
		{"city make", "kvit: не указано: --out=ПАПКА\nВызов: kvit city make --out=ПАПКА [настройки]\nСправка с примерами: kvit city make --help\n", "kvit: missing flags: --out=FOLDER\n"},
		{"city make --out x --seed abc", "kvit: --seed: ожидается целое число, а указано \"abc\"\n", "kvit: --seed: expected a valid 64 bit int but got \"abc\"\n"},
		{"city make --out x --month 2026-13", "kvit: --month: \"2026-13\" не разобрать. Ожидается, например, 2026-10. [argument]\n", "kvit: --month: \"2026-13\" cannot be read. Expected, for example, 2026-10. [argument]\n"},
		{"config --verbose", "kvit: нет такой настройки: --verbose\n", "kvit: unknown flag --verbose\n"},
		{"rows list", "kvit: ожидается \"<ЗАГРУЗКА>\"\n", "kvit: expected \"<INTAKE>\"\n"},
		{"rows list x", "kvit: <ЗАГРУЗКА>: ожидается целое число, а указано \"x\"\n", "kvit: <INTAKE>: expected a valid 64 bit int but got \"x\"\n"},
		{"houses load /nowhere.csv", "kvit: <ФАЙЛ>: файла /nowhere.csv нет\n", "kvit: <FILE>: stat /nowhere.csv: no such file or directory\n"},
		{"houses load /", "kvit: <ФАЙЛ>: \"/\" – папка, а нужен файл\n", "kvit: <FILE>: \"/\" exists but is a directory\n"},
		{"pay --supplier a --account 1 --key k --all --sum 1", "kvit: --all и --sum нельзя указать вместе\n", "kvit: --all and --sum can't be used together\n"},
		{"pay --supplier a --account 1 --key k", "kvit: Укажите, что оплатить: --all, --sum или --lines. [argument]\n", "kvit: Say what to pay: --all, --sum or --lines. [argument]\n"},
		{"review decide 1 maybe", "kvit: <РЕШЕНИЕ>: ожидается одно из \"join\",\"apart\",\"merge\",\"split\", а указано \"maybe\"\n", "kvit: <DECISION> must be one of \"join\",\"apart\",\"merge\",\"split\" but got \"maybe\"\n"},
		{"bill show --supplier a --account", "kvit: --account: нет значения\n", "kvit: --account: expected string value but got \"EOL\" (<EOL>)\n"},
		{"simulate acquirer --delay soon", "kvit: --delay: ожидается срок, например 5s или 2m, а указано \"soon\"\n", "kvit: --delay: expected duration but got \"soon\""},
		{"check --digest=maybe", "kvit: --digest: ожидается true или false, а указано \"maybe\"\n", "kvit: --digest: bool value must be true"},
	} {
		for lang, want := range map[string]string{"ru": c.ru, "en": c.en} {
			out, errOut, status := call(append([]string{"--lang", lang}, strings.Fields(c.args)...)...)
			if status != exitUsage || out != "" || !strings.HasPrefix(errOut, want) {
				t.Errorf("kvit %s: exit status %d, printed %q, said\n%s\nwant\n%s", c.args, status, out, errOut, want)
			}
			if lang == "en" && strings.ContainsFunc(errOut, cyrillic) {
				t.Errorf("kvit %s: Russian in English: %s", c.args, errOut)
			}
		}
	}
}

// TestHelpIsOfTheCallsLanguage: the program itself prints what the parser says.
func TestHelpIsOfTheCallsLanguage(t *testing.T) {
	for lang, want := range map[string]string{"ru": "Вызов: kvit pay ", "en": "Usage: kvit pay "} {
		if out, errOut, status := call("--lang", lang, "pay", "--help"); status != exitDone || errOut != "" || !strings.HasPrefix(out, want) {
			t.Errorf("%s: exit status %d, %s, %.80s", lang, status, errOut, out)
		}
	}
}

func TestNoCommandGetsTheWholeHelp(t *testing.T) {
	out, errOut, status := call()
	if status != exitUsage || out != "" || !strings.Contains(errOut, "С чего начать:") || !strings.Contains(errOut, "kvit demo") {
		t.Errorf("exit status %d, printed %q, said %.200s", status, out, errOut)
	}
}

func TestLanguageComesFromFlagAndEnvironment(t *testing.T) {
	t.Setenv("KVIT_DATA", t.TempDir())
	const english, russian = "language of messages", "язык сообщений"
	for _, c := range []struct {
		name, env string
		args      []string
		want      string
	}{
		{"Russian by itself", "", []string{"config"}, russian},
		{"the variable", "en", []string{"config"}, english},
		{"the flag wins", "en", []string{"--lang", "ru", "config"}, russian},
		{"after the command", "ru", []string{"config", "--lang=en"}, english},
	} {
		t.Setenv("KVIT_LANG", c.env)
		if c.env == "" {
			os.Unsetenv("KVIT_LANG")
		}
		if out, errOut, status := call(c.args...); status != 0 || !strings.Contains(out, c.want) {
			t.Errorf("%s: exit status %d: %s%s", c.name, status, out, errOut)
		}
	}
	t.Setenv("KVIT_LANG", "fr")
	if _, errOut, status := call("config"); status != exitUsage || !strings.Contains(errOut, `ожидается одно из "ru","en", а указано "fr"`) {
		t.Errorf("an unknown language: exit status %d: %s", status, errOut)
	}
}
