package main

// example is a command to copy and what it does.
type example struct{ command, says string }

// examples of the commands, by their path; the empty path is where to begin.
var examples = map[string][]example{
	"": {
		{"kvit demo", "Посмотреть сразу: город, счета, оплата и реестры в браузере."},
		{"kvit city make --out town --households 200", "Шаг за шагом: записать файлы поставщиков придуманного города в папку town."},
		{"kvit houses load town/registry/houses.csv", "Загрузить дома этого города…"},
		{"kvit suppliers load town/suppliers.yaml", "…и реквизиты поставщиков."},
		{"kvit intake --formats town/formats.json town", "Принять файлы: счета разных поставщиков сложатся в счета семей."},
		{"kvit bill show --supplier energia --account 500014859820", "Показать счёт семьи (код – из suppliers list, номер – из файла поставщика)."},
		{"kvit pay --supplier energia --account 500014859820 --all --key my-1 --simulate captured", "Оплатить его через учебного эквайера."},
		{"kvit registers write --day 2026-11-25 --out registers", "Вернуть каждому поставщику реестр платежей дня в его виде."},
		{"kvit check", "Убедиться, что всё сходится."},
	},
	"demo": {
		{"kvit demo", "Город на 2 000 семей; страницы на http://127.0.0.1:8080/demo."},
		{"kvit demo --households 200 --listen 127.0.0.1:9000", "Поменьше и на другом порту."},
		{"kvit demo --keep --data ./my-demo", "Оставить данные, чтобы вернуться к ним."},
	},
	"serve": {
		{"kvit serve --listen 127.0.0.1:8080", "Страницы и API на данных из ./kvit-data."},
		{"kvit serve --watch ./inbox --database-url postgres://kvit@localhost/kvit", "С PostgreSQL и папкой, из которой файлы забираются сами."},
	},
	"migrate":        {{"kvit migrate --database-url postgres://kvit@localhost/kvit", "После установки и после каждого обновления программы."}},
	"config":         {{"kvit config", "Какие настройки действуют; секреты скрыты."}},
	"version":        {{"kvit version --json", "Версия для программы, которая вызывает эту."}},
	"city make":      {{"kvit city make --out town --households 500 --seed 7 --month 2026-10", "Город на 500 семей; другое зерно – другой город."}},
	"houses":         {{"kvit houses load registry/houses.csv", "Загрузить реестр домов."}},
	"suppliers":      {{"kvit suppliers load suppliers.yaml", "Загрузить реквизиты поставщиков."}},
	"intake":         intakeExamples,
	"rows":           rowsExamples,
	"rows list":      {{"kvit rows list 12 --code row.money_bad", "Строки загрузки № 12, в которых не разобрать сумму."}},
	"rows fix":       {{"kvit rows fix 12 3 1250,40", "Замечание № 3 загрузки № 12: вот верное значение."}},
	"rows accept":    {{"kvit rows accept 12 3", "Строка не нужна: пусть не ждёт решения."}},
	"rows replay":    {{"kvit rows replay 12", "Перечитать файл с исправлениями."}},
	"profile":        {{"kvit profile guess register.csv > profile.yaml", "Новый поставщик: составить профиль по его файлу, проверить глазами, принять с ним."}},
	"profile guess":  {{"kvit profile guess register.csv > profile.yaml", "Составить профиль; с --json видно, откуда что взято."}},
	"profile check":  {{"kvit profile check profile.yaml", "Проверить, нет ли в профиле ошибок."}},
	"profile list":   {{"kvit profile list formats.json", "Какие файлы описаны и от кого они."}},
	"suppliers load": {{"kvit suppliers load suppliers.yaml", "Загрузить или обновить реквизиты."}},
	"suppliers ping": {
		{"kvit suppliers ping", "Отвечают ли поставщики, и успевают ли."},
		{"kvit suppliers ping vodokanal --account 1600123456 --conform", "Проверить программу поставщика против протокола."},
	},
	"suppliers list": {{"kvit suppliers list", "Коды поставщиков, которые берут другие команды."}},
	"houses load":    {{"kvit houses load registry/houses.csv", "Загрузить или дополнить реестр домов."}},
	"house": {
		{"kvit house balance --house H0012 --month 2026-10", "Баланс дома: потери, что необычно, какие квартиры проверить."},
		{"kvit house losses --month 2026-10 --service cold_water", "Дома, где теряется больше всего денег."},
	},
	"house balance": {{"kvit house balance --house H0012 --month 2026-10", "Баланс дома: потери, что необычно, какие квартиры проверить."}},
	"house losses":  {{"kvit house losses --month 2026-10 --service cold_water", "Дома, где теряется больше всего денег."}},
	"conflicts": {
		{"kvit conflicts list --attribute area --effect 100", "Расхождения о площади, которые меняют начисление хотя бы на 100 рублей."},
		{"kvit conflicts decide 12 --as uk --reason survey", "Прав поставщик uk: вот почему."},
	},
	"conflicts list":  {{"kvit conflicts list --attribute area --effect 100", "Расхождения о площади, которые меняют начисление хотя бы на 100 рублей."}},
	"conflicts show":  {{"kvit conflicts show 12", "Кто что сообщает в расхождении № 12."}},
	"conflicts rules": {{"kvit conflicts rules rules.yaml", "Загрузить свои правила доверия."}},
	"conflicts decide": {
		{"kvit conflicts decide 12 --as uk --reason survey", "Прав поставщик uk: вот почему."},
		{"kvit conflicts decide --rule area --dry-run", "Что решит правило о площади; ничего не записывая."},
	},
	"baskets":        {{"kvit baskets export --out baskets.json", "Все семьи с их счетами, итоги и замечания в одном файле."}},
	"baskets export": {{"kvit baskets export --out baskets.json", "Все семьи с их счетами, итоги и замечания в одном файле."}},
	"review":         reviewExamples,
	"review list":    {{"kvit review list --limit 20", "О каких счетах программа спрашивает человека и почему."}},
	"review decide":  reviewExamples[1:],
	"review undo":    {{"kvit review undo 5", "Отменить решение № 5."}},
	"bill":           billExamples,
	"bill show":      billExamples[:6],
	"bill issue":     billExamples[6:7],
	"bill withdraw":  billExamples[7:8],
	"bill reissue":   billExamples[8:],
	"pay": {
		{"kvit pay --supplier energia --account 500014859820 --all --key my-1 --simulate captured", "Оплатить всё, что к оплате, через учебного эквайера."},
		{"kvit pay --supplier energia --account 500014859820 --sum 1500 --key my-2", "Сумму поменьше: она разойдётся по долгам сама."},
		{"kvit pay --supplier energia --account 500014859820 --lines energia=320.50,rodnik=100 --key my-3", "Выбрать строки самому."},
		{"kvit pay --supplier energia --account 500014859820 --with rodnik:2100345 --all --key my-4", "За два своих дома одним платежом."},
	},
	"catalog":           catalogExamples,
	"catalog load":      catalogExamples[:1],
	"catalog check":     catalogExamples[1:2],
	"catalog export":    catalogExamples[2:],
	"facts":             factsExamples,
	"facts load":        factsExamples[1:3],
	"facts show":        factsExamples[3:4],
	"facts withdraw":    factsExamples[4:],
	"facts template":    factsExamples[:1],
	"readings":          readingsExamples,
	"readings load":     readingsExamples,
	"charge":            chargeExamples,
	"charge run":        chargeExamples[:1],
	"charge close":      chargeExamples[2:3],
	"charge approve":    chargeExamples[1:2],
	"readings missing":  {{"kvit readings missing --month 2026-11 --supplier vodokanal", "Кто не передал показания и чего это стоит против своего среднего."}},
	"readings answer":   {{"kvit readings answer --supplier vodokanal answers.csv", "Что поставщик принял и что нет: ЛС;счётчик;дата;ответ;причина."}},
	"meters":            metersExamples,
	"meters show":       {metersExamples[0], metersExamples[12]},
	"meters install":    {metersExamples[1], metersExamples[11]},
	"meters replace":    metersExamples[2:4],
	"meters verify":     metersExamples[4:5],
	"meters seal":       metersExamples[5:7],
	"meters fail":       metersExamples[7:8],
	"meters remove":     metersExamples[8:9],
	"meters commission": metersExamples[9:10],
	"meters describe":   metersExamples[10:11],
	"meters link":       metersExamples[13:],
	"charge publish": {
		{"kvit charge publish --month 2026-10", "Выставить счета за октябрь; прерванное продолжится."},
		{"kvit charge publish --month 2026-10 --wave 2000 --pause 5m", "Волнами по 2 000 семей, между ними пять минут."},
	},
	"charge pause":       {{"kvit charge pause 1042", "Остановить расчёт № 1042; та же команда начисления его продолжит."}},
	"charge list":        {{"kvit charge list", "Какие расчёты были и в каком они состоянии."}},
	"charge show":        {{"kvit charge show --supplier vodokanal --account 1600123456 --month 2026-10", "Почему в октябре начислено столько."}},
	"charge compare":     {{"kvit charge compare --month 2026-10", "Услуги в режиме compared, по которым суммы не равны."}},
	"charge preview":     chargeExamples[3:4],
	"charge recalc":      chargeExamples[4:],
	"charge undo":        {{"kvit charge undo 1043 --month 2026-11", "Отменить перерасчёт № 1043 обратными строками в ноябре."}},
	"charge case":        {{"kvit charge case cases.yaml", "Сверить расчётные случаи с движком начислений."}},
	"capture":            {{"kvit capture 0198c4d2-7a51-7cc0-9d2b-1f0e5a6b7c8d --sum 320.50", "Списать часть отложенных денег; остальное банк отпустит сам."}},
	"cancel":             {{"kvit cancel 0198c4d2-7a51-7cc0-9d2b-1f0e5a6b7c8d", "Отпустить отложенные деньги: списания не будет."}},
	"chargeback":         {{"kvit chargeback 0198c4d2-7a51-7cc0-9d2b-1f0e5a6b7c8d --sum 320.50 --key dispute-17 --reason fraud", "Банк забрал деньги по спору: части платежа сторнируются."}},
	"refund":             {{"kvit refund 0198c4d2-7a51-7cc0-9d2b-1f0e5a6b7c8d --sum 320.50 --key refund-1", "Вернуть часть платежа; номер печатает kvit pay. Повтор с тем же ключом ничего не вернёт второй раз."}},
	"suspense":           suspenseExamples,
	"suspense list":      suspenseExamples[:1],
	"suspense show":      suspenseExamples[1:2],
	"suspense assign":    suspenseExamples[2:3],
	"suspense confirm":   suspenseExamples[3:4],
	"suspense return":    suspenseExamples[4:5],
	"suspense returns":   {{"kvit suspense returns --open", "Возвраты, которых ещё нет в выписке."}},
	"suspense write":     suspenseExamples[5:],
	"accounts":           accountsExamples,
	"accounts move":      accountsExamples,
	"registers":          registersExamples,
	"registers write":    registersExamples[:1],
	"registers compare":  registersExamples[1:],
	"events":             eventsExamples,
	"events tail":        eventsExamples,
	"events prune":       {{"kvit events prune --days 90", "Удалить события старше 90 дней."}},
	"exchange":           exchangeExamples,
	"exchange schedule":  exchangeExamples[:2],
	"exchange run":       exchangeExamples[2:3],
	"exchange list":      exchangeExamples[3:4],
	"exchange show":      exchangeExamples[4:5],
	"exchange resend":    exchangeExamples[5:],
	"gis":                gisExamples,
	"gis export":         gisExamples[:2],
	"gis import":         gisExamples[2:3],
	"gis send":           gisExamples[3:4],
	"gis status":         gisExamples[4:5],
	"gis retry":          gisExamples[5:6],
	"gis fetch":          gisExamples[6:],
	"users":              {{"kvit users add olga --role centre_operator", "Завести сотрудницу; пароль – в переменной KVIT_PASSWORD."}},
	"users add":          {{"kvit users add olga --role supplier_operator --supplier energia", "Сотрудница поставщика; пароль – в переменной KVIT_PASSWORD."}},
	"users token":        {{"kvit users token --supplier energia --scopes intake:write,intake:read", "Ключ, с которым поставщик сам передаёт файлы через API."}},
	"users revoke":       {{"kvit users revoke 4", "Отозвать ключ № 4."}},
	"simulate acquirer":  {{"kvit simulate acquirer --kind tbank --callback http://127.0.0.1:8080/hooks/acquirer/tbank --lose 0.2", "Эквайер, который теряет каждое пятое уведомление."}},
	"simulate sftp":      {{"kvit simulate sftp --dir ./sftp --user voda:secret --host-key ./sftp.key --drop 0.1", "Сервер SFTP, который обрывает связь на каждой десятой записи."}},
	"simulate supplier":  {{"kvit simulate supplier --mode silent --secret balances.json", "Поставщик, который молчит: страница не должна ждать."}},
	"simulate gis":       {{"kvit simulate gis --lose 0.1 --delay 30s --double 0.2", "ГИС ЖКХ, которая теряет ответы, опаздывает и повторяет."}},
	"check":              checkExamples,
	"check all":          checkExamples[:1],
	"check audit":        checkExamples[1:],
	"bench":              benchExamples,
	"bench intake":       benchExamples[:1],
	"bench basket":       benchExamples[1:2],
	"bench payments":     benchExamples[2:3],
	"bench charge":       benchExamples[3:5],
	"bench events":       benchExamples[5:6],
	"bench readings":     benchExamples[6:7],
	"reconcile":          reconcileExamples,
	"reconcile load":     reconcileExamples[:2],
	"reconcile run":      reconcileExamples[2:3],
	"reconcile show":     {{"kvit reconcile show --from 2026-10-01 --to 2026-10-31 --differs", "Дни октября, где книги не сходятся."}},
	"reconcile list":     reconcileExamples[3:4],
	"reconcile explain":  reconcileExamples[4:5],
	"reconcile accept":   reconcileExamples[5:6],
	"reconcile bank":     {{"kvit reconcile bank", "Сходится ли книга центра с выписками банка."}},
	"reconcile partners": {{"kvit reconcile partners partners.yaml", "Загрузить партнёров: ИНН, комиссию, срок перечисления."}},

	"bench notifications": benchExamples[7:8],
	"bench settlement":    benchExamples[8:],
	"bench pages":         {{"kvit bench pages --reads 500 --clients 1,8 --data ./bench", "Страницы жителей там, где файлы уже приняты: по одному и по восьми сразу."}},

	"receipts":             receiptsExamples,
	"receipts list":        receiptsExamples[:2],
	"receipts show":        receiptsExamples[2:3],
	"receipts run":         receiptsExamples[3:4],
	"receipts retry":       receiptsExamples[4:5],
	"receipts correct":     receiptsExamples[5:6],
	"receipts policy":      receiptsExamples[6:],
	"receipts policy load": receiptsExamples[6:7],
	"receipts policy list": receiptsExamples[7:],
	"simulate cashbox":     {{"kvit simulate cashbox --lose 0.2 --delay 2s", "Касса, которая теряет каждый пятый ответ."}},
	"cash":                 cashExamples,
	"cash shifts":          cashExamples,
	"cash shifts list":     cashExamples[:1],
	"cash shifts show":     cashExamples[1:],

	"devices":               devicesExamples,
	"devices load":          devicesExamples[:1],
	"devices list":          devicesExamples[1:2],
	"devices show":          devicesExamples[2:3],
	"devices remove":        devicesExamples[3:4],
	"devices replay":        devicesExamples[4:5],
	"devices profile":       devicesExamples[5:],
	"devices profile list":  devicesExamples[5:6],
	"devices profile check": devicesExamples[6:7],
	"devices profile load":  devicesExamples[7:],
	"simulate devices":      {{"kvit simulate devices --devices loaded.json --count 100 --lose 0.1 --duplicate 0.2 --shuffle", "Сто приборов через MQTT: часть сообщений потеряна, часть удвоена."}},
	"agents":                agentExamples,
	"agents load":           agentExamples[:1],
	"agents list":           agentExamples[1:2],
	"agents requests":       agentExamples[2:3],
	"agents register":       agentExamples[3:4],
	"agents compare":        agentExamples[4:],
	"simulate agent":        {{"kvit simulate agent --dialect osmp --url http://127.0.0.1:8080/agents/terminal --login terminal --secret s3cret --accounts 1600123456,1600123457 --parallel 50", "Два счёта; каждый платёж послать сразу 50 раз и повторить."}},
	"simulate telegram":     {{"kvit simulate telegram", "Учебный Telegram: с ним говорят на странице http://127.0.0.1:8093."}},
	"simulate max":          {{"kvit simulate max --lose 0.2 --duplicate 0.2", "MAX, который теряет каждый пятый ответ и повторяет события."}},
}

