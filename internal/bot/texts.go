package bot

import (
	"cmp"
	"context"
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"kvit/internal/bot/chat"
	"kvit/internal/fault"
	"kvit/internal/notice/channel"
	"kvit/internal/notice/sms"
)

// Gateway is a gateway of text messages that also takes what people write (sms.Client).
type Gateway interface {
	channel.Sender
	channel.Asker
	OwnID(key string) string // by which a message is asked about; '' when it is not
	Inbox(ctx context.Context, after int64) ([]sms.Incoming, error)
}

// textsMax bounds an answer by text message, in signs: nine parts of a text in Cyrillic.
const textsMax = 600

// inboxPause is how often a gateway is asked for what people wrote.
const inboxPause = 3 * time.Second

// AddTexts adds text messages both ways: a line of telephones that write.
func (m *Module) AddTexts(g Gateway) { m.Add(SMS, &texts{m, g, inboxPause}) }

// texts is a gateway as a messenger.
type texts struct {
	m     *Module
	g     Gateway
	pause time.Duration
}

// Me is empty: people write to the number the centre prints.
func (*texts) Me(context.Context) (string, error) { return "", nil }

// Listen has nothing to ask for: a gateway's call is a hint at most, so it is polled.
func (*texts) Listen(context.Context, string) error { return nil }

// Heard takes no calls.
func (*texts) Heard(http.Header, []byte) ([]chat.Update, error) {
	return nil, fault.New(fault.NotFound, "bot.unknown", "Такого бота здесь нет.")
}

// Poll asks for what people wrote after a marker; when there is nothing it waits before it says so.
func (x *texts) Poll(ctx context.Context, marker string) ([]chat.Update, string, error) {
	after, _ := strconv.ParseInt(marker, 10, 64) // none at the first time
	incoming, err := x.g.Inbox(ctx, after)
	if err != nil || len(incoming) == 0 {
		sleep(ctx, x.pause)
		return nil, marker, err
	}
	list := make([]chat.Update, 0, len(incoming))
	for _, i := range incoming {
		list = append(list, chat.Update{Key: strconv.FormatInt(i.ID, 10), Seq: i.ID, Chat: i.From, Kind: chat.Text, Text: i.Text})
		after = max(after, i.ID)
	}
	return list, strconv.FormatInt(after, 10), nil
}

// Send sends an answer to the telephone behind a chat. One that may have gone is asked about first, where the gateway tells.
func (x *texts) Send(ctx context.Context, to string, msg chat.Message) (id string, err error) {
	number, err := x.m.numberOf(ctx, to)
	if err != nil {
		return "", err
	}
	if own := x.g.OwnID(msg.Key); msg.Again && own != "" {
		if r, err := x.g.Ask(ctx, number, own); err == nil && r.State != channel.Missing {
			return own, nil
		}
	}
	id, err = x.g.Send(ctx, number, channel.Message{Key: msg.Key, Text: flatText(msg.Text)})
	return id, lineFault(err)
}

// lineFault is a gateway's fault in the words of messengers: it wants to be left alone, or has refused for good.
func lineFault(err error) error {
	if fault.Is(err, fault.Limited) {
		return errors.Join(&chat.TooOften{After: time.Minute}, err)
	}
	return err
}

// flatText is a text for a telephone of any age: signs without width and of layout go, and what would look like a link is parted.
func flatText(text string) string {
	text = strings.NewReplacer("• ", "", "\u00a0", " ", "\n\n", "\n").Replace(text)
	bare := strings.ReplaceAll(text, joiner, "")
	if channel.WithoutLinks(bare) == nil {
		return bare
	}
	return cmp.Or(strings.ReplaceAll(text, joiner, " "), bare)
}
