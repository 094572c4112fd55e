package bot

import "strings"

// commandWords are commands as people type them, folded.
var commandWords = map[string]string{
	"счет": "bill", "счета": "bill", "к оплате": "bill", "баланс": "bill", "долг": "bill", "сколько платить": "bill", "/bill": "bill",
	"показания": "readings", "передать показания": "readings", "счетчик": "readings", "счетчики": "readings", "/readings": "readings",
	"оплатить": "pay", "оплата": "pay", "/pay": "pay", "справки": "documents", "справка": "documents", "документы": "documents", "выписка": "documents", "/documents": "documents",
	"адрес": "homes", "адреса": "homes", "другой адрес": "homes", "/homes": "homes", "сообщения": "topics", "подписка": "topics", "подписки": "topics", "/topics": "topics",
	"стоп": "stop", "отключить": "stop", "отвязать": "stop", "stop": "stop", "/stop": "stop",
	"помощь": "help", "меню": "help", "help": "help", "/help": "help", "отмена": "help",
}

// commandOf is the command a text is; empty when it is none.
func commandOf(text string) string {
	text = strings.NewReplacer("ё", "е", "?", "", "!", "").Replace(strings.ToLower(text))
	return commandWords[strings.Trim(strings.Join(strings.Fields(text), " "), " .")]
}
