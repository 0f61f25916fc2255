// Whoever signs in next on this device finds no taps of whoever signed out.
indexedDB.deleteDatabase("dlp-taps");
