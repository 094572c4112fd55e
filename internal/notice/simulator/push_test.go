package simulator_test

import (
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"kvit/internal/fault"
	"kvit/internal/notice/channel"
	"kvit/internal/notice/push"
	"kvit/internal/notice/simulator"
)

func service(t *testing.T, o simulator.Options) (*simulator.Service, *push.Client) {
	t.Helper()
	var s *simulator.Service
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { s.Handler().ServeHTTP(w, r) }))
	t.Cleanup(server.Close)
	s = simulator.NewService(o, server.URL)
	path := filepath.Join(t.TempDir(), "push.key")
	keys, err := push.LoadKeys(path)
	if err != nil {
		t.Fatal(err)
	}
	if again, err := push.LoadKeys(path); err != nil || again != keys {
		t.Fatalf("the keys changed: %v", err)
	}
	return s, push.New(keys, "centre@example.ru", strings.TrimPrefix(server.URL, "http://"))
}

func TestAPushIsReadByItsBrowserOnly(t *testing.T) {
	s, c := service(t, simulator.Options{})
	to, err := c.Check(s.Subscribe())
	if err != nil {
		t.Fatal(err)
	}
	s.Subscribe() // another
	id, err := c.Send(t.Context(), to, channel.Message{Key: "k", Subject: "Счёт за ноябрь", Text: "К оплате 6 214,35 ₽ до 15 декабря"})
	if err != nil || id == "" {
		t.Fatal(id, err)
	}
	if got := s.Got(); len(got) != 1 || got[0].To != "1" || got[0].Subject != "Счёт за ноябрь" || got[0].Text != "К оплате 6 214,35 ₽ до 15 декабря" {
		t.Errorf("shown %+v", got)
	}
}

func TestFaultsOfAPushService(t *testing.T) {
	for _, c := range []struct {
		name   string
		o      simulator.Options
		leave  bool
		kind   fault.Kind
		unsure bool
	}{
		{"the browser is gone", simulator.Options{}, true, fault.Invalid, false},
		{"busy", simulator.Options{Busy: 1}, false, fault.Limited, false},
		{"down", simulator.Options{Fail: 1}, false, fault.Unavailable, false},
		{"a lost answer", simulator.Options{Lose: 1}, false, fault.Unavailable, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, client := service(t, c.o)
			to := s.Subscribe()
			if c.leave {
				s.Leave("1")
			}
			if _, err := client.Send(t.Context(), to, channel.Message{Key: "k", Subject: "s", Text: "t"}); !fault.Is(err, c.kind) || channel.IsUnsure(err) != c.unsure {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestOnlyPushServicesAreCalled(t *testing.T) {
	s, c := service(t, simulator.Options{})
	good := s.Subscribe()
	base, _, _ := strings.Cut(good[strings.Index(good, "http"):], "/push/")
	for _, evil := range []string{"http://127.0.0.1:1", "http://169.254.169.254", "https://fcm.googleapis.com.evil.example", "https://fcm.googleapis.com:22", "http://fcm.googleapis.com", "https://user@fcm.googleapis.com", "https://evilpush.apple.com", "file:///etc"} {
		if _, err := c.Check(strings.Replace(good, base, evil, 1)); !fault.Is(err, fault.Invalid) {
			t.Errorf("%s passes: %v", evil, err)
		}
	}
	for _, fine := range []string{"https://fcm.googleapis.com", "https://db5p.notify.windows.com", "https://web.push.apple.com"} {
		if _, err := c.Check(strings.Replace(good, base, fine, 1)); err != nil {
			t.Errorf("%s: %v", fine, err)
		}
	}
	for _, broken := range []string{"", "{}", strings.Replace(good, `"p256dh":"B`, `"p256dh":"C`, 1), strings.Repeat(" ", 2000) + good} {
		if _, err := c.Check(broken); !fault.Is(err, fault.Invalid) {
			t.Errorf("%.40q passes: %v", broken, err)
		}
	}
}
