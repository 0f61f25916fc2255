"""Operations on covers and looks."""
