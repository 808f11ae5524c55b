"""Tests of cooperative games."""
