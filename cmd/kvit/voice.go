package main

import (
	"net/http"

	"kvit/internal/app"
	"kvit/internal/bot/voice"
	voicesim "kvit/internal/bot/voice/simulator"
)

// voiceFlags say which telephone exchange may ask us what to say to callers.
type voiceFlags struct {
	VoiceSecret string `name:"voice-secret" help:"Пароль телефонной станции, которая спрашивает, что говорить звонящим; лучше через переменную. Без него звонков нет." env:"KVIT_VOICE_SECRET" placeholder:"ТЕКСТ"`
	VoiceEngine string `name:"voice-engine" help:"Модуль речи телефонной станции." env:"KVIT_VOICE_ENGINE" default:"tts_commandline" placeholder:"ИМЯ"`
	VoiceName   string `name:"voice-name" help:"Голос этого модуля." env:"KVIT_VOICE_NAME" placeholder:"ИМЯ"`
}

func (c *voiceFlags) exchange(b *app.Bots) {
	b.VoiceSecret, b.Speech = c.VoiceSecret, voice.Speech{Engine: c.VoiceEngine, Voice: c.VoiceName}
}

type simulateVoiceCmd struct {
	Listen string `help:"Где слушать." default:"127.0.0.1:8096"`
	Target string `help:"Кого спрашивать." default:"http://127.0.0.1:8080/hooks/voice" placeholder:"АДРЕС"`
	Secret string `help:"Пароль станции." default:"simulator" env:"KVIT_VOICE_SECRET" placeholder:"ТЕКСТ"`
	Twice  bool   `help:"Спрашивать о каждом шаге дважды."`
}

func (c simulateVoiceCmd) Run(r *run) error {
	x := voicesim.New(c.Target, c.Secret)
	x.Twice = c.Twice
	return serveSimulator(r, c.Listen, func(string) http.Handler { return x.Handler() })
}

// demoExchange is a telephone exchange of the demo: its page, once the demo listens, calls it.
func demoExchange(s *app.Settings) (x *voicesim.Exchange, address string, err error) {
	const secret = "simulator"
	s.Bots.VoiceSecret = secret
	l, err := listen("127.0.0.1:0")
	if err != nil {
		return nil, "", err
	}
	x = voicesim.New("", secret)
	go http.Serve(l, x.Handler()) //nolint:errcheck,gosec // it ends with the demo
	return x, "http://" + l.Addr().String(), nil
}

func init() {
	examples["simulate voice"] = []example{{"kvit simulate voice --secret simulator", "Телефонная станция: со страницы http://127.0.0.1:8096 звонят в расчётный центр, слышат текст и нажимают клавиши."}}
}
