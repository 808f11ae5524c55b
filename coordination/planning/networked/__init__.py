"""Networked: parties or zones decide over what is theirs, the core posts prices for what is shared and clears."""
