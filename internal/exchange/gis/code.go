package gis

import (
	"slices"
	"strings"
)

// Class is what a refusal asks of us.
type Class string

// Classes of refusals.
const (
	ClassAgain   Class = "again"   // the system is busy or ill: the same later
	ClassUnknown Class = "unknown" // the message never came: send it again
	ClassExists  Class = "exists"  // the object is there: ask for it and compare
	ClassNothing Class = "nothing" // nothing was found
	ClassList    Class = "list"    // an entry of a code list holds no more: read the list again
	ClassAccess  Class = "access"  // rights of the organisation or of the information system
	ClassFormat  Class = "format"  // the message is not by the schema
	ClassData    Class = "data"    // the object did not pass a check
)

// Codes the simulator speaks with. The schemas carry no list of codes and it changes from version to version, so a class
// is found by the exact code, else by words of the description, else by the letters a code begins with.
const (
	CodeExists     = "INT002034"
	CodeList       = "INT002013"
	CodeNothing    = "INT002012"
	CodeData       = "INT002000"
	CodeFormat     = "FMT001300"
	CodeBusy       = "EXP001000"
	CodeAccess     = "AUT011003"
	UnknownMessage = "INT001000"
)

// kindOfCode is a class with what it is known by and what a person is to do.
type kindOfCode struct {
	class    Class
	codes    []string
	words    []string // in small letters
	prefixes []string
	advice   string
}

// kindsOfCodes are in the order in which they are tried.
var kindsOfCodes = []kindOfCode{
	{ClassUnknown, []string{UnknownMessage}, []string{"сообщение не найдено", "сообщение с указанным идентификатором не найдено"}, nil, "Сообщение не дошло: Квит отправит его ещё раз сам."},
	{ClassExists, []string{CodeExists}, []string{"уже существует", "уже размещен", "уже добавлен", "дублир"}, nil, "Объект в ГИС ЖКХ уже есть: Квит спросит о нём и сравнит."},
	{ClassNothing, []string{CodeNothing}, []string{"нет объектов", "не найдено объектов", "объекты не найдены"}, nil, "В ГИС ЖКХ такого нет."},
	{ClassList, []string{CodeList}, []string{"справочник"}, nil, "Справочник ГИС ЖКХ изменился: Квит прочтёт его заново и повторит. Коды услуг в gis.services поправьте по личному кабинету."},
	{ClassAgain, []string{CodeBusy}, []string{"внутренняя ошибка", "повторите", "попробуйте позже", "временно", "превышено время", "перегруж"}, []string{"EXP"}, "ГИС ЖКХ занята: Квит повторит сам."},
	{ClassAccess, []string{CodeAccess}, []string{"доступ запрещ", "нет прав", "недостаточно прав", "полномочи", "делегирован", "сертификат", "подпис"}, []string{"AUT", "SGN"},
		"Нет прав: в личном кабинете ГИС ЖКХ поставщик должен передать центру полномочия, а сертификат шлюза – действовать. Квит повторяет раз в час."},
	{ClassFormat, []string{CodeFormat}, []string{"не соответствует схеме", "xsd"}, []string{"FMT"}, "Сведения не по схеме ГИС ЖКХ: исправьте их у поставщика, затем «Отправить ещё раз»."},
	{ClassData, []string{CodeData}, nil, []string{"INT"}, "Сведения не прошли проверку ГИС ЖКХ: исправьте их у поставщика или в личном кабинете, затем «Отправить ещё раз»."},
}

// Class tells what the refusal asks of us.
func (f *Failure) Class() Class {
	text, code := strings.ToLower(strings.ReplaceAll(f.Text, "ё", "е")), strings.ToUpper(f.Code)
	has := func(by func(*kindOfCode) bool) Class {
		if i := slices.IndexFunc(kindsOfCodes, func(k kindOfCode) bool { return by(&k) }); i >= 0 {
			return kindsOfCodes[i].class
		}
		return ""
	}
	for _, by := range []func(*kindOfCode) bool{
		func(k *kindOfCode) bool { return slices.Contains(k.codes, code) },
		func(k *kindOfCode) bool {
			return slices.ContainsFunc(k.words, func(w string) bool { return strings.Contains(text, w) })
		},
		func(k *kindOfCode) bool {
			return slices.ContainsFunc(k.prefixes, func(p string) bool { return strings.HasPrefix(code, p) })
		},
	} {
		if c := has(by); c != "" {
			return c
		}
	}
	return ClassData
}

// Said is the refusal as a person reads it.
func (f *Failure) Said() string { return f.Code + ": " + f.Text }

// Advice is what a person is to do about refusals of a class.
func (c Class) Advice() string {
	for i := range kindsOfCodes {
		if kindsOfCodes[i].class == c {
			return kindsOfCodes[i].advice
		}
	}
	return ""
}
