package notice

// Topic is what a message is about: what people switch on and off.
type Topic string

// Topics.
const (
	Bill         Topic = "bill"         // a new bill
	Reminder     Topic = "reminder"     // it is not paid
	Readings     Topic = "readings"     // it is time for readings
	Payment      Topic = "payment"      // payments, refunds, autopay
	Appeal       Topic = "appeal"       // disputes and appeals
	Document     Topic = "document"     // certificates and statements
	Verification Topic = "verification" // of meters
	Outage       Topic = "outage"       // accidents and works
	Security     Topic = "security"     // access to a person's things and money
	Service      Topic = "service"      // how the service does, to who subscribed: nobody's of the people in it
)

// about is what holds for a topic.
type about struct {
	topic     Topic
	title     string
	important bool // also sent to who wants only what is important
	always    bool // cannot be switched off, and is not stopped by a consent taken back
	urgent    bool // does not wait for the end of quiet hours
	monthly   int  // at most so many a month to a person; 0: as many as happen
	everyWay  bool // by every way at once, not the first that works: somebody else may hold one of them
}

// topics are all topics, in the order people see them. Two reminders a month on one topic: ux.md, principle 10.
var topics = []about{
	{topic: Bill, title: "Новый счёт", important: true},
	{topic: Reminder, title: "Счёт не оплачен", monthly: 2},
	{topic: Readings, title: "Пора передать показания", monthly: 2},
	{topic: Payment, title: "Платежи, возвраты, автоплатёж", important: true},
	{topic: Appeal, title: "Обращения и споры", important: true},
	{topic: Document, title: "Документы"},
	{topic: Verification, title: "Поверка счётчиков", important: true},
	{topic: Outage, title: "Отключения и аварии", important: true, urgent: true},
	{topic: Security, title: "Вход и безопасность", important: true, always: true, urgent: true, everyWay: true},
}

func (t Topic) about() about {
	for _, a := range topics {
		if a.topic == t {
			return a
		}
	}
	return about{topic: t, title: string(t)}
}

// Title is a topic in words.
func (t Topic) Title() string {
	if t == Service {
		return "Состояние сервиса"
	}
	return t.about().title
}

// Always tells whether a topic cannot be switched off.
func (t Topic) Always() bool { return t.about().always }

// Topics lists all topics.
func Topics() (list []Topic) {
	for _, a := range topics {
		list = append(list, a.topic)
	}
	return list
}
