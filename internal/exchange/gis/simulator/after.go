package simulator

import "kvit/internal/exchange/gis"

// unfounded is why an object that follows another is not saved: there is no such notice, or it is acknowledged.
func (s *Server) unfounded(kind gis.Kind, o *node) (code, text string) {
	notice := o.find("NotificationsOfOrderExecutionGUID")
	switch kind {
	case gis.KindAck:
		if !s.notice(notice) {
			return gis.CodeNothing, "Извещение не найдено"
		}
		if !s.unique[o.find("PaymentDocumentID")] {
			return gis.CodeNothing, "Платёжный документ не найден"
		}
	case gis.KindUnack:
		if !s.acked[notice] {
			return gis.CodeNothing, "Квитирование не найдено"
		}
	case gis.KindCancellation:
		for _, x := range s.saved {
			if x.Kind == gis.KindPayment && x.Unique == o.find("OrderID") && s.acked[x.GUID] {
				return gis.CodeData, "Извещение сквитировано: сначала отмените квитирование"
			}
		}
	}
	return "", ""
}

// notice tells whether there is a notice of a payment.
func (s *Server) notice(guid string) bool {
	for _, x := range s.saved {
		if x.Kind == gis.KindPayment && x.GUID == guid {
			return true
		}
	}
	return false
}

// changeMeter renames, archives or replaces the meter whose version an object names; the meter then has another version.
func (s *Server) changeMeter(o *node, x *Saved) (code, text string) {
	for entity, old := range s.standing {
		if old.Kind != gis.KindMeter || old.version() != o.find("MeteringDeviceVersionGUID") {
			continue
		}
		if old.Archived {
			return gis.CodeExists, "Прибор учёта уже архивирован: такой объект уже существует"
		}
		replaced := o.child("ReplaceDevice") != nil
		if replaced && !s.meterStands(o.find("ReplacingMeteringDeviceVersionGUID")) {
			return gis.CodeNothing, "Заменяющий прибор учёта не найден"
		}
		x.GUID, x.Unique, x.Entity, x.node, x.Archived = old.GUID, old.Unique, entity, old.node, replaced || o.child("ArchiveDevice") != nil
		x.Version, x.Number = newGUID(s.rng), old.Number
		if number := o.find("MeteringDeviceNumber"); number != "" {
			x.Number = number
		}
		return "", ""
	}
	return gis.CodeNothing, "Версия прибора учёта не найдена"
}

// meterStands tells whether there is a meter of a version that is not archived.
func (s *Server) meterStands(version string) bool {
	for _, x := range s.standing {
		if x.Kind == gis.KindMeter && x.version() == version && !x.Archived {
			return true
		}
	}
	return false
}

// version is the GUID of a meter's version: of one that was never changed its own.
func (x *Saved) version() string {
	if x.Version != "" {
		return x.Version
	}
	return x.GUID
}
