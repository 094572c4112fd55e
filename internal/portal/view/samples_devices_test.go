package view

import (
	"kvit/internal/web"
	"kvit/internal/web/webtest"
)

func sampleDevices() Devices {
	return Devices{
		Page: resident("Приборы"), Action: "/devices", Key: "sample-key-of-a-form", Meters: []web.Choice{{Value: "1:", Label: "Холодная вода, № 4471201"}, {Value: "2:day", Label: "Электроэнергия, № 900100, Т1 день"}},
		Rows: []DeviceRow{
			{ID: "8686250", Title: "Ватериус", Place: "ванная", State: web.State{Word: "на связи", Tone: web.OK}, LastAt: at(23, 6, 1), Figures: []DeviceFigure{{Meter: "Холодная вода", Value: "251,904", At: at(23, 6, 0)}}},
			{ID: "a1b2c3d4e5f60708", Title: "Прибор a1b2c3d4e5f60708", State: web.State{Word: "молчит", Tone: web.Bad}, Battery: "Батарея садится. Замените её, чтобы показания не пропали", LastAt: at(12, 6, 1),
				Figures: []DeviceFigure{{Meter: "Электроэнергия", Value: "1 060", At: at(12, 6, 0), Says: "В счёт не пошло. Прибор передаёт m3, а счётчик считает kWh"}},
				Odd:     []OddFigure{{Meter: "Электроэнергия", Value: "1 060", At: at(12, 6, 0), Says: "Получается 956 кВт·ч – обычно у вас 120 в месяц. Проверьте цифры", Channel: "t1", Measured: "1790000000000000"}}},
		},
	}
}

func deviceSamples() []webtest.Sample {
	empty, wrong, done := sampleDevices(), sampleDevices(), sampleDevices()
	empty.Page.Title, empty.Rows = "Приборы, которых нет", nil
	wrong.Page.Title, wrong.Code, wrong.Errors = "Приборы: код не подошёл", "2345", web.Errors{{Field: "code", Message: "По этому коду прибора нет. Сверьте код на наклейке или в договоре."}}
	wrong.Page.WithErrors(wrong.Errors)
	done.Page.Title, done.Told = "Приборы после изменения", "Прибор добавлен"
	auto := sampleReadings()
	auto.Page.Title, auto.DevicesHref, auto.Cards[0].Auto = "Показания с прибором", "/devices", "Передаёт сам, последнее 22 ноября"
	auto.Cards[0].Fields = append(auto.Cards[0].Fields[:1:1], web.Field{Name: "w1", Label: "Почему ваша цифра другая", Hint: "Нужно, только если вводите показание сами", Optional: true, MaxLength: 200})
	return []webtest.Sample{
		{Name: "devices", Page: DevicesPage(sampleDevices())}, {Name: "devices-empty", Page: DevicesPage(empty)}, {Name: "devices-wrong", Page: DevicesPage(wrong)}, {Name: "devices-done", Page: DevicesPage(done)},
		{Name: "readings-automatic", Page: ReadingsPage(auto)},
	}
}

// hostileDevices puts a text where people and devices write.
func hostileDevices(p string) Devices {
	v := sampleDevices()
	v.Rows[0] = DeviceRow{ID: p, Title: p, Place: p, State: web.State{Word: "x"}, Figures: []DeviceFigure{{Meter: p, Value: p, Says: p}}, Odd: []OddFigure{{Meter: p, Value: p, Says: p, Channel: p, Measured: p}}}
	v.Code, v.Meters[0] = p, web.Choice{Value: p, Label: p}
	return v
}
