// Package simulator is devices for trials: it publishes figures over the network as devices do, through each door, and
// loses, doubles and shuffles messages on the way.
//
// Owns nothing. What it sends follows from its seed alone.
package simulator

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"kvit/internal/decimal"
	"kvit/internal/fault"
)

// Doors.
const (
	MQTT       = "mqtt"
	HTTP       = "http"
	Waterius   = "waterius"
	ChirpStack = "chirpstack"
)

// Options say what to send and where to.
type Options struct {
	Devices     []byte // the answer of kvit devices load
	Door        string
	Address     string
	Gateway     string // its secret
	Count, Days int
	Start, Step string
	Lose        float64
	Duplicate   float64
	Shuffle     bool
	Clients     int
	Seed        uint64
	Wait        time.Duration // for an acknowledgement
	Now         time.Time
}

// Result is what came of it.
type Result struct {
	Devices      int     `json:"devices"`
	Sent         int     `json:"sent"`
	Doubled      int     `json:"doubled"`
	Lost         int     `json:"lost"`
	Acknowledged int     `json:"acknowledged"`
	Failed       int     `json:"failed"`
	Seconds      float64 `json:"seconds"`
}

// sender is a device: one of the rows that have told where it publishes.
type sender struct {
	ID       string `json:"id"`
	Secret   string `json:"secret"`
	Topic    string `json:"topic"`
	Channel  string `json:"channel"`
	channels []string
}

// message is what a device tells of one day.
type message struct {
	from  *sender
	at    time.Time
	value decimal.Decimal
}

// door sends what a device says and comes back when it was acknowledged.
type door interface {
	send(ctx context.Context, m *message) error
	close()
}

// Run sends.
func Run(ctx context.Context, o Options) (*Result, error) {
	senders, err := o.senders()
	if err != nil {
		return nil, err
	}
	list, res, err := o.messages(senders)
	if err != nil {
		return nil, err
	}
	start := time.Now()
	acknowledged, failed := o.sendAll(ctx, list)
	res.Acknowledged, res.Failed, res.Seconds = int(acknowledged), int(failed), time.Since(start).Seconds()
	return res, nil
}

// senders reads the devices; those of several lines have several channels.
func (o *Options) senders() ([]*sender, error) {
	var loaded struct{ Rows []sender }
	if err := json.Unmarshal(o.Devices, &loaded); err != nil || len(loaded.Rows) == 0 {
		return nil, fault.New(fault.Invalid, "simulator.devices", "Файл приборов не разобран. Нужен ответ kvit --json devices load.").Because(err)
	}
	var list []*sender
	byID := map[string]*sender{}
	for i := range loaded.Rows {
		row := &loaded.Rows[i]
		s := byID[row.ID]
		if s == nil {
			s = row
			byID[row.ID], list = s, append(list, s)
		}
		if row.Channel == "" {
			row.Channel = "value"
		}
		s.channels = append(s.channels, row.Channel)
	}
	if o.Count > 0 && o.Count < len(list) {
		list = list[:o.Count]
	}
	return list, nil
}

// messages are one a device and day, the oldest first unless they are shuffled.
func (o *Options) messages(senders []*sender) (list []message, res *Result, err error) {
	start, err := decimal.Parse(o.Start)
	var step decimal.Decimal
	if err == nil {
		step, err = decimal.Parse(o.Step)
	}
	if err != nil {
		return nil, nil, fault.New(fault.Invalid, "simulator.figure", "Показание и расход – числа.").Because(err)
	}
	random := rand.New(rand.NewPCG(o.Seed, 0))
	res = &Result{Devices: len(senders)}
	for day := range o.Days {
		for _, s := range senders {
			m := message{s, o.Now.AddDate(0, 0, day+1-o.Days).Add(-time.Minute), start + step*decimal.Decimal(day)}
			if random.Float64() < o.Lose {
				res.Lost++
				continue
			}
			list = append(list, m)
			if random.Float64() < o.Duplicate {
				res.Doubled++
				list = append(list, m)
			}
		}
	}
	if o.Shuffle {
		random.Shuffle(len(list), func(a, b int) { list[a], list[b] = list[b], list[a] })
	}
	res.Sent = len(list)
	return list, res, nil
}

// sendAll sends by some clients at once; what a device says is sent by one of them, in order.
func (o *Options) sendAll(ctx context.Context, list []message) (acknowledged, failed int64) {
	clients := max(1, o.Clients)
	work := make([][]*message, clients)
	place := map[*sender]int{}
	for i := range list {
		m := &list[i]
		at, ok := place[m.from]
		if !ok {
			at = len(place) % clients
			place[m.from] = at
		}
		work[at] = append(work[at], m)
	}
	var wg sync.WaitGroup
	for _, own := range work {
		wg.Go(func() {
			for _, m := range own {
				if err := o.sendOne(ctx, m); err != nil {
					atomic.AddInt64(&failed, 1)
				} else {
					atomic.AddInt64(&acknowledged, 1)
				}
			}
		})
	}
	wg.Wait()
	return acknowledged, failed
}

// sendOne wakes a device, lets it say its message and sleep again.
func (o *Options) sendOne(ctx context.Context, m *message) error {
	ctx, cancel := context.WithTimeout(ctx, o.Wait)
	defer cancel()
	d, err := o.open(ctx, m.from)
	if err != nil {
		return err
	}
	defer d.close()
	return d.send(ctx, m)
}

func (o *Options) open(ctx context.Context, s *sender) (door, error) {
	if o.Door == MQTT {
		return dial(ctx, o.Address, s)
	}
	return &web{base: strings.TrimSuffix(o.Address, "/"), kind: o.Door, gateway: o.Gateway}, nil
}
