package simulator

import (
	"fmt"
	"strings"

	"kvit/internal/exchange/gis"
)

// lists are the code lists there are, by their numbers; an entry's number is its place from one.
var lists = map[int][]string{
	gis.ListResources:  {"Холодная вода", "Горячая вода", "Электрическая энергия", "Газ", "Тепловая энергия", "Сточные бытовые воды"},
	gis.ListArchiving:  {"Истек срок эксплуатации", "Поломка", "Ошибка"},
	gis.ListClosing:    {"Расторжение договора", "Окончание договора", "Ошибка ввода"},
	gis.ListHousing:    {"Плата за содержание жилого помещения", "Взнос на капитальный ремонт", "Плата за пользование жилым помещением"},
	gis.ListMunicipal:  {"Холодное водоснабжение", "Горячее водоснабжение", "Водоотведение", "Электроснабжение", "Газоснабжение", "Отопление", "Обращение с твердыми коммунальными отходами"},
	gis.ListAdditional: {"Домофон", "Антенна"},
	gis.ListFailure:    {"Поломка", "Не работает индикация"},
}

// listMark is what GUIDs of the code lists begin with: another after they changed.
func (s *Server) listMark() string {
	if s.o.ChangeList > 0 && s.since() >= s.o.ChangeList {
		return newMark
	}
	return oldMark
}

// Marks of entries before and after the lists changed.
const (
	oldMark = "11111111"
	newMark = "22222222"
)

// list gives the entries of a code list; nil when there is no such list.
func (s *Server) list(number int) (list []listEntry) {
	for i, name := range lists[number] {
		list = append(list, listEntry{Code: fmt.Sprint(i + 1), GUID: fmt.Sprintf("%s-%04d-4000-8000-%012d", s.listMark(), number, i+1), Name: name})
	}
	return list
}

// outdated tells whether an object names an entry that holds no more. Entries of others' making are taken as they are.
func (s *Server) outdated(o *node) bool {
	if ref := o.child("MunicipalResource"); ref != nil && !strings.HasPrefix(ref.find("GUID"), s.listMark()) {
		return true
	}
	if s.listMark() == oldMark {
		return false
	}
	for _, name := range []string{"CloseReason", "ArchivingReason", "ReasonVerification", "ServiceType"} {
		if ref := o.child(name); ref != nil && strings.HasPrefix(ref.find("GUID"), oldMark) {
			return true
		}
	}
	for _, name := range []string{"HSType", "MSType", "ASType"} {
		if strings.HasPrefix(o.find(name), oldMark) {
			return true
		}
	}
	return false
}
