package exchange

import (
	"context"
	"runtime"

	"kvit/internal/match"
)

// aheadChunk is how many records one goroutine reads ahead.
const aheadChunk = 256

// read is a judged account with its evidence, its address read.
type read struct {
	offset int64
	judged judged
	seen   match.Evidence
}

// readAhead is some records in their order, or why they could not be read.
type readAhead struct {
	list []read
	err  error
}

// eachRead takes the judged accounts of a file one after another, in their order, while other processors read the
// addresses of the next ones: reading addresses is most of the time of finding houses.
func (b *batch) eachRead(ctx context.Context, l *match.Locator, i int32, f *file, take func(*read) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	chunks := make(chan chan readAhead, 2*runtime.GOMAXPROCS(0))
	go func() {
		defer close(chunks)
		if err := b.sendChunks(ctx, l, i, f, chunks); err != nil {
			failed := make(chan readAhead, 1)
			failed <- readAhead{err: err}
			select {
			case chunks <- failed:
			case <-ctx.Done():
			}
		}
	}()
	for next := range chunks {
		c := <-next
		if c.err != nil {
			return c.err
		}
		for k := range c.list {
			if err := take(&c.list[k]); err != nil {
				return err
			}
		}
	}
	return ctx.Err()
}

// sendChunks reads the records and lets goroutines decode them; the channel bounds how far they go ahead.
func (b *batch) sendChunks(ctx context.Context, l *match.Locator, i int32, f *file, chunks chan<- chan readAhead) error {
	var records [][]byte
	var offsets []int64
	send := func() error {
		done, rs, os := make(chan readAhead, 1), records, offsets
		records, offsets = nil, nil
		select {
		case chunks <- done:
		case <-ctx.Done():
			return ctx.Err()
		}
		go func() { done <- b.readChunk(l, i, f, rs, os) }()
		return nil
	}
	err := f.judged.each(func(offset int64, record []byte) error {
		records, offsets = append(records, append([]byte(nil), record...)), append(offsets, offset)
		if len(records) == aheadChunk {
			return send()
		}
		return nil
	})
	if err != nil || len(records) == 0 {
		return err
	}
	return send()
}

func (b *batch) readChunk(l *match.Locator, i int32, f *file, records [][]byte, offsets []int64) readAhead {
	c := readAhead{list: make([]read, len(records))}
	for k, record := range records {
		x := &c.list[k]
		var err error
		if x.judged, err = decodeJudged(record); err != nil {
			return readAhead{err: err}
		}
		x.offset, x.seen = offsets[k], b.evidence(f, &x.judged)
		x.seen.Ref = ref(i, x.offset)
		l.Read(&x.seen)
	}
	return c
}
