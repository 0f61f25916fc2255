"""Which letters there should be, and when: planned with every change, and compared by the sweep."""
