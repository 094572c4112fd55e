package text

// deciding is what decisions of conflicts are refused for.
var deciding = map[string]string{
	"Впишите номер одного счётчика.": "Write the number of one meter.",
}