var receiptsExamples = []example{
	{"kvit receipts list", "Что напечатано и что ждёт."},
	{"kvit receipts list --state refused", "Чеки, с которыми надо разобраться."},
	{"kvit receipts show 10412", "Строки чека и ответ кассы."},
	{"kvit receipts run --cashbox-url http://127.0.0.1:8092 --cashbox-login kvit --cashbox-password simulator --cashbox-group kvit --cashbox-inn 9900000031 --cashbox-email centre@example.ru --wait 10s", "Сделать чеки и напечатать через учебную кассу."},
	{"kvit receipts retry --all", "Бумага вставлена – отправить всё отклонённое."},
	{"kvit receipts correct 10412 --reason vat", "Ставка была не та: вернуть и напечатать заново."},
	{"kvit receipts policy load receipts.yaml", "Кому нужны чеки и с каким НДС."},
	{"kvit receipts policy list", "Какие правила действуют."},
}

var cashExamples = []example{
	{"kvit cash shifts list", "Сошлись ли кассы."},
	{"kvit cash shifts show 1-57", "Что было за смену."},
}

var devicesExamples = []example{
	{"kvit devices load devices.csv", "Завести приборы; с --json секреты можно передать программе."},
	{"kvit devices list --troubled", "Какие приборы молчат или садятся."},
	{"kvit devices show a1b2c3d4e5f60708", "Что прибор передал и что из этого стало показанием."},
	{"kvit devices remove a1b2c3d4e5f60708", "Прибор сняли: новых показаний от него не будет."},
	{"kvit devices replay", "Профиль исправлен – прочитать то, что не разобрали."},
	{"kvit devices profile list", "Какие профили есть."},
	{"kvit devices profile check meter.yaml", "Проверить свой профиль до загрузки."},
	{"kvit devices profile load meter.yaml", "Загрузить его."},
}

