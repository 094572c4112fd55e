package whole

import (
	"bytes"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestTasksKeepTheirBudgets walks the tasks of ux.md section 4 that this release has, over HTTP and without scripts.
func TestTasksKeepTheirBudgets(t *testing.T) {
	dir := t.TempDir()
	base := startDemoAt(t, dir)
	link, number, code := quickLink(t, base)

	t.Run("the code from the paper opens the bill", func(t *testing.T) {
		v := newVisitor(t, base)
		v.open("/")
		v.enter("number", number)
		v.press("Продолжить")
		v.enter("code", strings.ToLower(code)) // typed as it comes: small letters, a space inside
		v.press("Продолжить")
		v.sees("К оплате")
		v.within("P1 → P2", 2, 2, 1)
	})
	t.Run("the code first, the number small and spaced", func(t *testing.T) {
		v := newVisitor(t, base)
		v.open("/")
		v.enter("number", strings.ToLower(code))
		v.press("Продолжить")
		v.enter("number", " "+number[:3]+" "+number[3:])
		v.press("Продолжить")
		v.sees("К оплате")
		v.open("/")
		v.enter("number", number)
		v.press("Продолжить")
		v.sees("Код с квитанции")
	})
	t.Run("T5 pay part: a sum", func(t *testing.T) {
		v := newVisitor(t, base).through("Житель")
		v.follow("Оплатить")
		v.sees("ИНН")
		v.follow("Другая сумма")
		v.enter("sum", " 1 000,50 ₽")
		v.press("Показать")
		v.sees("Останется")
		v.press("Оплатить")
		v.leave("Открыть приложение банка") // СБП is chosen unless the payer says otherwise
		v.press("Оплатить")
		v.sees("оплачено")
		v.within("T5", 3, 1, 3)
	})
	t.Run("T5 pay part: chosen services", func(t *testing.T) {
		v := newVisitor(t, base).through("Житель")
		v.follow("Оплатить")
		v.follow("Выбранное")
		for _, in := range elements(v.page, "input") {
			if attribute(in, "name") == "pick" {
				v.tick("pick", attribute(in, "value"))
				break
			}
		}
		v.press("Показать")
		v.byCard()
		v.press("Оплатить")
		v.press("Оплатить")
		v.sees("оплачено")
		v.within("T5 chosen", 3, 1, 2)
	})
	t.Run("T2 pay from the QR without registering", func(t *testing.T) {
		v := newVisitor(t, base)
		v.open(link)
		v.sees("К оплате")
		v.sees("ИНН")
		v.sees("Без комиссии")
		v.byCard()
		v.press("Оплатить")
		v.press("Отказать")
		v.sees("отклонено")
		v.follow("Попробовать ещё раз")
		if v.at.Path != link {
			t.Errorf("another try leads to %s, not to the bill", v.at.Path)
		}
		v = newVisitor(t, base)
		v.open(link)
		v.byCard()
		v.press("Оплатить")
		v.press("Уйти")
		v.sees("Банк ещё не ответил")
		v.within("T2", 2, 0, 0)
		v.open(link)
		v.sees("Второй раз платить не нужно")
		for _, b := range elements(v.page, "button") {
			if strings.Contains(textOf(b), "Оплатить") {
				t.Error("a bill that is being paid can be paid once more by one press")
			}
		}
	})
	t.Run("T4 pay everything", func(t *testing.T) {
		v := newVisitor(t, base).through("Житель")
		v.sees("Ждём банк") // the payment left at the bank above
		v.open("/bill/pay")
		v.follow("Оплатить ещё раз всё равно")
		v.byCard()
		v.press("Оплатить")
		v.press("Оплатить")
		v.sees("оплачено")
		v.within("T4", 3, 0, 1)
		v.follow("На главную")
		v.sees("Всё оплачено")
	})
	t.Run("T6 pay ahead", func(t *testing.T) {
		v := newVisitor(t, base).through("Житель")
		v.open("/bill/pay?mode=ahead&again=yes")
		v.enter("sum", "20000")
		v.press("Показать")
		v.sees("аванс")
		v.sees("Хватит примерно до")
		v.byCard()
		v.press("Оплатить")
		v.press("Оплатить")
		v.sees("Сверх долга")
		v.within("T6", 3, 1, 1)
		v.follow("На главную")
		v.sees("Переплата")
	})
	t.Run("T9 why the sum grew", func(t *testing.T) {
		v := newVisitor(t, base).through("Житель")
		v.sees("чем в октябре 2025 года") // in the heating season the same month of the year before
		v.follow("Почему?")
		v.sees("Главные причины")
		v.sees("Показать числа")
		v.within("T9", 2, 0, 0)
		v.follow("Прошлый месяц")
		v.sees("Больше, чем в сентябре")
		v.sees("начался отопительный сезон")
		v.within("T9 against the month before", 2, 0, 1)
		v.follow("Отопление")
		v.sees("Как посчитано")
		v.sees("Файл")
		v.open("/bill")
		v.follow("Как посчитано")
		v.sees("Сходится с суммой поставщика")
	})
	t.Run("T1 and T1q an account by its paper", func(t *testing.T) {
		v := newVisitor(t, base)
		v.open("/accounts/add")
		v.enter("number", number)
		v.enter("code", strings.ToLower(code))
		v.press("Продолжить")
		v.sees("Нашли")
		v.enter("contact", "8 (900) 000-77-01")
		v.press("Получить код и добавить")
		v.enter("code", codeOf(t, base, "77-01"))
		v.press("Войти")
		v.sees("Что сделаем сначала")
		v.sees("Ждём подтверждения") // the demo's resident lives there
		v.within("T1", 4, 4, 1)
		v = newVisitor(t, base)
		v.open(link)
		v.enter("contact", "+7 900 000 77 02")
		v.press("Сохранить в мои счета")
		v.enter("code", codeOf(t, base, "77-02"))
		v.press("Войти")
		v.sees("Счёт добавлен")
		v.within("T1q", 3, 2, 0)
	})
	t.Run("T3 readings", func(t *testing.T) { readWithin(t, base) })
	t.Run("T7 autopay", func(t *testing.T) { autopayWithin(t, base) })
	t.Run("T8 documents", func(t *testing.T) { documentsWithin(t, base) })
	t.Run("T10 a dispute", func(t *testing.T) { disputeWithin(t, base) })
	t.Run("T13 access of a relative", func(t *testing.T) {
		v := newVisitor(t, base).through("Житель")
		v.open("/accounts")
		v.begin()
		v.follow("Дать доступ близкому")
		v.enter("phone", "8 (905) 111-22-33")
		v.press("Дать доступ")
		v.sees("Приглашение отправлено")
		v.within("T13 give", 3, 1, 0)
		v.open("/accounts")
		v.begin()
		v.press("Закрыть доступ")
		v.sees("Доступ закрыт")
		v.within("T13 take back", 2, 0, 0)
	})
	t.Run("T14 a supplier's file", func(t *testing.T) {
		v := newVisitor(t, base).through("Поставщик")
		v.open("/s/intakes")
		v.begin()
		v.attach("file", upload(t, dir))
		v.press("Отправить на проверку")
		v.sees("Примеры")
		v.press("Проверить без загрузки")
		v.sees("Проверка закончена")
		v.sees("Вопросы по видам")
		v.press("Загрузить")
		v.sees("загружен")
		v.within("T14", 4, 0, 0)
	})
	t.Run("T15 who calls and what happened", func(t *testing.T) {
		v := newVisitor(t, base).through("Расчётный центр")
		v.open("/c/find")
		v.screens, v.loads = nil, 0
		v.enter("q", number)
		v.press("Найти")
		v.follow(number)
		v.sees("Что происходило")
		v.sees("Платёж")
		v.sees("Начислено")
		v.within("T15", 2, 1, 0)
		v.follow("Начислено")
		v.sees("Как найден объём")
		v.open(path.Dir(v.at.Path) + "/1") // a line whose supplier sent it, with the way to his file
		v.sees("Протокол загрузки")
	})
	t.Run("T16 the books of a day", func(t *testing.T) { dayWithin(t, base) })
	t.Run("T18 at the desk", func(t *testing.T) { deskWithin(t, base, dir) })
}

// quickLink gives the address the QR of the demo's resident leads to, with a number and the code of his paper.
func quickLink(t *testing.T, base string) (link, number, code string) {
	t.Helper()
	v := newVisitor(t, base).through("Житель")
	v.open("/bill")
	m := regexp.MustCompile(`Лицевой счёт (\d+)`).FindStringSubmatch(textOf(v.page))
	if m == nil {
		t.Fatal("no account number on the bill")
	}
	answer, err := v.client.Get(base + "/bill.pdf")
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	pdf, err := io.ReadAll(answer.Body)
	if err != nil {
		t.Fatal(err)
	}
	read := exec.Command("pdftotext", "-", "-")
	read.Stdin = bytes.NewReader(pdf)
	paper, err := read.Output()
	if err != nil {
		t.Fatalf("pdftotext: %v", err)
	}
	c := regexp.MustCompile(`на сайт\s+(\S{4} \S{4})`).FindSubmatch(paper)
	if c == nil {
		t.Fatalf("no code on the paper:\n%.600s", paper)
	}
	stranger := newVisitor(t, base)
	stranger.open("/")
	stranger.enter("number", m[1])
	stranger.press("Продолжить")
	stranger.enter("code", string(c[1]))
	stranger.press("Продолжить")
	return stranger.at.Path, m[1], string(c[1])
}

// upload is a new file of the demo's supplier: the beginning of the one he has sent.
func upload(t *testing.T, dir string) string {
	t.Helper()
	whole, err := os.ReadFile(filepath.Join(dir, "city", "energy_202610.jsonl"))
	if err != nil {
		t.Fatal(err)
	}
	rows := bytes.SplitAfterN(whole, []byte("\n"), 102)
	path := filepath.Join(t.TempDir(), "Энергия, исправленный.jsonl")
	if err := os.WriteFile(path, bytes.Join(rows[:len(rows)-1], nil), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestPressingTwicePaysOnce sends the same payment form twice: the second press shows the first result.
func TestPressingTwicePaysOnce(t *testing.T) {
	base := startDemo(t)
	v := newVisitor(t, base).through("Житель")
	v.open("/bill/pay?mode=sum&sum=100")
	form, at := v.page, v.at
	v.byCard()
	v.press("Оплатить")
	v.press("Оплатить")
	first := v.at.Path
	v.page, v.at = form, at
	v.byCard()
	v.press("Оплатить")
	if v.at.Path != first {
		t.Errorf("the second press led to %s, the first to %s", v.at.Path, first)
	}
	if r, err := v.client.Get(base + "/payments"); err != nil || r.StatusCode != http.StatusOK {
		t.Fatalf("payments: %v", err)
	} else {
		r.Body.Close()
	}
}
