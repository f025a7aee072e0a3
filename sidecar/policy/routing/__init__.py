"""Which policy and which mode a request has, however its path can be read."""