var readingsExamples = []example{
	{"kvit readings load --dry-run --supplier vodokanal readings.csv", "Проверить файл банка, ничего не записывая…"},
	{"kvit readings load --supplier vodokanal readings.csv", "…и принять; повтор ничего не удвоит."},
	{"kvit readings load --formats formats.json readings.xml", "Принять файл, чью раскладку описывает профиль."},
}

var metersExamples = []example{
	{"kvit meters show --supplier vodokanal --account 1600123456", "Счётчики счёта: что это за приборы и что с ними было."},
	{"kvit meters install --supplier vodokanal --account 1600123456 --service cold_water --serial 4471201 --figure 0 --place kitchen --reason act-7", "Новый счётчик на кухне с начальным показанием."},
	{"kvit meters replace --supplier vodokanal --account 1600123456 --meter 4471201 --closing 251,9 --serial 5580001 --figure 0 --reason act-8", "Прежний показал 251,9, новый начинает с нуля."},
	{"kvit meters replace --supplier energosbyt --account 77001 --meter 900100 --closing 6200 --serial 900200 --register T1=day --register T2=night --figure T1=0 --figure T2=0 --reason act-9", "Двухтарифный счётчик: шкалы по именам на приборе."},
	{"kvit meters verify --supplier vodokanal --account 1600123456 --meter 4471201 --until 2032-11-10 --reason certificate-5", "Поверен до 10 ноября 2032 года."},
	{"kvit meters seal --supplier vodokanal --account 1600123456 --number 7712 --reason act-10", "Номер пломбы…"},
	{"kvit meters seal --supplier vodokanal --account 1600123456 --broken --reason act-11", "…и её нарушение."},
	{"kvit meters fail --supplier vodokanal --account 1600123456 --meter 4471201 --reason application", "Неисправен: до замены платят по среднему."},
	{"kvit meters remove --supplier vodokanal --account 1600123456 --meter 4471201 --closing 260 --reason act-12", "Снят с последним показанием."},
	{"kvit meters commission --supplier vodokanal --account 1600123456 --meter 4471201 --reason act-13", "С этого дня показания считаются."},
	{"kvit meters describe --supplier vodokanal --account 1600123456 --meter 4471201 --scope flat --reason visit", "Общий на коммунальную квартиру."},
	{"kvit meters install --house H0012 --service electricity --serial 90017 --factor 40 --register T1=day --register T2=night --figure T1=100 --figure T2=50 --reason act-14", "Общедомовой счётчик за трансформаторами тока: показание умножается на 40."},
	{"kvit meters show --house H0012", "Общедомовые счётчики."},
	{"kvit meters link --supplier vodokanal --account 1600123456 --meter 4471201 --with stoki:2200:sewage:4471201 --reason visit", "Вода и стоки считаются по одному прибору."},
}

