package guide

import (
	"slices"
	"strings"
	"testing"
)

func TestQuestionsAreWhole(t *testing.T) {
	seen, topic, topics := map[string]bool{}, "", map[string]bool{}
	for _, q := range Questions() {
		if q.ID == "" || q.Title == "" || len(q.Answer) == 0 || seen[q.ID] || strings.HasSuffix(q.Title, "?") {
			t.Errorf("%+v", q)
		}
		if q.Topic != topic && topics[q.Topic] {
			t.Errorf("%s: topic %s stands apart", q.ID, q.Topic)
		}
		seen[q.ID], topic, topics[q.Topic] = true, q.Topic, true
	}
	if len(seen) < 30 {
		t.Errorf("%d questions, 30 are promised", len(seen))
	}
	for _, m := range Marks() {
		if m.Title == "" || m.Text == "" || m.Anchor == "" {
			t.Errorf("%+v", m)
		}
	}
}

// TestPeopleFindAnswers asks as people write: other endings, mistakes, other words.
func TestPeopleFindAnswers(t *testing.T) {
	for asked, want := range map[string]string{
		"не пришёл счёт": "no-bill", "не пришла квитанция": "no-bill", "забыла передать воду": "until", "почему так дорого": "grew", "сумма увеличилась": "grew",
		"комисия": "fee", "заплатила два раза": "twice", "вернуть деньги": "twice", "поверка счетчика": "verification", "отключили воду": "outage",
		"пени": "debt", "мелкий шрифт": "large", "тарифы на воду": "tariffs", "управляющая компания": "who-serves", "автоплатеж отключить": "autopay",
		"мошенники звонят": "fraud", "где взять чек": "receipt", "деньги списались а долг остался": "waiting", "рассрочка": "instalments", "личный кабинет": "enter",
		"лицевой счет где номер": "code", "персональные данные": "my-data", "сайт не работает": "broken", "за маму заплатить": "several", "аванс": "ahead",
	} {
		list := Search(asked)
		if !slices.ContainsFunc(list[:min(3, len(list))], func(q Question) bool { return q.ID == want }) {
			var got []string
			for _, q := range list {
				got = append(got, q.ID)
			}
			t.Errorf("%q: %v, want %s among the first three", asked, got, want)
		}
	}
	for _, nothing := range []string{"", "как где что", "купить слона", "квантовая хромодинамика", "!!!"} {
		if list := Search(nothing); len(list) > 0 {
			t.Errorf("%q finds %s", nothing, list[0].ID)
		}
	}
}

func TestEndingsDoNotMatter(t *testing.T) {
	for _, words := range [][]string{{"показания", "показаний", "показание", "показаниям"}, {"счётчик", "счетчика", "счётчиками"}, {"тариф", "тарифы", "тарифов"}, {"квартира", "квартиру", "квартиры"}} {
		for _, w := range words[1:] {
			if a, b := stems(words[0])[0], stems(w)[0]; a != b && !near(a, b) {
				t.Errorf("%s is %s, %s is %s", words[0], a, w, b)
			}
		}
	}
}
