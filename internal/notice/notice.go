// Package notice tells people things: which messages, to whom, by which way, when, and what became of each.
package notice

import "kvit/internal/notice/channel"

// Message is what is sent to a person. The Key is the sender's own: the same message sent again has the same key.
type Message = channel.Message

// Sender is one way to tell: text messages, calls, letters, pushes, bots. Its faults say whether to send again
// (channel.Sender).
type Sender = channel.Sender

// Ways are the ways this installation has; nil is none.
type Ways struct {
	SMS, Voice, Mail, Push Sender
}
