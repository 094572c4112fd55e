package jsonrec

// Each calls fn for every member of an object (with its key) or element of an array (with its index) that raw
// is the text of. Anything else has none. It stops at the first error of fn or of the grammar.
func Each(raw []byte, fn func(key []byte, index int, v Value) error) error {
	w := walker{b: raw}
	w.space()
	if w.i >= len(raw) || raw[w.i] != '{' && raw[w.i] != '[' {
		return nil
	}
	closing := raw[w.i] + 2 // '{' and '}', '[' and ']' stand two apart
	w.i++
	w.space()
	if w.i < len(raw) && raw[w.i] == closing {
		return nil
	}
	for index := 0; ; index++ {
		var key []byte
		var err error
		w.space()
		if closing == '}' {
			if key, err = w.key(); err != nil {
				return err
			}
		}
		v, err := w.whole()
		if err != nil {
			return err
		}
		if err := fn(key, index, v); err != nil {
			return err
		}
		if done, err := w.more(closing); done || err != nil {
			return err
		}
	}
}

var wholePath = &node{slot: []int{0}}

// whole reads one value with its text.
func (w *walker) whole() (Value, error) {
	var one [1]Value
	w.values = one[:]
	err := w.value(wholePath, 0)
	return w.values[0], err
}
