package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func sampleDevices() Devices {
	return Devices{
		Page: centre("Приборы"), ReplayTo: "/c/devices", Key: "sample-key-of-a-form", Total: 2, Silent: 1, Low: 1,
		Rows: []DeviceRow{
			{ID: "a1b2c3d4e5f60708", Name: "Водомер подвал", Profile: "chirpstack", Meter: "№ 4471201", Figure: "251,904", State: web.State{Word: "молчит", Tone: web.Bad}, Battery: "батарея садится", LastAt: at(12, 6, 1),
				Odd: []OddFigure{{Value: "900", Says: "Получается 648 м³ – обычно у вас 8 м³ в месяц. Похоже на лишнюю цифру", Channel: "1", Measured: "1790000000000000"}}},
			{ID: "8686250", Profile: "waterius", Meter: "№ 4471202", Figure: "104,25", State: web.State{Word: "на связи", Tone: web.OK}, LastAt: at(23, 6, 1)},
		},
		Unread: []UnreadRow{{At: at(23, 7, 2), Reason: "Прибора 00000000000000aa нет в списке: заведите его и повторите сообщения", Topic: "event=up", Lines: `{"deviceInfo":{"devEui":"00000000000000aa"}}`}},
	}
}

func deviceSamples() []webtest.Sample {
	empty, told := sampleDevices(), sampleDevices()
	empty.Page.Title, empty.Rows, empty.Unread, empty.Total, empty.Silent, empty.Low = "Приборы, которых нет", nil, nil, 0, 0, 0
	told.Page.Title, told.Told, told.ReplayTo = "Приборы после повтора", "Сообщений: 3, прочитано: 2", ""
	return []webtest.Sample{{Name: "devices", Page: DevicesPage(sampleDevices())}, {Name: "devices-empty", Page: DevicesPage(empty)}, {Name: "devices-replayed", Page: DevicesPage(told)}}
}

// hostileDevices puts a text where installers and devices write.
func hostileDevices(p string) Devices {
	v := sampleDevices()
	v.Rows[0] = DeviceRow{ID: p, Name: p, Meter: p, Figure: p, State: web.State{Word: "x"}, Odd: []OddFigure{{Value: p, Says: p, Channel: p, Measured: p}}}
	v.Unread[0] = UnreadRow{Reason: p, Topic: p, Lines: p}
	return v
}