var factsExamples = []example{
	{"kvit facts template > facts.yaml", "Пример со всеми видами записей: стереть ненужное, вписать своё."},
	{"kvit facts load --dry-run facts.yaml", "Проверить записи, ничего не меняя…"},
	{"kvit facts load facts.yaml readings.csv", "…и загрузить; повтор ничего не удвоит."},
	{"kvit facts show --supplier vodokanal --account 1600123456", "Что известно о семье: жильцы, услуги, счётчики, показания и откуда это."},
	{"kvit facts withdraw --supplier vodokanal --account 1600123456 --ref 1x2abc4def --reason mistake --by olga --dry-run", "Что изменится, если отменить факт; ничего не записывается."},
}

var intakeExamples = []example{
	{"kvit intake --formats town/formats.json town", "Все файлы папки, которые описаны в formats.json."},
	{"kvit intake --formats town/formats.json --dry-run town/energy_202610.jsonl", "Один файл, только проверить."},
	{"kvit --json intake --formats profile.yaml register.csv", "По своему профилю, с ответом для программы."},
}

var rowsExamples = []example{
	{"kvit rows list 12", "Что отложено в загрузке № 12."},
	{"kvit rows fix 12 3 1250,40", "Исправить…"},
	{"kvit rows replay 12", "…и применить."},
}

