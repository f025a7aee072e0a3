"""aiohttp: one exchange from head to end, the spool, the service."""
