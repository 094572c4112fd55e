package main

func init() {
	key := example{"kvit backup key --out /media/usb/kvit.key", "Новая пара ключей; секретный файл уберите с этой машины."}
	made := example{"kvit backup --backup-to /mnt/copies", "Снять копию в папку на другом диске."}
	list := example{"kvit backup list --backup-to /mnt/copies", "К каким моментам можно вернуться."}
	last := example{"kvit restore --from /mnt/copies --key /media/usb/kvit.key --data /srv/kvit-new", "Вернуть последнее, что есть в копиях."}
	status := example{"kvit restore status", "Что делать дальше."}
	for path, list := range map[string][]example{
		"backup": {key, made, list}, "backup make": {made}, "backup list": {list}, "backup key": {key},
		"backup check": {{"kvit backup check --backup-to /mnt/copies --key /media/usb/kvit.key", "Открыть все копии и сравнить отпечатки."}},
		"backup prune": {{"kvit backup prune --backup-to /mnt/copies --backup-days 35", "Оставить копии за 35 дней."}},
		"restore":      {last, status}, "restore status": {status},
		"restore make":  {last, {"kvit restore --from /mnt/copies --key /media/usb/kvit.key --data /srv/kvit-new --at 2026-11-23T18:00:00", "Вернуть данные на 18 часов 23 ноября."}},
		"restore check": {{"kvit restore check", "Пересчитать инварианты возвращённых данных."}},
		"restore ask":   {{"kvit restore ask", "Найти у эквайеров платежи потерянного времени."}},
		"restore done":  {{"kvit restore done files --choice sent --by olga", "Ждавшие файлы поставщики уже получили."}},
		"drill":         {{"kvit drill --load 1m", "Минута платежей, потеря, возврат, замер."}},
	} {
		examples[path] = list
	}
}