var gisExamples = []example{
	{"kvit gis export payments --month 2026-11 --template template.xlsx --out payments.xlsx", "Заполнить шаблон ГИС ЖКХ платежами ноября."},
	{"kvit gis export readings --month 2026-11 --supplier vodokanal --out readings.xlsx", "Показания одного поставщика без шаблона."},
	{"kvit gis import accounts.xlsx --supplier vodokanal", "Принять ЕЛС и ИЖКУ, которые присвоила ГИС ЖКХ."},
	{"kvit gis send --gis-url http://127.0.0.1:8090 --wait 1m", "Отправить очередь через шлюз и подождать ответов."},
	{"kvit gis status", "Что ждёт, что размещено и что отклонено."},
	{"kvit gis retry --supplier vodokanal", "Причина отказа устранена: отправить ещё раз."},
	{"kvit gis fetch --supplier vodokanal --gis-url http://127.0.0.1:8090 --wait 1m", "Узнать идентификаторы помещений, счетов и приборов через шлюз."},
}

var eventsExamples = []example{
	{"kvit events tail --supplier vodokanal", "Всё, что рассказано поставщику, с начала."},
	{"kvit events tail --supplier vodokanal --after 2026-11-23 --follow", "С полуночи 23 ноября и дальше, по мере того как происходит."},
}

