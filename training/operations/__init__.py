"""What people do with sessions, bookings, registers and groups: one noun a module."""
