"""The bars of issue 2: from an instance to a proven plan."""
