"""Measuring the product in proportion: fills a scratch database, then asks for pages as people do."""