var reviewExamples = []example{
	{"kvit review list", "О каких счетах программа спрашивает человека."},
	{"kvit review decide 7 join --with energia:500014859820", "Соединение № 7: счёт той же семьи, что и этот счёт за свет."},
	{"kvit review decide 7 apart", "Соединение № 7: счёт не из этой корзины."},
}

var billExamples = []example{
	{"kvit bill show --supplier energia --account 500014859820", "Счёт семьи сейчас, по любому из её лицевых счетов."},
	{"kvit bill show --supplier energia --account 500014859820 --at 2026-11-01", "Каким он был в конце 1 ноября."},
	{"kvit bill show --supplier energia --account 500014859820 --pdf bill.pdf", "Платёжный документ для печати."},
	{"kvit bill show --supplier energia --account 500014859820 --house --pdf house.pdf --base-url https://kvit.example", "Документы всех семей дома в одном файле; большой QR ведёт на их счета."},
	{"kvit bill show --supplier energia --account 500014859820 --issued 2026-10 --pdf bill.pdf", "Счёт, каким его выставили за октябрь, что бы ни изменилось потом."},
	{"kvit bill show --supplier energia --account 500014859820 --draft --pdf draft.pdf", "Проект счёта: месяц рассчитан, счета ещё не выставлены."},
	{"kvit bill issue --supplier energia --account 500014859820 --month 2026-10 --reason corrected --by vera", "Выставить новый счёт вместо прежнего."},
	{"kvit bill withdraw --supplier energia --account 500014859820 --month 2026-10 --reason mistake --by vera", "Отозвать счёт: платить по нему не нужно."},
	{"kvit bill reissue --month 2026-10 --suppliers energia --reason tariff --by olga", "Найти выставленные счета, где суммы изменились, и подготовить замену…"},
	{"kvit bill reissue --confirm 1042 --wave 5000 --pause 5m --by vera", "…другой человек начинает её; прерванная продолжится той же командой."},
}

