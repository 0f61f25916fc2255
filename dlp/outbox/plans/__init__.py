"""Which letters there should be, and when: planned with every change, compared by the sweep."""
