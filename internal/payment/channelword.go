package payment

import (
	"cmp"
	"strings"
)

// channelWords are the words for where money came through, as its payer says it.
var channelWords = map[string]string{ChannelOnline: "на сайте", "site": "на сайте банка", "sber": "в банке", "bank": "в банке", "sbp": "по СБП", "cash": "в кассе", "касса": "в кассе", "реестр": "через банк"}

// ChannelWord is where money came through, for its payer; of a desk its number. A channel somebody named in words says itself.
func ChannelWord(channel string) string {
	if desk, ok := strings.CutPrefix(channel, ChannelCash); ok {
		return "в кассе " + desk
	}
	return cmp.Or(channelWords[channel], channel)
}