var chargeExamples = []example{
	{"kvit charge run --month 2026-10", "Начислить октябрь во всех домах; прерванный расчёт продолжится."},
	{"kvit charge approve 1042 --by vera", "Утвердить проверенный расчёт: другим человеком."},
	{"kvit charge close --month 2026-10", "Закрыть месяц: поздние данные станут перерасчётом."},
	{"kvit charge preview --supplier vodokanal --account 1600123456 --month 2026-11 --residents 3", "Что будет в счёте, если в квартире станет три человека."},
	{"kvit charge recalc --month 2026-11 --from 2026-08 --cause tariff", "Что изменит перерасчёт с августа; с --post – провести в ноябре."},
}

var registersExamples = []example{
	{"kvit registers write --day 2026-11-25 --out registers", "Файл на поставщика и manifest.json с итогами."},
	{"kvit registers compare --month 2026-10 --supplier energia", "Где «оплачено» и входящий остаток поставщика не такие, как в Квите."},
}

var accountsExamples = []example{
	{"kvit accounts move --supplier energia --account 500014859820 --house H012", "Счёт оказался из другого дома: перенести его вместе с деньгами."},
}

var checkExamples = []example{
	{"kvit check", "0 – всё сходится; 1 – названы инварианты и строки, которые их нарушают."},
	{"kvit check audit --anchor anchor.json", "Не переписан ли журнал: сверить с отметками, которые лежат не здесь."},
}

var benchExamples = []example{
	{"kvit bench intake --rows 200000 --data ./bench", "Приём на пустой папке данных."},
	{"kvit bench basket --data ./bench", "Чтение корзин там, где файлы уже приняты."},
	{"kvit bench payments --payments 2000 --data ./bench", "Платежи там же."},
	{"kvit bench charge --households 20000 --data ./bench-charge", "Начисление на пустой папке данных."},
	{"kvit bench charge --households 20000 --recalc --data ./bench-recalc", "То же, ещё два месяца и перерасчёт трёх."},
	{"kvit bench events --events 100000 --data ./bench", "События: запись, ленты, чтение; в пустой папке."},
	{"kvit bench readings --count 100000 --data ./bench-readings", "Сто тысяч показаний через API, на пустой базе."},
	{"kvit bench notifications --count 100000 --data ./bench", "Сто тысяч уведомлений эквайера разом, на данных для замеров."},
	{"kvit bench settlement --payments 100000 --data ./bench", "Закрыть день и подготовить перечисления по ста тысячам платежей."},
}

var catalogExamples = []example{
	{"kvit catalog load region.yaml tariffs.csv", "Загрузить тарифы и нормативы региона: все файлы или ни одного."},
	{"kvit catalog check region.yaml", "Проверить файл, ничего не меняя: каждая ошибка – со строкой и советом."},
	{"kvit catalog export --out catalog.yaml", "Записать действующий каталог одним файлом."},
}

var exchangeExamples = []example{
	{"kvit exchange schedule exchange.yaml", "Загрузить расписание: кому, что, когда и куда."},
	{"kvit exchange schedule", "Какие обмены действуют и что опаздывает."},
	{"kvit exchange run --supplier vodokanal --now", "Передать поставщику сейчас то, что накопилось."},
	{"kvit exchange list --supplier vodokanal", "Последние файлы: отправлены, приняты, отклонены."},
	{"kvit exchange show vodokanal payments 3 --out copy.txt", "Файл № 3 и отклонённые строки; копия – в папку."},
	{"kvit exchange resend vodokanal payments 3 --refused", "Передать отклонённые строки файла № 3 снова, когда причина устранена."},
}

var agentExamples = []example{
	{"kvit agents load agents.yaml", "Подключить банк или сеть терминалов; секрет покажут один раз."},
	{"kvit agents list", "Кто подключён и как идёт день."},
	{"kvit agents requests terminal --txn 1234567", "Спор об операции: что банк прислал и что мы ответили."},
	{"kvit agents register terminal --day 2026-11-23 --out terminal.csv", "Наши операции за день – таблицей для банка."},
	{"kvit agents compare terminal register.csv --day 2026-11-23 --book", "Сверить реестр банка с нашими операциями, недостающее зачислить."},
}
