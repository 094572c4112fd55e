package gis

// RowsMax is how many rows one file has at most: the portal takes no more of any template.
const RowsMax = 10_000

// Layout is a template: its mark, and its sheets; the first is the one the others belong to.
type Layout struct {
	Type    string // of the sheet conf
	Version string // that was seen; ” is not known: a file of our own has no conf then
	Sheets  []Sheet
	Key     int // column of the first sheet that rows of the others begin with
}

// Sheet is a table of a template.
type Sheet struct {
	Name    string
	Columns []Column
}

// Names of the templates.
const (
	TableAccounts  = "accounts"
	TableMeters    = "meters"
	TableReadings  = "readings"
	TablePayments  = "payments"
	TableDocuments = "documents"
)

// Tables are the names in the order they are told in.
var Tables = []string{TableAccounts, TableMeters, TableReadings, TablePayments, TableDocuments}

// Words of the lists cells are chosen from.
var (
	AccountTypes  = []string{"ЛС УО", "ЛС РСО", "ЛС КР", "ЛС РЦ", "ЛС ОГВ/ОМС", "ЛС ТКО"}
	PremisesTypes = []string{"Жилое помещение", "Нежилое помещение", "Жилой дом", "Жилой блок"}
	MeterTypes    = []string{"Индивидуальный", "Общий (квартирный)", "Комнатный", "Коллективный (общедомовой)"}
	TariffCounts  = []string{"Однотарифный", "Двухтарифный", "Трехтарифный"}
	Resources     = []string{"Холодная вода", "Горячая вода", "Электрическая энергия", "Газ", "Тепловая энергия", "Сточные бытовые воды"}
	yesNo         = []string{"Да", "Нет"}
)

