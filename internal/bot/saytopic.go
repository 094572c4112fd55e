package bot

import (
	"context"
	"slices"
	"strings"

	"kvit/internal/bot/chat"
)

// allTopics is the one topic where nobody tells topics apart.
const allTopics = "all"

// topicsOf are what the person hears of in this chat.
func (t *talk) topicsOf(ctx context.Context) ([]Topic, error) {
	all := Topic{Code: allTopics, Title: "Писать сюда", On: t.state.Quiet == 0}
	if t.m.Topics == nil {
		return []Topic{all}, nil
	}
	list, err := t.m.Topics(ctx, t.person, t.channel)
	return append([]Topic{all}, list...), err
}

// topics shows what is switched on; a press switches.
func (t *talk) topics(ctx context.Context) error {
	list, err := t.topicsOf(ctx)
	if err != nil {
		return err
	}
	t.ask(asked{})
	var rows [][]chat.Button
	for _, x := range list {
		if !x.Fixed {
			rows = append(rows, row(t.button(short(switchWord(x.On)+x.Title), "topic", switchTo(!x.On)+x.Code)))
		}
	}
	t.say("О чём писать в этот чат? Нажмите, чтобы включить или выключить. Ночью не пишем: с 21 до 9.", append(rows, row(command("Готово", "help")))...)
	return nil
}

func switchWord(on bool) string {
	if on {
		return "Да: "
	}
	return "Нет: "
}

// switchTo begins the data of a button: what it switches to, so that it may be pressed twice.
func switchTo(on bool) string {
	if on {
		return "+"
	}
	return "-"
}

// topicSwitched switches a topic as its button says.
func (t *talk) topicSwitched(ctx context.Context, arg string) error {
	code, on := strings.CutPrefix(arg, switchTo(true))
	code = strings.TrimPrefix(code, switchTo(false))
	list, err := t.topicsOf(ctx)
	if err != nil {
		return err
	}
	at := slices.IndexFunc(list, func(x Topic) bool { return x.Code == code && !x.Fixed })
	switch {
	case at < 0:
	case code == allTopics:
		if t.state.Quiet = 1; on {
			t.state.Quiet = 0
		}
	default:
		if err := t.m.SetTopic(ctx, t.person, t.channel, code, on); err != nil {
			return t.refusable(err)
		}
	}
	return t.topics(ctx)
}
