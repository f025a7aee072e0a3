"""RFC 7578 on bytes alone: strict reading, canonical writing."""
