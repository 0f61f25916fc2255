"""Operations on people, cohorts and participations."""
