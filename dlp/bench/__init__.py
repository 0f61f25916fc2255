"""Measuring the product: fills a scratch database in proportion, then requests pages as people do."""
