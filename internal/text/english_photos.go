package text

// photoFaults are the sentences of photos of meters.
var photoFaults = map[string]string{
	"Такого фото нет. Фото хранятся 12 месяцев.":                                         "There is no such photo. Photos are kept for 12 months.",
	"Под номером %s показаний этого счётчика нет. Сверьте номер.":                        "There are no readings of this meter under number %s. Check the number.",
	"К показанию уже приложено фото: %d. Больше не нужно.":                               "The reading already has %d {1|photo|photos}. No more are needed.",
	"Показаний под номером %s по этому счёту нет. Сверьте номер.":                        "This account has no readings under number %s. Check the number.",
	"Файл пустой. Выберите фото ещё раз.":                                                "The file is empty. Choose the photo again.",
	"Фото больше %d МБ. Выберите снимок поменьше.":                                       "The photo is over %d MB. Choose a smaller one.",
	"Это не фото JPEG, PNG или WebP. Снимите счётчик ещё раз или выберите другой файл.":  "This is not a JPEG, PNG or WebP photo. Take the photo again or choose another file.",
	"На фото слишком много точек. Снимите в обычном режиме камеры: до 20 мегапикселей.":  "The photo has too many pixels. Use the camera's usual mode: up to 20 megapixels.",
	"Фото повреждено: не открывается. Снимите счётчик ещё раз или выберите другой файл.": "The photo is damaged and does not open. Take the photo again or choose another file.",
}
