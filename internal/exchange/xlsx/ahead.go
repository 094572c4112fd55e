package xlsx

import "io"

// readAhead unpacks in a goroutine of its own, two blocks ahead of the reader.
func readAhead(src io.ReadCloser) *ahead {
	a := &ahead{src: src, full: make(chan block, 2), free: make(chan []byte, 3), quit: make(chan struct{}), done: make(chan struct{})}
	for range 3 {
		a.free <- make([]byte, 128<<10)
	}
	go a.run()
	return a
}

type block struct {
	data []byte
	err  error
}

type ahead struct {
	src        io.ReadCloser
	full       chan block
	free       chan []byte
	quit, done chan struct{}
	now        block
	at         int
}

func (a *ahead) run() {
	defer close(a.done)
	for {
		var buf []byte
		select {
		case buf = <-a.free:
		case <-a.quit:
			return
		}
		n, err := io.ReadFull(a.src, buf[:cap(buf)])
		if err == io.ErrUnexpectedEOF {
			err = io.EOF
		}
		select {
		case a.full <- block{buf[:n], err}:
		case <-a.quit:
			return
		}
		if err != nil {
			return
		}
	}
}

func (a *ahead) Read(p []byte) (int, error) {
	for a.at == len(a.now.data) {
		if a.now.err != nil {
			return 0, a.now.err
		}
		if a.now.data != nil {
			a.free <- a.now.data
		}
		a.now, a.at = <-a.full, 0
	}
	n := copy(p, a.now.data[a.at:])
	a.at += n
	return n, nil
}

// Close stops the goroutine and waits for it.
func (a *ahead) Close() error {
	close(a.quit)
	<-a.done
	return a.src.Close()
}
