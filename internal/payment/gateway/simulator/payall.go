package simulator

// PayAll is all payers paying at once what waits for them.
func (s *Server) PayAll() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.list {
		s.pay(p)
	}
}
