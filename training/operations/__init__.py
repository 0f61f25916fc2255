"""Operations on sessions, bookings, registers, groups and certificates: one noun a module."""
