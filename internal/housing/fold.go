package housing

import "strings"

// lookAlikes leads Latin letters to the Cyrillic ones they are typed instead of.
var lookAlikes = map[rune]rune{'a': 'а', 'b': 'в', 'c': 'с', 'e': 'е', 'h': 'н', 'k': 'к', 'm': 'м', 'o': 'о', 'p': 'р', 't': 'т', 'x': 'х', 'y': 'у'}

// Fold lowers text for comparison: ё as е, Latin look-alikes as Cyrillic, everything that is not a letter, digit or
// one of «/-.,()» a space.
func Fold(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	for _, r := range strings.ToLower(s) {
		if c, ok := lookAlikes[r]; ok {
			r = c
		}
		switch {
		case r == 'ё':
			r = 'е'
		case r >= 'а' && r <= 'я', r >= 'a' && r <= 'z', r >= '0' && r <= '9', r == '/', r == '-', r == '.', r == ',', r == '(', r == ')':
		case r == '–' || r == '—':
			r = '-'
		case r == ';' || r == '|':
			r = ','
		default:
			r = ' '
		}
		b.WriteRune(r)
	}
	return b.String()
}

// streetTypes leads every spelling of a kind of street to its short form.
var streetTypes = map[string]string{"ул": "ул", "улица": "ул", "пер": "пер", "переулок": "пер", "проезд": "проезд", "пр-д": "проезд", "прд": "проезд", "пр-кт": "пр-кт", "проспект": "пр-кт", "просп": "пр-кт", "пр-т": "пр-кт", "пр": "пр",
	"ш": "ш", "шоссе": "ш", "пл": "пл", "площадь": "пл", "б-р": "б-р", "бульвар": "б-р", "бул": "б-р", "наб": "наб", "набережная": "наб", "туп": "туп", "тупик": "туп", "ал": "аллея", "аллея": "аллея",
	"тракт": "тракт", "линия": "линия", "кв-л": "кв-л", "квартал": "кв-л", "съезд": "съезд", "спуск": "спуск", "просека": "просека", "дор": "дорога", "дорога": "дорога"}

// nameTypes are kinds of streets that are also names of streets: «ул. Набережная», «3-я Линия».
var nameTypes = map[string]bool{"наб": true, "аллея": true, "линия": true, "тракт": true, "пл": true, "дорога": true, "просека": true, "спуск": true, "съезд": true, "б-р": true, "проезд": true, "кв-л": true, "туп": true}

// placeTypes leads every word before or after the name of a settlement or a part of a town to its short form. Registers
// use some of them as kinds of streets: «мкр. Северный, 5».
var placeTypes = map[string]string{"г": "г", "город": "г", "гор": "г", "пос": "п", "поселок": "п", "п": "п", "пгт": "пгт", "рп": "рп", "с": "с", "село": "с",
	"дер": "дер", "деревня": "дер", "д": "дер", "мкр": "мкр", "мкрн": "мкр", "мкр-н": "мкр", "микрорайон": "мкр", "м-н": "мкр", "снт": "снт", "днт": "днт",
	"тер": "тер", "территория": "тер", "нп": "нп", "ст": "ст", "станица": "ст", "х": "х", "хутор": "х", "аул": "аул", "жк": "жк"}

var regionTypes = map[string]bool{"обл": true, "область": true, "край": true, "респ": true, "республика": true, "р-н": true, "район": true, "ао": true, "округ": true,
	"го": true, "мо": true, "поселение": true, "сп": true, "россия": true, "рф": true}

// kindOf is the short form of a kind of street or place, as a column of its own or the register writes it: «ул.».
func kindOf(s string) string {
	k := strings.Join(Words(foldBare(s)), "")
	if t, ok := streetTypes[k]; ok {
		return t
	}
	if t, ok := placeTypes[k]; ok {
		return t
	}
	return k
}

// MixedScript tells whether a word of the text mixes Latin and Cyrillic letters: somebody typed a look-alike.
func MixedScript(s string) bool {
	latin, cyrillic := false, false
	for _, r := range s {
		switch {
		case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z':
			latin = true
		case r >= 'А' && r <= 'я', r == 'ё', r == 'Ё':
			cyrillic = true
		default:
			latin, cyrillic = false, false
		}
		if latin && cyrillic {
			return true
		}
	}
	return false
}
