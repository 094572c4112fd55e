package text

// pageBench are the sentences of the benchmark of residents' pages.
var pageBench = map[string]string{
	"Страницы жителей по HTTP: за сколько открываются.":                                                                               "Residents' pages over HTTP: how soon they open.",
	"Сколько раз открыть каждую страницу.":                                                                                            "How many times to open each page.",
	"Сколько жителей одновременно.":                                                                                                   "How many residents at the same time.",
	"Страницы жителей там, где файлы уже приняты: по одному и по восьми сразу.":                                                       "Residents' pages where files have been taken in: one at a time and eight at once.",
	"%s, жителей одновременно %d: p50 %d мкс, p95 %d мкс, p99 %d мкс, %.0f в секунду, процессора на страницу %d мкс; не открылось %d": "%s, residents at a time %d: p50 %d µs, p95 %d µs, p99 %d µs, %.0f a second, processor %d µs a page; not opened %d",
}

// pageBenchFaults are the faults of the benchmark.
var pageBenchFaults = map[string]string{
	"Укажите, сколько раз открыть страницу: --reads 500.": "Say how many times to open a page: --reads 500.",
}
