"""Tests of the formulations, each concept alone and the complete ones by hand."""
