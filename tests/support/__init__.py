"""What tests share: the independent model, random instances, the table of binding rules."""