// Layouts of the templates as the portal documents them (11.x); a template the operator gives decides the places of its
// own columns.
var Layouts = map[string]Layout{
	TableAccounts: {Type: "accounts", Version: "11.11.0.5", Sheets: []Sheet{
		{"Основные сведения", []Column{
			{Title: "№ записи", Form: Number, Need: true}, {Title: "Номер лицевого счета", Words: "номер лицевого счета", Most: maxNumber}, {Title: "Идентификатор ЖКУ", Form: ServiceID},
			{Title: "Тип лицевого счета", Words: "тип лицевого счета", List: AccountTypes}, {Title: "Является нанимателем?", Words: "нанимател", List: yesNo}, {Title: "Лицевые счета на помещение разделены?", Words: "разделены", List: yesNo},
			{Title: "Фамилия"}, {Title: "Имя"}, {Title: "Отчество"}, {Title: "СНИЛС"}, {Title: "Вид документа, удостоверяющего личность", Words: "вид документа"}, {Title: "Номер документа, удостоверяющего личность", Words: "номер документа"},
			{Title: "Серия документа, удостоверяющего личность", Words: "серия документа"}, {Title: "Дата выдачи документа, удостоверяющего личность", Words: "дата выдачи", Form: Date}, {Title: "ОГРН/ОГРНИП", Words: "огрн"}, {Title: "НЗА"}, {Title: "КПП"},
			{Title: "Общая площадь", Form: Number}, {Title: "Жилая площадь", Form: Number}, {Title: "Отапливаемая площадь", Form: Number}, {Title: "Количество проживающих", Words: "проживающих", Form: Number},
			{Title: "Единый лицевой счет", Form: Unified}, {Title: "Статус обработки"},
		}},
		{"Помещения", []Column{
			{Title: "№ записи", Form: Number, Need: true}, {Title: "Адрес"}, {Title: "Код ФИАС дома", Words: "фиас", Form: GUID}, {Title: "Тип помещения", Words: "тип помещения", List: PremisesTypes}, {Title: "Номер помещения", Words: "номер помещения"},
			{Title: "Номер комнаты", Words: "номер комнаты"}, {Title: "Идентификатор помещения, присвоенный ГИС ЖКХ", Words: "идентификатор помещения"}, {Title: "Доля внесения платы, %", Words: "доля", Form: Number},
		}},
	}},
	TableMeters: {Type: "ImpMDDatav2", Version: "11.13.0.1", Sheets: []Sheet{{"Сведения о ПУ", []Column{
		{Title: "№ п/п", Most: 10}, {Title: "Номер прибора учета", Need: true, Most: maxSerial}, {Title: "Вид прибора учета", Words: "вид прибора", List: MeterTypes}, {Title: "Марка прибора учета", Words: "марка", Most: 100},
		{Title: "Модель прибора учета", Words: "модель", Most: 100}, {Title: "Адрес дома"}, {Title: "UNOM"}, {Title: "Номер помещения"}, {Title: "Номер комнаты"}, {Title: "Номер лицевого счета / ЕЛС / идентификатор ЖКУ", Words: "лицевого счета"},
		{Title: "Наличие возможности дистанционного снятия показаний", Words: "дистанционного снятия", List: yesNo}, {Title: "Наименование установленной системы дистанционного снятия", Words: "наименование установленной системы"},
		{Title: "Объем ресурса определяется с помощью нескольких приборов учета", Words: "нескольких приборов", List: yesNo}, {Title: "Место установки текущего прибора учета", Words: "место установки"}, {Title: "Номер в системе другого прибора учета", Words: "другого прибора"},
		{Title: "Коммунальный ресурс", List: Resources}, {Title: "Единица измерения"}, {Title: "Вид прибора учета по количеству тарифов", Words: "количеству тарифов", List: TariffCounts}, {Title: "Последнее полученное показание (Т1)", Words: "показание (т1)", Form: Figure},
		{Title: "Последнее полученное показание (Т2)", Words: "показание (т2)", Form: Figure}, {Title: "Последнее полученное показание (Т3)", Words: "показание (т3)", Form: Figure}, {Title: "Коэффициент трансформации", Words: "коэффициент трансформации", Form: Number},
		{Title: "Дата установки", Form: Date}, {Title: "Дата ввода в эксплуатацию", Words: "дата ввода", Form: Date}, {Title: "Дата последней поверки", Words: "последней поверки", Form: Date}, {Title: "Дата опломбирования", Words: "опломбирования", Form: Date},
		{Title: "Межповерочный интервал", Words: "межповерочный", Form: Number}, {Title: "Наличие датчиков температуры", Words: "наличие датчиков температуры", List: yesNo}, {Title: "Информация о датчиках температуры", Words: "информация о датчиках температуры"},
		{Title: "Наличие датчиков давления", Words: "наличие датчиков давления", List: yesNo}, {Title: "Информация о датчиках давления", Words: "информация о датчиках давления"}, {Title: "Объем потребления определяется прибором автоматически", Words: "автоматически", List: yesNo},
		{Title: "Номер в системе заменяемого прибора учета", Words: "заменяемого"}, {Title: "Статус обработки"},
		{Title: "Номер прибора учета в системе", Words: "в системе", Back: true}, {Title: "Идентификатор прибора учета", Words: "идентификатор п", Back: true},
	}}}},
	TableReadings: {Type: "PU", Version: "11.0.0.1", Sheets: []Sheet{{"Импорт показаний", []Column{
		{Title: "Адрес дома"}, {Title: "Номер прибора учета в системе", Words: "номер прибора учета", Need: true, Most: 100}, {Title: "Коммунальный ресурс", Need: true, List: Resources}, {Title: "Значение показания (Т1)", Words: "показания (т1)", Need: true, Form: Figure},
		{Title: "Значение показания (Т2), является обязательным для двух- и трехтарифного ПУ", Words: "показания (т2)", Form: Figure}, {Title: "Значение показания (Т3), является обязательным для трехтарифного ПУ", Words: "показания (т3)", Form: Figure},
		{Title: "Дата снятия показания", Need: true, Form: Date},
	}}}},
	TablePayments: {Type: "AQ-CONF-PAYM-DOC-IMP-EXEC-NOOFFER", Version: "11.5.0.3", Sheets: []Sheet{{"Основные сведения", []Column{
		{Title: "№ строки", Form: Number}, {Title: "Сумма средств, принятых в качестве Платежа", Words: "сумма", Need: true, Form: Sum}, {Title: "Дата внесения платы / дата поступления средств, внесённых в качестве оплаты", Words: "дата внесения", Need: true, Form: Date},
		{Title: "Период оплаты (ММ.ГГГГ)", Words: "период оплаты", Form: Month}, {Title: "Идентификатор платежного документа", Form: DocumentID}, {Title: "Идентификатор жилищно-коммунальных услуг", Form: ServiceID}, {Title: "Статус обработки"},
	}}}},
	TableDocuments: {Type: "payments", Key: 2, Sheets: []Sheet{
		{"Разделы 1-2", []Column{
			{Title: "Идентификатор ЖКУ", Form: ServiceID}, {Title: "Тип ПД"}, {Title: "Номер платежного документа", Most: maxNumber}, {Title: "Расчетный период (ММ.ГГГГ)", Words: "расчетный период", Need: true, Form: Month}, {Title: "Общая площадь для ЛС", Words: "общая площадь", Form: Number},
			{Title: "Жилая площадь", Form: Number}, {Title: "Отапливаемая площадь", Form: Number}, {Title: "Количество проживающих", Form: Number}, {Title: "Сумма к оплате за расчетный период", Form: Sum}, {Title: "Задолженность за предыдущие периоды", Words: "задолженность", Form: Sum},
			{Title: "Аванс на начало расчетного периода", Words: "аванс", Form: Sum}, {Title: "Оплачено денежных средств", Words: "оплачено", Form: Sum}, {Title: "Учтены платежи, поступившие до указанного числа", Words: "учтены платежи"}, {Title: "Дата последней поступившей оплаты", Words: "дата последней", Form: Date},
			{Title: "Субсидии, компенсации и иные меры соц. поддержки", Words: "субсидии", Form: Sum}, {Title: "Итого к оплате за расчетный период с учетом задолженности", Words: "с учетом задолженности", Form: Sum}, {Title: "БИК банка", Words: "бик"}, {Title: "Расчетный счет"},
			{Title: "Капремонт: тариф на кв. м", Words: "капремонт: тариф"}, {Title: "Капремонт: всего начислено", Words: "капремонт: всего", Form: Sum}, {Title: "Капремонт: перерасчеты", Words: "капремонт: перерасчет", Form: Sum}, {Title: "Капремонт: льготы, субсидии", Words: "капремонт: льготы", Form: Sum},
			{Title: "Капремонт: порядок расчетов", Words: "капремонт: порядок"}, {Title: "Капремонт: основание перерасчета", Words: "капремонт: основание"}, {Title: "Капремонт: сумма перерасчета", Words: "капремонт: сумма", Form: Sum}, {Title: "Капремонт: итого к оплате", Words: "капремонт: итого", Form: Sum},
			{Title: "ОГРН поставщика", Words: "огрн"}, {Title: "КПП поставщика", Words: "кпп"}, {Title: "Номер платежного реквизита", Words: "номер платежного реквизита"}, {Title: "Итого к оплате по неустойкам и судебным расходам", Words: "неустойкам", Form: Sum},
			{Title: "Итого к оплате за период всего", Words: "итого к оплате за период всего", Form: Sum}, {Title: "Итого к оплате по платежному реквизиту", Words: "по платежному реквизиту", Form: Sum}, {Title: "Дополнительная информация"}, {Title: "Предельный (максимальный) индекс", Words: "предельный"},
			{Title: "Исполнитель: ОГРН", Words: "исполнитель: огрн"}, {Title: "Исполнитель: КПП", Words: "исполнитель: кпп"}, {Title: "Идентификатор платежного документа", Form: DocumentID}, {Title: "Рассчитано ГИС ЖКХ", Words: "рассчитано"}, {Title: "Статус обработки"},
			{Title: "Номер лицевого счета", Words: "лицевого счета", Back: true},
		}},
		{"Разделы 3-6", []Column{
			{Title: "Номер платежного документа", Need: true}, {Title: "Услуга", Need: true}, {Title: "Единица измерения"}, {Title: "Способ определения объема: индивидуальное потребление", Words: "способ определения объема: индив"}, {Title: "Объем: индивидуальное потребление", Words: "объем: индив", Form: Number},
			{Title: "Способ определения объема: содержание общего имущества", Words: "способ определения объема: содерж"}, {Title: "Объем: содержание общего имущества", Words: "объем: содерж", Form: Number}, {Title: "Тариф", Form: Number},
			{Title: "Размер платы: индивидуальное потребление", Words: "размер платы: индив", Form: Sum}, {Title: "Размер платы: содержание общего имущества", Words: "размер платы: содерж", Form: Sum}, {Title: "Всего начислено за расчетный период", Words: "всего начислено", Form: Sum},
			{Title: "Размер повышающего коэффициента", Words: "размер повышающего", Form: Number}, {Title: "Размер превышения платы", Words: "превышения платы", Form: Sum}, {Title: "Перерасчеты, корректировки", Words: "перерасчеты", Form: Sum}, {Title: "Льготы, субсидии", Words: "льготы", Form: Sum},
			{Title: "Порядок расчетов"}, {Title: "Норматив: индивидуальное потребление", Words: "норматив: индив", Form: Number}, {Title: "Норматив: содержание общего имущества", Words: "норматив: содерж", Form: Number}, {Title: "Показания: индивидуальный прибор", Words: "показания: индив", Form: Number},
			{Title: "Показания: общедомовой прибор", Words: "показания: общедом", Form: Number}, {Title: "Суммарный объем: помещения дома", Words: "суммарный объем: помещ", Form: Number}, {Title: "Суммарный объем: общее имущество", Words: "суммарный объем: общ", Form: Number},
			{Title: "Основание перерасчета"}, {Title: "Сумма перерасчета", Form: Sum}, {Title: "Рассрочка: сумма с процентами за период", Words: "рассрочка: сумма с", Form: Sum}, {Title: "Рассрочка: сумма за прошлые периоды", Words: "рассрочка: сумма за", Form: Sum}, {Title: "Рассрочка: проценты, руб.", Words: "рассрочка: проценты, руб", Form: Sum},
			{Title: "Рассрочка: проценты, %", Words: "рассрочка: проценты, %", Form: Number}, {Title: "Рассрочка: сумма к оплате", Words: "рассрочка: сумма к оплате", Form: Sum}, {Title: "Итого к оплате", Words: "итого к оплате", Form: Sum}, {Title: "К оплате: индивидуальное потребление", Words: "к оплате: индив", Form: Sum},
			{Title: "К оплате: содержание общего имущества", Words: "к оплате: содерж", Form: Sum},
		}},
	}},
}
