package handover

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"time"

	"kvit/internal/db"
	"kvit/internal/fault"
	"kvit/internal/handover/seal"
	"kvit/internal/web"
)

// Path is where a centre's program takes messages of others.
const Path = "/handover/messages"

// messageMax bounds a message and an answer with messages, bytes.
const messageMax = 64 << 20

// answer is what a centre answers to a message: what it has for the one who spoke.
type answer struct {
	Messages []json.RawMessage `json:"messages"`
}

// Routes are the door of other centres: whoever signs with a pinned key is that centre.
func (m *Module) Routes() []web.Route {
	return []web.Route{{Method: http.MethodPost, Pattern: Path, Resource: "handover", Action: "send", Machine: true, Bulk: messageMax, Handler: m.serve}}
}

// serve works a message and answers with what waits for its sender. What was answered stays waiting until the other centre's next
// words show that it had come: a line that is cut costs a repetition, nothing else.
func (m *Module) serve(w http.ResponseWriter, r *http.Request) error {
	raw, err := io.ReadAll(r.Body)
	if err != nil {
		return err
	}
	t, err := m.Take(r.Context(), raw)
	if err != nil {
		return err
	}
	out := answer{Messages: []json.RawMessage{}}
	err = m.DB.Read(r.Context(), func(tx *db.Tx) error {
		list, err := waitingFor(r.Context(), tx, t.Peer)
		for i := range list {
			out.Messages = append(out.Messages, list[i].Body)
		}
		return err
	})
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/json")
	return json.NewEncoder(w).Encode(out)
}

// waitingFor are messages to a centre that it has not got yet, in their order, as many as one answer takes.
func waitingFor(ctx context.Context, tx *db.Tx, peer string) (list []stored, err error) {
	all, err := listMessages(ctx, tx, "WHERE direction = $1 AND taken_at = 0 AND handover_id IN (SELECT handover_id FROM handover WHERE peer = $2) ORDER BY handover_id, number", sent, peer)
	size := 0
	for i := range all {
		if size += len(all[i].Body); size > messageMax && i > 0 {
			break
		}
		list = append(list, all[i])
	}
	return list, err
}

// Sent is what became of sending.
type Sent struct {
	Messages int      `json:"messages"` // the other centres have them
	Waiting  int      `json:"waiting"`
	Taken    int      `json:"taken"` // came back in answers
	Files    []string `json:"files"`
	Troubles []string `json:"troubles"`
}

// Round does all that waits: sends late payments on, takes in what was let go, tells of what has come, sends messages and asks
// for answers. It may be called at any time and by several at once.
func (m *Module) Round(ctx context.Context) (*Sent, error) {
	out := &Sent{Files: []string{}, Troubles: []string{}}
	err := errors.Join(m.finishOpen(ctx), m.SendOn(ctx))
	if err != nil {
		return out, err
	}
	peers, err := m.ListPeers(ctx)
	for i := range peers {
		if peers[i].URL != "" && err == nil {
			err = m.sendTo(ctx, &peers[i], out)
		}
	}
	if err != nil {
		return out, err
	}
	return out, m.count(ctx, out)
}

func (m *Module) count(ctx context.Context, out *Sent) error {
	return m.DB.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRowContext(ctx, "SELECT count(*) FROM handover_message WHERE direction = $1 AND taken_at = 0", sent).Scan(&out.Waiting)
	})
}

// finishOpen goes on with steps a crash left in the middle.
func (m *Module) finishOpen(ctx context.Context) error {
	var list []Handover
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		list, err = listWhere(ctx, tx, "WHERE state IN ('accepted', 'confirmed', 'completed')")
		return err
	})
	for i := range list {
		h := &list[i]
		switch {
		case h.Side == In && h.State == Accepted:
			_, e := m.Complete(ctx, completer, h.ID)
			if !fault.Is(e, fault.Conflict) { // not let go yet, or files are being taken in
				err = errors.Join(err, e)
			}
		case h.Side == In && h.State == Completed:
			err = errors.Join(err, m.answerDone(ctx, h))
		case h.Side == Out && h.State == Confirmed:
			err = errors.Join(err, m.stopAutopay(ctx, h))
		}
	}
	return err
}

// stopAutopay ends the autopay of households that left: their consent was to us.
func (m *Module) stopAutopay(ctx context.Context, h *Handover) error {
	var list []int64
	err := m.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		return tx.Scan(ctx, "SELECT household_id FROM handover_household WHERE building_id = $1 AND number = $2", []any{h.BuildingID, h.Number}, func(v []int64, _ []byte) error {
			list = append(list, v[0])
			return nil
		})
	})
	for _, household := range list {
		if err == nil {
			err = m.Doors.StopAutopay(ctx, h.BuildingID, household)
		}
	}
	return err
}

