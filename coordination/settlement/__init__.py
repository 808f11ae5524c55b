"""Settlement: who gains and who gives when parties pool, and the payments that make it worth while for all."""
