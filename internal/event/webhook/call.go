package webhook

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"kvit/internal/fault"
)

// send calls with each account's messages one after another, some accounts at once, and gives those that were tried.
// A message that fails holds back the rest of its account.
func (m *Module) send(ctx context.Context, e *Endpoint, batch []delivery, end time.Time) []delivery {
	chains := map[int64][]*delivery{}
	var order []int64
	for i := range batch {
		a := batch[i].account
		if chains[a] == nil {
			order = append(order, a)
		}
		chains[a] = append(chains[a], &batch[i])
	}
	var wg sync.WaitGroup
	next := make(chan []*delivery)
	for range min(callsMax, len(order)) {
		wg.Go(func() {
			for chain := range next {
				for _, d := range chain {
					if time.Now().After(end) || ctx.Err() != nil {
						break
					}
					if m.call(ctx, e, d); !d.delivered() {
						break
					}
				}
			}
		})
	}
	for _, a := range order {
		next <- chains[a]
	}
	close(next)
	wg.Wait()
	return slices.DeleteFunc(batch, func(d delivery) bool { return !d.tried })
}

// call makes one attempt. An answer is kept cut short; an answer that is too long is not read further.
func (m *Module) call(ctx context.Context, e *Endpoint, d *delivery) {
	d.status, d.answer = 0, ""
	body, err := json.Marshal(&d.message)
	if err != nil {
		d.tried, d.answer = true, err.Error()
		return
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, e.URL, bytes.NewReader(body))
	if err != nil {
		d.tried, d.answer = true, err.Error()
		return
	}
	timestamp := strconv.FormatInt(m.Now().Time().Unix(), 10)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "Kvit-Webhooks/1.0")
	r.Header.Set("webhook-id", d.message.ID)
	r.Header.Set("webhook-timestamp", timestamp)
	r.Header.Set("webhook-signature", sign(e.Signing, e.secrets, d.message.ID, timestamp, body))
	res, err := m.client.Do(r)
	if ctx.Err() != nil {
		return // the server stops: no attempt of the receiver's
	}
	d.tried = true
	if err != nil {
		d.answer = why(err)
		return
	}
	defer res.Body.Close()
	d.status = res.StatusCode
	answer, err := io.ReadAll(io.LimitReader(res.Body, answerMax+1))
	switch {
	case err != nil:
		d.status, d.answer = 0, why(err)
	case len(answer) > answerMax:
		d.status, d.answer = 0, fmt.Sprintf("Ответ длиннее %d КБ.", answerMax>>10)
	default:
		d.answer = strings.ToValidUTF8(strings.ReplaceAll(string(answer[:min(len(answer), shownMax)]), "\x00", ""), "")
	}
}

// why is what the owner is told of a call that had no answer: nothing of our network.
func why(err error) string {
	var f *fault.Error
	var slow net.Error
	switch {
	case errors.As(err, &f):
		return f.Message
	case errors.As(err, &slow) && slow.Timeout():
		return fmt.Sprintf("Нет ответа за %d секунд.", int(callTime/time.Second))
	}
	return "Соединение не удалось: имя не найдено, порт закрыт или сертификат не подошёл."
}
