"""A headless Chromium for the browser tests: found on this machine, or fetched."""