// sendTo sends a centre what waits for it, in order, and takes its answers; with nothing to say it asks. What fails is noted and
// tried again by the next round.
func (m *Module) sendTo(ctx context.Context, p *Peer, out *Sent) error {
	var list []stored
	var ask []byte
	err := m.DB.Read(ctx, func(tx *db.Tx) (err error) {
		if list, err = waitingFor(ctx, tx, p.Code); err != nil || len(list) > 0 {
			return err
		}
		ask, err = m.ask(ctx, tx, p)
		return err
	})
	if err != nil {
		return err
	}
	for i := range list {
		answers, err := m.call(ctx, p, list[i].Body)
		if err != nil {
			out.trouble(p, err)
			return m.failed(ctx, &list[i], err)
		}
		out.Messages++
		if err := m.delivered(ctx, &list[i]); err != nil {
			return err
		}
		m.takeAll(ctx, p, answers, out)
	}
	if ask == nil {
		return nil
	}
	answers, err := m.call(ctx, p, ask)
	if err != nil {
		out.trouble(p, err)
		return nil
	}
	m.takeAll(ctx, p, answers, out)
	return nil
}

func (o *Sent) trouble(p *Peer, err error) {
	o.Troubles = append(o.Troubles, p.Code+": "+fault.As(err).Message)
}

// ask is a message that only asks whether there is anything for us; nil when no house went or came.
func (m *Module) ask(ctx context.Context, tx *db.Tx, p *Peer) ([]byte, error) {
	list, err := listWhere(ctx, tx, "WHERE peer = $1 AND state NOT IN ('declined', 'cancelled') ORDER BY number DESC LIMIT 1", p.Code)
	if err != nil || len(list) == 0 {
		return nil, err
	}
	msg := seal.Message{Handover: list[0].ID, Kind: kindAsk, MadeAt: m.Now().Time().UTC().Format(time.RFC3339)}
	if msg.Have, err = worked(ctx, tx, list[0].ID); err != nil {
		return nil, err
	}
	if err := m.Keys.Close(&msg, p.public, []byte("{}")); err != nil {
		return nil, err
	}
	return json.Marshal(msg)
}

// takeAll works the messages of an answer in their order, up to the first that is not for now.
func (m *Module) takeAll(ctx context.Context, p *Peer, answers []json.RawMessage, out *Sent) {
	for _, raw := range answers {
		t, err := m.Take(ctx, raw)
		if err != nil {
			out.trouble(p, err)
			return
		}
		if !t.Repeated {
			out.Taken++
		}
	}
}

func (m *Module) delivered(ctx context.Context, s *stored) error {
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE handover_message SET taken_at = $4, trouble = '' WHERE handover_id = $1 AND direction = $2 AND number = $3 AND taken_at = 0", s.Handover, sent, int64(s.Number), int64(m.Now()))
		return err
	})
}

func (m *Module) failed(ctx context.Context, s *stored, why error) error {
	return m.DB.WriteLocal(ctx, func(tx *db.Tx) error {
		_, err := tx.ExecContext(ctx, "UPDATE handover_message SET attempts = attempts + 1, trouble = $4 WHERE handover_id = $1 AND direction = $2 AND number = $3", s.Handover, sent, int64(s.Number), fault.As(why).Message)
		return err
	})
}

// call gives a message to another centre's program, and gives what that answers.
func (m *Module) call(ctx context.Context, p *Peer, body []byte) ([]json.RawMessage, error) {
	away := fault.Newf(fault.Unavailable, "handover.away", "Центр %s не отвечает по адресу %s. Повторим позже; можно передать файлом: kvit handover send --out.", p.Code, p.URL)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, p.URL+Path, bytes.NewReader(body))
	if err != nil {
		return nil, away.Because(err)
	}
	req.Header.Set("Content-Type", "application/json")
	res, err := m.Client.Do(req)
	if err != nil {
		return nil, away.Because(err)
	}
	defer res.Body.Close()
	text, err := io.ReadAll(io.LimitReader(res.Body, messageMax+1))
	if err != nil {
		return nil, away.Because(err)
	}
	if res.StatusCode != http.StatusOK {
		return nil, refusedBy(p, res.StatusCode, text)
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		return nil, away.Because(err)
	}
	return a.Messages, nil
}

// refusedBy is the other centre's refusal in its own words.
func refusedBy(p *Peer, status int, text []byte) error {
	var problem struct {
		Detail string `json:"detail"`
		Code   string `json:"code"`
	}
	_ = json.Unmarshal(text, &problem) // a proxy's page is none: then the status is all there is
	if status >= http.StatusInternalServerError || status == http.StatusTooManyRequests || problem.Detail == "" {
		return fault.Newf(fault.Unavailable, "handover.failed", "Центр %s ответил ошибкой %d. Повторим позже.", p.Code, status)
	}
	return fault.Newf(fault.Conflict, "handover.refused", "Центр %s не принял сообщение: %s", p.Code, problem.Detail)
}
