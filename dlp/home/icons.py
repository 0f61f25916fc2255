"""Every drawn sign of the site, by name: strokes on a field of 24 by 24."""

from __future__ import annotations

ICONS: dict[str, str] = {
    "admin": '<circle cx="12" cy="12" r="3"/><path d="M12 3v4M12 17v4M3 12h4M17 12h4M5.6 5.6l2.8 2.8M15.6 15.6l2.8 2.8M18.4 5.6l-2.8 2.8M8.4 15.6l-2.8 2.8"/>',
    "alarm": '<path d="M12 3.5 21.5 20h-19zM12 10v4.5M12 17v.5"/>',
    "book": '<path d="M12 6.5C10 5 7 4.5 3.5 5v13.5C7 18 10 18.5 12 20c2-1.5 5-2 8.5-1.5V5C17 4.5 14 5 12 6.5zM12 6.5V20"/>',
    "calendar": '<path d="M4 6h16v14H4zM4 10.5h16M8.5 3.5v4M15.5 3.5v4"/>',
    "chart": '<path d="M4 20.5h16.5M6.5 17v-5M11 17V8M15.5 17v-7M20 17V4.5"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5.5l3.5 2"/>',
    "cross": '<path d="m6 6 12 12M18 6 6 18"/>',
    "desk": '<path d="M3.5 5h17M3.5 12h17M3.5 19h10"/>',
    "envelope": '<path d="M3.5 6h17v12.5h-17zM3.5 7l8.5 6.5L20.5 7"/>',
    "heart": '<path d="M12 20.5S3.5 15.5 3.5 9.3A4.5 4.5 0 0 1 12 7.2a4.5 4.5 0 0 1 8.5 2.1c0 6.2-8.5 11.2-8.5 11.2z"/>',
    "home": '<path d="M3.5 11 12 4l8.5 7M6 9.5V20h12V9.5M10 20v-6h4v6"/>',
    "key": '<circle cx="8" cy="15" r="4.5"/><path d="m11.5 11.5 8-8M16 7l3 3"/>',
    "lamp": '<path d="M9 18h6M10 21h4M8 14.5a6.5 6.5 0 1 1 8 0c-.8.7-1 1.5-1 2H9c0-.5-.2-1.3-1-2z"/>',
    "people": '<circle cx="9" cy="8.5" r="3.5"/><path d="M2.5 20a6.5 6.5 0 0 1 13 0M15.5 5.3a3.5 3.5 0 0 1 0 6.4M18 14.5a6.5 6.5 0 0 1 3.5 5.5"/>',
    "person": '<circle cx="12" cy="8" r="3.75"/><path d="M4.5 20.5a7.5 7.5 0 0 1 15 0"/>',
    "place": '<path d="M12 21s-7-6-7-11.2a7 7 0 0 1 14 0C19 15 12 21 12 21z"/><circle cx="12" cy="9.8" r="2.5"/>',
    "ring": '<circle cx="12" cy="12" r="8.5"/>',
    "school": '<path d="M3 20.5h18M5 20.5V10l7-5 7 5v10.5M10 20.5V15h4v5.5M12 5V2.5h3"/>',
    "search": '<circle cx="10.5" cy="10.5" r="6.5"/><path d="m15.5 15.5 5 5"/>',
    "tick": '<path d="m4 12.5 5 5L20 6.5"/>',
}

SIGNS = {"bad": "alarm", "due": "clock", "good": "tick", "soon": "ring", "rest": "ring"}
"""The icon of each state, for `.sign` at the start of a row."""
