"""SMPS: a core program, its stages in time, and what is uncertain in it, as three text files.

Source: Birge, Dempster, Gassmann, Gunn, King and Wallace (1987), A standard input format for multiperiod stochastic
linear programs, IIASA WP-87-118; Gassmann and Schweitzer (2001), A comprehensive input format for stochastic linear
programs, Annals of Operations Research 104.
"""

from coordination.twostage.smps.reading import read_smps as read_smps
