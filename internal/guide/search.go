package guide

import (
	"slices"
	"strings"
	"sync"
	"unicode"
)

// Weights of a word by where it was found.
const (
	inTitle  = 5
	inWords  = 4
	inAnswer = 1
)

// Search gives the questions that fit words as people write them, the best first: any ending of a word will do, letters
// may be mistaken in long ones. None fits: nothing is given.
func Search(text string) (found []Question) {
	asked := stems(text)
	type hit struct{ question, score int }
	var hits []hit
	for i, x := range index() {
		score, met := 0, 0
		for _, word := range asked {
			if s := x.weight(word); s > 0 {
				score, met = score+s+2*s/max(1, askedBy()[word]), met+1
			}
		}
		if met > 0 && score >= inWords { // a word met in passing is no answer
			hits = append(hits, hit{i, score + 2*met*met})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return b.score - a.score })
	for i, h := range hits {
		if i >= searchMax || 2*h.score < hits[0].score {
			break
		}
		found = append(found, questions()[h.question])
	}
	return found
}

// searchMax is how many answers are shown.
const searchMax = 6

// indexed are the stems of a question with their weights.
type indexed map[string]int

var index = sync.OnceValue(func() (list []indexed) {
	for i := range questions() {
		q, x := &questions()[i], indexed{}
		x.add(strings.Join(q.Answer, " "), inAnswer)
		x.add(q.Words, inWords)
		x.add(q.Title, inTitle)
		list = append(list, x)
	}
	return list
})

// askedBy is how many questions are asked by a stem: the fewer, the more it tells.
var askedBy = sync.OnceValue(func() map[string]int {
	n := map[string]int{}
	for _, x := range index() {
		for s, w := range x {
			if w > inAnswer {
				n[s]++
			}
		}
	}
	return n
})

func (x indexed) add(text string, weight int) {
	for _, s := range stems(text) {
		x[s] = max(x[s], weight)
	}
}

// weight is what a stem of a question asked is worth; one with a mistake is worth a little less.
func (x indexed) weight(stem string) int {
	if w := x[stem]; w > 0 {
		return w
	}
	best := 0
	for s, w := range x {
		if w > best && w > inAnswer && near(stem, s) {
			best = w
		}
	}
	return best - best/inWords
}

// stems are the words of a text without endings; words that say nothing are left out.
func stems(text string) (list []string) {
	text = strings.ReplaceAll(strings.ToLower(text), "ё", "е")
	for _, w := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }) {
		if s := stem(w); s != "" && !slices.Contains(list, s) {
			list = append(list, s)
		}
	}
	return list
}

// idle are words of questions that tell nothing of what is asked.
var idle = strings.Fields("а и в во на за по с со к ко о об от до из у не ни но же ли бы как что где когда почему зачем какой какая какие кто мне мой моя мои моего мое я мы вы вас вам наш это этот эта есть быть если или то так для при нет да его ее их можно нужно надо хочу делать сделать узнать еще уже все всё только раз")

// endings of words, the longest first: of adjectives, participles, verbs and nouns. A small cousin of Porter's stemmer.
var endings = strings.Fields("ившись ывшись ировать иваться ываться ениями ениях овать евать ается уется аются уются ились алась алось ается ением ению ения ение ость ости остью ться ется ются ится ятся аемый ывать ивать " +
	"ими ыми его ого ему ому ала ила ыла ена ейте уйте ите или ыли ала али ать ить еть уть ыть ует уют ает яет ают яют ишь ешь ете ами ями иям ием иях ией ого ему нный нная нное нные ный ная ное ные ной ную ного ному " +
	"ая яя ое ее ые ие ый ий ой ей ем им ым ом их ых ую юю ою ею ам ям ах ях ов ев ию ью ия ья ет ит ят ют ут ат ла ло ли ть ся а е и й о у ы ь ю я л т")

// stemMin is the least that is left of a word, in letters.
const stemMin = 3

// stem cuts a word's endings off: «показаний», «показания» and «показание» are one.
func stem(word string) string {
	if slices.Contains(idle, word) {
		return ""
	}
	r := []rune(word)
	for range 2 { // «передавать»: вать, then а
		r = cut(r)
	}
	return string(r)
}

func cut(word []rune) []rune {
	for _, e := range endings {
		n := len([]rune(e))
		if len(word)-n >= stemMin && string(word[len(word)-n:]) == e {
			return word[:len(word)-n]
		}
	}
	return word
}

// nearMin is how long a stem must be for one letter to be mistaken.
const nearMin = 5

// near tells that two stems differ by one letter, or that one begins the other and is most of it.
func near(a, b string) bool {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	if len(x) < nearMin {
		return len(x) == nearMin-1 && len(y)-len(x) <= 1 && slices.Equal(x, y[:len(x)])
	}
	if len(y)-len(x) <= 2 && slices.Equal(x, y[:len(x)]) {
		return true
	}
	return len(y)-len(x) <= 1 && oneMistake(x, y)
}

// oneMistake tells that the longer word, or one as long, differs by a single letter.
func oneMistake(x, y []rune) bool {
	i := 0
	for i < len(x) && x[i] == y[i] {
		i++
	}
	if len(x) == len(y) {
		return i < len(x) && (slices.Equal(x[i+1:], y[i+1:]) || i+1 < len(x) && x[i] == y[i+1] && x[i+1] == y[i] && slices.Equal(x[i+2:], y[i+2:]))
	}
	return slices.Equal(x[i:], y[i+1:])
}
